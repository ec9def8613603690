/// How much of the positive and of the negative class there is at each score.
///
/// Every measure of a ranking is a function of it, whether the classes are known (whole counts) or
/// expected (sums of probabilities). It does not depend on the predictions' order.
///
/// - **Shape**: three parallel arrays; the scores strictly increase.
public struct ScoreTable: Sendable, Equatable {
  /// The distinct scores, increasing.
  public let scores: [Double]
  /// The positives of each score, at least 0.
  public let positives: [Double]
  /// The negatives of each score, at least 0.
  public let negatives: [Double]
  /// All positives.
  public let positiveCount: Double
  /// All negatives.
  public let negativeCount: Double

  /// Sorts predictions whose outcomes are known.
  ///
  /// - Parameters:
  ///   - scores: The scores, in any order; none is NaN.
  ///   - outcomes: Whether each outcome is positive.
  /// - Complexity: O(n log n).
  public init(scores: [Double], outcomes: [Bool]) {
    precondition(
      scores.count == outcomes.count,
      "\(scores.count) scores, \(outcomes.count) outcomes"
    )
    let rows = zip(scores, outcomes).map { (score: $0, positives: $1 ? 1.0 : 0.0, weight: 1.0) }
    self.init(sorted: rows.sorted { $0.score < $1.score })
  }

  /// Sorts predictions whose outcomes are expected.
  ///
  /// - Parameters:
  ///   - scores: The scores, in any order; none is NaN.
  ///   - probabilities: The probability of each one's positive outcome, in [0, 1].
  /// - Complexity: O(n log n).
  public init(scores: [Double], probabilities: [Double]) {
    precondition(
      scores.count == probabilities.count,
      "\(scores.count) scores, \(probabilities.count) probabilities"
    )
    let rows = zip(scores, probabilities).map { (score: $0, positives: $1, weight: 1.0) }
    // Probabilities are sorted, too, so that their sum does not depend on the order.
    self.init(sorted: rows.sorted { ($0.score, $0.positives) < ($1.score, $1.positives) })
  }

  /// Pools rows whose scores do not decrease.
  init(sorted rows: [(score: Double, positives: Double, weight: Double)]) {
    var scores: [Double] = []
    var positives: [Double] = []
    var negatives: [Double] = []
    for row in rows {
      if row.score != scores.last {
        scores.append(row.score + 0)  // −0 is 0.
        positives.append(0)
        negatives.append(0)
      }
      positives[positives.count - 1] += row.positives
      negatives[negatives.count - 1] += row.weight - row.positives
    }
    self.init(scores: scores, positives: positives, negatives: negatives)
  }

  /// A table of scores that increase strictly.
  init(scores: [Double], positives: [Double], negatives: [Double]) {
    self.scores = scores
    self.positives = positives
    self.negatives = negatives
    positiveCount = positives.reduce(0, +)
    negativeCount = negatives.reduce(0, +)
  }

  /// All predictions.
  public var count: Double { positiveCount + negativeCount }

  /// Whether every score is in [0, 1].
  public var isOfProbabilities: Bool {
    guard let first = scores.first, let last = scores.last else { return true }
    return first >= 0 && last <= 1
  }
}
