import Records
import Sketches
import Specification
import TestSupport
import Testing

@testable import Events
@testable import Monitoring

/// An engine that ends anywhere and goes on in a new process.
@Suite struct EngineStateTests {
  /// Monday, 12 February 2024.
  static let start = 1_707_696_000

  /// Everything that has a memory: versions, segments, KPIs, budgets, silence, flapping, changes.
  static func text(_ reference: String, rules: String = Self.rules) -> String {
    """
    model: m
    events:
      prediction:
        when: kind == "p"
        time: ts
        version: v
        latency: {field: ms, unit: ms}
        failure: status == "error"
        features: [{field: x, type: number}, {field: c, type: category}]
        segments: [g]
    reference: {profile: p, \(reference)}
    kpis: {volume: sum(x), calls: count()}
    slos: [{name: fast, good: latency < 200ms, objective: 95%, period: 60d}]
    windows: {short: {size: 30m, slide: 10m}, hours: {size: 3h, slide: 1h}, day: {calendar: day}}
    slide: 10m
    lateness: 2m
    limits: {segment_values: 2, versions: 3}
    incidents: {quiet: 40m, flapping: 3, within: 6h}
    rules:
    \(rules)
    """
  }

  static let rules = """
      - {alert: Moved, expr: drift(*) > 0.1, window: hours, for: 2h, by: [whole, g, version]}
      - {alert: High, expr: mean(x) > 52, window: short, keep_firing_for: 20m}
      - {alert: Gone, expr: missing(x) / count(x) > 0.3, window: short}
      - {alert: Grown, expr: 'change(value(kpis.volume), 1d) > 0.2', window: hours}
      - {alert: Slow, burn: fast}
      - {alert: Silent, silence: 90m}
    """

  static func line(_ random: inout SeededGenerator, at second: Int, isReference: Bool) -> String {
    let hour = (second / 3600) % 24
    let high = !isReference && (second / 1800) % 7 < 2
    let x = random.below(12) == 0 || high && random.below(2) == 0 ? "null" : "\(random.below(100))"
    let category = ["a", "b", "c", "d"][min(3, random.below(hour < 12 ? 3 : 5))]
    let group = ["u", "v", "w", "long"][random.below(isReference ? 2 : 4)]
    let version = "\(second / 20_000 % 4)"
    let status = random.below(30) == 0 ? "error" : "ok"
    return "{\"kind\":\"p\",\"ts\":\(second),\"x\":\(x),\"c\":\"\(category)\",\"g\":\"\(group)\","
      + "\"v\":\"\(version)\",\"ms\":\(random.below(high ? 260 : 205)),\"status\":\"\(status)\"}"
  }

  static func plan(_ text: String, seed: UInt64 = 1, zone: CivilZone? = nil) throws -> Plan {
    var monitor = try monitor(text)
    monitor.zone = zone
    var random = SeededGenerator(seed: seed)
    let lines = (0..<3000).map { index in
      line(&random, at: start - 14 * 86_400 + index * 400, isReference: true)
    }
    return try Plan(monitor: monitor, profile: reference(lines, monitor))
  }

  static func reference(_ lines: [String], _ monitor: Monitor) throws -> Profile {
    let first = try profile(lines, monitor).profile
    guard monitor.reference.needsTable else { return first }
    var builder = try ReferenceTableBuilder(monitor, first)
    var position = StreamPosition()
    unsafe withChunk(lines) { chunk in
      _ = unsafe builder.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
    let finished = builder.finish()
    return try #require(finished)
  }

  /// Days of batches of events, with gaps, and some of them late.
  static func batches(_ random: inout SeededGenerator, count: Int) -> [[String]] {
    var second = start
    return (0..<count).map { _ in
      second += random.below(40) == 0 ? 3600 * random.below(6) : 0
      return (0..<random.below(30)).map { _ in
        second += random.below(90)
        return line(&random, at: second - random.below(120), isReference: false)
      }
    }
  }

  static let references = ["same_hour: 1w", "rolling: 1d", "strata: g"]

  @Test(arguments: zip(references, [UInt64](1...3)))
  func `a new process goes on with the same words`(reference: String, seed: UInt64) throws {
    try compare(try Self.plan(Self.text(reference)), seed: seed)
  }

  @Test(arguments: [4, 6, 7] as [UInt64])
  func `a new process goes on with the same words while the clocks change`(seed: UInt64) throws {
    let change = Int64(Self.start + 6 * 3600)
    let zone = CivilZone(name: "x", changes: [change], offsets: [3_600, 7_200], rule: nil)
    try compare(try Self.plan(Self.text("same_hour: 1w"), zone: zone), seed: seed)
  }

  /// Feeds one engine without and one with ends in between.
  private func compare(_ plan: Plan, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let batches = Self.batches(&random, count: 70)
    var whole = Feeding(plan)
    var cut = Feeding(plan)
    for batch in batches {
      whole.feed(batch)
      whole.close()
      cut.feed(batch)
      if random.below(12) == 0 { try cut.restart() }
      cut.close()
      if random.below(12) == 0 { try cut.restart() }
    }
    whole.finish()
    cut.finish()
    #expect(whole.output.incidents.contains { $0.state == .closed }, "seed \(seed)")
    #expect(whole.output.alerts.count > 5, "seed \(seed)")
    #expect(cut.output.notices == whole.output.notices, "seed \(seed)")
    #expect(cut.output.measured == whole.output.measured, "seed \(seed)")
  }

  @Test func `a process may end between any two steps`() throws {
    var random = SeededGenerator(seed: 9)
    let plan = try Self.plan(Self.text("same_hour: 1w"))
    var shard = Shard(plan)
    var position = StreamPosition()
    for batch in Self.batches(&random, count: 12) {
      unsafe withChunk(batch) { chunk in
        _ = unsafe shard.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
      }
    }
    let last = try #require(plan.lastCompletePane(position))
    var whole = Engine(plan, measuring: .everything)
    whole.enqueue([shard.take(through: last)], through: last)
    var cut = whole
    var (said, saidByCut) = (EngineOutput(), EngineOutput())
    whole.drain(into: &said)
    var steps = 0
    while cut.step(into: &saidByCut) {
      steps += 1
      let state = try EngineState(decoding: cut.state().encoded())
      cut = Engine(plan, measuring: .everything)
      _ = try cut.restore(state)
    }
    #expect(steps > 10)
    #expect(said.notices == saidByCut.notices)
    #expect(said.measured == saidByCut.measured)
  }

  @Test func `bytes that are no state are refused and change nothing`() throws {
    var random = SeededGenerator(seed: 4)
    let plan = try Self.plan(Self.text("rolling: 1d"))
    var feeding = Feeding(plan)
    for batch in Self.batches(&random, count: 6) {
      feeding.feed(batch)
      feeding.close()
    }
    let bytes = feeding.stateBytes
    for _ in 0..<30 {
      var damaged = bytes
      if random.below(3) == 0 { damaged = Array(damaged.prefix(random.below(damaged.count))) }
      for _ in 0...random.below(3) where !damaged.isEmpty {
        damaged[random.below(damaged.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      var engine = Engine(plan, measuring: .nothing)
      guard let state = try? EngineState(decoding: damaged) else { continue }
      _ = try? engine.restore(state)
    }
  }
}
