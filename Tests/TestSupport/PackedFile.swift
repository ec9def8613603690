public import Foundation

/// A file's bytes, unpacked by `gzip` when its name says that they are packed.
public func unpackedFile(_ path: String) throws -> Data {
  guard path.hasSuffix(".gz") else { return try Data(contentsOf: URL(filePath: path)) }
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["gzip", "-dc", path]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return data
}
