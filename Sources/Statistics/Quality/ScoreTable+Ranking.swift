/// The area under the ROC curve, and how far chance moves it.
public struct RankingArea: Sendable, Equatable {
  /// The probability that a positive's score is above a negative's, ties ½; in [0, 1].
  public let value: Double
  /// DeLong's variance of the value.
  public let variance: Double
  /// The variance's degrees of freedom, as Welch and Satterthwaite match its two parts; 1 at least.
  public let degrees: Int
}

extension ScoreTable {
  /// For each score the share of the negatives below it, and of the positives above it, ties ½.
  var placements: (below: [Double], above: [Double]) {
    var negativesBefore = 0.0
    var positivesBefore = 0.0
    var below: [Double] = []
    var above: [Double] = []
    below.reserveCapacity(scores.count)
    above.reserveCapacity(scores.count)
    for index in scores.indices {
      let (positive, negative) = (positives[index], negatives[index])
      below.append((negativesBefore + negative / 2) / negativeCount)
      above.append(max(0, positiveCount - positivesBefore - positive / 2) / positiveCount)
      negativesBefore += negative
      positivesBefore += positive
    }
    return (below, above)
  }

  /// The area under the ROC curve of whole counts, with its variance.
  ///
  /// The value is the mean of the positives' placements among the negatives; the variance is
  /// `S₁₀/n₊ + S₀₁/n₋`, the placements' variances (ddof 1) over the sizes. The placements are read
  /// from ranks.
  ///
  /// - Returns: nil without two positives and two negatives.
  /// - Complexity: O(scores).
  /// - Source: E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the areas under two or
  ///   more correlated ROC curves", Biometrics 44 (1988); X. Sun, W. Xu, "Fast implementation of
  ///   DeLong's algorithm", IEEE Signal Processing Letters 21 (2014).
  public var rankingArea: RankingArea? {
    guard positiveCount >= 2, negativeCount >= 2, let value = areaUnderROC else { return nil }
    let (below, above) = placements
    var positiveSquares = 0.0
    var negativeSquares = 0.0
    for index in scores.indices {
      let positive = below[index] - value
      let negative = above[index] - value
      positiveSquares += positives[index] * positive * positive
      negativeSquares += negatives[index] * negative * negative
    }
    let positivePart = positiveSquares / ((positiveCount - 1) * positiveCount)
    let negativePart = negativeSquares / ((negativeCount - 1) * negativeCount)
    let variance = positivePart + negativePart
    let spread =
      positivePart * positivePart / (positiveCount - 1)
      + negativePart * negativePart / (negativeCount - 1)
    let degrees = spread > 0 ? variance * variance / spread : 1
    return RankingArea(value: value, variance: variance, degrees: max(1, Int(degrees)))
  }

  /// The area under the ROC curve, ties ½, in [0, 1].
  ///
  /// - Returns: nil when one class is missing.
  /// - Complexity: O(scores).
  public var areaUnderROC: Double? {
    guard positiveCount > 0, negativeCount > 0 else { return nil }
    var negativesBefore = 0.0
    var pairs = 0.0
    for (positive, negative) in zip(positives, negatives) {
      pairs += positive * (negativesBefore + negative / 2)
      negativesBefore += negative
    }
    return min(1, pairs / positiveCount / negativeCount)
  }

  /// The average precision `Σ (Rₖ − Rₖ₋₁) Pₖ` over the distinct scores as thresholds, as
  /// scikit-learn defines it, and its variance.
  ///
  /// The variance is the infinitesimal jackknife's: the sum of the squared derivatives by each
  /// prediction's weight. A positive at a score counts by its precision there, and raises the
  /// precision at all scores up to it; a negative lowers that.
  ///
  /// - Returns: Value in (0, 1] and variance; nil without a positive.
  /// - Complexity: O(scores).
  /// - Source: B. Efron, "The jackknife, the bootstrap and other resampling plans", SIAM 1982,
  ///   chapter 6.
  public var averagePrecision: (value: Double, variance: Double)? {
    guard positiveCount > 0 else { return nil }
    var precisions = [Double](repeating: 0, count: scores.count)
    var gains = precisions
    var losses = precisions
    var (truePositives, falsePositives, sum) = (0.0, 0.0, 0.0)
    for index in scores.indices.reversed() {
      truePositives += positives[index]
      falsePositives += negatives[index]
      let chosen = truePositives + falsePositives
      guard chosen > 0 else { continue }
      precisions[index] = truePositives / chosen
      gains[index] = positives[index] * falsePositives / (chosen * chosen)
      losses[index] = positives[index] * truePositives / (chosen * chosen)
      sum += positives[index] * precisions[index]
    }
    let value = min(1, sum / positiveCount)
    var (gain, loss, squares) = (0.0, 0.0, 0.0)
    for index in scores.indices {
      gain += gains[index]
      loss += losses[index]
      let positive = precisions[index] - value + gain
      squares += positives[index] * positive * positive + negatives[index] * loss * loss
    }
    return (value, squares / (positiveCount * positiveCount))
  }

  /// The share of positives among the `top` greatest scores.
  ///
  /// Predictions that share the score where the cut is are taken in any order alike: their
  /// expectation counts.
  ///
  /// - Parameters:
  ///   - top: How many, at least 1; all when it is more than there are.
  ///   - confidence: Of Wilson's interval for so many draws, both sides together, in (0, 1).
  /// - Returns: The share and its interval; absent of no predictions.
  /// - Complexity: O(scores).
  public func precision(top: Int, confidence: Double = 0.95) -> QualityEstimate {
    precondition(top >= 1, "the top \(top)")
    guard count > 0 else { return QualityEstimate(absent: .noPredictions) }
    let size = min(Double(top), count)
    let hits = topParts(size).reduce(0) { $0 + positives[$1.index] * $1.part }
    let share = min(1, hits / size)
    let wilson = WilsonInterval(
      share: share,
      of: size,
      z: QualityInterval.z(confidence: confidence)
    )
    return QualityEstimate(share, wilson.lower...wilson.upper)
  }

  /// The share of positives among a share of the predictions, those with the greatest scores.
  ///
  /// - Parameters:
  ///   - share: Which share, in (0, 1]; so many predictions, rounded down, one at least.
  ///   - confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The share and its interval; absent of no predictions.
  /// - Complexity: O(scores).
  public func precision(topShare share: Double, confidence: Double = 0.95) -> QualityEstimate {
    precondition(share > 0 && share <= 1, "the top share \(share)")
    return precision(top: size(ofTopShare: share), confidence: confidence)
  }

  /// How many predictions a share of them is: rounded down, 1 at least.
  ///
  /// - Parameter share: In (0, 1].
  /// - Returns: So many, at most as many as there are.
  public func size(ofTopShare share: Double) -> Int {
    // A product that rounding left just below a whole number is meant to be that number.
    max(1, Int(min(share * count * (1 + 4 * Double.ulpOfOne), count)))
  }

  /// Which part of each score's predictions is among the `size` greatest, from the top.
  func topParts(_ size: Double) -> [(index: Int, part: Double)] {
    var left = size
    var parts: [(index: Int, part: Double)] = []
    for index in scores.indices.reversed() where left > 0 {
      let here = positives[index] + negatives[index]
      let taken = min(here, left)
      if here > 0 { parts.append((index, taken / here)) }
      left -= taken
    }
    return parts
  }
}
