import Testing

@testable import Trials

/// Every mistake of a file of rule tests has its place and says what to do.
@Suite struct RuleTestMistakeTests {
  static let head = "rule_files: [m.yaml]\n"
  static let test =
    head + "tests:\n- name: t\n  input_events: {generate: s.stream.yaml}\n  alert_rule_test:\n"

  @Test(arguments: [
    (head + "test: []", "2:1: ", "did you mean \"tests\"?"),
    (head + "evaluation_interval: 1m\ntests: [{name: a}]", "2:22: ", "move every 5m, got 1m"),
    (head + "tests: []", "2:8: ", "expected a list of 1 to"),
    ("rule_files: [n.yaml]\ntests: [{name: a}]", "1:14: ", "f/n.yaml: cannot open"),
    (
      head + "tests:\n- {name: t, input_events: s, alert_rule_test: []}\n- {name: t, "
        + "input_events: s, alert_rule_test: []}", "4:4: ", "stands twice"
    ),
    (head + "tests:\n- {name: t, input_events: s}", "3:3: ", "nothing is expected"),
    (head + "tests:\n- {name: t, alert_rule_test: []}", "3:3: ", "no events: add input_events"),
    (test + "  - {eval_time: 1h, alertname: Hgh, exp_alerts: []}", "6:32: ", "mean \"High\"?"),
    (test + "  - {eval_time: 1x, alertname: High, exp_alerts: []}", "6:17: ", "unknown unit"),
    (test + "  - {eval_time: 1h, alertname: High}", "6:5: ", "nothing is expected"),
    (
      test + "  - {eval_time: 1h, alertname: High, exp_state: fire}", "6:49: ",
      "unknown value \"fire\""
    ),
    (
      test + "  - {eval_time: 1h, alertname: High, exp_alerts: [{exp_label: {}}]}", "6:52: ",
      "did you mean \"exp_labels\"?"
    ),
    (
      test + "  - {eval_time: 1h, alertname: High, exp_alerts: []}\n"
        + "  statistic_test: [{eval_time: 1h, signal: x, statistic: mean}]", "7:20: ",
      "one thing is expected, got 0"
    ),
    (
      head + "tests:\n- {name: t, input_events: {generate: {file: s.stream.yaml, only: [jmp]}}, "
        + "alert_rule_test: []}", "3:67: ", "did you mean \"jump\"?"
    ),
    (
      head + "tests:\n- {name: t, input_events: {generate: {seed: 1}}, alert_rule_test: []}",
      "3:38: ", "\"start\" is missing"
    ),
  ])
  func `a mistake has its place`(text: String, place: String, message: String) throws {
    let findings = try RuleTestFiles(text).findings()
    let hits = findings.filter { $0.hasPrefix("f/m.test.yaml:" + place) && $0.contains(message) }
    #expect(hits.count == 1, "\(findings)")
  }

  @Test func `mistakes in the monitor and in the stream have their own files' places`() throws {
    var files = RuleTestFiles(
      Self.head
        + "tests:\n- {name: t, input_events: {generate: s.stream.yaml}, alert_rule_test: []}",
      monitor: "model: m\nevent: {}\n"
    )
    files.files["f/s.stream.yaml"] = "seed: one\n"
    let findings = try files.findings()
    #expect(findings.contains { $0.hasPrefix("f/m.yaml:2:1: ") }, "\(findings)")
    #expect(findings.contains { $0.hasPrefix("f/s.stream.yaml:1:7: ") }, "\(findings)")
  }

  @Test func `windows of events cannot be tested by time, and it is said`() throws {
    let findings = try RuleTestFiles(
      Self.head + "tests:\n- {name: t, input_events: s, alert_rule_test: []}",
      monitor: "model: m\nevents: {prediction: {time: ts, features: [x]}}\n"
        + "windows: {n: {events: 9}}"
    ).findings()
    #expect(findings.count == 1 && findings[0].contains("windows of events"), "\(findings)")
  }
}
