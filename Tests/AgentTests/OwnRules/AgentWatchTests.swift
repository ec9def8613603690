import Events
import Expressions
import Ingest
import Records
import Testing

@testable import Agent
@testable import Specification

/// Rules on the agent itself, by clocks that the test sets.
@Suite struct AgentWatchTests {
  private static let second: Int64 = 1_000_000_000
  private static let start: Int64 = 1_700_000_000 * second

  /// The clocks so many seconds after the start; the time of day may have been set meanwhile.
  private func at(_ seconds: Int64, set: Int64 = 0) -> AgentTime {
    AgentTime(
      monotonic: seconds * Self.second,
      wall: Self.start + (seconds + set) * Self.second
    )
  }

  private func rule(
    _ source: String,
    _ name: String = "A",
    hold: Int64 = 0,
    keep: Int64 = 0
  ) throws -> AgentRule {
    AgentRule(
      alert: name,
      expression: try AgentExpression.parse(source),
      holdDuration: .seconds(hold),
      keepFiringFor: .seconds(keep),
      severity: .page,
      labels: ["team": AnnotationTemplate(parts: [.text("ml")])],
      annotations: [
        "summary": AnnotationTemplate(parts: [
          .variable(.value(.value)), .text(" of "),
          .variable(.value(.threshold)),
        ])
      ]
    )
  }

  private func lag(_ value: Int64?) -> AgentFigures {
    var figures = AgentFigures()
    figures.own[.lag] = value
    return figures
  }

  private func refused(_ counts: [String: Int]) -> AgentFigures {
    var figures = AgentFigures()
    for (model, count) in counts.sorted(by: { $0.key < $1.key }) {
      var list = FigureList()
      list.set(.refused, count)
      figures.monitors.append((model, list))
    }
    return figures
  }

  private func words(_ alerts: [Alert]) -> [String] {
    alerts.map { "\($0.state.rawValue) \(($0.startsAt - Self.start) / Self.second)" }
  }

