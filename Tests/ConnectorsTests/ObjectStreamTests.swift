import TestSupport
import Testing

@testable import Connectors

/// Streams whose events are objects that do not stand a line each.
@Suite struct ObjectStreamTests {
  private struct Reading: Equatable {
    var bytes: [UInt8] = []
    var ends: [UInt8] = []
    var uncut: [Int] = []
    var skipped = 0
    var areLines = Set<Bool>()
    var error: StreamError?
  }

  private static func read(
    _ text: String,
    limit: Int = 1 << 20,
    target: Int = 1 << 16,
    keepsTornLine: Bool = false
  ) throws -> Reading {
    let path = try StreamFiles().write(text.utf8, as: "stream")
    var reader = LineReader(try ByteSource(path: path), lineLimit: limit)
    reader.keepsTornLine = keepsTornLine
    var chunk = LineChunk(capacity: 1)
    var reading = Reading()
    do {
      while try reader.next(into: &chunk, target: target) {
        reading.bytes += unsafe chunk.withBytes { unsafe Array($0) }
        reading.ends.append(reading.bytes.last ?? 0)
        if let length = chunk.uncutLength { reading.uncut.append(length) }
        reading.skipped += chunk.skippedLines
        reading.areLines.insert(chunk.areLines)
      }
    } catch {
      reading.error = error
    }
    return reading
  }

  private static let objects = (0..<400).map { "{\"a\": [\($0), \"}]{\"],\n \"b\": {}}" }

  @Test(arguments: [1, 17, 1000, 1 << 16], ["array", "concatenated"])
  func `chunks are whole objects that add up to the stream`(target: Int, kind: String) throws {
    let text =
      kind == "array"
      ? "[" + Self.objects.joined(separator: ",\n") + "]\n" : Self.objects.joined()
    let reading = try Self.read(text, target: target)
    #expect(reading.error == nil && reading.areLines == [false])
    #expect(reading.bytes == Array(text.utf8))
    #expect(reading.ends.allSatisfy { [0x7D, 0x0A, 0x2C, 0x5B, 0x5D].contains($0) })
  }

  @Test func `lines stay lines`() throws {
    let reading = try Self.read("{\"a\":1}\n{\"a\":2}\n")
    #expect(reading.areLines == [true])
  }

  @Test(arguments: [1, 1 << 16])
  func `an object over the limit is cut, and what follows has its place`(target: Int) throws {
    let long = "{\"a\":[\n" + String(repeating: "1,\n", count: 100_000) + "1]}"
    let text = "[{\"b\":1},\n\(long),\n{\"b\":2}]"
    let reading = try Self.read(text, limit: 1024, target: target)
    #expect(reading.uncut == [long.utf8.count])
    let kept = reading.bytes.count
    #expect(kept == text.utf8.count - long.utf8.count + 1026)
    #expect(reading.bytes.suffix(9).elementsEqual("\n{\"b\":2}]".utf8))
    let lines = reading.bytes.count { $0 == 0x0A } + reading.skipped
    #expect(lines == text.utf8.count { $0 == 0x0A })
  }

  @Test func `a last object without an end waits where the file grows`() throws {
    let text = "[{\"b\":1},\n{\"b\":"
    let waiting = try Self.read(text, keepsTornLine: true)
    #expect(waiting.bytes.elementsEqual("[{\"b\":1},\n".utf8))
    #expect(try Self.read(text).bytes.elementsEqual(text.utf8))
  }

  @Test func `what is no JSON is an error that names it`() throws {
    let reading = try Self.read("ts,score\n1,2\n")
    let words = reading.error?.description ?? ""
    #expect(words.contains("comma-separated values") && words.contains("csv.DictReader"))
  }
}
