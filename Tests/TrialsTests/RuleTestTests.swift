import Monitoring
import Testing

@testable import Trials

@Suite struct RuleTestTests {
  static let head = """
    rule_files: [m.yaml]
    evaluation_interval: 5m
    reference_events: {generate: {file: s.stream.yaml, without: all}}
    tests:
      - name: a jump
        input_events: {generate: s.stream.yaml}

    """

  @Test func `alerts and statistics that are as expected pass`() throws {
    let outcomes = try RuleTestFiles(
      Self.head + """
            alert_rule_test:
              - {eval_time: 1h, alertname: High, exp_state: inactive}
              - {eval_time: 1h5m, alertname: High, exp_state: pending}
              - eval_time: 1h20m
                alertname: High
                exp_alerts:
                  - exp_labels: {signal: x, team: risk}
                    exp_annotations: {summary: x is 70.39}
              - eval_time: 1h20m
                alertname: High
                exact: true
                exp_alerts:
                  - exp_labels: {signal: x, team: risk, severity: page, model: m, window: short}
              - {eval_time: 1h45m, alertname: High, exp_alerts: []}
              - eval_time: 30m
                alertname: Many
                exp_alerts: [{exp_labels: {segment: g=b}}, {exp_labels: {signal: x}}]
              - {eval_time: 2h25m, alertname: Quiet, exp_alerts: []}
              - {eval_time: 2h35m, alertname: Quiet, exp_state: firing}
            statistic_test:
              - {eval_time: 20m, signal: x, statistic: count, exp_value: 600}
              - {eval_time: 20m, signal: x, statistic: mean, exp_value: 40, tolerance: 0.5}
              - {eval_time: 1h20m, signal: x, statistic: mean, exp_value: 70, tolerance: 1%}
              - {eval_time: 20m, segment: g=a, signal: x, statistic: count, exp_at_least: 250, exp_at_most: 350}
              - {eval_time: 20m, version: "1", signal: g, statistic: unseen, exp_value: 0}
              - {eval_time: 20m, signal: g, statistic: mean, exp_missing: true}
        """
    ).outcomes()
    #expect(outcomes.map(\.name) == ["a jump"])
    let failures = outcomes[0].failures.map { [$0.message] + $0.details }
    #expect(failures.isEmpty, "\(failures)")
  }

