public import Foundation

/// A folder of its own, in one folder for all of a test process.
///
/// The files stay when the process ends, so that one can look at them; the next process of tests
/// clears those of processes that are gone.
public struct TemporaryFolder: Sendable {
  /// Where it is.
  public let url: URL

  /// Makes the folder.
  ///
  /// - Throws: `CocoaError` where it cannot be made.
  public init() throws {
    url = Self.ofProcess.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// The path of a file in the folder.
  public func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  ///
  /// - Throws: `CocoaError` where it cannot be written.
  public func write(_ text: String, as name: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return path(name)
  }

  private static let prefix = "leeway-tests-"

  private static let ofProcess: URL = {
    let all = FileManager.default.temporaryDirectory
    for name in (try? FileManager.default.contentsOfDirectory(atPath: all.path)) ?? []
    where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(at: all.appending(path: name))
    }
    return all.appending(path: "\(prefix)\(getpid())")
  }()
}
