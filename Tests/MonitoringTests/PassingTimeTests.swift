import Records
import Testing

@testable import Monitoring
import TestSupport

/// Time that passes without events.
@Suite struct PassingTimeTests {
  static let start = 1_600_000_200
  static let text = """
    model: m
    events: {prediction: {time: ts, features: [{field: x, type: number}]}}
    windows: {short: {size: 10m, slide: 5m}, hour: {size: 1h, slide: 5m}, day: {calendar: day}}
    slide: 5m
    lateness: 1m
    rules:
      - {alert: Many, expr: count(x) > 3, window: hour, for: 10m}
      - {alert: High, expr: mean(x) > 50, window: short}
    """

  static func line(_ second: Int, _ x: Double) -> String { "{\"ts\":\(second),\"x\":\(x)}" }

  static func plan() throws -> Plan {
    let monitor = try monitor(text)
    let reference = (0..<200).map { line(start - 100_000 + $0, Double($0 % 100)) }
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  @Test(arguments: [UInt64](1...4))
  func `passing time judges what a later event would`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let plan = try Self.plan()
    var events = Feeding(plan)
    var passing = Feeding(plan)
    var time = Self.start
    for _ in 0..<40 {
      time += random.below(4) == 0 ? 300 * random.below(40) : random.below(200)
      let line = Self.line(time, Double(random.below(140)))
      events.feed([line])
      events.close()
      for _ in 0..<random.below(3) { passing.advance(to: time - random.below(50)) }
      passing.feed([line])
    }
    events.finish()
    passing.finish()
    #expect(passing.refused.isEmpty, "seed \(seed)")
    #expect(events.output.windows > 40, "seed \(seed)")
    #expect(passing.output.windows == events.output.windows, "seed \(seed)")
    #expect(passing.output.alerts == events.output.alerts, "seed \(seed)")
    #expect(passing.output.measured == events.output.measured, "seed \(seed)")
  }

  private static func refusedPlan() throws -> Plan {
    let rules = """
        - {alert: Refused, expr: mean(refused) > 1%, window: short}
        - {alert: Syntax, expr: count(refused.syntax) > 3 and count(x) < 1, window: hour}
        - {alert: Quiet, expr: count(x) < 1, window: short}
      """
    let text = text.split(separator: "  - {alert: Many")[0] + rules
    let monitor = try monitor(String(text))
    let reference = (0..<200).map { line(start - 100_000 + $0, Double($0 % 100)) }
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  @Test(arguments: [false, true])
  func `a window in which all lines were refused is judged by the rules that ask for them`(
    cuts: Bool
  ) throws {
    var feeding = Feeding(try Self.refusedPlan())
    feeding.feed((0..<5).map { Self.line(Self.start + $0, 90) })
    feeding.advance(to: Self.start + 2 * 86_400)
    #expect(feeding.output.alerts.isEmpty)
    let windows = feeding.output.windows
    feeding.feed((0..<10).map { _ in "no JSON" })
    if cuts { try feeding.restart() }
    let late = Self.start + 2 * 86_400
    feeding.advance(to: late + 2 * 3600)
    let alerts = feeding.output.alerts
    #expect(Set(alerts.map(\.name)) == ["Refused", "Syntax"])
    #expect(alerts.first?.name == "Refused" && alerts.first?.evidence.value == 1)
    #expect(alerts.first?.evidence.n == 10)
    // Two of ten minutes and twelve of an hour hold the pane; then all sleep.
    #expect(feeding.output.windows == windows + 14)
    #expect(feeding.output.alerts.count { $0.state == .resolved } == 0)
    feeding.feed((0..<900).map { Self.line(late + 3 * 3600 + $0, 5) })
    feeding.finish()
    #expect(feeding.output.alerts.count { $0.state == .resolved } == 2)
    let measured = try feeding.metrics()
    let mean = measured.values.filter { $0["signal"] as? String == "refused" }
    #expect(mean.contains { $0["statistic"] as? String == "mean" && $0["value"] as? Double == 1 })
  }

  @Test func `lines that are refused at the end of a stream are judged, too`() throws {
    var feeding = Feeding(try Self.refusedPlan())
    feeding.feed((0..<5).map { Self.line(Self.start + $0, 90) })
    feeding.advance(to: Self.start + 2 * 86_400)
    feeding.feed((0..<10).map { _ in "no JSON" })
    feeding.finish()
    #expect(feeding.output.alerts.map(\.name).contains("Refused"))
  }

  @Test func `an alert becomes due without another event, lateness included`() throws {
    var feeding = Feeding(try Self.plan())
    feeding.feed((0..<5).map { Self.line(Self.start + $0, 90) })
    feeding.advance(to: Self.start + 359)
    #expect(feeding.output.alerts.isEmpty)
    feeding.advance(to: Self.start + 360)
    #expect(feeding.output.alerts.map(\.name) == ["High", "Many"])
    #expect(feeding.output.alerts.map(\.state) == [.firing, .pending])
    feeding.advance(to: Self.start + 960)
    #expect(feeding.output.alerts.last?.state == .firing)
    #expect(feeding.output.alerts.last?.name == "Many")
    let windows = feeding.output.windows
    feeding.advance(to: Self.start + 400 * 86_400)
    // The hour's other ten windows and the day; empty ones are not judged.
    #expect(feeding.output.windows < windows + 15)
    #expect(feeding.output.alerts.count == 3)
  }
}
