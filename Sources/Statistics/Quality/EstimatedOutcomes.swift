/// How good predictions are expected to be before their outcomes are known, from calibrated
/// probabilities: confidence-based performance estimation (CBPE).
///
/// If each outcome is positive with its probability, independently of the others, the confusion
/// counts are sums of probabilities and all measures follow. What it cannot see is a change of the
/// relation between the features and the outcome: then the calibration no longer holds.
///
/// - **Intervals**: where the measure of these very predictions will lie, **sampling only, and only
///   if the calibration still holds**: normal, from the variances c(1 − c) of the outcomes by the
///   delta method, cut to the measure's range.
/// - **Source**: J. Białek, J. Kivimäki, W. Kuberski, N. Perrakis, "Estimating model performance
///   under covariate shift without labels", arXiv 2401.08348.
public struct EstimatedOutcomes: Sendable, Equatable {
  /// Expected positive decisions with a positive outcome.
  public let truePositives: Double
  /// Expected positive decisions with a negative outcome.
  public let falsePositives: Double
  /// Expected negative decisions with a positive outcome.
  public let falseNegatives: Double
  /// Expected negative decisions with a negative outcome.
  public let trueNegatives: Double
  /// The expected outcomes at each score.
  public let table: ScoreTable
  /// `Σ c(1 − c)` of the positive decisions.
  let positiveSpread: Double
  /// `Σ c(1 − c)` of the negative decisions.
  let negativeSpread: Double
  /// `Σ c(1 − c)` of each score of the table.
  let spreads: [Double]

  /// Sums and sorts predictions.
  ///
  /// - Parameters:
  ///   - scores: What the predictions are ranked by, in any order; none is NaN.
  ///   - probabilities: The calibrated probability of each one's positive outcome, in [0, 1].
  ///   - decisions: Whether each decision is positive.
  /// - Complexity: O(n log n).
  public init(scores: [Double], probabilities: [Double], decisions: [Bool]) {
    precondition(
      scores.count == probabilities.count && scores.count == decisions.count,
      "\(scores.count) scores, \(probabilities.count) probabilities, \(decisions.count) decisions"
    )
    // Sorted by all three, so that sums do not depend on the order.
    let rows = scores.indices
      .map { (scores[$0], probabilities[$0], decisions[$0] ? 1 : 0) }
      .sorted(by: <)
    self.init(
      increasing: rows.map(\.0),
      probabilities: rows.map(\.1),
      decisions: rows.map { $0.2 == 1 }
    )
  }

  /// Sums predictions whose scores are sorted, and of which equal scores have equal probabilities.
  ///
  /// - Parameters:
  ///   - scores: What the predictions are ranked by; none is NaN, none is below the one before.
  ///   - probabilities: The calibrated probability of each one's positive outcome, in [0, 1].
  ///   - decisions: Whether each decision is positive.
  /// - Complexity: O(n).
  public init(increasing scores: [Double], probabilities: [Double], decisions: [Bool]) {
    precondition(
      scores.count == probabilities.count && scores.count == decisions.count,
      "\(scores.count) scores, \(probabilities.count) probabilities, \(decisions.count) decisions"
    )
    table = ScoreTable(increasing: scores, positives: { probabilities[$0] })
    var (truePositives, falsePositives, falseNegatives, trueNegatives) = (0.0, 0.0, 0.0, 0.0)
    var (positiveSpread, negativeSpread) = (0.0, 0.0)
    var spreads: [Double] = []
    var last: Double?
    for (place, score) in scores.enumerated() {
      let probability = probabilities[place]
      let spread = probability * (1 - probability)
      if decisions[place] {
        truePositives += probability
        falsePositives += 1 - probability
        positiveSpread += spread
      } else {
        falseNegatives += probability
        trueNegatives += 1 - probability
        negativeSpread += spread
      }
      if score != last { spreads.append(0) }
      spreads[spreads.count - 1] += spread
      last = score
    }
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
    self.positiveSpread = positiveSpread
    self.negativeSpread = negativeSpread
    self.spreads = spreads
  }

  private var count: Double { truePositives + falsePositives + falseNegatives + trueNegatives }

  /// A measure at a confidence of 95 %.
  public subscript(measure: BinaryMeasure) -> QualityEstimate {
    estimate(measure, confidence: 0.95)
  }

