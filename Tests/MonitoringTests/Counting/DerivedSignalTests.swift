import Events
import Foundation
import Records
import Sketches
import Testing

@testable import Monitoring
import TestSupport

/// Latency, failures, KPIs and the rate of events against a recomputation, event by event.
@Suite struct DerivedSignalTests {
  struct Event {
    var time: Int
    var latency: Double?
    var hasWrongLatency = false
    var failed: Bool?
    var amount: Double?
    var hasWrongAmount = false
    var isApproved: Bool
    var group: String
  }

  static let second: Int64 = 1_000_000_000
  static let start = 1_600_002_000

  static let text = """
    model: m
    events:
      prediction:
        time: ts
        decision: decision
        latency: {field: took, unit: ms}
        failure: status != "ok"
        features: [{field: amount, type: number}]
        segments: [g]
    kpis:
      approved: sum(amount where decision == "yes")
      approval: mean(decision == "yes")
      share: ratio(sum(amount where decision == "yes"), sum(amount))
      big: count(where amount > 50)
      typical: p50(amount where decision == "yes")
      slowest: max(latency)
      doubled: mean(2 * amount)
    windows:
      short: {size: 10m, slide: 10m}
      long: {size: 1h, slide: 10m}
    lateness: 0s
    future: 9d
    """

  static func event(at time: Int, _ random: inout SeededGenerator) -> Event {
    var event = Event(
      time: time,
      isApproved: random.below(3) > 0,
      group: "g\(random.below(2))"
    )
    // Milliseconds over four decades, as latencies lie.
    let magnitude = exp(random.uniform() * 9)
    switch random.below(20) {
    case 0: break
    case 1: event.hasWrongLatency = true
    default: event.latency = (magnitude * 1000).rounded() / 1000
    }
    event.failed = random.below(15) == 0 ? nil : random.below(20) == 0
    switch random.below(25) {
    case 0: break
    case 1: event.hasWrongAmount = true
    default: event.amount = (random.uniform() * 10_000).rounded() / 100
    }
    return event
  }

  static func line(_ event: Event) -> String {
    var members = ["\"ts\":\(event.time)", "\"g\":\"\(event.group)\""]
    members.append("\"decision\":\"\(event.isApproved ? "yes" : "no")\"")
    if let latency = event.latency { members.append("\"took\":\(latency)") }
    if event.hasWrongLatency { members.append("\"took\":\"fast\"") }
    if let failed = event.failed { members.append("\"status\":\"\(failed ? "error" : "ok")\"") }
    if let amount = event.amount { members.append("\"amount\":\(amount)") }
    if event.hasWrongAmount { members.append("\"amount\":[1]") }
    return "{\(members.joined(separator: ","))}"
  }

  static func stream(_ count: Int, _ random: inout SeededGenerator) -> [Event] {
    var time = start
    return (0..<count).map { _ in
      time += random.below(30)
      return event(at: time, &random)
    }
  }

  /// The plan of a monitor whose profile is of a stream of its own.
  static func plan(_ random: inout SeededGenerator, _ text: String = text) throws -> Plan {
    let monitor = try monitor(text)
    let reference = stream(3000, &random).map(line)
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  @Test(arguments: [UInt64](1...3))
  func `every window's latency, failures and KPIs are what its events make them`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let plan = try Self.plan(&random)
    #expect(plan.warnings.isEmpty)
    let events = Self.stream(1500, &random)
    var feeding = Feeding(plan, capacity: [1, 7, 512][random.below(3)])
    var rest = events[...]
    while !rest.isEmpty {
      let count = 1 + random.below(200)
      feeding.feed(rest.prefix(count).map(Self.line))
      rest = rest.dropFirst(count)
      // Left open, panes are sealed.
      if seed > 1 { feeding.close() }
    }
    feeding.finish()
    let records = try feeding.metrics()
    var compared = 0
    for (name, size) in [("short", 600), ("long", 3600)] {
      for end in stride(from: Self.start, through: events[events.count - 1].time, by: 600) {
        let inside = events.filter { $0.time >= end - size && $0.time < end }
        for group in ["", "g0", "g1"] {
          let part = inside.filter { group.isEmpty || $0.group == group }
          guard !part.isEmpty else { continue }
          let from = Timestamp.format(Int64(end - size) * Self.second)
          let key = "\(name)|\(from)|\(group.isEmpty ? "" : "g=\(group)")||"
          try Self.compare(part, size, records, key, "seed \(seed)")
          compared += 1
        }
      }
    }
    #expect(compared > 100, "\(compared) windows, seed \(seed)")
    #expect(!records.keys.contains { $0.contains("kpis.share/") }, "a part of a KPI went out")
  }

