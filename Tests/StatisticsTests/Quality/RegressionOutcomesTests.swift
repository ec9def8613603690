import TestSupport
import Testing

@testable import Statistics

/// The quality of predicted numbers.
@Suite struct RegressionOutcomesTests {
  private static let predictions = [2.5, 0, 2, 8]
  private static let outcomes = [3, -0.5, 2, 7]

  @Test func `the measures are scikit-learn's on its own example`() throws {
    // The example of mean_absolute_error, mean_squared_error and r2_score in its documentation.
    let regression = RegressionOutcomes(predictions: Self.predictions, outcomes: Self.outcomes)
    #expect(regression[.mae].value == 0.5)
    #expect(regression[.rmse].value == 0.375.squareRoot())
    let explained = try #require(regression[.rSquared].value)
    #expect(abs(explained - 0.9486081370449679) < 1e-14)
    #expect(regression[.rSquared].absence == .noIntervalKnown)
    #expect(regression[.bias].value == 0.25)
    #expect(regression.errorQuantile(0.5).value == 0.25)
    #expect(regression.errorQuantile(0.25).value == -0.125)
    #expect(regression.errorQuantile(1).value == 1)
  }

  @Test func `a mean has Student's interval`() throws {
    // scipy.stats.t.interval(0.95, 3, loc=0.25, scale=sem([-0.5, 0.5, 0, 1])): 2.05426026 wide.
    let interval = try #require(
      RegressionOutcomes(predictions: Self.predictions, outcomes: Self.outcomes)[.bias].interval
    )
    #expect(abs(interval.upperBound - interval.lowerBound - 2.05426026) < 1e-4, "\(interval)")
  }

  @Test func `intervals hold the truth, also of quantiles, and no order matters`() throws {
    var random = SeededGenerator(seed: 7)
    var held = (mae: 0, rmse: 0, bias: 0, quantile: 0)
    let replays = 400
    for _ in 0..<replays {
      let outcomes = (0..<80).map { _ in random.normal() * 3 }
      let predictions = outcomes.map { $0 + 0.5 + random.normal() }
      let regression = RegressionOutcomes(predictions: predictions, outcomes: outcomes)
      // Of N(½, 1): E|e| = 2φ(½) + ½(2Φ(½) − 1).
      let mae =
        2 * NormalDistribution.density(0.5) + 0.5 * (2 * NormalDistribution.cumulative(0.5) - 1)
      if regression[.mae].interval?.contains(mae) ?? false { held.mae += 1 }
      if regression[.rmse].interval?.contains(1.25.squareRoot()) ?? false { held.rmse += 1 }
      if regression[.bias].interval?.contains(0.5) ?? false { held.bias += 1 }
      let p80 = 0.5 + NormalDistribution.quantile(0.8)
      if regression.errorQuantile(0.8).interval?.contains(p80) ?? false { held.quantile += 1 }
      let order = Array(outcomes.indices).shuffled(using: &random)
      let other = RegressionOutcomes(
        predictions: order.map { predictions[$0] },
        outcomes: order.map { outcomes[$0] }
      )
      #expect(other == regression)
    }
    let least = Int(0.92 * Double(replays))
    #expect(held.mae >= least, "\(held)")
    // Squares have a longer tail.
    #expect(held.rmse >= Int(0.9 * Double(replays)), "\(held)")
    #expect(held.bias >= least && held.quantile >= least, "\(held)")
  }
}
