/// Two deciders on the same predictions: how much better one is than the other.
///
/// The counts of the eight cells of (decision, other decision, outcome) add up over parts.
///
/// - **Intervals**: normal, by the delta method over the pairs: what both get right or wrong together
///   widens none of them.
/// - **Source**: for shares of decisions P. J. McNemar's pairs ("Note on the sampling error of the
///   difference between correlated proportions or percentages", Psychometrika 12, 1947), for quotients
///   the linearisation of W. G. Cochran, "Sampling Techniques", 3rd ed., 6.
public struct PairedDecisions: Sendable, Equatable {
  /// By `4·decision + 2·other decision + outcome`.
  private var cells = [Int](repeating: 0, count: 8)

  /// The fewest predictions of an interval.
  public static let leastPairs = 30

  /// No predictions.
  public init() {}

  /// Decisions beside those of always the same decision.
  ///
  /// - Parameters:
  ///   - counts: The decisions by their outcomes.
  ///   - other: The other decider's.
  public init(_ counts: ConfusionCounts, constant other: Bool) {
    let place = other ? 2 : 0
    cells[4 + place + 1] = counts.truePositives
    cells[4 + place] = counts.falsePositives
    cells[place + 1] = counts.falseNegatives
    cells[place] = counts.trueNegatives
  }

  /// Counts a prediction.
  ///
  /// - Parameters:
  ///   - decision: Whether the decision is positive.
  ///   - other: Whether the other decider's is.
  ///   - outcome: Whether the outcome is.
  public mutating func insert(decision: Bool, other: Bool, outcome: Bool) {
    cells[(decision ? 4 : 0) + (other ? 2 : 0) + (outcome ? 1 : 0)] += 1
  }

  /// How many predictions there are.
  public var count: Int { cells.reduce(0, +) }

  /// The decisions.
  public var decisions: ConfusionCounts { counts { $0 & 4 != 0 } }

  /// The other decider's.
  public var others: ConfusionCounts { counts { $0 & 2 != 0 } }

  /// Those of always the same decision.
  public func constant(_ decision: Bool) -> ConfusionCounts { counts { _ in decision } }

  private func counts(_ isPositive: (Int) -> Bool) -> ConfusionCounts {
    var counts = ConfusionCounts()
    for (cell, count) in cells.enumerated() {
      switch (isPositive(cell), cell & 1 != 0) {
      case (true, true): counts.truePositives += count
      case (true, false): counts.falsePositives += count
      case (false, true): counts.falseNegatives += count
      case (false, false): counts.trueNegatives += count
      }
    }
    return counts
  }

  /// By how much a measure of the decisions is above that of the other decider's.
  ///
  /// - Parameters:
  ///   - measure: One of decisions: accuracy, precision, recall, specificity or F1.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The difference, in [−1, 1]; absent of a measure of scores, and where one side has
  ///   none.
  public func lift(_ measure: BinaryMeasure, confidence: Double = 0.95) -> QualityEstimate {
    guard count > 0 else { return QualityEstimate(absent: .noPredictions) }
    guard let terms = Self.terms(measure) else { return QualityEstimate(absent: .notEstimated) }
    guard let own = influence(terms, bit: 4), let other = influence(terms, bit: 2) else {
      return QualityEstimate(absent: .noPositives)
    }
    let variance = zip(cells, zip(own.influence, other.influence)).reduce(0.0) {
      let difference = $1.1.0 - $1.1.1
      return $0 + Double($1.0) * difference * difference
    }
    return difference(
      own.value - other.value,
      variance: variance,
      confidence: confidence,
      within: -1...1
    )
  }

  /// By how much the decisions were worth more than the other decider's, over all predictions.
  ///
  /// - Parameters:
  ///   - values: What a decision is worth by its outcome.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The difference in the values' unit; absent of no predictions.
  public func lift(_ values: OutcomeValues, confidence: Double = 0.95) -> QualityEstimate {
    guard count > 0 else { return QualityEstimate(absent: .noPredictions) }
    let n = Double(count)
    let gains = cells.indices.map { cell in
      values.value(cell & 4 != 0, cell & 1 != 0) - values.value(cell & 2 != 0, cell & 1 != 0)
    }
    let total = zip(cells, gains).reduce(0) { $0 + Double($1.0) * $1.1 }
    let squares = zip(cells, gains).reduce(0) { $0 + Double($1.0) * $1.1 * $1.1 }
    return difference(
      total,
      variance: max(0, squares - total * total / n),
      confidence: confidence,
      within: -.infinity ... .infinity
    )
  }

  private func difference(
    _ value: Double,
    variance: Double,
    confidence: Double,
    within range: ClosedRange<Double>
  ) -> QualityEstimate {
    guard count >= Self.leastPairs, variance > 0 else {
      return QualityEstimate(value, without: .tooFewPredictions)
    }
    return QualityInterval.normal(
      value,
      variance: variance,
      confidence: confidence,
      within: range
    )
  }

  /// The parts of a quotient that a prediction has, by decision and outcome.
  private typealias Terms = (Bool, Bool) -> (part: Double, whole: Double)

  private static func terms(_ measure: BinaryMeasure) -> Terms? {
    switch measure {
    case .accuracy: { ($0 == $1 ? 1 : 0, 1) }
    case .precision: { ($0 && $1 ? 1 : 0, $0 ? 1 : 0) }
    case .recall: { ($0 && $1 ? 1 : 0, $1 ? 1 : 0) }
    case .specificity: { (!$0 && !$1 ? 1 : 0, $1 ? 0 : 1) }
    case .f1: { ($0 && $1 ? 2 : 0, ($0 ? 1 : 0) + ($1 ? 1 : 0)) }
    case .rocAUC, .averagePrecision, .brier, .logLoss, .ece: nil
    }
  }

  /// A quotient, and by how much a prediction of each cell moves it.
  private func influence(
    _ terms: Terms,
    bit: Int
  ) -> (value: Double, influence: [Double])? {
    let all = cells.indices.map { terms($0 & bit != 0, $0 & 1 != 0) }
    let part = zip(cells, all).reduce(0) { $0 + Double($1.0) * $1.1.part }
    let whole = zip(cells, all).reduce(0) { $0 + Double($1.0) * $1.1.whole }
    guard whole > 0 else { return nil }
    let value = part / whole
    return (value, all.map { ($0.part - value * $0.whole) / whole })
  }
}

extension OutcomeValues {
  /// What one decision is worth.
  func value(_ decision: Bool, _ outcome: Bool) -> Double {
    switch (decision, outcome) {
    case (true, true): truePositive
    case (true, false): falsePositive
    case (false, true): falseNegative
    case (false, false): trueNegative
    }
  }
}