  /// Holds the records of one view to its events.
  private static func compare(
    _ events: [Event],
    _ size: Int,
    _ records: [String: [String: Any]],
    _ key: String,
    _ comment: Comment
  ) throws {
    func check(_ name: String, _ expected: Double?) throws {
      let found = (records[key + name]?["value"] as? NSNumber)?.doubleValue
      guard let expected else {
        #expect(found == nil, "\(key)\(name): \(comment)")
        return
      }
      let got = try #require(found, "no \(key)\(name): \(comment)")
      #expect(abs(got - expected) <= 1e-12 * abs(expected), "\(key)\(name): \(comment)")
    }
    let latencies = events.compactMap(\.latency).map { $0 / 1e3 }.sorted()
    let failures = events.compactMap(\.failed)
    let amounts = events.compactMap(\.amount)
    let approved = events.filter(\.isApproved).compactMap(\.amount)
    let sum = approved.reduce(0, +)
    try check("events|count", Double(events.count))
    try check("events|rate", Double(events.count) / Double(size))
    try check("latency|missing", Double(events.count { $0.latency == nil && !$0.hasWrongLatency }))
    try check("latency|invalid", Double(events.count(where: \.hasWrongLatency)))
    try check("latency|max", latencies.last)
    try check("latency|mean", mean(latencies))
    try check("failure|mean", mean(failures.map { $0 ? 1 : 0 }))
    try check("failure|missing", Double(events.count - failures.count))
    try check("kpis.approved|value", sum)
    try check("kpis.approved|mean", mean(approved))
    try check("kpis.approval|value", mean(events.map { $0.isApproved ? 1 : 0 }))
    try check("kpis.share|value", amounts.isEmpty ? nil : sum / amounts.reduce(0, +))
    try check("kpis.big|value", Double(amounts.count { $0 > 50 }))
    try check("kpis.slowest|value", latencies.last)
    try check("kpis.doubled|value", mean(amounts.map { 2 * $0 }))
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)] {
      try quantile(records[key + "latency|" + name], latencies, share, "\(key) \(name): \(comment)")
    }
    let typical = records[key + "kpis.typical|value"]
    try quantile(typical, approved.sorted(), 0.5, "\(key) typical: \(comment)")
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Within one per cent of the order statistic, and inside its own bounds.
  private static func quantile(
    _ record: [String: Any]?,
    _ sorted: [Double],
    _ share: Double,
    _ comment: Comment
  ) throws {
    guard !sorted.isEmpty else {
      #expect(record == nil, comment)
      return
    }
    let numbers = try ["value", "low", "high"].map { name in
      try #require((record?[name] as? NSNumber)?.doubleValue, comment)
    }
    let exact = sorted[Int((Double(sorted.count - 1) * share).rounded(.down))]
    #expect(abs(numbers[0] - exact) <= 0.01 * exact, comment)
    #expect(numbers[1] <= exact && exact <= numbers[2], comment)
  }

  @Test func `drift of latency and of a KPI is judged against the profile`() throws {
    var random = SeededGenerator(seed: 4)
    let rules = """

      rules:
        - {alert: Slow, expr: drift(latency) > 0.1, window: long}
        - {alert: Approvals, expr: drift(kpis.approved) > 0.1, window: long}
        - {alert: Failing, expr: mean(failure) > 50%, window: long}
        - {alert: Busy, expr: rate(events) > 1, window: long}
        - {alert: P99, expr: p99(latency) > 30s, window: long}
        - {alert: Low, expr: value(kpis.share) < 10%, window: long}
      """
    let plan = try Self.plan(&random, Self.text + rules)
    var events = Self.stream(2000, &random)
    for index in 1000..<2000 {
      events[index].latency = events[index].latency.map { $0 * 50 }
      if events[index].isApproved { events[index].amount = events[index].amount.map { $0 / 50 } }
    }
    var feeding = Feeding(plan)
    feeding.feed(events.map(Self.line))
    feeding.finish()
    let firing = Set(feeding.output.alerts.filter { $0.state == .firing }.map(\.name))
    #expect(firing == ["Slow", "Approvals", "P99", "Low"])
    let slow = try #require(feeding.output.alerts.first { $0.name == "Slow" })
    #expect(slow.evidence.histogram.count == 10)
    #expect(slow.labels["signal"] == "latency")
    let low = try #require(feeding.output.alerts.first { $0.name == "Low" })
    #expect(low.evidence.statistic == "value" && low.evidence.threshold == 0.1)
    #expect(low.labels["signal"] == "kpis.share")
  }

  @Test func `what the profile lacks is counted without a reference, and a warning says so`() throws
  {
    var random = SeededGenerator(seed: 5)
    let lines = Self.stream(1000, &random).map(Self.line)
    let old = try monitor(
      """
      model: m
      events: {prediction: {time: ts, decision: decision, features: [amount], segments: [g]}}
      """
    )
    let plan = try Plan(monitor: monitor(Self.text), profile: profile(lines, old).profile)
    let names = ["latency", "failure", "kpis.approved", "kpis.approval", "kpis.typical"]
    for name in names {
      #expect(plan.warnings.contains { $0.hasPrefix("\(name) is not in the profile") }, "\(name)")
    }
    var feeding = Feeding(plan)
    feeding.feed(lines)
    feeding.finish()
    let records = try feeding.metrics()
    #expect(records.keys.contains { $0.hasSuffix("|latency|p99") })
    #expect(records.keys.contains { $0.hasSuffix("|kpis.approved|value") })
    for statistic in ["psi", "drift", "ks", "wasserstein"] {
      #expect(records.keys.contains { $0.hasSuffix("|amount|\(statistic)") })
      #expect(!records.keys.contains { $0.hasSuffix("|latency|\(statistic)") }, "\(statistic)")
    }
  }

  @Test func `every number's sums are taken on its own scale`() throws {
    var random = SeededGenerator(seed: 7)
    let plan = try Self.plan(&random)
    for signal in plan.countedSignals {
      guard case .number(let index, let reference) = signal.kind else { continue }
      let empty = SummaryColumns(plan)
      let outer = OuterSums(
        minimum: reference.summary.minimum,
        maximum: reference.summary.maximum
      )
      #expect(empty.moments[index].scale == signal.momentScale, "\(signal.name)")
      #expect(empty.outer[index] == outer, "\(signal.name)")
    }
  }

  @Test func `KPIs that read the same numbers count them once`() throws {
    var random = SeededGenerator(seed: 6)
    let plan = try Self.plan(&random)
    // approved, typical and the first part of share filter the same amounts.
    let numbers = plan.countedSignals.compactMap { signal -> Int? in
      if case .derived(let index) = signal.source { index } else { nil }
    }
    #expect(numbers.count == 9 && plan.derived.count == 7)
    #expect(
      plan.kpis.first { $0.name == "kpis.share" }?.signals.map(\.name).first == "kpis.approved"
    )
  }
}
