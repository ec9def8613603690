/// The files that a monitor file names, as whoever reads the monitor lends them.
///
/// The core reads no file itself.
public struct MonitorFiles: Sendable {
  /// Why a file cannot be read.
  public struct Unreadable: Error, Equatable, Sendable {
    /// The reason, for people.
    public var reason: String

    /// A reason.
    public init(reason: String) { self.reason = reason }
  }

  private let content: @Sendable (String) -> Result<[UInt8], Unreadable>
  private let zoneContent: @Sendable (String) -> Result<[UInt8], Unreadable>

  /// Lends files.
  ///
  /// - Parameters:
  ///   - content: The bytes of a file; its path is relative to where the monitor file's own path is.
  ///   - zone: The bytes of a time zone's file, by the zone's name.
  public init(
    _ content: @escaping @Sendable (String) -> Result<[UInt8], Unreadable>,
    zone: @escaping @Sendable (String) -> Result<[UInt8], Unreadable> = { _ in
      .failure(Unreadable(reason: "no time zones are known here"))
    }
  ) {
    self.content = content
    zoneContent = zone
  }

  /// No files.
  public static let none = MonitorFiles { _ in
    .failure(Unreadable(reason: "no files can be read here"))
  }

  /// The bytes of a file.
  func read(_ path: String) -> Result<[UInt8], Unreadable> { content(path) }

  /// The bytes of a time zone's file.
  func zone(_ name: String) -> Result<[UInt8], Unreadable> { zoneContent(name) }

  /// Where the file of a time zone is: in the folder that TZDIR names, else in the system's.
  ///
  /// - Parameters:
  ///   - name: The zone's name.
  ///   - environment: The variables of the environment.
  /// - Returns: The path.
  package static func zonePath(_ name: String, _ environment: [String: String]) -> String {
    "\(environment["TZDIR"] ?? "/usr/share/zoneinfo")/\(name)"
  }

  /// A path that a monitor file names, relative to where the monitor file's own path is.
  ///
  /// - Parameters:
  ///   - path: The path as it is written.
  ///   - monitor: The monitor file's path.
  /// - Returns: The path beside the monitor file, unless it is absolute.
  public static func path(_ path: String, beside monitor: String) -> String {
    guard !path.hasPrefix("/"), let slash = monitor.lastIndex(of: "/") else { return path }
    return monitor[...slash] + path
  }
}
