import Testing

@testable import Statistics

/// The measures of forty predictions against NumPy's and SciPy's numbers.
@Suite struct QualityGoldenTests {
  private func expect(_ value: Double?, _ golden: Double, _ name: Comment) throws {
    let value = try #require(value, name)
    #expect(abs(value - golden) <= 1e-10, "\(name): \(value), not \(golden)")
  }

  @Test func `calibration measures are NumPy's`() throws {
    let realised = GoldenOutcomes.realised
    try expect(realised[.ece].value, 0.176470842750, "ece")
    try expect(realised[.brier].value, 0.162447419193, "brier")
    try expect(realised[.logLoss].value, 0.482325179433, "log_loss")
    let parts = try #require(realised.table.brierDecomposition)
    try expect(parts.reliability, 0.059492555056, "reliability")
    try expect(parts.resolution, 0.15, "resolution")
    try expect(parts.uncertainty, 0.25, "uncertainty")
    try expect(parts.withinBinVariance, 0.000802248278, "within-bin variance")
    try expect(parts.withinBinCovariance, -0.001076307930, "within-bin covariance")
    try expect(parts.score, 0.162447419193, "the sum of the parts")
  }

  @Test func `the area under the ROC curve has DeLong's variance`() throws {
    let area = try #require(GoldenOutcomes.realised.table.rankingArea)
    try expect(area.value, 0.845, "area")
    try expect(area.variance, 0.003918421053, "variance")
    try expect(GoldenOutcomes.realised[.rocAUC].value, 0.845, "roc_auc")
  }

  @Test func `estimated measures are NumPy's`() throws {
    let estimated = GoldenOutcomes.estimated
    try expect(estimated.truePositives, 12.045093401299, "true positives")
    try expect(estimated.falsePositives, 7.954906598701, "false positives")
    try expect(estimated.falseNegatives, 2.922932850665, "false negatives")
    try expect(estimated.trueNegatives, 17.077067149335, "true negatives")
    let goldens: [(BinaryMeasure, Double)] = [
      (.accuracy, 0.728054013766), (.precision, 0.602254670065), (.recall, 0.804721557708),
      (.f1, 0.688920404858), (.rocAUC, 0.822268120849),
    ]
    for (measure, golden) in goldens {
      try expect(estimated[measure].value, golden, "\(measure.rawValue)")
    }
    try expect(estimated.total(GoldenOutcomes.values).value, 23.041231901145, "money")
  }

  @Test func `the break-even threshold is where both decisions are worth the same`() throws {
    let values = GoldenOutcomes.values
    let threshold = try #require(values.breakEvenThreshold)
    try expect(threshold, 0.0625, "1/(1 + 15)")
    let positive = threshold * values.truePositive + (1 - threshold) * values.falsePositive
    let negative = threshold * values.falseNegative + (1 - threshold) * values.trueNegative
    try expect(positive, negative, "what either is worth there")
  }

  @Test func `estimates from a probability sample are NumPy's`() throws {
    let expected = zip(GoldenOutcomes.probabilities, GoldenOutcomes.decisions).map { c, decision in
      decision ? 1 - c : c
    }
    let losses = zip(GoldenOutcomes.outcomes, GoldenOutcomes.decisions).map { $0 == $1 ? 0.0 : 1 }
    let spreads = expected.map { ($0 * (1 - $0)).squareRoot() }
    let scale = spreads.reduce(0, +)
    let members = expected.indices.compactMap { index -> SampledLosses.Member? in
      let inclusion = min(1, 6.0 / 40 + 6 * spreads[index] / scale)
      guard GoldenOutcomes.draws[index] < inclusion else { return nil }
      return SampledLosses.Member(
        loss: losses[index],
        expected: expected[index],
        inclusion: inclusion
      )
    }
    let mean = expected.reduce(0, +) / 40
    try expect(mean, 0.271945986234, "expected")
    let sample = SampledLosses(members: members, population: 40, expectedMean: mean)
    let plain = try #require(sample.horvitzThompson)
    try expect(plain.value, 0.303769371921, "Horvitz–Thompson")
    try expect(plain.variance, 0.015489872955, "its variance")
    let ratio = try #require(sample.hajek)
    try expect(ratio.value, 0.336750250936, "Hájek")
    try expect(ratio.variance, 0.013535038423, "its variance")
    let difference = try #require(sample.difference)
    try expect(difference.value, 0.321043707254, "difference")
    try expect(difference.variance, 0.007024059253, "its variance")
    #expect(sample.estimate().value == difference.value)
  }
}
