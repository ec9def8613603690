import Foundation
import Testing

@testable import Connectors
import TestSupport

@Suite struct ByteSourceTests {
  @Test(arguments: ["gzip", "zstd"], [1, 7, 4096, 1 << 20])
  func `packed members one after the other are one stream`(tool: String, piece: Int) throws {
    let files = try StreamFiles()
    var random = SeededGenerator(seed: 31)
    let parts = [random.lines(3), [], random.lines(piece == 1 ? 40 : 2000), random.lines(1)]
    var packed: [UInt8] = []
    for part in parts { packed += try files.pack(part, with: tool) }
    let path = try files.write(packed, as: "packed")
    let (bytes, error) = try readAll(path, piece: piece)
    #expect(error == nil)
    #expect(bytes == parts.flatMap { $0 })
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 100_000]) func `plain bytes are delivered as they are`(
    length: Int
  ) throws {
    let files = try StreamFiles()
    var random = SeededGenerator(seed: UInt64(length))
    let bytes = (0..<length).map { _ in UInt8(ascii: "a") + UInt8(random.below(26)) }
    let path = try files.write(bytes, as: "plain")
    for piece in [1, 3, 1 << 16] where length / piece < 10_000 {
      let got = try readAll(path, piece: piece)
      #expect(got.bytes == bytes)
      #expect(got.error == nil)
    }
    let source = try ByteSource(path: path)
    let (fileLength, isRegular) = (source.fileLength, source.isRegularFile)
    #expect(fileLength == length)
    #expect(isRegular)
  }

  @Test(arguments: ["gzip", "zstd"])
  func `cut or damaged bytes are an error after what came before them`(tool: String) throws {
    let files = try StreamFiles()
    var random = SeededGenerator(seed: 32)
    let bytes = random.lines(3000)
    let packed = try files.pack(bytes, with: tool)
    for cut in [packed.count / 4, packed.count / 2, packed.count - 1] {
      let path = try files.write(packed.prefix(cut), as: "cut")
      let got = try readAll(path, piece: 1000)
      #expect(bytes.starts(with: got.bytes))
      guard case .damagedCompression(path, tool, let offset) = got.error else {
        Issue.record("\(String(describing: got.error))")
        continue
      }
      #expect(offset == got.bytes.count)
      #expect(got.error?.description.contains("what came before it was read") == true)
    }
    let whole = try readAll(try files.write(packed, as: "whole"), piece: 1000)
    #expect(whole.error == nil)
    for _ in 0..<20 {
      var damaged = packed
      damaged[20 + random.below(damaged.count - 20)] ^= UInt8(1 + random.below(255))
      let got = try readAll(try files.write(damaged, as: "damaged"), piece: 1000)
      #expect(got.error != nil || got.bytes == bytes)
    }
    let followed = try readAll(try files.write(packed + [1, 2, 3], as: "more"), piece: 1000)
    #expect(followed.bytes == bytes)
    #expect(followed.error != nil)
  }

  @Test func `what cannot be opened is named with the reason`() throws {
    let files = try StreamFiles()
    let absent = files.folder.appending(path: "absent").path
    #expect(throws: StreamError.cannotOpen(path: absent, errno: ENOENT)) {
      _ = try ByteSource(path: absent)
    }
    let error = StreamError.cannotOpen(path: absent, errno: ENOENT)
    #expect(error.description == "\(absent): cannot open: No such file or directory")
    let got = try readAll(files.folder.path, piece: 10)
    #expect(got.error == .cannotRead(name: files.folder.path, offset: 0, errno: EISDIR))
  }

  @Test func `an output holds what was written, in order`() throws {
    let files = try StreamFiles()
    let path = files.folder.appending(path: "output").path
    var random = SeededGenerator(seed: 33)
    var expected: [UInt8] = []
    var output = try OutputStream(path: path)
    for _ in 0..<50 {
      let bytes = random.lines(random.below(200))
      expected += bytes
      try output.write(bytes)
    }
    let written = output.writtenBytes
    #expect(written == expected.count)
    try output.flush()
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(expected))
    let full = { () throws(StreamError) in
      var output = try OutputStream(path: "/dev/full")
      try output.write([1, 2, 3])
      try output.flush()
    }
    #expect(throws: StreamError.cannotWrite(name: "/dev/full", errno: ENOSPC)) { try full() }
  }
}
