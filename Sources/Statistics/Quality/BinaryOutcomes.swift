/// Predictions of a class whose outcomes are known, and how good they were.
///
/// The confusion counts add up over parts. What needs the scores' order comes from one sort; the
/// table keeps a row for each distinct score. Nothing depends on the predictions' order.
///
///     let outcomes = BinaryOutcomes(scores: s, decisions: d, outcomes: y)
///     outcomes[.rocAUC].value
public struct BinaryOutcomes: Sendable, Equatable {
  /// How often decision and outcome were what.
  public let confusion: ConfusionCounts
  /// The outcomes at each score.
  public let table: ScoreTable

  /// Counts and sorts predictions.
  ///
  /// - Parameters:
  ///   - scores: The scores, in any order; none is NaN.
  ///   - decisions: Whether each decision is positive.
  ///   - outcomes: Whether each outcome is.
  /// - Complexity: O(n log n).
  public init(scores: [Double], decisions: [Bool], outcomes: [Bool]) {
    confusion = ConfusionCounts(decisions: decisions, outcomes: outcomes)
    table = ScoreTable(scores: scores, outcomes: outcomes)
  }

  /// Takes counts and scores that may be of different predictions, as where some have no score.
  ///
  /// - Parameters:
  ///   - confusion: The predictions with a decision.
  ///   - table: The predictions with a score.
  public init(confusion: ConfusionCounts, table: ScoreTable) {
    self.confusion = confusion
    self.table = table
  }

  /// A measure at a confidence of 95 %.
  public subscript(measure: BinaryMeasure) -> QualityEstimate {
    estimate(measure, confidence: 0.95)
  }

  /// A measure with its interval.
  ///
  /// - Intervals: Wilson's of shares; of `f1` Wilson's, turned; of `roc_auc` DeLong's, with
  ///   Student's quantile, and of `average_precision` the infinitesimal jackknife's, both on the
  ///   scale of the log-odds; Student's of `brier` and `log_loss`. `ece` has none: chance makes it
  ///   too large.
  ///
  /// - Parameters:
  ///   - measure: Which one.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The value and its interval, or why they are missing.
  /// - Complexity: O(distinct scores).
  public func estimate(_ measure: BinaryMeasure, confidence: Double) -> QualityEstimate {
    switch measure {
    case .accuracy: confusion.accuracy(confidence: confidence)
    case .precision: confusion.precision(confidence: confidence)
    case .recall: confusion.recall(confidence: confidence)
    case .specificity: confusion.specificity(confidence: confidence)
    case .f1: confusion.f1(confidence: confidence)
    case .rocAUC: rocAUC(confidence: confidence)
    case .averagePrecision: averagePrecision(confidence: confidence)
    case .brier: table.brier(confidence: confidence)
    case .logLoss: table.logLoss(confidence: confidence)
    case .ece: ece
    }
  }

  private var ece: QualityEstimate {
    guard let value = table.expectedCalibrationError else {
      return QualityEstimate(
        absent: confusion.count == 0 ? .noPredictions : .scoresOutsideUnitInterval
      )
    }
    return QualityEstimate(value, without: .noIntervalKnown)
  }

  /// Why there is no interval of a ranking.
  private var fewOfClass: QualityAbsence? {
    if confusion.positives < QualityInterval.leastOfClass { return .tooFewPositives }
    return confusion.negatives < QualityInterval.leastOfClass ? .tooFewNegatives : nil
  }

  private func rocAUC(confidence: Double) -> QualityEstimate {
    guard confusion.count > 0 else { return QualityEstimate(absent: .noPredictions) }
    guard let value = table.areaUnderROC else {
      return QualityEstimate(
        absent: confusion.positives == 0 ? .noPositiveOutcomes : .noNegativeOutcomes
      )
    }
    if let absence = fewOfClass { return QualityEstimate(value, without: absence) }
    guard let area = table.rankingArea, area.variance > 0, value > 0, value < 1 else {
      return QualityEstimate(value, separatedArea(value, confidence: confidence))
    }
    let quantile = StudentDistribution.upperQuantile(
      tail: (1 - confidence) / 2,
      degrees: area.degrees
    )
    return QualityInterval.logit(value, variance: area.variance, quantile: quantile)
  }

  /// The interval of an area whose placements do not vary, as where all positives are above all
  /// negatives: the areas θ with `|value − θ| ≤ z √V(θ)`, V that of exponential scores.
  ///
  /// - Source: R. G. Newcombe, "Confidence intervals for an effect size measure based on the
  ///   Mann–Whitney statistic", Statistics in Medicine 25 (2006), method 5.
  private func separatedArea(_ value: Double, confidence: Double) -> ClosedRange<Double> {
    let z = QualityInterval.z(confidence: confidence)
    let (m, n) = (Double(confusion.positives), Double(confusion.negatives))
    let size = (m + n) / 2 - 1
    func excess(_ area: Double) -> Double {
      let dependence = 1 + size * ((1 - area) / (2 - area) + area / (1 + area))
      return abs(value - area) - z * (area * (1 - area) * dependence / (m * n)).squareRoot()
    }
    let inside = min(max(value, 1e-12), 1 - 1e-12)
    let lower = value > 0 ? MonotoneRoot.find(from: 1e-12, to: inside, excess) : 0
    let upper = value < 1 ? MonotoneRoot.find(from: inside, to: 1 - 1e-12, excess) : 1
    return min(lower, value)...max(upper, value)
  }

  private func averagePrecision(confidence: Double) -> QualityEstimate {
    guard confusion.count > 0 else { return QualityEstimate(absent: .noPredictions) }
    guard let (value, variance) = table.averagePrecision else {
      return QualityEstimate(absent: .noPositiveOutcomes)
    }
    if let absence = fewOfClass { return QualityEstimate(value, without: absence) }
    guard variance > 0, value < 1 else {
      return QualityEstimate(value, without: .noIntervalKnown)
    }
    return QualityInterval.logit(
      value,
      variance: variance,
      quantile: QualityInterval.z(confidence: confidence)
    )
  }
}
