import Records
import Testing

@testable import Monitoring
import TestSupport

/// Windows that count events, whose times come in no order.
@Suite struct EventWindowTests {
  private static let text = """
    model: m
    events: {prediction: {time: ts, features: [{field: x, type: number}], segments: [g]}}
    lateness: 10m
    windows: {batch: {events: 20}}
    rules:
      - {alert: High, expr: mean(x) > 10, for: 5m, keep_firing_for: 5m, by: segments}
      - {alert: Moved, expr: "abs(change(mean(x), 10m)) > 50%"}
    """

  private static func line(_ time: Int, _ x: Int, _ segment: Int) -> String {
    "{\"ts\":\(1_600_000_000 + time),\"x\":\(x),\"g\":\"g\(segment)\"}"
  }

  @Test(arguments: [UInt64](1...6)) func `windows of events end at times that only rise`(
    seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let monitor = try monitor(Self.text)
    let reference = (0..<200).map { Self.line($0, random.below(9), random.below(2)) }
    let plan = try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
    var feeding = Feeding(plan)
    // Every third batch is of one second, and every other one is older than the batch before it.
    for batch in 0..<60 {
      let base = batch * 60 - (batch % 2 == 0 ? 0 : 240)
      let width = batch % 3 == 0 ? 1 : 200
      feeding.feed(
        (0..<20).map { _ in
          Self.line(base + random.below(width), batch % 8 * random.below(9), random.below(2))
        }
      )
      feeding.close()
    }
    feeding.finish()
    #expect(feeding.refused.isEmpty, "seed \(seed)")
    let parts = feeding.output.measured.filter(\.isWhole)
    #expect(parts.count == 60, "seed \(seed)")
    for (part, next) in zip(parts, parts.dropFirst()) {
      #expect(part.start <= part.end && part.end <= next.end, "seed \(seed)")
    }
    let times = feeding.output.alerts.map(\.time)
    #expect(!times.isEmpty && times == times.sorted(), "seed \(seed)")
  }
}
