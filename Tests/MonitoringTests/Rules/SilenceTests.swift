import Records
import Testing

@testable import Monitoring
@testable import Specification
import TestSupport

/// Silence: gaps of event time, as a replay sees them and as a live agent is told.
@Suite struct SilenceTests {
  static let start = 1_600_000_200

  static func monitor(_ rules: String, _ windows: String, _ flapping: String) throws -> Monitor {
    try MonitoringTests.monitor(
      """
      model: m
      events: {prediction: {time: ts, features: [{field: x, type: number}]}}
      windows: \(windows)
      lateness: 1m
      incidents: {flapping: \(flapping), quiet: 20m}
      rules:
      \(rules)
      """
    )
  }

  static func line(_ second: Int) -> String { "{\"ts\":\(start + second),\"x\":\(second % 7)}" }

  static func plan(
    _ rules: String,
    windows: String = "{short: {size: 10m, slide: 5m}}",
    flapping: String = "none"
  ) throws -> Plan {
    let monitor = try monitor(rules, windows, flapping)
    let reference = (0..<200).map { line($0 - 100_000) }
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  /// The transitions, with seconds since the start: `630f 900r`.
  static func transitions(_ output: EngineOutput) -> String {
    output.alerts.map { alert in
      "\(alert.time / 1_000_000_000 - Int64(start))\(alert.state.rawValue.prefix(1))"
    }.joined(separator: " ")
  }

  static func replay(_ plan: Plan, _ seconds: [Int]) -> EngineOutput {
    var feeding = Feeding(plan)
    for second in seconds {
      feeding.feed([line(second)])
      feeding.close()
    }
    feeding.finish()
    return feeding.output
  }

  static let rule = "  - {alert: Silence, silence: 10m, severity: page}"

  @Test(arguments: [
    ([0, 30, 400, 900, 1400], ""),
    ([0, 30, 900, 930], "630f 900r"),
    // A silence is longer than it says, or an event would come and go in one moment.
    ([0, 30, 630], ""),
    ([0, 30, 631], "630f 631r"),
    // The end is not silent, however late the last windows end.
    ([0, 30], ""),
    // Out of order within a pane: the last of both sides count.
    ([0, 50, 30, 910, 900], "650f 900r"),
    ([0, 1000, 3000], "600f 1000r 1600f 3000r"),
  ])
  func `a gap is told of when an event comes after it`(seconds: [Int], expected: String) throws {
    let output = Self.replay(try Self.plan(Self.rule), seconds)
    #expect(Self.transitions(output) == expected)
  }

  @Test func `a gap of a century takes no time`() throws {
    let output = Self.replay(
      try Self.plan(Self.rule),
      [0, 30] + (0..<150).map { 3_000_000_000 + $0 }
    )
    #expect(Self.transitions(output) == "630f 3000000000r")
    #expect(output.windows < 10)
  }

  @Test func `it goes on for as long as it is kept`() throws {
    let plan = try Self.plan("  - {alert: Silence, silence: 10m, keep_firing_for: 20m}")
    #expect(Self.transitions(Self.replay(plan, [0, 700, 1200, 1700])) == "600f")
    #expect(
      Self.transitions(Self.replay(plan, [0, 700, 1200, 1700, 1950, 2500])) == "600f 1900r"
    )
    // Silent again before the end of the keeping: the same alert goes on.
    #expect(
      Self.transitions(Self.replay(plan, [0, 700, 1400, 1500, 2050, 2600, 2700]))
        == "600f 2600r"
    )
  }

  @Test func `the alert says since when, in labels, numbers and words`() throws {
    let rule = """
        - alert: Silence
          silence: 10m
          severity: page
          labels: {team: risk, sort: "{{ severity }}", of: "{{ labels.model }} {{ labels.signal }}"}
          annotations: {summary: "{{ signal }} of {{ model }}: none for {{ value }} ({{ window }}), {{ value | number }} s"}
      """
    let output = Self.replay(try Self.plan(rule), [0, 30, 900])
    let alert = try #require(output.alerts.first)
    #expect(
      alert.labels == [
        "alertname": "Silence", "model": "m", "severity": "page", "signal": "events",
        "team": "risk", "sort": "page", "of": "m events",
      ]
    )
    #expect(alert.annotations["summary"] == "events of m: none for 10m (10m), 600 s")
    #expect(alert.evidence.statistic == "silence")
    #expect(alert.evidence.threshold == 600)
    #expect(alert.evidence.start == Int64(Self.start + 30) * 1_000_000_000)
    let resolved = try #require(output.alerts.last)
    #expect(resolved.evidence.value == 870)
    #expect(resolved.startsAt == alert.startsAt)
    #expect(resolved.fingerprint == alert.fingerprint)
    #expect(output.incidents.map(\.title) == ["Silence: no events"])
  }

  @Test(arguments: [UInt64](1...6), ["none", "3"])
  func `silence is what a look at every event says, however panes are closed`(
    seed: UInt64,
    flapping: String
  ) throws {
    var random = SeededGenerator(seed: seed)
    let plan = try Self.plan(
      """
        - {alert: A, silence: 5m}
        - {alert: B, silence: 7m30s}
        - {alert: C, silence: 90s}
      """,
      windows: "{short: {size: 10m, slide: 5m}, day: {calendar: day}}",
      flapping: flapping
    )
    var seconds = [0]
    for _ in 0..<120 { seconds.append(seconds[seconds.count - 1] + random.below(700)) }
    var expected: [String] = []
    for (name, silence) in [("A", 300), ("B", 450), ("C", 90)] {
      for (last, next) in zip(seconds, seconds.dropFirst()) where next - last > silence {
        expected += ["\(last + silence) \(name) firing", "\(next) \(name) resolved"]
      }
    }
    var rare = Feeding(plan)
    var often = Feeding(plan)
    for second in seconds {
      let line = Self.line(second)
      often.feed([line])
      often.advance(to: Self.start + second)
      rare.feed([line])
      if random.below(8) == 0 { rare.close() }
    }
    rare.finish()
    often.finish()
    let got = rare.output.alerts.map {
      "\($0.time / 1_000_000_000 - Int64(Self.start)) \($0.name) \($0.state.rawValue)"
    }
    if flapping == "none" {
      #expect(got.sorted() == expected.sorted(), "seed \(seed)")
    } else {
      #expect(got.count < expected.count, "nothing was damped, seed \(seed)")
    }
    #expect(rare.output.alerts.map(\.time) == rare.output.alerts.map(\.time).sorted())
    #expect(often.output.notices == rare.output.notices, "seed \(seed)")
  }

  // MARK: Live

  static func noteSilence(_ feeding: inout Feeding, last: Int, until: Int) {
    feeding.noteSilence(since: Self.start + last, until: Self.start + until)
  }

  @Test func `a live agent is told, closes nothing, and a backlog is not late`() throws {
    var feeding = Feeding(try Self.plan(Self.rule))
    feeding.feed([0, 30].map(Self.line))
    feeding.close()
    Self.noteSilence(&feeding, last: 30, until: 600)
    #expect(feeding.output.alerts.isEmpty)
    Self.noteSilence(&feeding, last: 30, until: 630)
    Self.noteSilence(&feeding, last: 30, until: 5000)
    #expect(Self.transitions(feeding.output) == "630f")
    #expect(feeding.output.windows == 0)
    // What was held up arrives: the silence was none, and ends with what came next.
    feeding.feed([100, 200, 500, 900, 1000].map(Self.line))
    feeding.close()
    Self.noteSilence(&feeding, last: 1000, until: 1100)
    feeding.finish()
    #expect(feeding.refused.isEmpty)
    #expect(feeding.position.events == 7)
    #expect(Self.transitions(feeding.output) == "630f 630r")
  }

  @Test func `after a live silence the next one is told again, a replay of it is not`() throws {
    var feeding = Feeding(try Self.plan(Self.rule))
    feeding.feed([0, 30].map(Self.line))
    Self.noteSilence(&feeding, last: 30, until: 700)
    feeding.feed([1200, 1230, 1700].map(Self.line))
    feeding.advance(to: Self.start + 1700)
    #expect(Self.transitions(feeding.output) == "630f 1200r")
    Self.noteSilence(&feeding, last: 1700, until: 2400)
    feeding.feed([2500, 3000].map(Self.line))
    feeding.finish()
    #expect(Self.transitions(feeding.output) == "630f 1200r 2300f 2500r")
  }

  @Test func `before the first event nothing is silent`() throws {
    var feeding = Feeding(try Self.plan(Self.rule))
    feeding.advance(to: Self.start + 100_000)
    #expect(feeding.output.notices.isEmpty)
    feeding.finish()
    #expect(feeding.output.notices.isEmpty)
  }

  @Test func `while all is silent distribution alerts wait`() throws {
    let rules = Self.rule + "\n  - {alert: High, expr: mean(x) > 0, window: short}"
    var feeding = Feeding(try Self.plan(rules))
    feeding.feed([0, 7].map(Self.line))
    Self.noteSilence(&feeding, last: 7, until: 700)
    feeding.advance(to: Self.start + 3000)
    feeding.feed([3601, 3602, 3603, 4100].map(Self.line))
    feeding.finish()
    let names = feeding.output.alerts.map { "\($0.name) \($0.state.rawValue)" }
    #expect(names == ["Silence firing", "Silence resolved", "High firing"])
  }
}
