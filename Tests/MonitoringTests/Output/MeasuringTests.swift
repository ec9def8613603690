import Records
import TestSupport
import Testing

@testable import Monitoring

/// Which numbers an engine hands out.
@Suite struct MeasuringTests {
  static func measured(_ measuring: Measuring) throws -> [MeasuredPart] {
    let monitor = try monitor(
      """
      model: m
      events: {prediction: {time: ts, features: [x, c], segments: [c]}}
      windows: {hour: {size: 1h, slide: 1h}}
      kpis: {total: sum(x)}
      """
    )
    let lines = (0..<7_200).map {
      "{\"ts\":\(1_600_002_000 + $0),\"x\":\($0 * 37 % 101),\"c\":\"\($0 % 3)\"}"
    }
    let plan = try Plan(monitor: monitor, profile: profile(lines, monitor).profile)
    var feeding = Feeding(plan, measuring: measuring)
    feeding.feed(lines)
    feeding.finish()
    return feeding.output.measured
  }

  @Test func `a report is given what it shows of the whole, with the same values`() throws {
    let all = try Self.measured(.whole)
    let shown = try Self.measured(.report)
    let features = ["count", "missing", "unseen", "invalid", "drift"]
    let others = features + ["mean", "p50", "p99"]
    #expect(shown.count == all.count && !shown.isEmpty)
    for (own, whole) in zip(shown, all) {
      let expected = whole.measurements.filter {
        (["x", "c"].contains($0.signal) ? features : others).contains($0.statistic)
          || ["rate", "value"].contains($0.statistic)
      }
      #expect(own.isWhole && Set(own.measurements.map(\.statistic)).isSuperset(of: others))
      #expect(own.measurements == expected)
    }
    #expect(try Self.measured(.nothing).isEmpty)
    #expect(try Self.measured(.everything).contains { !$0.isWhole })
  }
}
