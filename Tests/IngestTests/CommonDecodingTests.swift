import Connectors
import Events
import TestSupport
import Testing

@testable import Ingest
@testable import Monitoring

/// Lines that are decoded once for monitors that want the same values of them.
struct CommonDecodingTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `a monitor makes the same of rows that another one decoded as of its own`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let more = seed % 2 == 0 ? "\nstrict: true" : ""
    let plans = try ["a", "b", "c"].map { kind in
      try SiftingTests.plan(SiftingTests.monitor(kind, more), kind)
    }
    let chunks = try SiftingTests.chunks(seed, &random)
    let rows = Int.random(in: 1...70, using: &random)
    let common = try #require(
      CommonDecoding(plans, rowsPerBatch: rows, workers: Int(seed % 3) + 1)
    )
    let decoded = common.decode(
      chunks.map(\.chunk),
      sifted: Array(repeating: [], count: chunks.count),
      readers: plans.count
    )
    for (index, plan) in plans.enumerated() {
      let own = chunks.enumerated().map { place, chunk in
        var chunk = chunk
        chunk.chunk.decoded = decoded[place][index]
        return chunk
      }
      #expect(own.allSatisfy { !$0.chunk.decoded.isEmpty })
      let expected = SiftingTests.made(plan, of: chunks, rows: 512)
      let made = SiftingTests.made(plan, of: own, rows: rows)
      #expect(made == expected)
      #expect(expected.tally.events > 10 && expected.tally.ignored > 50)
    }
  }

  @Test func `only monitors that read lines alike and want the same values share rows`() throws {
    let a = try SiftingTests.plan(SiftingTests.monitor("a"), "a")
    let b = try SiftingTests.plan(SiftingTests.monitor("b"), "b")
    let strict = try SiftingTests.plan(SiftingTests.monitor("c", "\nstrict: true"), "c")
    let more = "\nkpis: {spent: sum(spent)}"
    let other = try SiftingTests.plan(SiftingTests.monitor("d", more), "d")
    #expect(SharedDecoder.groups([strict, a, other, b]) == [[1, 3]])
    #expect(SharedDecoder.groups([a, strict, other]).isEmpty)
    #expect(CommonDecoding([a, strict, other], rowsPerBatch: 9, workers: 1) == nil)
  }

  @Test func `a chunk of which one monitor alone reads all lines is not decoded for others`() throws
  {
    let plans = try ["a", "b"].map { try SiftingTests.plan(SiftingTests.monitor($0), $0) }
    let line = #"{"kind":"a","ts":1700000000,"x":1,"id":7}"# + "\n"
    let chunks = try SiftingTests.chunks([String(repeating: line, count: 50)]).map(\.chunk)
    let sifted = try #require(Sifting(plans, workers: 1)).sift(chunks).lines
    let common = try #require(CommonDecoding(plans, rowsPerBatch: 64, workers: 1))
    let nothing = Array(common.decode(chunks, sifted: sifted, readers: 2).joined())
    #expect(nothing.map(\.count) == [0, 0])
    let shared = Array(common.decode(chunks, sifted: [[]], readers: 2).joined())
    #expect(
      shared.map { $0.map(\.range.count) } == [[50 * line.utf8.count], [50 * line.utf8.count]]
    )
  }

  @Test func `rows that there is no room for each monitor decodes itself`() throws {
    let plan = try SiftingTests.plan("a")
    let line = #"{"kind":"a","ts":1700000000,"x":1,"id":7}"# + "\n"
    let chunks = try SiftingTests.chunks([String(repeating: line, count: 50)]).map(\.chunk)
    var decoder = SharedDecoder(plan, rowCapacity: 16)
    let cells = 50 * plan.schema.columns.slots.count
    for (room, isFound) in [(cells, true), (cells - 1, false)] {
      var left = room
      let rows = unsafe chunks[0].withBytes { bytes in
        unsafe decoder.rows(of: bytes, isAtStreamStart: true, room: &left)?.count
      }
      #expect(rows == (isFound ? 4 : nil))
    }
  }

  @Test func `groups of monitors share the room of a delivery`() throws {
    let plans = try ["", "", "\nstrict: true", "\nstrict: true"].map { more in
      try SiftingTests.plan(SiftingTests.monitor("a", more), "a")
    }
    let line = #"{"kind":"a","ts":1700000000,"x":1,"id":7}"# + "\n"
    let chunks = try SiftingTests.chunks([String(repeating: line, count: 50)]).map(\.chunk)
    let cells = 50 * plans[0].schema.columns.slots.count
    for (limit, batches) in [(2 * cells, 4), (2 * cells - 1, 0)] {
      let common = try #require(
        CommonDecoding(plans, rowsPerBatch: 16, workers: 1, cellLimit: limit)
      )
      let decoded = common.decode(chunks, sifted: [[]], readers: 4)
      #expect(decoded[0].map(\.count) == Array(repeating: batches, count: 4))
    }
  }

  @Test func `members of wildcards that nobody has profiled are found in others' rows, too`() throws
  {
    let monitor = try SiftingTests.monitor("a", wildcard: true)
    let plan = try SiftingTests.plan(monitor, "a")
    let lines = (0..<40).map { index in
      #"{"kind":"a","ts":1700000000,"x":1,"id":7,"f":{"n\#(index / 20)":1,"\#(longKey)":2}}"# + "\n"
    }
    let chunks = try SiftingTests.chunks([lines.joined()])
    let common = try #require(CommonDecoding([plan, plan], rowsPerBatch: 8, workers: 1))
    var own = chunks[0]
    own.chunk.decoded = common.decode([own.chunk], sifted: [[]], readers: 2)[0][1]
    var made: [(fields: Set<FieldPath>, overlong: Int)] = []
    for chunk in [chunks[0], own] {
      var ingest = Ingest(Shard(plan), plan.monitor, keepsLetters: false)
      ingest.take(chunk.chunk, chunk.ticket, source: "lines", board: PositionBoard(streams: 1))
      made.append((Set(ingest.counter.discovered), ingest.tally.overlongMembers))
    }
    #expect(made.map(\.overlong) == [40, 40])
    #expect(
      made.map { $0.fields.map(\.description).sorted() } == [["f.n0", "f.n1"], ["f.n0", "f.n1"]]
    )
  }

  private let longKey = String(repeating: "k", count: EventDecoder.discoveredKeyBytesMax + 1)
}