  @Test func `a failure shows what differs and when it would have been right`() throws {
    let outcome = try #require(
      try RuleTestFiles(
        Self.head + """
              alert_rule_test:
                - {eval_time: 1h, alertname: High, exp_state: firing}
                - {eval_time: 1h5m, alertname: High, exp_alerts: [{exp_labels: {signal: x}}]}
                - eval_time: 1h20m
                  alertname: High
                  exp_alerts: [{exp_labels: {signal: x, team: fraud}}]
                - eval_time: 30m
                  alertname: Many
                  exp_alerts: [{exp_labels: {segment: g=a}}, {exp_labels: {segment: g=c}}]
              statistic_test:
                - {eval_time: 20m, signal: x, statistic: mean, exp_value: 41, tolerance: 0.1}
                - {eval_time: 20m, signal: y, statistic: mean, exp_value: 41}
                - {eval_time: 20m, signal: x, statistic: meam, exp_value: 41}
                - {eval_time: 20m, segment: g=c, signal: x, statistic: mean, exp_value: 41}
                - {eval_time: 20m, window: shrt, signal: x, statistic: mean, exp_value: 41}
          """
      ).outcomes().first
    )
    let text = RuleTestFileOutcome(path: "f", problems: [], tests: [outcome]).text
    let expected = """
      f
        FAIL  a jump
              f:8:9: High at 1h (2026-03-02T01:00:00Z): expected some firing, got none
                - {}  first firing at 1h10m (2026-03-02T01:10:00Z)
              f:9:9: High at 1h5m (2026-03-02T01:05:00Z): expected 1 firing, got none
                - {signal="x"}  pending since 1h5m (2026-03-02T01:05:00Z), fires at 1h10m (2026-03-02T01:10:00Z)
              f:10:9: High at 1h20m (2026-03-02T01:20:00Z): expected 1 firing, got others
                ~ {severity="page", signal="x", team="risk", window="short"}
                    - team: "fraud"
                    + team: "risk"
              f:13:9: Many at 30m (2026-03-02T00:30:00Z): expected 2 firing, got others
                - {segment="g=c"}  never firing in this stream
                + {segment="g=b", severity="warning", signal="x", window="short"}  firing since 5m (2026-03-02T00:05:00Z)
                = {segment="g=a", severity="warning", signal="x", window="short"}
              f:17:9: mean of x in window short to 20m (2026-03-02T00:20:00Z): expected 41.0 ± 0.1, got
      """
    #expect(text.hasPrefix(expected), "\(text)")
    let last = outcome.failures.suffix(4).map(\.message)
    #expect(last[0].hasSuffix("no signal \"y\": use one of events, g, x"), "\(last)")
    #expect(last[1].hasSuffix("no statistic \"meam\": did you mean \"mean\"?"), "\(last)")
    #expect(last[2].contains("no such part by then: there are 1, g=a, g=b"), "\(last)")
    #expect(last[3].hasSuffix("no window \"shrt\": did you mean \"short\"?"), "\(last)")
  }

  @Test func `inline events are mappings or lines; time starts at the first one's pane`() throws {
    let outcomes = try RuleTestFiles(
      """
      rule_files: [m.yaml]
      reference_events: {generate: {file: s.stream.yaml, without: all}}
      tests:
        - name: two events
          input_events:
            - {ts: 2026-03-02T00:01:00Z, x: 60, g: a}
            - '{"ts": "2026-03-02T00:02:00Z", "x": 80, "g": "b"}'
            - not JSON
          statistic_test:
            - {eval_time: 5m, signal: x, statistic: mean, exp_value: 70}
            - {eval_time: 5m, signal: g, statistic: count, exp_value: 3}
      """
    ).outcomes()
    #expect(outcomes[0].failures.count == 1)
    #expect(outcomes[0].failures[0].details.last?.contains("syntax: 1") == true)
  }

  @Test func `an input that cannot be read fails its test and no other`() throws {
    let outcomes = try RuleTestFiles(
      """
      rule_files: [m.yaml]
      tests:
        - name: no file
          reference_events: {generate: {file: s.stream.yaml, without: all}}
          input_events: nothing.ndjson
          alert_rule_test: [{eval_time: 5m, alertname: High, exp_alerts: []}]
        - name: no reference
          input_events: [{ts: 2026-03-02T00:01:00Z, x: 60}]
          alert_rule_test: [{eval_time: 5m, alertname: High, exp_alerts: []}]
        - name: right
          reference_events: {generate: {file: s.stream.yaml, without: all}}
          input_events: [{ts: 2026-03-02T00:01:00Z, x: 60}, {ts: 2026-03-02T00:02:00Z, x: 60}]
          alert_rule_test: [{eval_time: 5m, alertname: High, exp_state: pending}]
      """
    ).outcomes()
    #expect(outcomes.map(\.hasPassed) == [false, false, true])
    #expect(outcomes[0].failures[0].message.contains("f/nothing.ndjson: cannot open"))
    #expect(outcomes[1].failures[0].message.contains("add reference_events or profile"))
  }

  @Test func `JUnit has a suite a file, a case a test, and escapes what XML needs`() {
    let failure = RuleTestFailure(line: 3, column: 5, message: "a < b & \"c\"", details: ["- {x}"])
    let file = RuleTestFileOutcome(
      path: "a.test.yaml",
      problems: [],
      tests: [
        RuleTestOutcome(name: "fine", line: 1, failures: []),
        RuleTestOutcome(name: "not", line: 2, failures: [failure]),
      ]
    )
    let broken = RuleTestFileOutcome(path: "b.test.yaml", problems: ["b: no"], tests: [])
    let summary = RuleTestSummary([file, broken])
    #expect(summary.line == "2 tests in 2 files: 1 passed, 1 failed, 1 file refused")
    #expect(!summary.hasPassed)
    #expect(
      summary.junit == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="leeway" tests="3" failures="1" errors="1">
          <testsuite name="a.test.yaml" tests="2" failures="1" errors="0">
            <testcase classname="a.test.yaml" name="fine"/>
            <testcase classname="a.test.yaml" name="not">
              <failure message="a &lt; b &amp; &quot;c&quot;">a.test.yaml:3:5: a &lt; b &amp; &quot;c&quot;&#10;  - {x}</failure>
            </testcase>
          </testsuite>
          <testsuite name="b.test.yaml" tests="1" failures="0" errors="1">
            <testcase classname="b.test.yaml" name="the file">
              <error message="the file was refused">b: no</error>
            </testcase>
          </testsuite>
        </testsuites>

        """
    )
  }
}