  @Test func `an alert is pending, fires once it has held, and is kept`() throws {
    var watch = AgentWatch([try rule("lag > 10", hold: 5, keep: 3)], instance: "box")
    #expect(watch.judge(lag(10), at(0)) == [])
    #expect(words(watch.judge(lag(11), at(1))) == ["pending 1"])
    #expect(watch.judge(lag(nil), at(5)) == [])
    let fired = watch.judge(lag(11), at(6))
    #expect(words(fired) == ["firing 6"])
    #expect(
      fired.first?.labels == [
        "alertname": "A", "instance": "box", "severity": "page", "team": "ml",
      ]
    )
    #expect(fired.first?.annotations == ["summary": "11 of 10"])
    #expect(fired.first?.incident == nil)
    #expect(fired.first?.evidence.since == Self.start + Self.second)
    #expect(watch.judge(lag(5), at(7)) == [])
    #expect(words(watch.judge(lag(5), at(10))) == ["resolved 6"])
    #expect(words(watch.judge(lag(11), at(11))) == ["pending 11"])
    #expect(watch.judge(lag(5), at(12)) == [])
    #expect(words(watch.judge(lag(11), at(13))) == ["pending 13"])
  }

  @Test func `a clock that is set back or forth lets no alert fire early or late`() throws {
    var watch = AgentWatch([try rule("lag > 10", hold: 60)], instance: "box")
    #expect(words(watch.judge(lag(11), at(0))) == ["pending 0"])
    #expect(watch.judge(lag(11), at(30, set: 3600)) == [])
    #expect(watch.judge(lag(11), at(59, set: -3600)) == [])
    #expect(words(watch.judge(lag(11), at(60))) == ["firing 60"])
  }

  @Test func `each monitor is judged by itself, and one that is gone has no alert`() throws {
    var watch = AgentWatch([try rule("increase(refused, 1m) > 5")], instance: "box")
    // What was refused before the first look was refused by this process.
    let first = watch.judge(refused(["a": 6, "b": 5]), at(0))
    #expect(first.map { $0.labels["model"] } == ["a"])
    let second = watch.judge(refused(["a": 6, "b": 6]), at(1))
    #expect(second.map { $0.labels["model"] } == ["b"])
    #expect(Set((first + second).map(\.fingerprint)).count == 2)
    #expect(watch.firing.count == 2)
    let gone = watch.judge(refused(["a": 6]), at(2))
    #expect(gone.map(\.state) == [.resolved] && gone.first?.labels["model"] == "b")
    // The minute has passed.
    let over = watch.judge(refused(["a": 6]), at(62))
    #expect(over.map(\.state) == [.resolved])
    // A monitor that comes back has refused nothing lately, whatever it counts.
    #expect(watch.judge(refused(["a": 6, "c": 50]), at(63)) == [])
    #expect(watch.judge(refused(["a": 6, "c": 56]), at(64)).map { $0.labels["model"] } == ["c"])
  }

  @Test func `who goes on knows what fired, and who is the last ends it`() throws {
    let rules = [try rule("lag > 10", hold: 5)]
    var first = AgentWatch(rules, instance: "box")
    _ = first.judge(lag(11), at(0))
    _ = first.judge(lag(11), at(5))
    let kept = first.firing
    #expect(words(kept) == ["firing 5"])

    var second = AgentWatch(rules, instance: "box")
    // Its monotonic clock is another machine's.
    second.resume(kept, AgentTime(monotonic: 3 * Self.second, wall: at(100).wall))
    let later = AgentTime(monotonic: 4 * Self.second, wall: at(101).wall)
    #expect(second.judge(lag(11), later) == [])
    let over = second.judge(lag(5), later)
    #expect(words(over) == ["resolved 5"])
    #expect(over.first?.fingerprint == kept.first?.fingerprint)

    // The rule is gone.
    for others in [[try rule("memory > 1", "B")], []] {
      var third = AgentWatch(others, instance: "box")
      third.resume(kept, at(100))
      #expect(third.isDue(now: 101 * Self.second))
      #expect(third.judge(lag(11), at(101)).map(\.state) == [.resolved])
    }

    var last = AgentWatch(rules, instance: "box")
    last.resume(kept, at(100))
    #expect(last.end(at(101)).map(\.state) == [.resolved])
    #expect(last.firing == [])
  }

  @Test func `other rules leave to those that are as they were what they have seen`() throws {
    let old = [
      try rule("lag > 10", "Same", hold: 10), try rule("lag > 5", "Other", hold: 10),
      try rule("lag > 4", "Firing"), try rule("lag > 3", "Gone"),
      try rule("lag > 2", "Waits", hold: 9),
    ]
    var watch = AgentWatch(old, instance: "box")
    #expect(
      watch.judge(lag(11), at(0)).map(\.state) == [.pending, .pending, .firing, .firing, .pending]
    )
    // `for` is another one, and the condition is as it was.
    let new = [
      try rule("lag > 10", "Same", hold: 8), try rule("lag > 6", "Other", hold: 10),
      try rule("lag > 7", "Firing"), try rule("lag > 1", "New"),
    ]
    let over = watch.goOn(by: AgentWatch(new, instance: "box"), at(1))
    #expect(over.map { "\($0.name) \($0.state)" } == ["Gone resolved"])
    #expect(watch.isDue(now: Self.second))
    let names = watch.judge(lag(11), at(1)).map { "\($0.name) \($0.state)" }
    #expect(names == ["Other pending", "New firing"])
    #expect(watch.judge(lag(11), at(8)).map(\.name) == ["Same"])
    #expect(
      watch.judge(lag(7), at(9)).map { "\($0.name) \($0.state)" } == [
        "Same resolved", "Firing resolved",
      ]
    )
    // None is left.
    #expect(watch.goOn(by: AgentWatch([], instance: "box"), at(10)).map(\.name) == ["New"])
    #expect(watch.firing == [] && !watch.isDue(now: 100 * Self.second))
  }

  @Test func `a growth goes on through other rules, and one that is new was not watched before`()
    throws
  {
    let old = try rule("increase(refused, 1m) > 5")
    var watch = AgentWatch([old], instance: "box")
    #expect(watch.judge(refused(["a": 3]), at(0)) == [])
    let new = try rule("increase(refused, 10m) > 5", "B")
    #expect(watch.goOn(by: AgentWatch([old, new], instance: "box"), at(1)) == [])
    #expect(watch.judge(refused(["a": 6]), at(1)).map(\.name) == ["A"])
    #expect(watch.judge(refused(["a": 11]), at(2)) == [])
    #expect(watch.judge(refused(["a": 12]), at(3)).map(\.name) == ["B"])

    // A process that had no rules has counted for long.
    var first = AgentWatch([], instance: "box")
    #expect(!first.isDue(now: 900 * Self.second))
    #expect(first.goOn(by: watch, at(900)) == [])
    #expect(first.judge(refused(["a": 1_000]), at(900)) == [])
  }

  @Test func `an alert whose labels are others is over, and fires by those`() throws {
    let old = [try rule("lag > 10"), try rule("lag > 10", "B", hold: 5)]
    var watch = AgentWatch(old, instance: "box")
    let fired = watch.judge(lag(11), at(0))
    #expect(fired.map(\.state) == [.firing, .pending])
    #expect(watch.goOn(by: AgentWatch(old, instance: "other"), at(3)) == [])
    let both = watch.judge(lag(12), at(3))
    #expect(words(both) == ["resolved 0", "firing 0"])
    #expect(both.map { $0.labels["instance"] } == ["box", "other"])
    #expect(both.first?.fingerprint == fired.first?.fingerprint)
    #expect(both.last?.annotations == ["summary": "12 of 10"])
    // What was pending goes on so.
    #expect(watch.judge(lag(12), at(5)).map { $0.labels["instance"] } == ["other"])
    // It is over in the same moment.
    #expect(watch.goOn(by: AgentWatch(old, instance: "box"), at(6)) == [])
    let over = watch.judge(lag(1), at(6))
    #expect(over.map(\.state) == [.resolved, .resolved])
    #expect(over.map { $0.labels["instance"] } == ["other", "other"])
    #expect(watch.firing == [])

    // So it is with the next process.
    var next = AgentWatch(old, instance: "third")
    next.resume(fired.filter { $0.state == .firing }, at(10))
    let again = next.judge(lag(11), at(10)).filter { $0.name == "A" }
    #expect(again.map { $0.labels["instance"] } == ["box", "third"])
  }

  @Test func `the growth of a count is that of its span, to a sixtieth`() {
    let span = 600 * Self.second
    var growth = MetricGrowth(over: span, base: 0)
    // One a second.
    for second in 0...Int64(2_000) {
      growth.note(second, at: second * Self.second)
      let (grown, isWhole) = growth.value ?? (-1, false)
      #expect(isWhole == (second >= 600))
      #expect(second < 600 ? grown == second : (600...610).contains(grown), "\(second): \(grown)")
    }
    // Whoever counts begins anew.
    growth.note(7, at: 2_001 * Self.second)
    #expect(growth.value?.growth == 7)
    #expect(growth.value?.isWhole == false)
  }

  @Test func `rules are judged once a second`() throws {
    var watch = AgentWatch([try rule("lag > 10")], instance: "box")
    #expect(watch.isDue(now: 0))
    _ = watch.judge(lag(1), at(0))
    #expect(!watch.isDue(now: Self.second - 1))
    #expect(watch.isDue(now: Self.second))
    #expect(!AgentWatch([], instance: "box").isDue(now: Self.second))
  }
}
