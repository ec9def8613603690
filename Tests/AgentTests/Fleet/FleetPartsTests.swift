import Connectors
import Sketches
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring

/// What the members of a fleet tell each other, as records of a topic.
@Suite struct FleetPartsTests {
  private let plan: Plan
  private let owner: StateOwner

  init() throws {
    plan = try SampleStream().plan
    owner = StateOwner(plan.monitor)
  }

  private func report(_ stream: String, letters: Int = 0) -> FleetEntry {
    var report = StreamReport(
      stream: stream,
      term: FleetTerm(era: 1, generation: 7),
      panes: plan.panes
    )
    report.through = 12
    report.latest = 1_700_000_000_000_000_000
    report.counts = CarriedCounts(.nothing, of: plan)
    report.mark = UInt64(letters)
    return .report(report)
  }

  /// An entry of so many parts: the state of whoever judges may be as long.
  private func long(_ number: UInt64, parts: Int) -> FleetEntry {
    let name = String(repeating: "x", count: FleetParts.partLimit * (parts - 1) + 1)
    var verdict = FleetVerdict(plan, PipelineOptions())
    verdict.expect([])
    let state = verdict.state(number: number)
    return .verdict(
      VerdictState(
        number: number,
        place: 5,
        engine: state.engine,
        streams: [name: StreamStanding(term: FleetTerm(generation: 1))],
        judged: 3
      )
    )
  }

  private func records(_ entry: FleetEntry, writer: UInt64, number: UInt64 = 1) -> [[UInt8]] {
    FleetParts.records(of: entry, owner, writer: writer, number: number)
  }

  private func taken(_ records: [[UInt8]], _ owner: StateOwner? = nil) -> [FleetEntry] {
    var assembler = FleetAssembler([owner ?? self.owner])
    return records.enumerated().compactMap { offset, value in
      assembler.take(KafkaRecord(offset: Int64(offset), time: 0, value: value))?.entry
    }
  }

  @Test func `an entry of one part comes out as it went in`() throws {
    let found = taken(records(report("kafka:a[3]"), writer: 1))
    guard case .report(let report) = try #require(found.first) else {
      Issue.record("it is another entry")
      return
    }
    #expect(report.stream == "kafka:a[3]" && report.term == FleetTerm(era: 1, generation: 7))
    #expect(report.through == 12 && report.latest == 1_700_000_000_000_000_000)
    let opened = try #require(report.counts).opened(plan)
    #expect(opened.isWhole && opened.counted.isEmpty)
  }

  @Test func `entries of several parts whose records are between each other come out whole`() {
    let one = records(long(1, parts: 3), writer: 1)
    let other = records(long(2, parts: 3), writer: 2)
    #expect(one.count == 3 && other.count == 3)
    let found = taken([one[0], other[0], one[1], other[1], other[2], one[2]])
    let numbers = found.compactMap { entry in
      if case .verdict(let state) = entry { state.number } else { nil }
    }
    #expect(numbers == [2, 1])
  }

  @Test func `an entry whose beginning was not read, or that was given up, is left out`() {
    let one = records(long(1, parts: 3), writer: 1)
    let next = records(report("a"), writer: 1, number: 2)
    #expect(taken([one[1], one[2]] + next).count == 1)
    let again = records(long(4, parts: 2), writer: 1, number: 3)
    #expect(taken([one[0], again[0], one[1], again[1]]).count == 1)
  }

  @Test func `where an entry began is known until it is whole`() {
    let one = records(long(1, parts: 2), writer: 1)
    var assembler = FleetAssembler([owner])
    #expect(assembler.firstOffset == nil)
    #expect(assembler.take(KafkaRecord(offset: 40, time: 0, value: one[0])) == nil)
    #expect(assembler.firstOffset == 40)
    #expect(assembler.take(KafkaRecord(offset: 41, time: 0, value: one[1])) != nil)
    #expect(assembler.firstOffset == nil)
  }

  @Test func `entries of another model are none of ours`() {
    let other = StateOwner(model: "another", key: [])
    #expect(taken(records(report("a"), writer: 1), other).isEmpty)
  }

  @Test func `a record that is cut or flipped at 1,000 places is no entry`() throws {
    let record = records(report("kafka:a[3]", letters: 9), writer: 1)[0]
    var random = SeededGenerator(seed: 5)
    var assembler = FleetAssembler([owner])
    for round in 0..<1_000 {
      var damaged = record
      let place = Int.random(in: 0..<record.count, using: &random)
      if round.isMultiple(of: 2) {
        damaged = Array(damaged.prefix(place))
      } else {
        damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
      }
      let entry = assembler.take(KafkaRecord(offset: Int64(round), time: 0, value: damaged))
      #expect(entry == nil, "round \(round)")
    }
    #expect(assembler.unreadable == 1_000)
  }
}

extension StateOwner {
  fileprivate init(model: String, key: [UInt8]) {
    var writer = ByteWriter()
    writer.write(model)
    writer.write(bytes: key)
    var reader = ByteReader(writer.bytes)
    do { try self.init(from: &reader) } catch { preconditionFailure("\(error)") }
  }
}
