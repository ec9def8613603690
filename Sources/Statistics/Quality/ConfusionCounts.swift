/// One of the four counts of decisions by their outcomes.
public enum ConfusionCell: String, Sendable, CaseIterable {
  /// Positive decisions with a positive outcome.
  case truePositives = "true_positives"
  /// Positive decisions with a negative outcome.
  case falsePositives = "false_positives"
  /// Negative decisions with a positive outcome.
  case falseNegatives = "false_negatives"
  /// Negative decisions with a negative outcome.
  case trueNegatives = "true_negatives"
}

/// How often decision and outcome were what, and the measures that follow from it alone.
///
/// - **Shape**: counts, so that parts add up and can be taken away again.
/// - **Intervals**: Wilson's (``WilsonInterval``) of a share; of F1 see ``f1(confidence:)``.
public struct ConfusionCounts: Sendable, Hashable {
  /// Positive decisions with a positive outcome.
  public var truePositives: Int
  /// Positive decisions with a negative outcome.
  public var falsePositives: Int
  /// Negative decisions with a positive outcome.
  public var falseNegatives: Int
  /// Negative decisions with a negative outcome.
  public var trueNegatives: Int

  /// Counts, each at least 0.
  public init(
    truePositives: Int = 0,
    falsePositives: Int = 0,
    falseNegatives: Int = 0,
    trueNegatives: Int = 0
  ) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
  }

  /// Counts predictions.
  ///
  /// - Parameters:
  ///   - decisions: Whether each decision is positive.
  ///   - outcomes: Whether each outcome is, in the same order.
  public init(decisions: [Bool], outcomes: [Bool]) {
    self.init()
    precondition(
      decisions.count == outcomes.count,
      "\(decisions.count) decisions, \(outcomes.count) outcomes"
    )
    for (decision, outcome) in zip(decisions, outcomes) {
      insert(decision: decision, outcome: outcome)
    }
  }

  /// Counts one prediction.
  public mutating func insert(decision: Bool, outcome: Bool) {
    switch (decision, outcome) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, true): falseNegatives += 1
    case (false, false): trueNegatives += 1
    }
  }

  /// One of the counts.
  public subscript(cell: ConfusionCell) -> Int {
    switch cell {
    case .truePositives: truePositives
    case .falsePositives: falsePositives
    case .falseNegatives: falseNegatives
    case .trueNegatives: trueNegatives
    }
  }

  /// All predictions.
  public var count: Int { truePositives + falsePositives + falseNegatives + trueNegatives }
  /// The positive outcomes.
  public var positives: Int { truePositives + falseNegatives }
  /// The negative outcomes.
  public var negatives: Int { falsePositives + trueNegatives }
  /// The positive decisions.
  public var positiveDecisions: Int { truePositives + falsePositives }

  /// The counts of both parts.
  public static func + (left: Self, right: Self) -> Self {
    Self(
      truePositives: left.truePositives + right.truePositives,
      falsePositives: left.falsePositives + right.falsePositives,
      falseNegatives: left.falseNegatives + right.falseNegatives,
      trueNegatives: left.trueNegatives + right.trueNegatives
    )
  }

  /// Adds a part.
  public static func += (left: inout Self, right: Self) { left = left + right }
}

extension ConfusionCounts {
  /// The share of decisions that are right.
  ///
  /// - Parameter confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  public func accuracy(confidence: Double = 0.95) -> QualityEstimate {
    QualityInterval.share(truePositives + trueNegatives, of: count, confidence: confidence)
      ?? QualityEstimate(absent: .noPredictions)
  }

  /// The share of positive decisions whose outcome is positive.
  ///
  /// - Parameter confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  public func precision(confidence: Double = 0.95) -> QualityEstimate {
    QualityInterval.share(truePositives, of: positiveDecisions, confidence: confidence)
      ?? QualityEstimate(absent: count == 0 ? .noPredictions : .noPositiveDecisions)
  }

  /// The share of positive outcomes whose decision is positive.
  ///
  /// - Parameter confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  public func recall(confidence: Double = 0.95) -> QualityEstimate {
    QualityInterval.share(truePositives, of: positives, confidence: confidence)
      ?? QualityEstimate(absent: count == 0 ? .noPredictions : .noPositiveOutcomes)
  }

  /// The share of negative outcomes whose decision is negative.
  ///
  /// - Parameter confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  public func specificity(confidence: Double = 0.95) -> QualityEstimate {
    QualityInterval.share(trueNegatives, of: negatives, confidence: confidence)
      ?? QualityEstimate(absent: count == 0 ? .noPredictions : .noNegativeOutcomes)
  }

  /// `2TP/(2TP + FP + FN)`, the harmonic mean of precision and recall.
  ///
  /// The interval is Wilson's of `J = TP/(TP + FP + FN)`, which is a share of the predictions that
  /// are no true negatives, turned by `F1 = 2J/(1 + J)`, which increases in J. It does not collapse
  /// at 0 and 1, as the delta method's does.
  ///
  /// - Parameter confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  /// - Source: D. J. Hand, P. Christen, N. Kirielle, "F*: an interpretable transformation of the
  ///   F-measure", Machine Learning 110 (2021), for J; K. F. Y. Lam et al., "Confidence intervals
  ///   for the F1 score: a comparison of four methods", arXiv 2309.14621, for the interval.
  public func f1(confidence: Double = 0.95) -> QualityEstimate {
    let trials = count - trueNegatives
    guard let wilson = WilsonInterval(hits: truePositives, of: trials, confidence: confidence)
    else { return QualityEstimate(absent: count == 0 ? .noPredictions : .noPositives) }
    return QualityEstimate(
      2 * Double(truePositives) / Double(trials + truePositives),
      2 * wilson.lower / (1 + wilson.lower)...2 * wilson.upper / (1 + wilson.upper)
    )
  }
}
