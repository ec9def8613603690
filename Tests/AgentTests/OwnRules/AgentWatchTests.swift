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
    hold: Int64 = 0,
    keep: Int64 = 0
  ) throws -> AgentRule {
    AgentRule(
      alert: "A",
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
    var third = AgentWatch(
      [try rule("memory > 1")].map { rule in
        var other = rule
        other.alert = "B"
        return other
      },
      instance: "box"
    )
    third.resume(kept, at(100))
    #expect(third.judge(lag(11), at(101)).map(\.state) == [.resolved])

    var last = AgentWatch(rules, instance: "box")
    last.resume(kept, at(100))
    #expect(last.end(at(101)).map(\.state) == [.resolved])
    #expect(last.firing == [])
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
