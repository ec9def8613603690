internal import Connectors

/// Logs that are followed by patterns of their names.
public struct LogPatterns: Sendable, Equatable {
  /// What is followed.
  public var include: [String]
  /// What of it is not.
  public var exclude: [String]

  /// Logs by patterns of their names.
  ///
  /// - Parameters:
  ///   - include: What is followed.
  ///   - exclude: What of it is not.
  public init(include: [String], exclude: [String] = []) {
    self.include = include
    self.exclude = exclude
  }

  /// Whether a name is one of theirs, by its letters alone.
  func takes(_ path: String) -> Bool {
    !excludes(path) && include.contains { PathPattern($0).takes(path) }
  }

  /// Whether a name is excluded.
  func excludes(_ path: String) -> Bool { exclude.contains { PathPattern($0).takes(path) } }

  /// The pattern that takes a file which is there or would be made; `nil` where none does.
  ///
  /// - Parameter path: The file, however it is spelled.
  /// - Returns: The pattern as it was given.
  package func pattern(of path: String) -> String? {
    guard !exclude.contains(where: { PathPattern($0).takes(fileAt: path) }) else { return nil }
    return include.first { PathPattern($0).takes(fileAt: path) }
  }
}

/// What another process has followed of logs.
public struct EarlierLogs: Sendable {
  /// When it said so, in nanoseconds since 1970.
  public var time: Int64
  /// The logs, by their names.
  public var names: [String]

  /// What another process has followed.
  ///
  /// - Parameters:
  ///   - time: In nanoseconds since 1970.
  ///   - names: The logs.
  public init(time: Int64, names: [String]) {
    self.time = time
    self.names = names
  }
}
