import Events
import Expressions
import Foundation
import Records
import Specification
import Statistics
import Testing

@testable import Monitoring
import TestSupport

/// Burn rates and their alerts against a recomputation at every pane boundary, event by event.
@Suite struct BudgetEngineTests {
  private static let slos = """
      - {name: availability, good: status == "ok", objective: 99%, tiers: 4}
      - name: counted
        good: status == "ok"
        valid: g == "a"
        objective: 95%
        period: 28d
        min_events: 40
        no_data: resolve
      - {name: short, good: status != "error", objective: 0.9, period: 60d, no_data: keep}
    """
  private static let rules = """
      - {alert: Burn, burn: availability, keep_firing_for: 15m}
      - {alert: Counted, burn: counted, for: 10m}
      - {alert: Short, burn: short}
    """

  private struct Transition: Equatable {
    var alert: String
    var severity: String
    var state: AlertState.Phase
    var time: Int64
  }

  @Test(arguments: [1] as [UInt64])
  func `forty days are what their events make them at every boundary`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let plan = try BudgetStream.plan(
      BudgetStream.monitorText(Self.slos, Self.rules, slide: "5m")
    )
    let slide = 300
    let events = BudgetStream.fortyDays(&random)
    let output = BudgetStream.output(events, plan, batch: 1 + random.below(900))
    var views: [String: MeasuredPart] = [:]
    for view in output.measured {
      guard let signal = view.measurements.first?.signal, signal.hasPrefix("slos.") else {
        continue
      }
      views["\(signal) \(view.window) \(view.end / 1_000_000_000)"] = view
    }
    var expected: [Transition] = []
    var compared = 0
    var states: [String: AlertState] = [:]
    let first = (events[0].time / slide + 1) * slide
    let last = (events[events.count - 1].time / slide + 1) * slide
    let oracles = plan.monitor.slos.map { BudgetOracle($0, slide: slide, events) }
    for end in stride(from: first, through: last, by: slide) {
      for (oracle, rule) in zip(oracles, plan.monitor.burnRules) {
        let slo = oracle.slo
        compared += try Self.compare(oracle, views, at: end, isFirst: end == first, seed)
        for alarm in slo.alarms {
          let key = "\(rule.alert) \(alarm.severity)"
          var state = states[key] ?? AlertState()
          let entered = state.evaluate(
            holds: oracle.holds(alarm, at: end),
            at: Int64(end) * 1_000_000_000,
            holdDuration: rule.holdDuration.nanoseconds,
            keepFiringFor: rule.keepFiringFor.nanoseconds
          )
          states[key] = state
          guard let entered else { continue }
          expected.append(
            Transition(
              alert: rule.alert,
              severity: alarm.severity.rawValue,
              state: entered,
              time: Int64(end) * 1_000_000_000
            )
          )
        }
      }
    }
    let found = output.alerts.map {
      Transition(
        alert: $0.name,
        severity: $0.labels["severity"] ?? "",
        state: $0.state,
        time: $0.time
      )
    }
    #expect(found == expected, "seed \(seed)")
    #expect(compared > 20_000, "seed \(seed): \(compared) burn rates")
    for (rule, severity) in [("Burn", "page"), ("Burn", "ticket"), ("Counted", "page")] {
      for state in [AlertState.Phase.firing, .resolved] {
        let some = expected.contains {
          $0.alert == rule && $0.severity == severity && $0.state == state
        }
        #expect(some, "no \(rule) \(severity) is \(state), seed \(seed)")
      }
    }
  }

  /// Compares what the engine said at a boundary; where it said nothing, nothing has changed.
  private static func compare(
    _ oracle: BudgetOracle,
    _ views: [String: MeasuredPart],
    at end: Int,
    isFirst: Bool,
    _ seed: UInt64
  ) throws -> Int {
    var compared = 0
    let conditions = oracle.slo.alarms.flatMap(\.tiers)
    let lengths = Set(conditions.flatMap { [$0.long, $0.short] } + [oracle.slo.period])
    for length in lengths {
      let seconds = Int(length.nanoseconds / 1_000_000_000)
      let view = views["\(oracle.slo.signal) \(length) \(end)"]
      let counts = oracle.counts(seconds, endingAt: end)
      guard let view else {
        // Not judged: either there is nothing in the window or it is as it was.
        let before = oracle.counts(seconds, endingAt: end - oracle.slide)
        if counts != before, counts != (0, 0) {
          Issue.record("\(length) at \(end): \(before) became \(counts), seed \(seed)")
        }
        continue
      }
      let events = Double(counts.good + counts.bad)
      var expected: [(String, Double?)] = [("burn", oracle.burnRate(seconds, endingAt: end))]
      if length == oracle.slo.period {
        expected.append(("good_share", Double(counts.good) / events))
        expected.append(("budget_left", 1 - Double(counts.bad) / events / oracle.slo.budget.share))
      }
      for (statistic, value) in expected {
        let found = view.measurements.first { $0.statistic == statistic }?.value
        if found?.value != value || found?.n != Int(events) {
          Issue.record(
            "\(statistic) of \(length) at \(end): \(String(describing: found)), seed \(seed)"
          )
        }
      }
      let start = oracle.bounds(seconds, endingAt: end).lowerBound
      if view.start != Int64(start) * 1_000_000_000 {
        Issue.record("\(length) at \(end) starts at \(view.start), not \(start), seed \(seed)")
      }
      compared += 1
    }
    return compared
  }

  @Test func `alerts carry the numbers of both windows and of the budget`() throws {
    let text = BudgetStream.monitorText(
      "  - {name: availability, good: status == \"ok\", objective: 99.9%}",
      """
        - alert: Burn
          burn: availability
          labels: {area: "{{ slo }} {{ objective }}", of: "{{ labels.slo }} {{ labels.severity }}"}
          annotations:
            summary: "{{ slo }}: {{ value }} > {{ threshold }} in {{ window }}, {{ bad }} of {{ n }}"
            left: "{{ budget_left }}, {{ exhaustion }}, {{ severity }}"
      """
    )
    let plan = try BudgetStream.plan(text)
    var events: [BudgetStream.Event] = []
    for second in 0..<7_200 {
      let isBad = second >= 3_600 && second % 50 == 0
      events.append(
        BudgetStream.Event(
          time: BudgetStream.start + second,
          isGood: isBad ? (second % 100 == 0 ? nil : false) : true
        )
      )
    }
    let output = BudgetStream.output(events, plan)
    let alert = try #require(
      output.alerts.first { $0.labels["severity"] == "page" && $0.state == .firing }
    )
    #expect(alert.labels["slo"] == "availability")
    #expect(alert.labels["severity"] == "page")
    #expect(alert.labels["area"] == "availability 99.9%")
    #expect(alert.labels["of"] == "availability page")
    #expect(alert.labels["window"] == nil)
    let budget = try #require(alert.evidence.budget)
    #expect(alert.evidence.statistic == "burn")
    #expect(
      alert.evidence.threshold == alert.evidence.budget.map { $0.long.window == "1h" ? 14.4 : 6 }
    )
    #expect(alert.evidence.n == budget.long.n)
    #expect(budget.short.burnRate.map { $0 > 14 } == true)
    #expect(budget.long.bad >= 10)
    #expect(budget.long.unjudged > 0 && budget.long.unjudged < budget.long.bad)
    let low = try #require(budget.badShareLow)
    #expect(low < (budget.badShare ?? 0) && low > 0)
    #expect(alert.annotations["summary"]?.hasPrefix("availability: ") == true)
    #expect(
      alert.annotations["summary"]?.hasSuffix("\(budget.long.bad) of \(budget.long.n)") == true
    )
    #expect(alert.annotations["left"]?.hasSuffix(", page") == true)
    // The budget of a stream of two hours is what its events make it: it is spent at once.
    #expect((budget.budgetLeft ?? 1) < 0)
    #expect(budget.timeToExhaustion == 0)
    let page = output.alerts.filter { $0.labels["severity"] == "page" }.map(\.fingerprint)
    let ticket = output.alerts.filter { $0.labels["severity"] == "ticket" }.map(\.fingerprint)
    #expect(!ticket.isEmpty && Set(page).isDisjoint(with: ticket))
    #expect(Set(output.alerts.map(\.group)).count == 1)
  }

  // MARK: Low traffic

  @Test func `one failure in ten events pages nobody`() throws {
    let text = BudgetStream.monitorText(
      "  - {name: availability, good: status == \"ok\", objective: 99.9%, min_events: 1}",
      "  - {alert: Burn, burn: availability}"
    )
    let plan = try BudgetStream.plan(text)
    for failure in 0..<10 {
      let events = (0..<10).map {
        BudgetStream.Event(time: BudgetStream.start + 20 * $0, isGood: $0 != failure)
      }
      let output = BudgetStream.output(events, plan)
      #expect(output.alerts.isEmpty, "the failure is event \(failure)")
      #expect(output.measured.contains { $0.measurements.contains { $0.value.value > 90 } })
    }
  }

  @Test func `fewer events than asked for page nobody`() throws {
    for (minimum, pages) in [(30, true), (31, false)] {
      let text = BudgetStream.monitorText(
        "  - {name: a, good: status == \"ok\", objective: 99%, min_events: \(minimum)}",
        "  - {alert: Burn, burn: a}"
      )
      let events = (0..<30).map {
        BudgetStream.Event(time: BudgetStream.start + $0, isGood: false)
      }
      let output = BudgetStream.output(events, try BudgetStream.plan(text))
      #expect(output.alerts.contains { $0.state == .firing } == pages, "\(minimum)")
    }
  }

  // MARK: No data

  /// Ten minutes of failures, hours of nothing, then ten minutes of successes.
  private static func outage(_ policy: String) throws -> [String] {
    let text = BudgetStream.monitorText(
      "  - {name: a, good: status == \"ok\", objective: 99%, no_data: \(policy)}",
      "  - {alert: Burn, burn: a}"
    )
    // From full hours on, so that times read well.
    let start = BudgetStream.start / 3_600 * 3_600
    let bad = (0..<600).map { BudgetStream.Event(time: start + $0, isGood: false) }
    let good = (0..<600).map { BudgetStream.Event(time: start + 10 * 3_600 + $0, isGood: true) }
    let output = BudgetStream.output(bad + good, try BudgetStream.plan(text))
    return output.alerts.map { alert in
      let kind = alert.labels["cause"] ?? alert.labels["severity"] ?? ""
      return "\(kind) \(alert.state) \((alert.time / 1_000_000_000 - Int64(start)) / 60)m"
    }
  }

  @Test func `no data keeps an alert until events say otherwise`() throws {
    let outcome = try Self.outage("keep")
    #expect(
      outcome == [
        "page firing 1m", "ticket firing 1m", "page resolved 601m", "ticket resolved 601m",
      ]
    )
  }

  @Test func `no data resolves where it is asked to`() throws {
    let outcome = try Self.outage("resolve")
    #expect(
      outcome == [
        "page firing 1m", "ticket firing 1m", "page resolved 40m", "ticket resolved 370m",
      ]
    )
  }

  @Test func `no data is an alert of its own where it is asked to be`() throws {
    let outcome = try Self.outage("alert")
    #expect(
      outcome == [
        "page firing 1m", "ticket firing 1m", "no_data firing 70m", "page resolved 601m",
        "ticket resolved 601m", "no_data resolved 601m",
      ]
    )
  }

  @Test func `a selector that takes nothing is not good but without data`() throws {
    let text = BudgetStream.monitorText(
      "  - {name: a, good: status == \"ok\", valid: g == \"zzz\", objective: 99%, no_data: alert}",
      "  - {alert: Burn, burn: a}"
    )
    let events = (0..<240).map {
      BudgetStream.Event(time: BudgetStream.start + 60 * $0, isGood: true)
    }
    let output = BudgetStream.output(events, try BudgetStream.plan(text))
    #expect(output.alerts.map(\.state) == [.firing])
    #expect(output.alerts.first?.labels["cause"] == "no_data")
    #expect(!output.measured.contains { $0.measurements.contains { $0.signal == "slos.a" } })
  }

  // MARK: Gaps

  @Test func `a gap of a year in panes of a second takes no time`() throws {
    let text = BudgetStream.monitorText(
      "  - {name: a, good: status == \"ok\", objective: 99%, no_data: alert}",
      "  - {alert: Burn, burn: a, for: 30s, keep_firing_for: 1h}",
      slide: "1s"
    )
    var events = (0..<100).map {
      BudgetStream.Event(time: BudgetStream.start + $0, isGood: false)
    }
    events.append(BudgetStream.Event(time: BudgetStream.start + 360 * 86_400, isGood: true))
    let output = BudgetStream.output(events, try BudgetStream.plan(text))
    let judged = output.measured.filter { $0.measurements.contains { $0.signal == "slos.a" } }
    // A year has 31 million seconds; at most each event's coming and going is judged.
    #expect(Set(judged.map(\.end)).count < 1_500)
    #expect(output.alerts.contains { $0.state == .firing })
  }
}
