import Testing

@testable import Statistics

/// What has no value or no interval, and the reason that is given.
@Suite struct QualityAbsenceTests {
  /// Forty predictions of increasing scores, decided negatively.
  private static func forty(_ isPositive: (Int) -> Bool) -> BinaryOutcomes {
    outcomes((0..<40).map { (row: Int) in (Double(row) / 40, false, isPositive(row)) })
  }

  private static func outcomes(_ rows: [(Double, Bool, Bool)]) -> BinaryOutcomes {
    BinaryOutcomes(
      scores: rows.map { $0.0 },
      decisions: rows.map { $0.1 },
      outcomes: rows.map { $0.2 }
    )
  }

  @Test func `nothing is known of no predictions`() {
    let none = Self.outcomes([])
    let unseen = EstimatedOutcomes(scores: [], probabilities: [], decisions: [])
    for measure in BinaryMeasure.allCases {
      #expect(none[measure] == QualityEstimate(absent: .noPredictions), "\(measure)")
      #expect(unseen[measure] == QualityEstimate(absent: .noPredictions), "\(measure)")
    }
    #expect(none.table.precision(top: 10) == QualityEstimate(absent: .noPredictions))
    #expect(unseen.precision(top: 10) == QualityEstimate(absent: .noPredictions))
    #expect(unseen.count(of: .truePositives) == QualityEstimate(absent: .noPredictions))
    #expect(none.table.brierDecomposition == nil)
    #expect(GoldenOutcomes.values.total(none.confusion).absence == .noPredictions)
    #expect(GoldenOutcomes.values.bestThreshold(in: none.table) == nil)
    #expect(IsotonicRegression(none.table) == nil)
    #expect(IsotonicRegression.crossValidate(none.table) == nil)
    let regression = RegressionOutcomes(predictions: [], outcomes: [])
    for measure in RegressionMeasure.allCases {
      #expect(regression[measure].absence == .noPredictions, "\(measure)")
    }
    #expect(regression.errorQuantile(0.5).absence == .noPredictions)
    let sample = SampledLosses(members: [], population: 0, expectedMean: 0)
    #expect(sample.estimate().absence == .noPredictions)
    #expect(sample.hajek == nil)
  }

  @Test func `a ratio without a denominator says which one is missing`() {
    let negative = Self.outcomes([(0.2, false, false), (0.3, false, false)])
    #expect(negative[.precision] == QualityEstimate(absent: .noPositiveDecisions))
    #expect(negative[.recall] == QualityEstimate(absent: .noPositiveOutcomes))
    #expect(negative[.f1] == QualityEstimate(absent: .noPositives))
    #expect(negative[.rocAUC] == QualityEstimate(absent: .noPositiveOutcomes))
    #expect(negative[.averagePrecision] == QualityEstimate(absent: .noPositiveOutcomes))
    let positive = Self.outcomes([(0.2, true, true)])
    #expect(positive[.specificity] == QualityEstimate(absent: .noNegativeOutcomes))
    #expect(positive[.rocAUC] == QualityEstimate(absent: .noNegativeOutcomes))
    #expect(positive[.brier].absence == .tooFewPredictions)
  }

  @Test func `a ranking of fewer than ten of a class has no interval`() {
    let nine = Self.forty { $0 % 5 == 4 || $0 == 3 }
    #expect(nine.confusion.positives == 9)
    #expect(nine[.rocAUC].value != nil)
    #expect(nine[.rocAUC].absence == .tooFewPositives)
    #expect(nine[.averagePrecision].absence == .tooFewPositives)
    let other = Self.forty { $0 % 5 != 4 }
    #expect(other[.rocAUC].absence == .tooFewNegatives)
  }

  @Test(arguments: [-0.01, 1.01, .infinity])
  func `a score outside the unit interval is no probability`(score: Double) {
    var rows = (0..<60).map { (row: Int) in (Double(row) / 60, row > 20, row % 3 == 0) }
    rows.append((score, true, true))
    let realised = Self.outcomes(rows)
    for measure in [BinaryMeasure.brier, .logLoss, .ece] {
      #expect(realised[measure] == QualityEstimate(absent: .scoresOutsideUnitInterval))
    }
    #expect(realised.table.brierDecomposition == nil)
    #expect(realised[.rocAUC].interval != nil)
    #expect(realised[.averagePrecision].interval != nil)
  }

  @Test func `what needs outcomes is not estimated`() {
    for measure in [BinaryMeasure.averagePrecision, .brier, .logLoss, .ece] {
      #expect(GoldenOutcomes.estimated[measure].absence == .notEstimated)
    }
  }

  @Test func `outcomes that are all one number have no variance to explain`() {
    let regression = RegressionOutcomes(predictions: [1, 2, 3], outcomes: [0.1, 0.1, 0.1])
    #expect(regression[.rSquared].absence == .constantOutcome)
    #expect(RegressionOutcomes(predictions: [1], outcomes: [2])[.mae].absence == .tooFewPredictions)
    #expect(regression.errorQuantile(0.5).absence == .tooFewPredictions)
  }
}
