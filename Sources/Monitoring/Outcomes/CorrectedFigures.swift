internal import Expressions
internal import Records
internal import Statistics

/// How many of a window's predictions are positive, the labels to come included, told by those that
/// have come.
///
/// Predictions of which hardly a label can have come are told by their probabilities; without one
/// they are left out.
struct CorrectedFigures: Sendable {
  private struct Cell: Sendable {
    let isDecidedPositive: Bool?
    let labels: ArrivingLabels
  }

  /// How many positive labels have come by an age.
  private let curve: LabelArrival
  private let cells: [Cell]

  /// `nil` where no mature prediction is positive, or nothing can be told of any prediction.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - slices: Its rows by age.
  ///   - curve: How labels have arrived.
  ///   - probability: The probability that a score stands for; `nil` where it is not known.
  init?(
    _ window: QualityWindow,
    _ slices: [AgedRows],
    _ curve: LabelArrival,
    _ probability: ScoreProbability?
  ) {
    guard curve.positiveShare(by: 0) != nil else { return nil }
    var cells: [Cell] = []
    for slice in slices {
      let isTold = (curve.positiveShare(by: slice.age) ?? 0) >= LabelArrival.leastShare
      let groups: [Bool?] = [nil, false, true]
      for group in groups {
        let rows = slice.rows.filter { place in
          window.rows[place].isDecidedPositive == group
            && (isTold || probability != nil && window.rows[place].prediction.score.isFinite)
        }
        guard !rows.isEmpty else { continue }
        cells.append(
          Cell(
            isDecidedPositive: group,
            labels: ArrivingLabels(
              rows.map { window.rows[$0] },
              age: slice.age,
              isTold ? nil : probability
            )
          )
        )
      }
    }
    guard !cells.isEmpty else { return nil }
    self.cells = cells
    self.curve = curve
  }

  func value(_ statistic: StatisticName, confidence: Double) -> StatisticValue? {
    func count(_ cells: [Cell]) -> Int { cells.reduce(0) { $0 + $1.labels.count } }
    func corrected(_ cells: [Cell]) -> CorrectedPositives {
      curve.corrected(cells.map(\.labels), confidence: confidence)
    }
    let decided = cells.filter { $0.isDecidedPositive != nil }
    let chosen = cells.filter { $0.isDecidedPositive == true }
    switch statistic {
    case .count: return StatisticValue(value: Double(count(cells)), n: count(cells))
    case .imputed:
      return StatisticValue(value: corrected(cells).expectedShare, n: count(cells))
    case .prevalence: return StatisticValue(corrected(cells).share, n: count(cells))
    case .precision: return StatisticValue(corrected(chosen).share, n: count(chosen))
    case .accuracy, .recall, .specificity: break
    default: return nil
    }
    let (yes, no) = (count(chosen), count(decided) - count(chosen))
    guard yes + no > 0 else { return nil }
    func positives(_ cells: [Cell], of all: Int) -> Double {
      min(Double(all), corrected(cells).counts.reduce(0, +))
    }
    let hits = positives(chosen, of: yes)
    let misses = positives(decided.filter { $0.isDecidedPositive == false }, of: no)
    let rejected = Double(no) - misses
    let (part, whole) =
      switch statistic {
      case .accuracy: (hits + rejected, Double(yes + no))
      case .recall: (hits, hits + misses)
      default: (rejected, Double(yes + no) - hits - misses)
      }
    guard whole > 0 else { return nil }
    return StatisticValue(value: min(1, part / whole), n: yes + no)
  }

  /// The statistics in the order in which they go out.
  static let statistics: [StatisticName] = [
    .count, .prevalence, .imputed, .observedToExpected, .accuracy, .precision, .recall,
    .specificity,
  ]
}

extension ArrivingLabels {
  /// Rows of one age; their probabilities count where no label does.
  fileprivate init(_ rows: [JoinedRow], age: Double, _ probability: ScoreProbability?) {
    var (expected, spread) = (0.0, 0.0)
    if let probability {
      for row in rows {
        let p = probability(row.prediction.score)
        expected += p
        spread += p * (1 - p)
      }
    }
    self.init(
      age: age,
      count: rows.count,
      positives: rows.count { $0.label == 1 },
      expected: expected,
      spread: spread
    )
  }
}

extension JoinedRow {
  /// Whether the decision is positive; `nil` without one.
  fileprivate var isDecidedPositive: Bool? {
    prediction.decision.isNaN ? nil : prediction.decision == 1
  }
}

/// What is known of a window's predictions, and of the rest what is to be expected of one whose label
/// has not come.
struct InFlightFigures: Sendable {
  /// Sums of the probabilities c of some predictions.
  private struct Sum: Sendable {
    var count = 0
    var expected = 0.0
    /// `Σ c(1 − c)`.
    var spread = 0.0

    mutating func insert(_ probability: Double) {
      count += 1
      expected += probability
      spread += probability * (1 - probability)
    }

    func share(confidence: Double) -> QualityEstimate {
      QualityEstimate(expected, spread: spread, of: count, confidence: confidence)
    }
  }

  /// That an outcome is positive, of all; of the positive decisions; that a decision is right.
  private var (positives, hits, rights) = (Sum(), Sum(), Sum())

  /// `nil` where no score stands for a probability, or a class has no mature prediction.
  init?(
    _ window: QualityWindow,
    _ slices: [AgedRows],
    _ curve: LabelArrival,
    _ probability: ScoreProbability
  ) {
    for slice in slices {
      for row in slice.rows.map({ window.rows[$0] })
      where row.isLabelled || row.prediction.score.isFinite {
        var chance: Double? = row.label
        if !row.isLabelled {
          let own = probability(row.prediction.score)
          chance = curve.pendingProbability(own, age: slice.age)
        }
        guard let pending = chance else { return nil }
        positives.insert(pending)
        guard !row.prediction.decision.isNaN else { continue }
        let isYes = row.prediction.decision == 1
        if isYes { hits.insert(pending) }
        rights.insert(isYes ? pending : 1 - pending)
      }
    }
    if positives.count == 0 { return nil }
  }

  func value(_ statistic: StatisticName, confidence: Double) -> StatisticValue? {
    switch statistic {
    case .count: StatisticValue(value: Double(positives.count), n: positives.count)
    case .prevalence: StatisticValue(positives.share(confidence: confidence), n: positives.count)
    case .accuracy: StatisticValue(rights.share(confidence: confidence), n: rights.count)
    case .precision: StatisticValue(hits.share(confidence: confidence), n: hits.count)
    default: nil
    }
  }

  /// The statistics in the order in which they go out.
  static let statistics: [StatisticName] = [.count, .prevalence, .accuracy, .precision]
}
