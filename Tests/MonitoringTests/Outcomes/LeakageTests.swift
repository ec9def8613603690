import Expressions
import Records
import TestSupport
import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// Features that predict the outcome too well, and values of another type than they should be.
@Suite struct LeakageTests {
  private static let text = """
    model: leak
    events:
      prediction: {when: kind == "p", id: id, time: ts, score: s, decision: d, features: f.*}
      outcome: {when: kind == "o", id: id, time: ts, label: y}
    quality: {window: 1h, horizon: 2h, leakage: [f.refund, f.amount, f.flag]}
    windows: {main: 1h}
    slide: 1m
    rules:
      - {alert: Leak, expr: "roc_auc(leakage.*) > 0.95"}
    """

  /// Predictions one a quarter of a minute; what is refunded is known only after the outcome.
  private func lines(leaks: Bool) -> [String] {
    var generator = SeededGenerator(seed: 9)
    var events: [(Double, Int, String)] = []
    for index in 0..<240 {
      let minute = Double(index) / 4
      let outcome = generator.below(2)
      let refund = Double(generator.below(100)) - (leaks ? 200 * Double(outcome) : 0)
      let time = JoinStream.start + Int(minute * 60)
      events.append(
        (
          minute, 2 * index,
          "{\"kind\":\"p\",\"id\":\"\(index)\",\"ts\":\(time),\"s\":0.5,\"d\":1,"
            + "\"f\":{\"refund\":\(refund),\"amount\":\(generator.below(50)),"
            + "\"flag\":\(generator.below(4) == 0)}}"
        )
      )
      events.append(
        (minute + 5, 2 * index + 1, JoinStream.outcome("\(index)", minute + 5, "\(outcome)"))
      )
    }
    let ticks = (120..<130).map { minute in
      "{\"kind\":\"p\",\"id\":\"t\(minute)\",\"ts\":\(JoinStream.start + 60 * minute),\"s\":0.5,\"d\":1}"
    }
    return events.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2) + ticks
  }

  private func output(leaks: Bool, cuts: Bool = false) throws -> EngineOutput {
    let plan = try Plan(monitor: monitor(Self.text), profile: nil)
    var feeding = Feeding(plan)
    try feeding.run(lines(leaks: leaks), chunk: 40, cuts: cuts)
    return feeding.output
  }

  @Test func `a feature that predicts the outcome too well alerts, and others do not`() throws {
    let output = try output(leaks: true)
    let firing = output.alerts.filter { $0.state == .firing }
    #expect(firing.map { $0.labels["signal"] } == ["leakage.f.refund"])
    #expect(firing.first?.evidence.statistic == "roc_auc")
    let parts = output.measured.filter { $0.stage != nil && $0.isWhole }
    let part = try #require(
      parts.last { $0.measurements.contains { $0.signal == "leakage.f.refund" } }
    )
    func area(_ name: String) -> StatisticValue? {
      part.measurements.first { $0.signal == "leakage.f." + name && $0.statistic == "roc_auc" }?
        .value
    }
    let refund = try #require(area("refund"))
    // It is low where the outcome is positive: that tells as much.
    #expect(refund.value == 1 && (refund.low ?? 0) > 0.95 && refund.n == 240)
    let amount = try #require(area("amount"))
    #expect(amount.value >= 0.5 && amount.value < 0.65 && (amount.low ?? 1) < amount.value)
    #expect(area("flag")?.n == 240)
  }

  @Test func `nothing leaks where the outcome is not known before`() throws {
    #expect(try output(leaks: false).alerts.isEmpty)
  }

  @Test func `the same is said across cuts`() throws {
    let whole = try output(leaks: true)
    let cut = try output(leaks: true, cuts: true)
    #expect(cut.metricRecords == whole.metricRecords)
    #expect(cut.alerts == whole.alerts)
  }

  @Test(arguments: [
    ("leakage: []", "rules: []", "the list has 0 features"),
    ("leakage: [f.a, f.a]", "rules: []", "stands twice"),
    (
      "horizon: 2d", "rules: [{alert: A, expr: \"roc_auc(leakage.*) > 0.9\"}]",
      "add leakage to quality"
    ),
    (
      "leakage: [f.a]", "rules: [{alert: A, expr: \"accuracy(leakage.f.a) > 0.9\"}]",
      "has roc_auc and count"
    ),
  ])
  func `what cannot be asked is said`(_ key: String, _ rules: String, _ words: String) {
    let (_, findings) = Monitor.load(
      bytes: Array(
        """
        model: m
        events:
          prediction: {when: p, id: id, time: ts, score: s, decision: d}
          outcome: {when: o, id: id, time: ts, label: y}
        quality: {\(key)}
        \(rules)
        """.utf8
      ),
      file: "m.yaml",
      environment: [:]
    )
    #expect(findings.contains { $0.message.contains(words) }, "\(findings.map(\.message))")
  }

  @Test func `values of another type are counted over all inputs`() throws {
    let monitor = try monitor(
      """
      model: types
      events: {prediction: {time: ts, score: s, features: [f.a, f.b]}}
      windows: {main: 1h}
      slide: 1h
      rules:
        - {alert: Types, expr: "invalid(events) > 15", bound: none}
        - {alert: Many, expr: "invalid(events) / count(events) > 90%", bound: none}
      """
    )
    func line(_ minute: Int, _ a: String, _ b: String) -> String {
      "{\"ts\":\(JoinStream.start + 60 * minute),\"s\":0.5,\"f\":{\"a\":\(a),\"b\":\(b)}}"
    }
    let reference = (0..<60).map { line($0 - 60, "\($0)", "\($0 % 7)") }
    let learnt = try profile(reference, monitor).profile
    let plan = try Plan(monitor: monitor, profile: learnt)
    var feeding = Feeding(plan)
    let lines = (0..<60).map { minute in
      minute < 10
        ? line(minute, "\"x\"", "\"y\"") : line(minute, "\(minute)", "\(minute % 7)")
    }
    try feeding.run(lines + [line(200, "1", "1")], chunk: 20, cuts: false)
    let alerts = feeding.output.alerts.filter { $0.state == .firing }
    #expect(alerts.map(\.name) == ["Types"])
    let values = feeding.output.measured.flatMap(\.measurements).filter {
      $0.signal == "events" && $0.statistic == "invalid"
    }
    #expect(values.map(\.value.value) == [20])
  }

  @Test func `several of an event may be so, so they are no share of events`() {
    #expect(throws: ExpressionErrors.self) {
      try WindowExpression.parse("share(invalid(events)) > 5%")
    }
  }
}
