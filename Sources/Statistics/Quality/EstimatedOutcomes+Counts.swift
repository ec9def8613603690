extension EstimatedOutcomes {
  /// One of the expected counts of decisions by their outcomes.
  ///
  /// - Parameters:
  ///   - cell: Which one.
  ///   - confidence: Of the normal interval, both sides together, in (0, 1).
  /// - Returns: The count, cut to those of its decisions; absent of no predictions.
  /// - Complexity: O(1).
  public func count(of cell: ConfusionCell, confidence: Double = 0.95) -> QualityEstimate {
    guard !table.scores.isEmpty else { return QualityEstimate(absent: .noPredictions) }
    let (value, spread, most) =
      switch cell {
      case .truePositives: (truePositives, positiveSpread, truePositives + falsePositives)
      case .falsePositives: (falsePositives, positiveSpread, truePositives + falsePositives)
      case .falseNegatives: (falseNegatives, negativeSpread, falseNegatives + trueNegatives)
      case .trueNegatives: (trueNegatives, negativeSpread, falseNegatives + trueNegatives)
      }
    return QualityInterval.normal(
      value,
      variance: spread,
      confidence: confidence,
      within: 0...max(most, value)
    )
  }

  /// The share of positives that is to be expected among the `top` greatest scores.
  ///
  /// Predictions that share the score where the cut is are taken in any order alike.
  ///
  /// - Parameters:
  ///   - top: How many, at least 1; all when it is more than there are.
  ///   - confidence: Of the normal interval, both sides together, in (0, 1).
  /// - Returns: The share and its interval; absent of no predictions.
  /// - Complexity: O(distinct scores).
  public func precision(top: Int, confidence: Double = 0.95) -> QualityEstimate {
    precondition(top >= 1, "the top \(top)")
    guard table.count > 0 else { return QualityEstimate(absent: .noPredictions) }
    let size = min(Double(top), table.count)
    var (hits, variance) = (0.0, 0.0)
    for (index, part) in table.topParts(size) {
      hits += table.positives[index] * part
      variance += spreads[index] * part
    }
    return QualityInterval.normal(
      min(1, hits / size),
      variance: variance / (size * size),
      confidence: confidence
    )
  }
}
