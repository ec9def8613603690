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
