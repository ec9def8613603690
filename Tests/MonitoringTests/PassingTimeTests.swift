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
