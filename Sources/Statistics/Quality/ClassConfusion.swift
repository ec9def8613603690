/// How often each class was decided where each was the outcome, and the measures that follow.
///
/// Classes are numbers from 0. Where one class is the positive one see ``ConfusionCounts``.
///
/// - **Shape**: a square of counts, so that parts add up and can be taken away again.
public struct ClassConfusion: Sendable, Hashable {
  /// The number of classes, 2 at least.
  public let classCount: Int
  /// The counts, those of one outcome after those of another: `outcome · classCount + decision`.
  public private(set) var counts: [Int]

  /// Counts of no predictions.
  ///
  /// - Parameter classCount: The number of classes, 2 at least.
  public init(classCount: Int) {
    precondition(classCount > 1, "\(classCount) classes")
    self.classCount = classCount
    counts = [Int](repeating: 0, count: classCount * classCount)
  }

  /// Kept counts; there are none of another number, below 0, or of more than all integers.
  ///
  /// - Parameters:
  ///   - classCount: The number of classes, 2 at least.
  ///   - counts: Those of ``counts``.
  public init?(classCount: Int, counts: [Int]) {
    guard classCount > 1, counts.count == classCount * classCount, areCounts(counts) else {
      return nil
    }
    self.classCount = classCount
    self.counts = counts
  }

  /// Counts one prediction.
  ///
  /// - Parameters:
  ///   - decision: The class that was decided.
  ///   - outcome: The class that it was.
  /// - Complexity: O(1).
  public mutating func insert(decision: Int, outcome: Int) {
    precondition((0..<classCount).contains(decision), "class \(decision) of \(classCount)")
    precondition((0..<classCount).contains(outcome), "class \(outcome) of \(classCount)")
    counts[outcome * classCount + decision] += 1
  }

  /// The counts of both parts, of the same classes.
  public static func + (left: Self, right: Self) -> Self {
    precondition(
      left.classCount == right.classCount,
      "\(left.classCount) and \(right.classCount) classes"
    )
    var sum = left
    for index in sum.counts.indices { sum.counts[index] += right.counts[index] }
    return sum
  }

  /// All predictions.
  public var count: Int { counts.reduce(0, +) }

  /// The right decisions of a class.
  private func hits(_ group: Int) -> Int { counts[group * classCount + group] }

  /// How often each class was the outcome.
  private var outcomes: [Int] {
    (0..<classCount).map { group in
      counts[group * classCount..<(group + 1) * classCount].reduce(0, +)
    }
  }

  /// How often each class was decided.
  private var decisions: [Int] {
    (0..<classCount).map { group in
      (0..<classCount).reduce(0) { $0 + counts[$1 * classCount + group] }
    }
  }
}

extension ClassConfusion {
  /// The decisions for and against one class, whichever the others were.
  ///
  /// - Parameter group: The class.
  /// - Returns: The counts of two classes, of which this one is the positive one.
  /// - Complexity: O(classes²).
  public func counts(forClass group: Int) -> ConfusionCounts {
    let hits = hits(group)
    let falsePositives = decisions[group] - hits
    let falseNegatives = outcomes[group] - hits
    return ConfusionCounts(
      truePositives: hits,
      falsePositives: falsePositives,
      falseNegatives: falseNegatives,
      trueNegatives: count - hits - falsePositives - falseNegatives
    )
  }

  /// The share of decisions that are right.
  ///
  /// - Parameter confidence: Of Wilson's interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  /// - Complexity: O(classes²).
  public func accuracy(confidence: Double = 0.95) -> QualityEstimate {
    let right = (0..<classCount).reduce(0) { $0 + hits($1) }
    return QualityInterval.share(right, of: count, confidence: confidence)
      ?? QualityEstimate(absent: .noPredictions)
  }

  /// The share of a class's decisions whose outcome it is.
  ///
  /// - Parameters:
  ///   - group: The class.
  ///   - confidence: Of Wilson's interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  /// - Complexity: O(classes²).
  public func precision(ofClass group: Int, confidence: Double = 0.95) -> QualityEstimate {
    QualityInterval.share(hits(group), of: decisions[group], confidence: confidence)
      ?? QualityEstimate(absent: count == 0 ? .noPredictions : .noPositiveDecisions)
  }

