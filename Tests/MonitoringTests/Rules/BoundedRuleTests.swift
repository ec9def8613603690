import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring

/// Rules that compare with a constant: the bound that is towards it has to be beyond it.
@Suite struct BoundedRuleTests {
  /// A whole day.
  static let start = 1_600_041_600

  static func plan(_ rules: [String]) throws -> Plan {
    let monitor = try monitor(
      """
      model: m
      events:
        prediction: {time: ts, failure: bad, features: [{field: x, type: number}], segments: [g]}
      kpis:
        good: mean(x > 50)
        good_share: ratio(count(where x > 50), count())
        mean_x: mean(x)
        of_weight: ratio(sum(x where bad), sum(x))
        volume: sum(x)
      windows: {hour: {size: 1h, slide: 1h}}
      slide: 1h
      lateness: 1m
      incidents: {flapping: none}
      rules:
      \(rules.map { "  - \($0)" }.joined(separator: "\n"))
      """
    )
    let reference = (0..<400).map { line(start - 100_000 + $0, Double($0 % 100), "a") }
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  static func line(_ second: Int, _ x: Double?, _ group: String, bad: Bool = false) -> String {
    let value = x.map { "\($0)" } ?? "null"
    return "{\"ts\":\(second),\"x\":\(value),\"g\":\"\(group)\",\"bad\":\(bad)}"
  }

  /// The events of an hour, spread over it.
  static func hour(
    _ index: Int,
    _ values: [Double?],
    bad: (Int) -> Bool = { _ in false }
  )
    -> [String]
  {
    values.enumerated().map { event, x in
      let second = start + 3600 * index + 3600 * event / max(1, values.count)
      return line(second, x, event % 2 == 0 ? "a" : "b", bad: bad(event))
    }
  }

  static func alerts(_ rules: [String], _ hours: [[String]]) throws -> [Alert] {
    var feeding = Feeding(try plan(rules), measuring: .nothing)
    for hour in hours {
      feeding.feed(hour)
      feeding.close()
    }
    feeding.finish()
    return feeding.output.alerts
  }

  // MARK: Few events at night

  /// An hour before and after, so that no window is cut, and three events between.
  private static let night: [[String]] = {
    let calm = (0..<200).map { Double?.some(Double($0 % 50)) }
    return [
      hour(0, calm), hour(1, [nil, 90, 60], bad: { $0 == 1 }), hour(2, calm),
    ]
  }()

  @Test(arguments: [
    "missing(x) / count(x) > 5%", "missing(x) / count(events) >= 0.3", "mean(failure) > 5%",
    "mean(x) > 40", "value(kpis.good) > 60%", "value(kpis.good_share) > 50%",
    "value(kpis.mean_x) > 40", "value(kpis.of_weight) > 10%", "0.05 < missing(x) / count(x)",
    "not (missing(x) / count(x) <= 5%)", "change(mean(x), 1h) > 20%",
    "change(value(kpis.good), 1h) is missing and change(value(kpis.mean_x), 1h) > 20%",
    "abs(mean(x) - 24) > 30", "100 * missing(x) / count(x) > 5",
  ])
  func `three events at night prove nothing, and without the bound they alert`(
    condition: String
  ) throws {
    let rule = "alert: Night, expr: '\(condition)'"
    let bounded = try Self.alerts(["{\(rule)}"], Self.night)
    #expect(bounded.isEmpty, "\(bounded.map(\.evidence))")
    let plain = try Self.alerts(["{\(rule), bound: none}"], Self.night)
    #expect(plain.map(\.state) == [.firing, .resolved])
    #expect(plain.allSatisfy { $0.evidence.low == nil })
  }

  @Test func `many events prove it, and the evidence has the bounds`() throws {
    let calm = (0..<200).map { Double?.some(Double($0 % 50)) }
    let broken = (0..<400).map { $0 % 10 == 0 ? nil : Double?.some(Double($0 % 100)) }
    let hours = [Self.hour(0, calm), Self.hour(1, broken), Self.hour(2, calm)]
    let rules = [
      "{alert: Missing, expr: missing(x) / count(x) > 5%, "
        + "annotations: {s: '{{ value }} from {{ low }} to {{ high }} of {{ n }}'}}",
      "{alert: Mean, expr: mean(x) > 40, confidence: 0.95}",
      "{alert: Up, expr: 'change(mean(x), 1h) > 50%'}",
    ]
    // Each alone: broken data withhold the others.
    let alerts = try rules.flatMap { try Self.alerts([$0], hours).filter { $0.state == .firing } }
    #expect(alerts.map(\.name) == ["Missing", "Mean", "Up"])
    for alert in alerts {
      let evidence = alert.evidence
      let (value, threshold) = (try #require(evidence.value), try #require(evidence.threshold))
      let (low, high) = (try #require(evidence.low), try #require(evidence.high))
      #expect(threshold < low && low < value && value < high)
      #expect(evidence.confidence == (alert.name == "Mean" ? 0.95 : 0.99))
    }
    #expect(alerts[0].evidence.n == 400)
    // Newcombe's method 4 of 40 in 400 at 1 % a side.
    #expect(alerts[0].annotations["s"] == "10% from 6.922% to 14.18% of 400")
  }

  @Test func `what is beyond the limit and not surely so begins no alert and ends none`() throws {
    let share = { (hour: Int, missing: Int, of: Int) in
      Self.hour(hour, (0..<of).map { $0 < missing ? nil : 1 })
    }
    let hours = [
      share(0, 0, 300), share(1, 20, 300), share(2, 60, 300), share(3, 20, 300), share(4, 10, 300),
      share(5, 20, 300), share(6, 0, 300),
    ]
    let alerts = try Self.alerts(["{alert: Gone, expr: missing(x) / count(x) > 5%}"], hours)
    #expect(alerts.map(\.state) == [.firing, .resolved])
    #expect(alerts.map { ($0.time / 1_000_000_000 - Int64(Self.start)) / 3600 } == [3, 5])
  }

  // MARK: Counts

  @Test func `before eight windows a count goes as it is, then by their spread`() throws {
    let few = (0..<7).map { Self.hour($0, [Double?](repeating: 1, count: $0 % 2 == 0 ? 20 : 40)) }
    let more = (7..<12).map { Self.hour($0, [Double?](repeating: 1, count: $0 % 2 == 0 ? 20 : 40)) }
    let rule = "{alert: Busy, expr: count(x) > 35, keep_firing_for: 0s}"
    let early = try Self.alerts([rule], few).filter { $0.state == .firing }
    #expect(early.count == 3)
    let all = try Self.alerts([rule], few + more).filter { $0.state == .firing }
    #expect(all.count == 4, "hours 1, 3, 5 and 7 as they are: eight whole windows come before 9")
    let surge = [Self.hour(12, [Double?](repeating: 1, count: 400)), Self.hour(13, [1])]
    let last = try #require(
      try Self.alerts([rule], few + more + surge).last { $0.state == .firing }
    )
    #expect(last.time == Int64(Self.start + 13 * 3600) * 1_000_000_000)
    #expect(last.evidence.value == 400)
    #expect((last.evidence.low ?? 0) > 35)
  }

  /// Hours of over-dispersed counts: a season of the day, a level that wanders from day to day, and
  /// a gamma factor each hour.
  private static func seasonal(days: Int, seed: UInt64) -> [[String]] {
    var random = SeededGenerator(seed: seed)
    var level = 0.0
    return (0..<24 * days).map { hour in
      if hour % 24 == 0 { level = 0.5 * level + 0.1 * (random.uniform() - 0.5) }
      let season = 1 + 0.8 * sin(2 * Double.pi * Double(hour % 24) / 24)
      let gamma = (0..<5).reduce(0.0) { sum, _ in sum - log(1 - random.uniform()) } / 5
      let mean = 25 * season * exp(level) * gamma
      let count = Int((mean + mean.squareRoot() * 2 * (random.uniform() - 0.5)).rounded())
      return Self.hour(hour, [Double?](repeating: 1, count: max(1, count)))
    }
  }

  @Test func `over-dispersed counts alarm in at most 1 % of the windows, a real surge alarms`()
    throws
  {
    // The highest hour's mean is 45.
    let rules = ["count(x) > 45", "rate(events) > 0.0125", "value(kpis.volume) > 45"]
    let days = 40
    let named = rules.enumerated().flatMap { index, rule in
      [
        "{alert: Busy\(index), expr: \(rule)}",
        "{alert: Plain\(index), expr: \(rule), bound: none}",
      ]
    }
    var (bounded, plain) = (0, 0)
    for seed in UInt64(1)...3 {
      let warm = Int64(Self.start + 9 * 86_400) * 1_000_000_000
      let alerts = try Self.alerts(named, Self.seasonal(days: days, seed: seed))
      let fired = alerts.filter { $0.state == .firing && $0.time > warm }
      bounded += fired.count { $0.name.hasPrefix("Busy") }
      plain += fired.count { $0.name.hasPrefix("Plain") }
    }
    let windows = 3 * rules.count * 24 * (days - 9)
    #expect(100 * bounded <= windows, "\(bounded) of \(windows)")
    #expect(plain > 5 * max(bounded, 1), "as they are \(plain) alarm, with the bound \(bounded)")
    let surge =
      Self.seasonal(days: 12, seed: 4)
      + [Self.hour(288, [Double?](repeating: 1, count: 600)), Self.hour(289, [1])]
    let alerts = try Self.alerts(named, surge).filter { $0.state == .firing }
    for index in rules.indices {
      let last = alerts.last { $0.name == "Busy\(index)" }
      #expect(last?.time == Int64(Self.start + 289 * 3600) * 1_000_000_000, "\(rules[index])")
    }
  }

  // MARK: State

  @Test func `a process that ends anywhere goes on with the same bounds`() throws {
    let rules = [
      "{alert: Busy, expr: count(x) > 30, by: [whole, g]}",
      "{alert: Down, expr: 'change(mean(x), 3h) < -10%', by: [whole, g]}",
      "{alert: Lost, expr: 'change(value(kpis.good), 1d) < -10%'}",
      "{alert: Less, expr: value(kpis.volume) < 900, confidence: 0.6}",
    ]
    var random = SeededGenerator(seed: 7)
    let hours = (0..<24 * 11).map { index in
      Self.hour(
        index,
        (0..<5 + random.below(50)).map { _ in
          random.below(9) == 0 ? nil : Double(random.below(index / 10 % 3 == 0 ? 60 : 100))
        }
      )
    }
    var whole = Feeding(try Self.plan(rules))
    var cut = Feeding(try Self.plan(rules))
    for (index, hour) in hours.enumerated() {
      whole.feed(hour)
      whole.close()
      cut.feed(hour)
      cut.close()
      if index % 5 == 3 { #expect(try cut.restart().isEmpty) }
    }
    whole.finish()
    cut.finish()
    #expect(whole.output.alerts == cut.output.alerts)
    #expect(whole.output.metricRecords == cut.output.metricRecords)
    #expect(Set(whole.output.alerts.map(\.name)) == ["Busy", "Down", "Lost", "Less"])
  }
}
