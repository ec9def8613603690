import TestSupport
import Testing

@testable import Statistics

/// Counts and the best predictions as they are to be expected without outcomes.
@Suite struct EstimatedCountTests {
  @Test func `expected counts are those of CBPE, within what their decisions can have`() throws {
    // NumPy's sums of the golden probabilities and of their complements, by decision.
    let goldens: [(ConfusionCell, Double)] = [
      (.truePositives, 12.045093401299), (.falsePositives, 7.954906598701),
      (.falseNegatives, 2.922932850665), (.trueNegatives, 17.077067149335),
    ]
    for (cell, golden) in goldens {
      let estimate = GoldenOutcomes.estimated.count(of: cell)
      #expect(abs(try #require(estimate.value) - golden) < 1e-10, "\(cell)")
      let interval = try #require(estimate.interval)
      #expect(interval.lowerBound >= 0 && interval.upperBound <= 20, "\(cell)")
      #expect(interval.lowerBound < golden && interval.upperBound > golden, "\(cell)")
    }
  }

  @Test func `the expected precision of the best is the mean of their probabilities`() throws {
    let ranked = zip(GoldenOutcomes.scores, GoldenOutcomes.probabilities).sorted { $0.0 > $1.0 }
    for top in [1, 7, 40] {
      let best = ranked.prefix(top).map(\.1)
      let estimate = GoldenOutcomes.estimated.precision(top: top)
      let mean = best.reduce(0, +) / Double(top)
      #expect(abs(try #require(estimate.value) - mean) < 1e-12, "\(top)")
      // z of 95 %, SciPy's norm.ppf(0.975).
      let spread = best.reduce(0) { $0 + $1 * (1 - $1) }
      let half = 1.959963984540054 / Double(top) * spread.squareRoot()
      let lower = try #require(estimate.interval).lowerBound
      #expect(abs(lower - max(0, mean - half)) < 1e-9, "\(top)")
    }
    #expect(
      GoldenOutcomes.estimated.precision(top: 41) == GoldenOutcomes.estimated.precision(top: 40)
    )
  }

  @Test func `predictions that share the score of the cut count alike`() {
    let tied = EstimatedOutcomes(
      scores: [0.9, 0.5, 0.5, 0.1],
      probabilities: [0.8, 0.4, 0.4, 0.1],
      decisions: [true, true, false, false]
    )
    #expect(abs((tied.precision(top: 2).value ?? 0) - 0.6) < 1e-12)
  }

  @Test func `the intervals hold what is drawn from the probabilities at about their level`() {
    var random = SeededGenerator(seed: 83)
    let probabilities = (0..<300).map { Double($0 % 60) / 100 + 0.1 }
    let decisions = probabilities.map { $0 > 0.3 }
    let estimated = EstimatedOutcomes(
      scores: probabilities,
      probabilities: probabilities,
      decisions: decisions
    )
    var held = [0, 0]
    for _ in 0..<400 {
      let outcomes = probabilities.map { random.uniform() < $0 }
      let counts = ConfusionCounts(decisions: decisions, outcomes: outcomes)
      let table = ScoreTable(scores: probabilities, outcomes: outcomes)
      let errors = Double(counts[.falsePositives])
      if estimated.count(of: .falsePositives).interval?.contains(errors) == true { held[0] += 1 }
      let best = table.precision(top: 100).value ?? .nan
      if estimated.precision(top: 100).interval?.contains(best) == true { held[1] += 1 }
    }
    // Two standard deviations of 400 draws at 95 % are 2.2 points.
    #expect(held.allSatisfy { $0 >= 370 && $0 <= 395 }, "\(held)")
  }
}
