import Foundation
import Testing

@testable import Connectors
import TestSupport

@Suite struct LineReaderTests {
  /// What a reader makes of a file.
  struct Reading {
    /// The bytes of all chunks.
    var bytes: [UInt8] = []
    var offsets: [Int] = []
    var chunks: [[UInt8]] = []
    var uncutLengths: [Int?] = []
    var error: StreamError?
  }

  private static func read(_ path: String, limit: Int, target: Int) throws -> Reading {
    var reader = LineReader(try ByteSource(path: path), lineLimit: limit)
    var chunk = LineChunk(capacity: 1)
    var reading = Reading()
    do {
      while try reader.next(into: &chunk, target: target) {
        let bytes = unsafe chunk.withBytes { unsafe Array($0) }
        reading.bytes += bytes
        reading.chunks.append(bytes)
        reading.offsets.append(chunk.offset)
        reading.uncutLengths.append(chunk.uncutLength)
      }
      let isAtEnd = reader.isAtEnd
      #expect(isAtEnd)
    } catch {
      reading.error = error
    }
    return reading
  }

  @Test(arguments: [1, 100, 1000, 1 << 16, 1 << 20], [true, false])
  func `chunks are whole lines that add up to the stream`(target: Int, hasEnd: Bool) throws {
    let files = try StreamFiles()
    var random = SeededGenerator(seed: 41)
    let bytes = random.lines(1500).dropLast(hasEnd ? 0 : 1) + (hasEnd ? [] : [0x61])
    let path = try files.write(bytes, as: "lines")
    let reading = try Self.read(path, limit: 1 << 20, target: target)
    #expect(reading.error == nil)
    #expect(reading.bytes == Array(bytes))
    for chunk in reading.chunks.dropLast() { #expect(chunk.last == 0x0a) }
    var offset = 0
    for (index, chunk) in reading.chunks.enumerated() {
      #expect(reading.offsets[index] == offset)
      offset += chunk.count
    }
    #expect(reading.uncutLengths.allSatisfy { $0 == nil })
  }

  @Test(arguments: [1, 5000, 1 << 16, 1 << 18], [UInt64](1...2))
  func `lines over the limit never grow the chunk, and what follows has its place`(
    target: Int,
    seed: UInt64
  ) throws {
    let files = try StreamFiles()
    var random = SeededGenerator(seed: seed)
    var lines: [[UInt8]] = []
    for index in 0..<30 {
      let isLong = random.below(6) == 0
      let length = isLong ? 100_000 + random.below(300_000) : random.below(400)
      lines.append([UInt8](repeating: UInt8(ascii: "a") + UInt8(index % 26), count: length))
    }
    let limit = 70_000
    let bytes = Array(lines.joined(separator: [0x0a]))
    let path = try files.write(bytes, as: "long")
    let reading = try Self.read(path, limit: limit, target: target)
    #expect(reading.error == nil)
    var found: [[UInt8]] = []
    for (index, chunk) in reading.chunks.enumerated() {
      #expect(chunk.count <= limit + max(target, 1 << 17) + (1 << 17))
      var pieces = chunk.split(separator: 0x0a, omittingEmptySubsequences: false)
      if chunk.last == 0x0a { pieces.removeLast() }
      if let length = reading.uncutLengths[index] {
        #expect(pieces.count == 1)
        #expect(pieces[0].count == limit + 2)
        found.append([UInt8](repeating: pieces[0].first ?? 0, count: length))
      } else {
        found += pieces.map(Array.init)
      }
      // The chunk's offset is where its first line stands in the stream.
      let start = reading.offsets[index]
      #expect(bytes[start...].starts(with: pieces[0]), "seed \(seed)")
      #expect(start == 0 || bytes[start - 1] == 0x0a)
    }
    #expect(found.count == lines.count)
    #expect(found == lines, "seed \(seed)")
  }

  @Test(arguments: ["gzip", "zstd"], [1, 1 << 16, 1 << 20])
  func `whole lines before the damage are delivered, then the error`(
    tool: String,
    target: Int
  ) throws {
    let files = try StreamFiles()
    var random = SeededGenerator(seed: 43)
    let bytes = random.lines(4000)
    let packed = try files.pack(bytes, with: tool)
    let path = try files.write(packed.prefix(packed.count * 3 / 4), as: "cut")
    let reading = try Self.read(path, limit: 1 << 20, target: target)
    let direct = try readAll(path, piece: 1 << 16)
    let lastNewline = try #require(direct.bytes.lastIndex(of: 0x0a))
    #expect(reading.error != nil)
    #expect(reading.bytes == Array(direct.bytes[...lastNewline]))
  }

  @Test func `without waiting, a line that is not complete stays for later`() throws {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    let (output, input) = (ends[1], ends[0])
    defer { close(input) }
    var reader = LineReader(
      try ByteSource(path: "/dev/fd/\(input)", decompresses: false),
      lineLimit: 1000
    )
    var chunk = LineChunk(capacity: 10)
    let next = { (reader: inout LineReader, chunk: inout LineChunk) throws(StreamError) in
      try reader.next(into: &chunk, target: 100, waits: false)
    }
    write("{\"a\"", to: output)
    #expect(try next(&reader, &chunk) == false)
    write(":1}\n{\"b\":2}\n{", to: output)
    #expect(try next(&reader, &chunk))
    #expect(unsafe chunk.withBytes { unsafe Array($0) } == Array("{\"a\":1}\n{\"b\":2}\n".utf8))
    let hasMore = reader.hasBufferedInput
    #expect(!hasMore)
    write("}", to: output)
    #expect(try next(&reader, &chunk) == false)
    close(output)
    #expect(try next(&reader, &chunk))
    #expect(unsafe chunk.withBytes { unsafe Array($0) } == Array("{}".utf8))
    #expect(chunk.offset == 16)
    #expect(try next(&reader, &chunk) == false)
    let isAtEnd = reader.isAtEnd
    #expect(isAtEnd)
  }

  @Test(.timeLimit(.minutes(1)))
  func `without waiting, the first byte of a stream holds nobody up`() throws {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    let (output, input) = (ends[1], ends[0])
    defer { close(input) }
    var reader = LineReader(try ByteSource(path: "/dev/fd/\(input)"), lineLimit: 1000)
    var chunk = LineChunk(capacity: 10)
    write("{", to: output)
    var isFilled = try reader.next(into: &chunk, target: 100, waits: false)
    #expect(!isFilled)
    write("}\n", to: output)
    close(output)
    isFilled = try reader.next(into: &chunk, target: 100, waits: false)
    #expect(isFilled)
    #expect(unsafe chunk.withBytes { unsafe Array($0) } == Array("{}\n".utf8))
  }

  @Test func `without waiting, a line over the limit holds nobody up`() throws {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    let (output, input) = (ends[1], ends[0])
    defer { close(input) }
    var reader = LineReader(
      try ByteSource(path: "/dev/fd/\(input)", decompresses: false),
      lineLimit: 10
    )
    var chunk = LineChunk(capacity: 10)
    // Each call makes one read, so none waits while the pipe has something.
    for text in ["0123456", "789abcdef", "ghi", "jk"] {
      write(text, to: output)
      let isFilled = try reader.next(into: &chunk, target: 100, waits: false)
      #expect(!isFilled)
    }
    write("l\nnext\n", to: output)
    var isFilled = try reader.next(into: &chunk, target: 100, waits: false)
    #expect(isFilled)
    #expect(unsafe chunk.withBytes { unsafe Array($0) } == Array("0123456789ab\n".utf8))
    #expect(chunk.uncutLength == 22)
    #expect(chunk.offset == 0)
    write("last", to: output)
    isFilled = try reader.next(into: &chunk, target: 100, waits: false)
    #expect(isFilled)
    #expect(unsafe chunk.withBytes { unsafe Array($0) } == Array("next\n".utf8))
    #expect(chunk.uncutLength == nil)
    #expect(chunk.offset == 23)
    close(output)
  }
}

/// Writes text to a pipe.
private func write(_ text: String, to descriptor: Int32) {
  let bytes = Array(text.utf8)
  let count = unsafe bytes.withUnsafeBytes {
    unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
  }
  #expect(count == bytes.count)
}