  /// The share of a class's outcomes that were decided so.
  ///
  /// - Parameters:
  ///   - group: The class.
  ///   - confidence: Of Wilson's interval, both sides together, in (0, 1).
  /// - Returns: The share, in [0, 1], and its interval, or why they are missing.
  /// - Complexity: O(classes²).
  public func recall(ofClass group: Int, confidence: Double = 0.95) -> QualityEstimate {
    QualityInterval.share(hits(group), of: outcomes[group], confidence: confidence)
      ?? QualityEstimate(absent: count == 0 ? .noPredictions : .noPositiveOutcomes)
  }

  /// The mean over the classes of `F1 = 2·hits/(outcomes + decisions)`.
  ///
  /// Classes that were neither outcome nor decision are left out, as scikit-learn's `f1_score` does
  /// with `average="macro"`. The interval is the delta method's on the scale of the log-odds: a
  /// prediction with the outcome a and the decision b moves the mean of K by
  /// `([a = b]·2/s_a − F_a/s_a − F_b/s_b)/nK`, s the share of outcomes and of decisions together.
  ///
  /// - Parameter confidence: Of the interval, both sides together, in (0, 1).
  /// - Returns: The mean, in [0, 1]; without an interval where a class is outcome or decision fewer
  ///   than ten times, or where all decisions are right or all wrong.
  /// - Complexity: O(classes²).
  /// - Source: K. Takahashi, K. Yamamoto, A. Kuchiba, T. Koyama, "Confidence interval for
  ///   micro-averaged F1 and macro-averaged F1 scores", Applied Intelligence 52 (2022).
  public func macroF1(confidence: Double = 0.95) -> QualityEstimate {
    let n = Double(count)
    guard n > 0 else { return QualityEstimate(absent: .noPredictions) }
    let sums = zip(outcomes, decisions).map(+)
    let occurring = sums.indices.filter { sums[$0] > 0 }
    let scores = sums.indices.map { sums[$0] > 0 ? 2 * Double(hits($0)) / Double(sums[$0]) : 0 }
    let value = occurring.reduce(0) { $0 + scores[$1] } / Double(occurring.count)
    guard occurring.allSatisfy({ sums[$0] >= QualityInterval.leastOfClass }) else {
      return QualityEstimate(value, without: .tooFewPredictions)
    }
    var squares = 0.0
    for outcome in occurring {
      for decision in occurring {
        let pairs = Double(counts[outcome * classCount + decision])
        let own = outcome == decision ? 2 / Double(sums[outcome]) : 0
        let move =
          own - scores[outcome] / Double(sums[outcome]) - scores[decision] / Double(sums[decision])
        squares += pairs * move * move
      }
    }
    let variance = squares / Double(occurring.count * occurring.count)
    guard variance > 0, value > 0, value < 1 else {
      return QualityEstimate(value, without: .noIntervalKnown)
    }
    return QualityInterval.logit(
      value,
      variance: variance,
      quantile: QualityInterval.z(confidence: confidence)
    )
  }
}

/// The mean negative logarithm of the probability that each prediction gave to the class that came.
///
/// - **Unit and range**: nats, at least 0. Probabilities are cut to [ε, 1 − ε], ε = 2⁻⁵², as
///   scikit-learn's `log_loss` does.
///
/// - Parameters:
///   - probabilities: The probability of the outcome's class, of each prediction, in any order, in
///     [0, 1].
///   - confidence: Of Student's interval, both sides together, in (0, 1).
/// - Returns: The mean and its interval, or why they are missing.
/// - Complexity: O(n log n).
public func multiClassLogLoss(
  ofOutcomes probabilities: [Double],
  confidence: Double = 0.95
) -> QualityEstimate {
  guard !probabilities.isEmpty else { return QualityEstimate(absent: .noPredictions) }
  guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
    return QualityEstimate(absent: .scoresOutsideUnitInterval)
  }
  let table = ScoreTable(scores: probabilities, outcomes: probabilities.map { _ in true })
  return table.logLoss(confidence: confidence)
}
