import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

/// Whether an estimate is trusted: it hears of outcomes when they are mature, in their order.
@Suite struct TrustTests {
  /// Calibrated predictions, one every six seconds: positive outcomes come after two minutes, negative
  /// ones after twenty, so that early outcomes are mostly positive.
  ///
  /// The truth is the probability of a positive outcome, of a score and a prediction's number.
  private func lines(
    _ count: Int,
    kind: String = "",
    seed: UInt64,
    truth: (Double, Int) -> Double
  ) -> [String] {
    var generator = SeededGenerator(seed: seed)
    var events: [(Double, Int, String)] = []
    for index in 0..<count {
      let minute = Double(index) / 10
      let score = Double(1 + generator.below(99)) / 100
      let isPositive = generator.uniform() < truth(score, index)
      let id = "\(kind)\(index)"
      let known = minute + (isPositive ? 2 : 20)
      let decision = score >= 0.5 ? 1 : 0
      events.append(
        (minute, 2 * index, JoinStream.prediction(id, minute, score: score, decision: decision))
      )
      events.append((known, 2 * index + 1, JoinStream.outcome(id, known, isPositive ? "1" : "0")))
    }
    return events.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  private func distrust(_ stream: [String]) throws -> [Double] {
    let monitor = try JoinStream.plan("{window: 1h, horizon: 30m}").monitor
    let reference = lines(6_000, kind: "r", seed: 1) { score, _ in score }
    let plan = try Plan(monitor: monitor, profile: profile(reference, monitor).profile)
    #expect(plan.profile.quality?.calibration != .unknown)
    var feeding = Feeding(plan)
    feeding.feed(stream)
    feeding.finish()
    return feeding.output.measured.filter { $0.stage != nil && $0.version == nil }.compactMap {
      $0.measurements.first { $0.statistic == "distrust" }?.value.value
    }
  }

  @Test func `a delay that depends on the outcome is no reason for distrust`() throws {
    let told = try distrust(lines(6_000, seed: 2) { score, _ in score })
    #expect(told.count > 5)
    #expect(told.allSatisfy { $0 < 1 }, "\(told)")
  }

  @Test func `a relation that moved is, and after a long calm no later than at the start`() throws {
    let moved = { (score: Double) in 0.25 + score / 2 }
    let atOnce = try distrust(lines(3_000, seed: 3) { score, _ in moved(score) })
    #expect((atOnce.max() ?? 0) >= 1, "\(atOnce)")
    let later = try distrust(lines(6_000, seed: 3) { $1 < 3_000 ? $0 : moved($0) })
    let calm = later.prefix(4)
    #expect(calm.allSatisfy { $0 < 1 })
    #expect((later.max() ?? 0) >= 1, "\(later)")
  }
}
