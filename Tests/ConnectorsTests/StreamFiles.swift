import Connectors
import Foundation
import TestSupport

extension SeededGenerator {
  /// A number in `0..<limit`.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// Lines of letters, of many lengths, a few blank.
  mutating func lines(_ count: Int, longest: Int = 200) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count {
      let length = below(10) == 0 ? 0 : below(longest)
      for _ in 0..<length { bytes.append(UInt8(ascii: "a") + UInt8(below(26))) }
      bytes.append(0x0a)
    }
    return bytes
  }
}

/// Files in a folder of their own.
struct StreamFiles {
  let folder: URL

  init() throws {
    folder = try TemporaryFolder().url
  }

  /// Writes a file and returns its path.
  func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
    let url = folder.appending(path: name)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Packs bytes with a command-line tool.
  func pack(_ bytes: [UInt8], with tool: String) throws -> [UInt8] {
    let plain = try write(bytes, as: UUID().uuidString)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool, "-c", "-q", plain]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let packed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(packed)
  }
}

/// Everything that a source delivers in pieces of a length, and the error that ended it.
func readAll(_ path: String, piece: Int) throws -> (bytes: [UInt8], error: StreamError?) {
  var source = try ByteSource(path: path)
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: piece)
  while true {
    do {
      let count = try unsafe buffer.withUnsafeMutableBytes { buffer throws(StreamError) in
        try unsafe source.read(into: buffer)
      }
      if count == 0 { return (bytes, nil) }
      bytes += buffer[..<count]
    } catch let error as StreamError {
      return (bytes, error)
    }
  }
}
