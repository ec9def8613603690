import Connectors
import Monitoring
import Records
import Testing

@testable import Ingest
@testable import Specification

struct IngestTests {
  private static func monitor(_ more: String = "") throws -> Monitor {
    let text = """
      model: m
      events: {prediction: {when: kind == "p", time: ts, features: [x], segments: [g]}}
      windows: {hour: {size: 1h}}
      reference: {profile: p\(more)}
      """
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:])
    return try #require(loaded.monitor, "\(loaded.diagnostics)")
  }

  private static func event(_ second: Int, kind: String = "p") -> String {
    #"{"ts":\#(1_700_000_000 + second),"x":\#(second % 9),"g":"a","kind":"\#(kind)"}"# + "\n"
  }

  private static func profile(_ monitor: Monitor) throws -> Profile {
    var profiling = try Profiling(monitor) { () throws(StreamError) in
      [MemorySource("reference", [(0..<300).map { event($0) }.joined()])]
    }
    while profiling.readChunk() != nil {}
    return try profiling.finish()
  }

  /// What becomes of lines that come in these pieces.
  private static func ingest(
    _ pieces: [String]
  ) throws -> (StreamTally, [DeadLetter], StreamPosition) {
    let monitor = try monitor()
    let plan = try Plan(monitor: monitor, profile: profile(monitor))
    var streams = StreamSet([MemorySource("lines", pieces)], isLive: false)
    var ingest = Ingest(Shard(plan, rowCapacity: 4), monitor, keepsLetters: true)
    let board = PositionBoard(streams: 1)
    var chunk = ingest.lendChunk()
    while let ticket = streams.next(into: &chunk) {
      ingest.take(chunk, ticket, source: "lines", board: board)
      chunk = ingest.lendChunk()
    }
    return (ingest.tally, ingest.takeLetters().map(\.letter), board.positions[0])
  }

  @Test func `a letter has its line and offset however its source cuts chunks`() throws {
    let lines = [
      Self.event(1), "no json\n", "\n", Self.event(2, kind: "other"), Self.event(3),
      #"{"kind":"p","x":1}"# + "\n", Self.event(4), Self.event(5), Self.event(6), "{\n",
    ]
    let whole = try Self.ingest([lines.joined()])
    #expect(whole.0.lines == 10)
    #expect(whole.0.ignored == 1)
    #expect(whole.0.refusedLines == 3)
    #expect(whole.1.map(\.line) == [2, 6, 10])
    #expect(whole.1.map(\.offset) == [1, 5, 9].map { lines[..<$0].joined().utf8.count })
    for cut in 1..<lines.count {
      let parts = [lines[..<cut].joined(), lines[cut...].joined()]
      let cut = try Self.ingest(parts)
      #expect(cut.0 == whole.0)
      #expect(cut.1 == whole.1)
      #expect(cut.2.lines == whole.2.lines)
      #expect(cut.2.heard == whole.2.heard)
    }
  }

  @Test func `the source that is furthest behind is read first`() throws {
    var streams = StreamSet(
      [MemorySource("a", ["1\n", "2\n", "3\n"]), MemorySource("b", ["4\n", "5\n"])],
      isLive: false
    )
    var chunk = LineChunk(capacity: 64)
    var order: [Int] = []
    let clocks: [Int64] = [10, 5, 7, 20, 30]
    while let ticket = streams.next(into: &chunk) {
      streams.observe(ticket.source, bytes: 2, lines: 1, clock: clocks[order.count])
      order.append(ticket.source)
    }
    #expect(order == [0, 1, 1, 0, 0])
    #expect(streams.hasEnded)
  }

  @Test func `workers share a chunk of a sparse stream, and take one each of a dense one`() throws {
    let source = MemorySource("a", Array(repeating: "1\n", count: 6))
    var streams = StreamSet([source], isLive: false, workers: 4)
    var chunk = LineChunk(capacity: 64)
    var targets: [Int] = []
    for isSparse in [true, false, false, true, true, false] {
      let next = streams.next(into: &chunk)
      let ticket = try #require(next)
      targets.append(source.target >> 10)
      streams.observe(ticket.source, bytes: 2, lines: 1, clock: nil, isSparse: isSparse)
    }
    #expect(targets == [16, 16, 64, 64, 16, 16])
  }

  @Test func `a table is not counted of a source that can be read once`() throws {
    let monitor = try Self.monitor(", same_hour: 1w")
    #expect(throws: ProfilingError.readOnce(streams: ["pipe"])) {
      _ = try Profiling(monitor) { () throws(StreamError) in
        [MemorySource("pipe", [Self.event(1)], isRepeatable: false)]
      }
      .tally
    }
  }

  @Test func `both passes of a profile open the sources`() throws {
    let monitor = try Self.monitor(", strata: g")
    var passes = 0
    var profiling = try Profiling(monitor) { () throws(StreamError) in
      passes += 1
      // The second pass finds an event less.
      return [MemorySource("s", (0..<(passes == 1 ? 300 : 299)).map { Self.event($0) })]
    }
    while profiling.readChunk() != nil {}
    let profile = try profiling.finish()
    #expect(throws: ProfilingError.changed(streams: ["s"])) {
      _ = try profiling.withTable(profile) { _ in }
    }
    #expect(passes == 2)
  }
}
