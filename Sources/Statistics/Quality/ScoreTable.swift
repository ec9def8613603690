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
    let rows = zip(scores, outcomes).sorted { $0.0 < $1.0 }
    self.init(increasing: rows.map(\.0), outcomes: rows.map(\.1))
  }

  /// Pools predictions whose outcomes are known and whose scores are sorted.
  ///
  /// - Parameters:
  ///   - scores: The scores; none is NaN, none is below the one before.
  ///   - outcomes: Whether each outcome is positive.
  /// - Complexity: O(n).
  public init(increasing scores: [Double], outcomes: [Bool]) {
    precondition(
      scores.count == outcomes.count,
      "\(scores.count) scores, \(outcomes.count) outcomes"
    )
    self.init(increasing: scores, positives: { outcomes[$0] ? 1 : 0 })
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
    // Probabilities are sorted, too, so that their sum does not depend on the order.
    let rows = zip(scores, probabilities).sorted(by: <)
    self.init(increasing: rows.map(\.0), positives: { rows[$0].1 })
  }

  /// Pools predictions whose scores do not decrease.
  ///
  /// `positives` gives how many positives there are at a place, `weights` how many predictions.
  init(
    increasing all: [Double],
    positives parts: (Int) -> Double,
    weights: (Int) -> Double = { _ in 1 }
  ) {
    var scores: [Double] = []
    var positives: [Double] = []
    var negatives: [Double] = []
    var (positive, negative) = (0.0, 0.0)
    for (place, score) in all.enumerated() {
      if let last = scores.last, score != last {
        positives.append(positive)
        negatives.append(negative)
        (positive, negative) = (0, 0)
      }
      if positives.count == scores.count { scores.append(score + 0) }  // −0 is 0.
      let part = parts(place)
      positive += part
      negative += weights(place) - part
    }
    if !scores.isEmpty {
      positives.append(positive)
      negatives.append(negative)
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
