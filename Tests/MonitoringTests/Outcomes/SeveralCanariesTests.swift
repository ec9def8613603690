import Records
import TestSupport
import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// Several new versions against the one in use, by several measures, and what rules compare.
@Suite struct SeveralCanariesTests {
  private static let rates: [String: Double] = ["good": 0.02, "bad": 0.4, "old": 0.1]

  /// Ten hours in which every fifth event goes to each of two new versions: one is better, one worse.
  private var lines: [String] {
    var generator = SeededGenerator(seed: 5)
    var events: [(Double, Int, String)] = []
    for index in 0..<5_000 {
      let minute = Double(index) * 0.12
      let outcome = generator.below(2)
      let version = ["good", "bad", "old", "old", "old"][generator.below(5)]
      let rate = Self.rates[version] ?? 0
      let decision = generator.uniform() < rate ? 1 - outcome : outcome
      let line = JoinStream.prediction(
        "p\(index)",
        minute,
        score: decision == 1 ? 0.8 : 0.2,
        decision: decision,
        version: version
      )
      events.append((minute, 2 * index, line))
      let known = minute + (outcome == 1 ? 1 : 25)
      events.append((known, 2 * index + 1, JoinStream.outcome("p\(index)", known, "\(outcome)")))
    }
    return events.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private func run(_ rules: String, cuts: Bool = false) throws -> EngineOutput {
    let plan = try JoinStream.plan("{window: 1h, horizon: 30m}", rules: rules)
    var feeding = Feeding(plan, measuring: .nothing)
    try feeding.run(lines, chunk: 300, cuts: cuts)
    return feeding.output
  }

  private static let verdicts = """
    canary: {stable: old, canary: [good, bad], margin: 5%, measures: [error, brier, cost]}
    framing: {cost: {false_positive: 1, false_negative: 3, unit: EUR}}
    rules:
      - {alert: Back, expr: canary == "rollback", then: rollback}
      - {alert: Forward, expr: canary == "promote"}
    """

  @Test func `each is judged on its own, and the risk is shared`() throws {
    let output = try run(Self.verdicts)
    let records = output.feedback.compactMap {
      if case .rollback(let record) = $0 { record } else { nil }
    }
    #expect(records.map(\.canary) == ["bad"])
    let record = try #require(records.first)
    #expect(record.stable == "old" && record.difference > 0 && record.risk == 0.05)
    #expect(["error", "brier", "cost"].contains(record.measure))
    let firing = output.alerts.filter { $0.state == .firing }
    #expect(
      Set(firing.map { "\($0.name) \($0.labels["version"] ?? "")" }) == [
        "Back bad", "Forward good",
      ]
    )
    let specification = try JoinStream.plan(rules: Self.verdicts).monitor.canary
    #expect(specification?.riskOfEach == 0.05 / 6)
  }

  @Test func `the same is said across cuts`() throws {
    let (whole, cut) = (try run(Self.verdicts), try run(Self.verdicts, cuts: true))
    #expect(cut.feedback == whole.feedback && !whole.feedback.isEmpty)
    #expect(cut.alerts == whole.alerts)
  }

  @Test func `a comparison of versions goes by its confidence bound`() throws {
    let output = try run(
      """
      canary: {stable: old, canary: [good, bad]}
      rules:
        - {alert: Worse, expr: "compare(accuracy(quality)) < -10%"}
        - {alert: NotSure, expr: "compare(accuracy(quality)) < -45%"}
      """
    )
    let firing = output.alerts.filter { $0.state == .firing }
    #expect(Set(firing.map { "\($0.name) \($0.labels["version"] ?? "")" }) == ["Worse bad"])
    let evidence = try #require(firing.first?.evidence)
    #expect(evidence.statistic == "compare(accuracy)")
    let (value, high) = (try #require(evidence.value), try #require(evidence.high))
    #expect(value < high && high < -0.1 && abs(value + 0.3) < 0.15)
  }

  @Test func `two intervals make that of their difference`() throws {
    // Newcombe's example (a): 56/70 and 48/80, Wilson's intervals: 0.0524 to 0.3339.
    let one = try #require(StatisticValue(hits: 56, of: 70, confidence: 0.95))
    let other = try #require(StatisticValue(hits: 48, of: 80, confidence: 0.95))
    let difference = try #require(StatisticValue(one, less: other))
    #expect(abs(difference.value - 0.2) < 1e-12)
    #expect(abs((difference.low ?? 0) - 0.0524) < 5e-5)
    #expect(abs((difference.high ?? 0) - 0.3339) < 5e-5)
  }

  @Test(arguments: [
    ("canary: {stable: a, canary: [b, b]}", "b stands twice"),
    ("canary: {stable: a, canary: [b, a]}", "it is held against another version"),
    ("canary: {stable: a, canary: []}", "the list has 0 versions"),
    ("canary: {stable: a, canary: b, measures: [cost]}", "add cost to framing"),
    ("rules: [{alert: A, expr: compare(accuracy(quality)) < 0}]", "got neither: add canary"),
    ("rules: [{alert: A, expr: compare(p99(score)) < 0}]", "measure of the predictions' quality"),
    (
      "canary: {stable: a, canary: b}\nrules: [{alert: A, by: version, "
        + "expr: compare(accuracy(quality)) < 0}]", "leave by out"
    ),
  ])
  func `what cannot be held against each other is said`(_ text: String, _ words: String) throws {
    let (_, findings) = Monitor.load(
      bytes: Array(
        """
        model: m
        events:
          prediction: {when: p, id: id, time: ts, version: v, score: s, decision: d}
          outcome: {when: o, id: id, time: ts, label: y}
        \(text)
        """.utf8
      ),
      file: "m.yaml",
      environment: [:]
    )
    #expect(findings.contains { $0.message.contains(words) }, "\(findings.map(\.message))")
  }
}
