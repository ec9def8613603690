import Events
import Sketches
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// A profile's counts by segment values and hour of the week.
@Suite struct ReferenceTableTests {
  private static let text = """
    model: m
    events: {prediction: {time: ts, score: s, features: f.*, segments: [g, h]}}
    reference: {profile: p, same_hour: 2w, strata: g}
    limits: {segment_values: 3}
    windows: {hour: 1h}
    """

  private static func lines(_ random: inout SeededGenerator, _ count: Int) -> [String] {
    (0..<count).map { index in
      let feature = random.below(5) == 0 ? "null" : "\(random.below(40))"
      return "{\"ts\":\(1_700_000_000 + index * 997),\"s\":\(random.uniform()),"
        + "\"f\":{\"n\":\(feature),\"t\":\"t\(random.below(7))\"},"
        + "\"g\":\"g\(random.below(6))\",\"h\":\(random.below(3) == 0 ? "null" : "\"h\"")}"
    }
  }

  static func table(_ lines: [String], _ monitor: Monitor, chunkLines: Int) throws -> Profile {
    var builder = try ReferenceTableBuilder(monitor, profile(lines, monitor).profile)
    var position = StreamPosition()
    var start = 0
    while start < lines.count {
      let end = min(lines.count, start + chunkLines)
      unsafe withChunk(lines[start..<end]) { chunk in
        let origin = ChunkOrigin(order: 0, offset: start)
        _ = unsafe builder.take(chunk, at: origin, after: &position)
      }
      start = end
    }
    let finished = builder.finish()
    return try #require(finished)
  }

  @Test(arguments: [UInt64](1...3)) func `bytes give the same table again`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let profile = try Self.table(Self.lines(&random, 900), monitor(Self.text), chunkLines: 100)
    let decoded = try Profile(decoding: profile.encoded())
    #expect(decoded == profile, "seed \(seed)")
    #expect(decoded.encoded() == profile.encoded(), "seed \(seed)")
    #expect(decoded.table?.eventsByHour.reduce(0, +) == 900)
  }

  @Test func `neither chunks nor the order of lines matter`() throws {
    var random = SeededGenerator(seed: 4)
    let lines = Self.lines(&random, 900)
    let monitor = try monitor(Self.text)
    let table = try Self.table(lines, monitor, chunkLines: 900).table
    #expect(try Self.table(lines, monitor, chunkLines: 7).table == table)
    #expect(try Self.table(lines.shuffled(using: &random), monitor, chunkLines: 50).table == table)
  }

  @Test func `the hours add up to the profile`() throws {
    var random = SeededGenerator(seed: 5)
    let monitor = try monitor(Self.text)
    let profile = try Self.table(Self.lines(&random, 900), monitor, chunkLines: 300)
    let plan = try Plan(monitor: monitor, profile: profile)
    var sums: HourCountsByKey = [:]
    for hour in plan.referenceTable { sums.add(hour, plan) }
    for signal in plan.signals {
      let whole = sums.sum(plan) { _ in true }
      #expect(Array(whole.counts[signal.bins]) == signal.profile.counts, "\(signal.name)")
      for (index, value) in profile.segments[0].values.enumerated() {
        let part = sums.sum(plan) { $0.values[0] == .value(value) }
        #expect(Array(part.counts[signal.bins]) == signal.profile.counts(segment: 0, value: index))
      }
    }
  }

  @Test func `a profile without a table is of the first format`() throws {
    var random = SeededGenerator(seed: 6)
    let lines = Self.lines(&random, 300)
    let monitor = try monitor(Self.text)
    let plain = try profile(lines, monitor).profile
    #expect(plain.encoded()[8] == 1)
    #expect(try Self.table(lines, monitor, chunkLines: 300).encoded()[8] == 2)
    #expect(throws: PlanError(problems: [.noHours])) { try Plan(monitor: monitor, profile: plain) }
  }

  @Test func `strata need a table unless the past has them`() throws {
    var random = SeededGenerator(seed: 7)
    let plain = try profile(Self.lines(&random, 300), monitor(Self.text)).profile
    let strata = try monitor(Self.text.replacing("same_hour: 2w, ", with: ""))
    #expect(throws: PlanError(problems: [.noTable])) { try Plan(monitor: strata, profile: plain) }
    let rolling = try monitor(Self.text.replacing("same_hour: 2w", with: "rolling: 2w"))
    let plan = try Plan(monitor: rolling, profile: plain)
    #expect(plan.warnings.contains { $0.contains("g is no signal") })
  }

  @Test func `any damage to a table is refused`() throws {
    var random = SeededGenerator(seed: 8)
    let profile = try Self.table(Self.lines(&random, 300), monitor(Self.text), chunkLines: 300)
    let bytes = profile.encoded()
    let payload = Array(bytes[17..<(bytes.count - 8)])
    for _ in 0..<200 {
      var damaged = payload
      damaged[payload.count - 1 - random.below(payload.count / 2)] ^= UInt8(1 + random.below(255))
      var writer = ByteWriter()
      writer.write(raw: bytes[..<17])
      writer.write(raw: damaged)
      writer.write(fixed64: StableHash.hash(damaged.span))
      // Some damage makes another profile: that one must be whole.
      guard let read = try? Profile(decoding: writer.bytes) else { continue }
      #expect(try Profile(decoding: read.encoded()) == read)
    }
  }

  /// 12 February 2024 was a Monday.
  @Test func `hours of the week begin on Monday at midnight`() {
    let monday = HourOfWeek.hour(of: 1_707_696_000_000_000_000)
    #expect(HourOfWeek.slot(of: monday, in: nil) == 0)
    #expect(HourOfWeek.slot(of: monday - 1, in: nil) == 167)
    #expect(HourOfWeek.slot(of: -1, in: nil) == 71)
  }

  @Test func `hours are weighed by how much of them is covered`() {
    let hour = HourOfWeek.nanoseconds
    let start = 1_707_696_000_000_000_000 + hour / 4
    let sets = WindowReference.slots(of: start..<start + 2 * hour)
    #expect(sets.map(\.slots) == [[2], [0], [1]])
    #expect(sets.map(\.length) == [hour / 4, hour * 3 / 4, hour])
    let week = WindowReference.slots(of: start..<start + 168 * hour)
    #expect(week.map(\.slots) == [Array(0..<168)])
  }
}
