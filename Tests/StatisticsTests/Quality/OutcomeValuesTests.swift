import TestSupport
import Testing

@testable import Statistics

/// What decisions are worth.
@Suite struct OutcomeValuesTests {
  private static let values = GoldenOutcomes.values

  @Test func `the sum is that of the four counts`() throws {
    let counts = ConfusionCounts(
      truePositives: 7,
      falsePositives: 2,
      falseNegatives: 1,
      trueNegatives: 10
    )
    let total = Self.values.total(counts)
    #expect(total.value == 23)
    #expect(Self.values.mean(counts).value == 23.0 / 20)
    // NumPy: 20 · t₁₉(0.975) · std([5]*7 + [-1]*2 + [-10] + [0]*10, ddof=1)/√20.
    let interval = try #require(total.interval)
    #expect(abs(interval.upperBound - 23 - 33.990662) < 1e-3, "\(interval)")
    #expect(abs(interval.lowerBound - 23 + 33.990662) < 1e-3, "\(interval)")
  }

  @Test func `where one decision is always right there is no threshold`() {
    func threshold(_ positive: Double, _ negative: Double) -> Double? {
      OutcomeValues(
        truePositive: positive,
        falsePositive: -negative,
        falseNegative: 0,
        trueNegative: 0
      ).breakEvenThreshold
    }
    #expect(threshold(1, 1) == 0.5)
    #expect(threshold(9, 1) == 0.1)
    #expect(threshold(-1, 1) == nil)
    #expect(threshold(1, -1) == nil)
    #expect(threshold(1, 0) == nil)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `the best threshold of calibrated scores is the break-even point`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let scores = (0..<500).map { _ in (random.uniform() * 100).rounded() / 100 }
    let outcomes = scores.map { random.uniform() < $0 }
    let expected = ScoreTable(scores: scores, probabilities: scores)
    let even = try #require(Self.values.breakEvenThreshold)
    let best = try #require(Self.values.bestThreshold(in: expected))
    #expect(best.score == scores.filter { $0 >= even }.min(), "seed \(seed)")
    let known = ScoreTable(scores: scores, outcomes: outcomes)
    let counts = ConfusionCounts(decisions: scores.map { $0 >= best.score }, outcomes: outcomes)
    let earned = Self.values.total(threshold: best.score, in: known)
    #expect(earned == Self.values.total(counts).value, "seed \(seed)")
    let hindsight = try #require(Self.values.bestThreshold(in: known))
    for threshold in scores + [.infinity] {
      #expect(Self.values.total(threshold: threshold, in: known) <= hindsight.total)
    }
  }
}
