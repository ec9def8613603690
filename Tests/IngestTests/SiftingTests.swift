import Connectors
import Events
import Records
import TestSupport
import Testing

@testable import Ingest
@testable import Monitoring
@testable import Specification

/// Lines that are looked at once to tell which monitor takes them.
struct SiftingTests {
  /// What a monitor makes of a stream.
  struct Made: Equatable {
    var tally: StreamTally
    var letters: [DeadLetter]
    var position: [String]
    var panes: [String]
    var refused: RefusedPanes
    var joined: [String]
  }

  static func monitor(
    _ kind: String,
    _ more: String = "",
    wildcard: Bool = false
  ) throws -> Monitor {
    let text = """
      model: m-\(kind)
      lateness: 1m
      limits: {line_bytes: 1024}
      events:
        prediction:
          when: kind == "\(kind)"
          id: id
          time: {field: ts, unit: s}
          score: x
          features: [x\(wildcard ? ", f.*" : "")]
          segments: [g]
        outcome: {when: kind == "o\(kind)", id: id, time: {field: ts, unit: s}, label: y}
      quality: {horizon: 1d}
      windows: {hour: {size: 1h}}
      reference: {profile: p}\(more)
      """
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:])
    return try #require(loaded.monitor, "\(loaded.diagnostics)")
  }

  /// What a monitor of a kind of events computes.
  static func plan(_ kind: String) throws -> Plan { try plan(monitor(kind), kind) }

  static func plan(_ monitor: Monitor, _ kind: String) throws -> Plan {
    let lines = (0..<300).map { index in
      #"{"ts":\#(1_600_000_000 + index),"x":\#(index % 9),"g":"a","id":\#(index),"kind":"\#(kind)"}"#
        + "\n"
    }
    var profiling = try Profiling(monitor) { () throws(StreamError) in
      [MemorySource("reference", [lines.joined()])]
    }
    while profiling.readChunk() != nil {}
    return try Plan(monitor: monitor, profile: profiling.finish())
  }

  /// Lines as they are: of several kinds and of nobody, broken, late, far ahead, two in one.
  static func lines(_ count: Int, _ random: inout SeededGenerator) -> [String] {
    var time = 1_700_000_000
    return (0..<count).map { index in
      time += Int.random(in: 0...40, using: &random)
      let kind = ["a", "b", "c", "oa", "ob", "none"].randomElement(using: &random) ?? ""
      let shift = [0, 0, 0, 0, 0, -30, -7200, 900_000].randomElement(using: &random) ?? 0
      let x = ["1", "NaN", "\"text\"", "null", "1e400", "[1]", "-3.5"].randomElement(using: &random)
      let event =
        #"{"kind":"\#(kind)","ts":\#(time + shift),"x":\#(x ?? ""),"g":"é\#(index % 3)","#
        + #""id":\#(index / 2),"y":\#(index % 2)}"#
      switch Int.random(in: 0..<24, using: &random) {
      case 0: return "no json\n"
      case 1: return "\n"
      case 2: return event + "\r\n"
      case 3: return event + " " + event.replacing("\"id\"", with: "\"other\"") + "\n"
      case 4: return event.replacing("\"ts\"", with: "\"when\"") + "\n"
      case 5: return "{\"kind\":\"a\",\"deep\":" + String(repeating: "[", count: 90) + "\n"
      case 6: return "{\"kind\":\"b\",\"long\":\"" + String(repeating: "x", count: 1500) + "\"}\n"
      case 7: return event + event.dropLast(4) + "\n"
      case 8: return "[1, 2]\n"
      case 9: return "  " + event + "\n"
      case 10: return event.replacing("\"kind\"", with: "\"kind\":\"a\",\"kind\"") + "\n"
      default: return event + "\n"
      }
    }
  }

  /// The chunks of a stream.
  static func chunks(_ pieces: [String]) throws -> [(chunk: LineChunk, ticket: Ticket)] {
    var streams = StreamSet([MemorySource("lines", pieces)], isLive: false)
    var chunks: [(LineChunk, Ticket)] = []
    var chunk = LineChunk(capacity: 1 << 10)
    while let ticket = streams.next(into: &chunk) {
      chunks.append((chunk, ticket))
      chunk = LineChunk(capacity: 1 << 10)
    }
    return chunks
  }

  /// The chunks of a stream of some hundred lines, with a mark before the first one or without, and
  /// with an end of the last one or without.
  static func chunks(
    _ seed: UInt64,
    _ random: inout SeededGenerator
  ) throws -> [(chunk: LineChunk, ticket: Ticket)] {
    var lines = lines(400, &random)
    if seed % 3 == 0 { lines[0] = "\u{FEFF}" + lines[0] }
    if seed % 4 == 0 { lines.append(#"{"kind":"a","ts":1700000100,"x":2,"id":-1}"#) }
    var pieces: [String] = []
    while !lines.isEmpty {
      let count = min(Int.random(in: 1...120, using: &random), lines.count)
      pieces.append(lines.prefix(count).joined())
      lines.removeFirst(count)
    }
    return try chunks(pieces)
  }

  static func made(
    _ plan: Plan,
    of chunks: [(chunk: LineChunk, ticket: Ticket)],
    rows: Int
  ) -> Made {
    var ingest = Ingest(Shard(plan, rowCapacity: rows), plan.monitor, keepsLetters: true)
    let board = PositionBoard(streams: 1)
    for (chunk, ticket) in chunks {
      ingest.take(chunk, ticket, source: "lines", board: board)
    }
    let settled = board.change(0) { $0.finish(plan) }
    ingest.take(settled, source: "lines", index: 0)
    let counted = ingest.counter.take(through: nil)
    let position = board.positions[0]
    let panes = counted.sealed + counted.open.map { SealedPane($0, plan: plan) }
    return Made(
      tally: ingest.tally,
      letters: ingest.takeLetters().map(\.letter).sorted {
        ($0.line, $0.offset) < ($1.line, $1.offset)
      },
      position: ["\(position.lines)", "\(position.heard)", "\(position.events)"],
      panes: panes.map { "\($0.index) \($0.events) \($0.keys) \($0.bytes)" }.sorted(),
      refused: counted.refused,
      joined: counted.joins.map { pane in
        "\(pane.index) \(pane.predictions) \(pane.outcomes) \(pane.unnamed)"
      }.sorted()
    )
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `a monitor makes the same of the lines that it takes as of all lines`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let plans = try ["a", "b", "c"].map { try Self.plan(Self.monitor($0), $0) }
    let chunks = try Self.chunks(seed, &random)
    let sifting = try #require(Sifting(plans, workers: Int(seed % 3) + 1))
    let sifted = sifting.sift(chunks.map(\.chunk))
    #expect(sifted.isOfUse)
    for (index, plan) in plans.enumerated() {
      let own = chunks.enumerated().map { place, chunk in
        var chunk = chunk
        chunk.chunk.sifted = sifted.lines[place][index]
        return chunk
      }
      #expect(own.contains { $0.chunk.sifted != nil })
      let expected = Self.made(plan, of: chunks, rows: 512)
      let made = Self.made(plan, of: own, rows: Int.random(in: 1...70, using: &random))
      #expect(made.tally == expected.tally)
      #expect(made.letters == expected.letters)
      #expect(made.position == expected.position)
      #expect(made.panes == expected.panes)
      #expect(made.refused == expected.refused)
      #expect(made.joined == expected.joined)
      #expect(expected.tally.events > 20 && expected.tally.ignored > 100)
    }
  }

  @Test func `nothing is sifted for monitors that read lines otherwise`() throws {
    let a = try Self.plan(Self.monitor("a"), "a")
    let b = try Self.plan(Self.monitor("b"), "b")
    let strict = try Self.plan(Self.monitor("c", "\nstrict: true"), "c")
    #expect(LineSifter.isOfUse(for: [a, b, strict]))
    #expect(!LineSifter.isOfUse(for: [a, strict]))
    #expect(!LineSifter.isOfUse(for: [a]))
    var random = SeededGenerator(seed: 1)
    let sifting = try #require(Sifting([a, strict, b], workers: 1))
    let found = sifting.sift(try Self.chunks([Self.lines(90, &random).joined()]).map(\.chunk))
    #expect(found.lines[0].map { $0 == nil } == [false, true, false])
  }

  @Test func `a monitor that takes most lines reads the chunk itself`() throws {
    let plans = try ["a", "b"].map { try Self.plan(Self.monitor($0), $0) }
    let line = #"{"kind":"a","ts":1700000000,"x":1,"id":7}"# + "\n"
    let chunks = try Self.chunks([String(repeating: line, count: 50)])
    let found = try #require(Sifting(plans, workers: 1)).sift(chunks.map(\.chunk))
    #expect(found.lines[0].map { $0?.rows } == [nil, 0])
    #expect(found.lines[0][1]?.ignored == 50)
  }
}
