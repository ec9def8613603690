import Foundation
import Testing

@testable import Connectors

/// What is asked of the machine beside streams.
@Suite struct SystemTests {
  @Test func `the bytes of a file are its own, packed or not`() throws {
    let files = try StreamFiles()
    let path = files.folder.appending(path: "some.gz").path
    let bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 1, 2, 3]
    try Data(bytes).write(to: URL(filePath: path))
    #expect(try ByteSource.contents(of: path) == bytes)
    let long = [UInt8](repeating: 7, count: 200_000)
    try Data(long).write(to: URL(filePath: path))
    #expect(try ByteSource.contents(of: path) == long)
    #expect(throws: StreamError.cannotOpen(path: path + ".absent", errno: 2)) {
      try ByteSource.contents(of: path + ".absent")
    }
  }

  @Test func `a folder stands for its files with an ending, in order, a file for itself`() throws {
    let folder = try StreamFiles().folder
    for name in ["b.yaml", "a.yml", "c.txt", "yaml"] {
      try Data().write(to: folder.appending(path: name))
    }
    let path = folder.path
    let found = ["\(path)/a.yml", "\(path)/b.yaml"]
    #expect(files(at: path, endings: [".yaml", ".yml"]) == found)
    #expect(files(at: path + "/", endings: [".yaml", ".yml"]) == found)
    #expect(files(at: "\(path)/c.txt", endings: [".yaml"]) == ["\(path)/c.txt"])
    #expect(files(at: "\(path)/absent", endings: [".yaml"]) == ["\(path)/absent"])
  }

  @Test func `the environment is that of the process`() {
    unsafe setenv("LEEWAY_SYSTEM_TESTS", "a=b", 1)
    defer { unsafe unsetenv("LEEWAY_SYSTEM_TESTS") }
    #expect(ProcessEnvironment.variables["LEEWAY_SYSTEM_TESTS"] == "a=b")
  }
}