  /// An expected measure with its interval.
  ///
  /// - Parameters:
  ///   - measure: Which one; `average_precision`, `brier`, `log_loss` and `ece` are not estimated.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The value and its interval, or why they are missing.
  /// - Complexity: O(distinct scores).
  public func estimate(_ measure: BinaryMeasure, confidence: Double) -> QualityEstimate {
    guard !table.scores.isEmpty else { return QualityEstimate(absent: .noPredictions) }
    switch measure {
    case .accuracy:
      let variance = (positiveSpread + negativeSpread) / (count * count)
      let value = (truePositives + trueNegatives) / count
      return QualityInterval.normal(value, variance: variance, confidence: confidence)
    case .precision:
      return share(
        truePositives,
        of: truePositives + falsePositives,
        confidence: confidence,
        or: .noPositiveDecisions
      ) { _ in (1, 0) }
    case .recall:
      return share(
        truePositives,
        of: truePositives + falseNegatives,
        confidence: confidence,
        or: .noPositiveOutcomes
      ) { (1 - $0, $0) }
    case .specificity:
      return share(
        trueNegatives,
        of: trueNegatives + falsePositives,
        confidence: confidence,
        or: .noNegativeOutcomes
      ) { ($0, 1 - $0) }
    case .f1:
      return share(
        2 * truePositives,
        of: 2 * truePositives + falsePositives + falseNegatives,
        confidence: confidence,
        or: .noPositives
      ) { (2 - $0, $0) }
    case .rocAUC: return rocAUC(confidence: confidence)
    case .averagePrecision, .brier, .logLoss, .ece: return QualityEstimate(absent: .notEstimated)
    }
  }

  /// What the predictions are expected to be worth, `v_TP·TP + v_FP·FP + v_FN·FN + v_TN·TN`.
  ///
  /// - Parameters:
  ///   - values: What a decision is worth by its outcome.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The sum in the values' unit; absent of no predictions.
  /// - Complexity: O(1).
  public func total(_ values: OutcomeValues, confidence: Double = 0.95) -> QualityEstimate {
    guard !table.scores.isEmpty else { return QualityEstimate(absent: .noPredictions) }
    let positiveGain = values.truePositive - values.falsePositive
    let negativeGain = values.falseNegative - values.trueNegative
    return QualityInterval.normal(
      truePositives * values.truePositive + falsePositives * values.falsePositive
        + falseNegatives * values.falseNegative + trueNegatives * values.trueNegative,
      variance: positiveGain * positiveGain * positiveSpread
        + negativeGain * negativeGain * negativeSpread,
      confidence: confidence,
      within: -.infinity ... .infinity
    )
  }

  /// A quotient of two sums.
  ///
  /// `weights` says, from the quotient, how much an outcome of a positive and
  /// of a negative decision moves it, times the denominator.
  private func share(
    _ part: Double,
    of whole: Double,
    confidence: Double,
    or absence: QualityAbsence,
    _ weights: (Double) -> (positive: Double, negative: Double)
  ) -> QualityEstimate {
    guard whole > 0 else { return QualityEstimate(absent: absence) }
    let value = min(1, part / whole)
    let (positive, negative) = weights(value)
    let variance = positive * positive * positiveSpread + negative * negative * negativeSpread
    return QualityInterval.normal(
      value,
      variance: variance / (whole * whole),
      confidence: confidence
    )
  }

  /// `Σ c_i (1 − c_j) [s_i > s_j, ties ½] / (Σc · Σ(1 − c))`; an outcome moves it by
  /// `(below − A)/Σc − (above − A)/Σ(1 − c)`, with the placements of its score.
  private func rocAUC(confidence: Double) -> QualityEstimate {
    guard let value = table.areaUnderROC else {
      return QualityEstimate(
        absent: table.positiveCount > 0 ? .noNegativeOutcomes : .noPositiveOutcomes
      )
    }
    let (below, above) = table.placements
    let variance = spreads.indices.reduce(0) { sum, index in
      let slope =
        (below[index] - value) / table.positiveCount
        - (above[index] - value) / table.negativeCount
      return sum + spreads[index] * slope * slope
    }
    return QualityInterval.normal(value, variance: variance, confidence: confidence)
  }
}
