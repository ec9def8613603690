import Events
import Expressions
import Foundation
import Records
import Statistics
import Testing

@testable import Monitoring
@testable import Specification
import TestSupport

/// A stream of requests that are good, bad or of unknown outcome, and a monitor of its budgets.
struct BudgetStream {
  struct Event {
    /// Seconds since 1970.
    var time: Int
    /// `nil` where the event has no status.
    var isGood: Bool?
    /// Whether the objective `valid` asks for counts it.
    var isCounted = true

    var line: String {
      let status = isGood.map { ",\"status\":\"\($0 ? "ok" : "error")\"" } ?? ""
      return "{\"ts\":\(time),\"x\":1\(status),\"g\":\"\(isCounted ? "a" : "b")\"}"
    }
  }

  static let start = 1_600_000_020

  /// A monitor with some objectives and rules.
  static func monitorText(
    _ slos: String,
    _ rules: String,
    slide: String = "1m",
    lateness: String = "0s"
  ) -> String {
    """
    model: m
    events:
      prediction:
        time: ts
        features: [{field: x, type: number}]
        segments: [g]
    windows: {main: {size: 10m, slide: 10m}}
    slide: \(slide)
    lateness: \(lateness)
    future: 366d
    incidents: {flapping: none}
    slos:
    \(slos)
    rules:
    \(rules)
    """
  }

  static func plan(_ text: String) throws -> Plan {
    let monitor = try monitor(text)
    let reference = (0..<50).map { Event(time: start + $0, isGood: true).line }
    return try Plan(monitor: monitor, profile: try profile(reference, monitor).profile)
  }

  /// What the engine says of some events.
  static func output(
    _ events: [Event],
    _ plan: Plan,
    batch: Int = 97,
    capacity: Int = 64
  ) -> EngineOutput {
    var feeding = Feeding(plan, capacity: capacity)
    var rest = events[...]
    while !rest.isEmpty {
      feeding.feed(rest.prefix(batch).map(\.line))
      feeding.close()
      rest = rest.dropFirst(batch)
    }
    feeding.finish()
    return feeding.output
  }

  /// Forty days: traffic that comes and goes, gaps of hours, incidents of several sizes.
  static func fortyDays(_ random: inout SeededGenerator) -> [Event] {
    var events: [Event] = []
    var time = start
    var badness = 2
    while time < start + 40 * 86_400 {
      switch random.below(900) {
      case 0: time += 3_600 * (1 + random.below(30))
      case 1...6: badness = [0, 0, 2, 30, 120, 400, 900][random.below(7)]
      default: break
      }
      let burst = 1 + random.below(6)
      for _ in 0..<burst {
        let isGood = random.below(1_000) >= badness
        let isUnknown = random.below(400) == 0
        events.append(
          Event(
            time: time + random.below(50),
            isGood: isUnknown ? nil : isGood,
            isCounted: random.below(5) > 0
          )
        )
      }
      time += random.below(20) == 0 ? 3_000 : random.below(900)
    }
    return events.sorted { $0.time < $1.time }
  }
}

/// Burn rates from their definition, one event after the other.
struct BudgetOracle {
  let slo: SLOSpecification
  let slide: Int
  private var times: [Int] = []
  /// Sums over the events before each: good, bad.
  private var sums: [(good: Int, bad: Int)] = [(0, 0)]

  init(_ slo: SLOSpecification, slide: Int, _ events: [BudgetStream.Event]) {
    self.slo = slo
    self.slide = slide
    for event in events where slo.valid == nil || event.isCounted {
      let last = sums[sums.count - 1]
      let isGood = event.isGood == true
      times.append(event.time)
      sums.append((last.good + (isGood ? 1 : 0), last.bad + (isGood ? 0 : 1)))
    }
  }

  /// The seconds that a window of a length covers when it ends at a time.
  ///
  /// At most 4,320 steps of whole slides; the start is on a step.
  func bounds(_ length: Int, endingAt end: Int) -> Range<Int> {
    let panes = length / slide
    let step = (panes + 4_319) / 4_320 * slide
    let start = Int((Double(end - length) / Double(step)).rounded(.down)) * step
    return start..<end
  }

  func counts(_ length: Int, endingAt end: Int) -> (good: Int, bad: Int) {
    let bounds = bounds(length, endingAt: end)
    let (low, high) = (position(bounds.lowerBound), position(bounds.upperBound))
    return (sums[high].good - sums[low].good, sums[high].bad - sums[low].bad)
  }

  func burnRate(_ length: Int, endingAt end: Int) -> Double? {
    let (good, bad) = counts(length, endingAt: end)
    return good + bad == 0 ? nil : Double(bad) / Double(good + bad) / slo.budget.share
  }

  /// Whether an alarm holds, from the rule's words.
  func holds(_ alarm: BurnAlarm, at end: Int) -> Bool? {
    var isOpen = false
    for condition in alarm.tiers {
      let lengths = [condition.long, condition.short].map { Int($0.nanoseconds / 1_000_000_000) }
      let (good, bad) = counts(lengths[0], endingAt: end)
      guard let long = burnRate(lengths[0], endingAt: end) else {
        isOpen = isOpen || slo.noData != .resolve
        continue
      }
      guard long > condition.burnRate else { continue }
      guard let short = burnRate(lengths[1], endingAt: end) else {
        isOpen = isOpen || slo.noData != .resolve
        continue
      }
      guard short > condition.burnRate else { continue }
      let lower = WilsonInterval(hits: bad, of: good + bad)?.lower ?? 0
      let isSure =
        good + bad >= slo.minimumEvents && bad >= 10
        && lower > condition.burnRate * slo.budget.share
      if isSure { return true }
      isOpen = true
    }
    return isOpen ? nil : false
  }

  /// The first event at or after a time.
  private func position(_ time: Int) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
