import Records
import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// The time from the first alarm on drift to the first on realised quality.
@Suite struct LeadTimeTests {
  static let hour = SyntheticReplay.hour

  private func leadTime(
    _ rules: [String],
    _ alarms: [(rule: String, hour: Int64)]
  ) throws -> LeadTime {
    let text = """
      model: payments
      events:
        prediction: {id: id, time: at, score: score, decision: d, features: [amount]}
        outcome: {when: label is not missing, id: id, time: at, label: label}
      quality: {window: 1d, horizon: 2d}
      windows: {main: 1h}
      slide: 1h
      rules:
      \(rules.map { "  - {\($0)}" }.joined(separator: "\n"))
      """
    let loaded = Monitor.load(bytes: Array(text.utf8), file: "payments.yaml", environment: [:])
    var lead = LeadTime(try #require(loaded.monitor, "\(loaded.diagnostics)"))
    for alarm in alarms {
      var alert = SyntheticReplay.alert(.firing, startsAt: 0, time: alarm.hour * Self.hour)
      alert.name = alarm.rule
      lead.insert(alert)
    }
    return lead
  }

  private let rules = [
    "alert: Drift, expr: drift(*) > 0.1", "alert: Wrong, expr: accuracy(quality) < 90%",
    "alert: Late, expr: maturity(quality) < 10%", "alert: Feared, expr: accuracy(estimate) < 90%",
    "alert: Few, expr: count(score) < 10",
  ]

  @Test func `the first of each kind counts, and the time between them is told`() throws {
    let alarms: [(String, Int64)] = [
      ("Few", 1), ("Late", 1), ("Feared", 1), ("Drift", 30), ("Wrong", 49), ("Drift", 2),
      ("Wrong", 80),
    ]
    let lead = try leadTime(rules, alarms)
    #expect(lead.drift == LeadTime.Alarm(rule: "Drift", time: 2 * Self.hour))
    #expect(lead.quality == LeadTime.Alarm(rule: "Wrong", time: 49 * Self.hour))
    #expect(lead.duration == 47 * Self.hour)
    #expect(
      lead.words == "Lead time: the first alarm on drift (Drift, 1970-01-01T02:00:00Z) came 1.958 "
        + "days before the first on realised quality (Wrong, 1970-01-03T01:00:00Z). Whether both "
        + "have one cause, the times do not say."
    )
  }

  @Test func `there is none where one is missing or quality's came first, and that is said`()
    throws
  {
    func words(_ alarms: [(String, Int64)]) throws -> String? { try leadTime(rules, alarms).words }
    #expect(
      try words([]) == "Lead time: none, no alarm on drift and none on realised quality."
    )
    #expect(
      try words([("Drift", 2)])
        == "Lead time: none, no alarm on realised quality; the first on drift was Drift, "
        + "1970-01-01T02:00:00Z."
    )
    #expect(
      try words([("Wrong", 2)])
        == "Lead time: none, no alarm on drift; the first on realised quality was Wrong, "
        + "1970-01-01T02:00:00Z."
    )
    #expect(
      try words([("Wrong", 2), ("Drift", 5)])
        == "Lead time: none, the first alarm on realised quality (Wrong, 1970-01-01T02:00:00Z) came "
        + "3 hours before the first on drift (Drift, 1970-01-01T05:00:00Z)."
    )
    #expect(try words([("Wrong", 2), ("Drift", 2)])?.hasSuffix("came together.") == true)
  }

  @Test(arguments: ["accuracy(complete) < 90%", "recall(lift.always_no) < 0"])
  func `complete windows and the lift are realised quality, too`(expression: String) throws {
    let words = try leadTime([rules[0], "alert: Wrong, expr: \(expression)"], [("Wrong", 1)]).words
    #expect(words?.contains("the first on realised quality was Wrong") == true, "\(words ?? "")")
  }

  @Test func `without a rule on realised quality nothing is said, and without one on drift why`()
    throws
  {
    #expect(try leadTime([rules[0], rules[3]], [("Drift", 1)]).words == nil)
    let words = try leadTime([rules[1]], [("Wrong", 1)]).words
    #expect(words?.hasPrefix("Lead time: none, no rule is on drift; the first") == true)
  }
}
