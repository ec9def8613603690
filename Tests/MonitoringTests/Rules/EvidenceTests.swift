import Foundation
import Records
import Testing

@testable import Monitoring
@testable import Specification

/// Alerts of the engine: who is judged, and what the evidence says.
@Suite struct EvidenceTests {
  static let start = 1_600_002_000

  static func monitor(_ rules: String) throws -> Monitor {
    try MonitoringTests.monitor(
      """
      model: m
      events:
        prediction:
          time: ts
          version: v
          features: [{field: x, type: number}, {field: c, type: category}]
          segments: [g]
      windows: {hour: {size: 1h, slide: 1h}}
      slide: 1h
      labels: {team: risk}
      rules:
      \(rules)
      """
    )
  }

  /// An hour of 400 events; half of them of segment `a`, where `c` may be new and `x` may shift.
  static func hour(
    _ index: Int,
    shift: Double = 0,
    new: String? = nil,
    version: Int = 1
  ) -> [String] {
    (0..<400).map { event in
      let isFirst = event % 2 == 0
      let x = Double(event * 7 % 100) + (isFirst ? shift : 0)
      let c = isFirst ? new ?? "red" : ["red", "blue"][event / 2 % 2]
      return "{\"ts\":\(start + 3600 * index + 9 * event),\"x\":\(x),\"c\":\"\(c)\","
        + "\"g\":\"\(isFirst ? "a" : "b")\",\"v\":\(version)}"
    }
  }

  static func alerts(_ rules: String, _ hours: [[String]]) throws -> [Alert] {
    let monitor = try monitor(rules)
    let reference = (0..<3).flatMap { hour($0) }
    let plan = try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
    var feeding = Feeding(plan)
    for hour in hours {
      feeding.feed(hour)
      feeding.close()
    }
    feeding.finish()
    return feeding.output.alerts
  }

  @Test(arguments: ["drift(*) > -1", "drift(*) >= -0.5 and count(*) > -1", "-1 < drift(*)"])
  func `a threshold that no index can be below fires and does not trap`(condition: String) throws {
    let alerts = try Self.alerts("  - {alert: Always, expr: \(condition)}", [Self.hour(9)])
    #expect(alerts.map { $0.labels["signal"] } == ["c", "x"])
    #expect(alerts.allSatisfy { $0.state == .firing })
  }

  @Test func `a rule's labels name what the alert is about, and the monitor's labels`() throws {
    let rule = """
        - alert: New
          expr: drift(*) > 0.1
          by: segments
          labels:
            route: "{{ labels.model }}/{{ labels.severity }}/{{ labels.team }}"
            place: "{{ labels.window }} {{ labels.segment }} {{ labels.signal }}"
      """
    let alerts = try Self.alerts(rule, [Self.hour(9), Self.hour(10, new: "green"), Self.hour(11)])
    #expect(alerts.map(\.state) == [.firing, .resolved])
    for alert in alerts {
      #expect(alert.labels["route"] == "m/warning/risk")
      #expect(alert.labels["place"] == "hour \(alert.labels["segment"] ?? "?") c")
      #expect(alert.group != alert.fingerprint)
    }
  }

  @Test(arguments: [
    ("missing(c) / count(c) >= 0%", "0%"), ("count(c) > 0.1", "400"),
    ("count(c) * 1s > 30s", "6m40s"),
    ("30s < count(c) * 1s and unusable(c) >= 0%", "6m40s"), ("not (unusable(c) > 10%)", "0%"),
  ])
  func `a value is told as the rule writes its comparison`(
    condition: String,
    words: String
  ) throws {
    let rule = "  - {alert: A, expr: '\(condition)', annotations: {s: '{{ value }}'}}"
    let alerts = try Self.alerts(rule, [Self.hour(9)])
    #expect(alerts.map { $0.annotations["s"] } == [words])
  }

  @Test func `the evidence holds both histograms, what moved most and the new values`() throws {
    let rule = "  - {alert: New, expr: drift(*) > 0.1, annotations: {s: \"{{ signal }} {{ n }}\"}}"
    let alerts = try Self.alerts(rule, [Self.hour(9), Self.hour(10, new: "green"), Self.hour(11)])
    #expect(alerts.map(\.state) == [.firing, .resolved])
    let alert = try #require(alerts.first)
    #expect(alert.labels["signal"] == "c")
    #expect(alert.labels["team"] == "risk")
    #expect(alert.labels["window"] == "hour")
    #expect(alert.annotations == ["s": "c 400"])
    let evidence = alert.evidence
    #expect(evidence.statistic == "drift")
    #expect(evidence.threshold == 0.1)
    #expect(evidence.confidence == 0.99)
    #expect(evidence.n == 400)
    #expect(evidence.referenceN == 1200)
    #expect(evidence.histogram.map(\.bin) == ["blue", "red", "unseen"])
    #expect(evidence.histogram.map(\.reference) == [0.25, 0.75, 0])
    #expect(evidence.histogram.map(\.window) == [0.25, 0.25, 0.5])
    #expect(evidence.moved.map(\.bin) == ["unseen", "red"])
    #expect(evidence.unseen == [Evidence.UnseenCount(value: "green", count: 200)])
    let value = try #require(evidence.value)
    let psi = try #require(evidence.psi)
    #expect(value > 0.1 && value < psi)
    #expect(evidence.start == Int64(Self.start + 36_000) * 1_000_000_000)
    #expect(evidence.end - evidence.start == 3_600_000_000_000)
    #expect(alerts[1].startsAt == alert.startsAt)
    #expect(alerts[1].fingerprint == alert.fingerprint)
  }

