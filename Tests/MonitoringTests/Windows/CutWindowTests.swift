import Records
import TestSupport
import Testing

@testable import Monitoring

/// Windows that lack a part of their time: what is said of them, and what is not.
@Suite struct CutWindowTests {
  /// A whole hour.
  static let start = 1_600_000_200 / 3600 * 3600 + 3600

  static func plan(
    _ rules: String,
    kpis: String = "{volume: sum(x), mean_x: mean(x)}"
  ) throws
    -> Plan
  {
    let monitor = try monitor(
      """
      model: m
      events: {prediction: {time: ts, features: [{field: x, type: number}]}}
      kpis: \(kpis)
      windows: {hour: {size: 1h, slide: 30m}}
      slide: 30m
      lateness: 1m
      rules:
      \(rules)
      """
    )
    let reference = (0..<200).map { line(start - 100_000 + $0, Double($0 % 100)) }
    return try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
  }

  static func line(_ second: Int, _ x: Double) -> String { "{\"ts\":\(second),\"x\":\(x)}" }

  /// A value a minute, from one minute on, over some.
  static func lines(_ from: Int, _ minutes: Int, x: Double = 50) -> [String] {
    (0..<minutes).map { line(start + 60 * (from + $0), x) }
  }

  /// The ends of the windows that are cut, in minutes from the start.
  private func cut(_ output: EngineOutput) -> [Int] {
    output.measured.filter { $0.isCut && $0.isWhole }
      .map { Int(($0.end / 1_000_000_000 - Int64(Self.start)) / 60) }
  }

  @Test func `the windows at a stream's start and end are cut, and those between are not`() throws {
    var feeding = Feeding(try Self.plan("  - {alert: A, expr: mean(x) > 90, window: hour}"))
    feeding.feed(Self.lines(0, 200))
    feeding.finish()
    #expect(cut(feeding.output) == [30, 210])
    let records = String(decoding: feeding.output.metricRecords, as: UTF8.self)
    let marked = records.split(separator: "\n").filter { $0.contains("\"cut\":true") }
    let ends = feeding.output.measured.filter(\.isCut).reduce(0) { $0 + $1.measurements.count }
    #expect(marked.count == ends)
  }

  @Test(arguments: ["count(x) < 55", "rate(events) < 0.015", "value(kpis.volume) < 2900"])
  func `what is less because a window is cut alerts nobody`(condition: String) throws {
    var feeding = Feeding(
      try Self.plan("  - {alert: Low, expr: '\(condition)', window: hour}")
    )
    feeding.feed(Self.lines(0, 200))
    feeding.finish()
    #expect(feeding.output.alerts.isEmpty, "\(feeding.output.alerts)")
  }

  @Test func `what is less in a whole window alerts`() throws {
    var feeding = Feeding(try Self.plan("  - {alert: Low, expr: count(x) < 55, window: hour}"))
    feeding.feed(Self.lines(0, 120) + (0..<12).map { Self.line(Self.start + 7200 + 300 * $0, 50) })
    feeding.finish()
    #expect(feeding.output.alerts.map(\.name) == ["Low"])
  }

  @Test func `a count that is above its limit already is known to be`() throws {
    var feeding = Feeding(try Self.plan("  - {alert: Many, expr: count(x) > 20, window: hour}"))
    feeding.feed(Self.lines(0, 40))
    feeding.finish()
    #expect(feeding.output.alerts.first?.time == Int64(Self.start + 1800) * 1_000_000_000)
  }

  @Test(arguments: ["mean(x) > 40", "missing(x) / count(x) < 0.5", "value(kpis.mean_x) > 40"])
  func `means and shares of a cut window are judged as ever`(condition: String) throws {
    var feeding = Feeding(try Self.plan("  - {alert: A, expr: '\(condition)', window: hour}"))
    feeding.feed(Self.lines(0, 10))
    feeding.finish()
    #expect(feeding.output.alerts.map(\.state) == [.firing])
  }

  @Test func `a change from or to a cut window is none`() throws {
    let rules = "  - {alert: Fell, expr: 'change(value(kpis.volume), 1h) < -0.2', window: hour}"
    var feeding = Feeding(try Self.plan(rules))
    feeding.feed(Self.lines(0, 200))
    feeding.finish()
    #expect(feeding.output.alerts.isEmpty, "\(feeding.output.alerts.map(\.time))")
    var falling = Feeding(try Self.plan(rules))
    falling.feed(Self.lines(0, 200) + Self.lines(200, 100, x: 10))
    falling.finish()
    #expect(!falling.output.alerts.isEmpty)
  }

  @Test func `a process that was away cuts the windows that reach into its absence`() throws {
    let rules = """
        - {alert: Low, expr: count(x) < 55, window: hour}
        - {alert: Silent, silence: 20m}
      """
    var feeding = Feeding(try Self.plan(rules))
    feeding.feed(Self.lines(0, 130))
    feeding.close()
    try feeding.restart()
    feeding.noteHole(after: Self.start + 60 * 129)
    feeding.feed(Self.lines(180, 100))
    feeding.finish()
    // From the half hour of the last event before to that of the first event after.
    #expect(cut(feeding.output) == [30, 150, 180, 210, 240, 300])
    #expect(feeding.output.alerts.isEmpty, "\(feeding.output.alerts.map(\.name))")
  }
}
