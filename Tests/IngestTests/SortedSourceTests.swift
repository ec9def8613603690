import Connectors
import Events
import Specification
import Testing

@testable import Ingest

@Suite struct SortedSourceTests {
  private static func monitor() throws -> Monitor {
    let text = """
      model: m
      events:
        prediction: {id: id, when: kind == "p", time: ts, score: x}
        outcome: {when: kind == "o", time: at, id: id, label: y}
      quality: {horizon: 1d}
      windows: {hour: {size: 1h}}
      reference: {profile: p}
      """
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:])
    return try #require(loaded.monitor, "\(loaded.diagnostics)")
  }

  /// What comes out of a source: each line, with where it stood.
  private static func sorted(
    _ pieces: [String],
    memory: Int,
    target: Int = 300
  ) throws -> [(line: String, place: LinePlace)] {
    let source = SortedSource(MemorySource("lines", pieces), try monitor(), memory: memory)
    var chunk = LineChunk(capacity: 64)
    var found: [(String, LinePlace)] = []
    var offset = 0
    while try source.next(into: &chunk, target: target, waits: true) {
      #expect(chunk.offset == offset)
      offset += chunk.count
      let text = unsafe chunk.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let places = try #require(chunk.places)
      #expect(places.count == lines.count)
      for (line, place) in zip(lines, places) { found.append((String(line), place)) }
    }
    #expect(source.isAtEnd)
    return found
  }

  private static func event(_ second: Int) -> String {
    #"{"ts":\#(1_700_000_000 + second),"x":\#(second % 9),"kind":"p"}"#
  }

  @Test(arguments: [100, 2_000, 1 << 20])
  func `lines come in order of time, in memory and from runs on the disk`(memory: Int) throws {
    // 211 and 500 have no common factor: every second comes once, in no order.
    let order = (0..<500).map { $0 * 211 % 500 }
    let lines = order.map(Self.event)
    let pieces = [lines[..<200], lines[200...]].map { $0.joined(separator: "\n") + "\n" }
    let found = try Self.sorted(pieces, memory: memory)
    #expect(found.map(\.line) == (0..<500).map(Self.event))
    #expect(found.map { order[$0.place.line] } == Array(0..<500))
    let text = Array(pieces.joined().utf8)
    for (line, place) in found {
      #expect(text[place.offset...].starts(with: Array(line.utf8)))
    }
  }

  @Test func `an outcome goes by its own time`() throws {
    let outcome = #"{"id":"a","at":1700000002,"ts":1700000009,"y":1,"kind":"o"}"#
    let lines = [Self.event(3), outcome, Self.event(1)]
    let found = try Self.sorted([lines.joined(separator: "\n") + "\n"], memory: 1 << 20)
    #expect(found.map(\.place.line) == [2, 1, 0])
  }

  @Test func `lines without a time stay behind the line before them`() throws {
    let lines = ["no json", Self.event(9), "", "{\"x\":1}", Self.event(2), "{", Self.event(2)]
    for memory in [1, 1 << 20] {
      let found = try Self.sorted([lines.joined(separator: "\n") + "\n"], memory: memory)
      #expect(found.map(\.place.line) == [0, 4, 5, 6, 1, 2, 3])
      #expect(found.map(\.line) == found.map { lines[$0.place.line] })
    }
  }

  @Test func `a last line without an end is one`() throws {
    let found = try Self.sorted([Self.event(5) + "\n", Self.event(1)], memory: 1 << 20)
    #expect(found.map(\.line) == [Self.event(1), Self.event(5)])
  }
}