  @Test(arguments: [true, false])
  func `values of few events are named only where their field is public`(isPublic: Bool) throws {
    let monitor = try MonitoringTests.monitor(
      """
      model: m
      events: {prediction: {time: ts, features: [{field: c, type: category}]}}
      windows: {hour: {size: 1h, slide: 1h}}
      slide: 1h
      \(isPublic ? "public: [c]" : "")
      rules:
        - {alert: Moved, expr: psi(c) > 0.1}
      """
    )
    func line(_ second: Int, _ value: String) -> String {
      "{\"ts\":\(Self.start + second),\"c\":\"\(value)\"}"
    }
    // In the reference: 396 blue, and two towns of two events each.
    let reference = (0..<400).map { line($0, $0 < 396 ? "blue" : $0 < 398 ? "Ayl" : "Bex") }
    let plan = try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
    var feeding = Feeding(plan)
    // In the window: Ayl five times, Bex once, red 190 times; new are Cob (5 events) and Dee (4).
    let values =
      Array(repeating: "blue", count: 10) + Array(repeating: "Ayl", count: 5) + ["Bex"]
      + Array(repeating: "Cob", count: 5) + Array(repeating: "Dee", count: 4)
      + Array(repeating: "red", count: 190)
    feeding.feed(values.enumerated().map { line(36_000 + $0, $1) })
    feeding.finish()
    let evidence = try #require(feeding.output.alerts.first?.evidence)
    let bins = evidence.histogram.map(\.bin)
    let new = evidence.unseen.map { "\($0.value) \($0.count)" }
    if isPublic {
      #expect(bins == ["Ayl", "Bex", "blue", "unseen"])
      #expect(new == ["red 190", "Cob 5", "Dee 4"])
    } else {
      #expect(bins == ["Ayl", "blue", "unseen", "__rare__"])
      #expect(evidence.histogram.last?.reference == 2.0 / 400)
      #expect(new == ["red 190", "Cob 5", "__rare__ 4"])
    }
  }

  @Test func `a rule is judged for the parts that it names, each with its own reference`() throws {
    let rules = """
        - {alert: Whole, expr: drift(x) > 0.1}
        - {alert: Parts, expr: drift(x) > 0.1, by: segments}
        - {alert: Versions, expr: mean(x) > 60, by: version}
      """
    let alerts = try Self.alerts(
      rules,
      [Self.hour(9), Self.hour(10, shift: 50, version: 2), Self.hour(11)]
    )
    let fired = alerts.filter { $0.state == .firing }
    #expect(fired.map(\.name) == ["Whole", "Versions", "Parts"])
    #expect(fired.map { $0.labels["segment"] } == [nil, nil, "g=a"])
    #expect(fired.map { $0.labels["version"] } == [nil, "2", nil])
    #expect(Set(alerts.map(\.fingerprint)).count == 3)
    let part = try #require(fired.last)
    #expect(part.evidence.n == 200)
    #expect(part.evidence.referenceN == 600)
    // The version that others have replaced cannot go on: its alert ends with it.
    let resolved = alerts.filter { $0.state == .resolved }
    #expect(resolved.map(\.name) == ["Whole", "Parts", "Versions"])
    #expect(resolved.last?.evidence.n == 0)
  }

  @Test func `a wildcard makes an alert a signal, all of one group`() throws {
    let rule = "  - {alert: Moved, expr: psi(*) > 0.05}"
    let alerts = try Self.alerts(rule, [Self.hour(9, shift: 50, new: "green")])
    #expect(alerts.map { $0.labels["signal"] } == ["c", "x"])
    #expect(alerts[0].group == alerts[1].group)
    #expect(alerts[0].fingerprint != alerts[1].fingerprint)
  }

  @Test func `a statistic of the reference is compared, and a ratio has a value`() throws {
    let rules = """
        - {alert: Twice, expr: mean(x) > 1.4 * reference(mean(x))}
        - {alert: Share, expr: unseen(c) / count(c) > 20%}
      """
    let alerts = try Self.alerts(rules, [Self.hour(9, shift: 50, new: "green")])
    #expect(alerts.map(\.name) == ["Twice", "Share"])
    #expect(alerts[0].evidence.value == 74.5)
    #expect(alerts[1].evidence.value == 0.5)
    #expect(alerts[1].evidence.threshold == 0.2)
    #expect(alerts[1].evidence.statistic == nil)
  }
}
