/// What a decision is worth by its outcome, in money or any other unit.
///
/// - **Unit and range**: any unit, the same for all four; finite; losses are below 0.
/// - **Source**: C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
public struct OutcomeValues: Sendable, Equatable {
  /// Of a positive decision with a positive outcome.
  public let truePositive: Double
  /// Of a positive decision with a negative outcome.
  public let falsePositive: Double
  /// Of a negative decision with a positive outcome.
  public let falseNegative: Double
  /// Of a negative decision with a negative outcome.
  public let trueNegative: Double

  /// Values, finite.
  public init(
    truePositive: Double,
    falsePositive: Double,
    falseNegative: Double,
    trueNegative: Double
  ) {
    self.truePositive = truePositive
    self.falsePositive = falsePositive
    self.falseNegative = falseNegative
    self.trueNegative = trueNegative
  }

  /// What predictions were worth: `v_TP·TP + v_FP·FP + v_FN·FN + v_TN·TN`.
  ///
  /// The interval is n times Student's of the mean value of a prediction: that of a sum over as
  /// many predictions like these.
  ///
  /// - Parameters:
  ///   - counts: The predictions.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The sum in the values' unit; that of no predictions is absent.
  /// - Complexity: O(1).
  public func total(_ counts: ConfusionCounts, confidence: Double = 0.95) -> QualityEstimate {
    scaled(counts, by: Double(counts.count), confidence: confidence)
  }

  /// What a prediction was worth on average; otherwise as ``total(_:confidence:)``.
  public func mean(_ counts: ConfusionCounts, confidence: Double = 0.95) -> QualityEstimate {
    scaled(counts, by: 1, confidence: confidence)
  }

  private func scaled(
    _ counts: ConfusionCounts,
    by factor: Double,
    confidence: Double
  ) -> QualityEstimate {
    guard counts.count > 0 else { return QualityEstimate(absent: .noPredictions) }
    let n = Double(counts.count)
    let mean = sum(counts) { $0 } / n
    let variance = sum(counts) { ($0 - mean) * ($0 - mean) } / n
    return QualityInterval.mean(
      factor == 1 ? mean : sum(counts) { $0 },
      deviation: factor * variance.squareRoot(),
      count: counts.count,
      confidence: confidence,
      within: -.infinity ... .infinity
    )
  }

  private func sum(_ counts: ConfusionCounts, _ term: (Double) -> Double) -> Double {
    term(truePositive) * Double(counts.truePositives)
      + term(falsePositive) * Double(counts.falsePositives)
      + term(falseNegative) * Double(counts.falseNegatives)
      + term(trueNegative) * Double(counts.trueNegatives)
  }

  /// The probability from which on a positive decision is worth more than a negative one:
  /// `(v_TN − v_FP)/((v_TN − v_FP) + (v_TP − v_FN))`.
  ///
  /// - Returns: In (0, 1); nil where one decision is never the worse one, or where each is better
  ///   for the other's outcome.
  public var breakEvenThreshold: Double? {
    let negativeGain = trueNegative - falsePositive
    let positiveGain = truePositive - falseNegative
    guard negativeGain > 0, positiveGain > 0 else { return nil }
    return negativeGain / (negativeGain + positiveGain)
  }
}

/// A threshold for scores, and what decisions by it are worth.
public struct ScoreThreshold: Sendable, Equatable {
  /// Scores from here on are decided positively; infinite where none is.
  public let score: Double
  /// What all predictions of the table are worth by it.
  public let total: Double
}

extension OutcomeValues {
  /// What decisions by a threshold are worth with the outcomes of a table, known or expected.
  ///
  /// - Parameters:
  ///   - threshold: Scores from here on are decided positively.
  ///   - table: The outcomes by score.
  /// - Returns: The sum in the values' unit; 0 of no scores.
  /// - Complexity: O(scores).
  public func total(threshold: Double, in table: ScoreTable) -> Double {
    table.scores.indices.reduce(0) { sum, index in
      sum + worth(table, index, isPositive: table.scores[index] >= threshold)
    }
  }

  /// The threshold whose decisions are worth most with the outcomes of a table.
  ///
  /// With calibrated probabilities (``EstimatedOutcomes/table``) it is where they reach
  /// ``breakEvenThreshold``; ``total(threshold:in:)`` with the known outcomes then says what it
  /// would have earned. With known outcomes it is the best in hindsight, and what it earns is too
  /// good to be expected again.
  ///
  /// - Parameter table: The outcomes by score.
  /// - Returns: The greatest of equally good thresholds: a score of the table, or +∞; nil of no
  ///   scores.
  /// - Complexity: O(scores).
  public func bestThreshold(in table: ScoreTable) -> ScoreThreshold? {
    guard !table.scores.isEmpty else { return nil }
    var best = Double.infinity
    var gain = 0.0
    var bestGain = 0.0
    for index in table.scores.indices.reversed() {
      gain +=
        worth(table, index, isPositive: true) - worth(table, index, isPositive: false)
      if gain > bestGain { (best, bestGain) = (table.scores[index], gain) }
    }
    return ScoreThreshold(score: best, total: total(threshold: best, in: table))
  }

  private func worth(_ table: ScoreTable, _ index: Int, isPositive: Bool) -> Double {
    isPositive
      ? table.positives[index] * truePositive + table.negatives[index] * falsePositive
      : table.positives[index] * falseNegative + table.negatives[index] * trueNegative
  }
}
