import Foundation
import TestSupport

/// Files of this repository and of the folder beside it.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ name: String) -> String { root.appending(path: name).path }

  /// The large streams, which are not in the repository; `nil` where they are absent.
  static let sharedStreams: URL? = {
    let folder = root.deletingLastPathComponent().appending(path: "shared/data/streams")
    let name = "car-loan.reference.events.ndjson.gz"
    guard FileManager.default.fileExists(atPath: folder.appending(path: name).path) else {
      print("SKIPPED: the comparison on car-loan and california-housing: no \(folder.path)")
      return nil
    }
    return folder
  }()

  /// A file's bytes, unpacked by `gzip` when they are packed.
  static func unpacked(_ path: String) throws -> Data {
    try unpackedFile(path)
  }

  /// Packs a file with a command-line tool.
  static func pack(_ tool: String, _ path: String, to packed: String) throws {
    try Data().write(to: URL(filePath: packed))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool, "-c", "-q", path]
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: packed))
    try process.run()
    process.waitUntilExit()
  }
}
