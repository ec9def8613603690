internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// How good the predictions of one part of the traffic were in a window, as far as is known, and as
/// far as can be told without outcomes.
struct QualityFigures: Sendable {
  /// Something that has measures.
  private enum Subject: Sendable {
    case classes(BinaryOutcomes)
    case numbers(RegressionOutcomes)
    case estimated(EstimatedOutcomes, n: Int)
  }

  /// The predictions.
  let predictions: Int
  /// Those whose outcome is known.
  let labelled: Int
  /// The share of the predictions whose outcome is known or was waited for long enough.
  let maturity: Double
  /// What has measures, by the signal's name.
  private var subjects: [String: Subject] = [:]

  /// Holds the rows of a window against their outcomes.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - task: What is predicted.
  ///   - probability: The probability that a score stands for; `nil` where it is not known.
  ///   - isIn: Whether rows of a key are of the part.
  init(
    _ window: QualityWindow,
    _ task: QualitySpecification.Task,
    probability: ((Double) -> Double)? = nil,
    isIn: (Int32) -> Bool
  ) {
    var settled = 0
    var rows: [JoinedRow] = []
    for (place, row) in window.rows.enumerated() where isIn(row.prediction.key) {
      rows.append(row)
      if row.isLabelled || place < window.expired { settled += 1 }
    }
    predictions = rows.count
    maturity = rows.isEmpty ? 0 : Double(settled) / Double(rows.count)
    let known = rows.filter(\.isLabelled)
    labelled = known.count
    let scored = known.filter { $0.prediction.score.isFinite }
    switch task {
    case .binary:
      subjects[qualityName] = .classes(Self.classes(known, scored))
      if let probability { estimate(rows, probability) }
    case .regression:
      subjects[qualityName] = .numbers(
        RegressionOutcomes(
          predictions: scored.map(\.prediction.score),
          outcomes: scored.map(\.label)
        )
      )
    }
  }

  private static func classes(_ known: [JoinedRow], _ scored: [JoinedRow]) -> BinaryOutcomes {
    let decided = known.filter { !$0.prediction.decision.isNaN }
    return BinaryOutcomes(
      confusion: ConfusionCounts(
        decisions: decided.map { $0.prediction.decision == 1 },
        outcomes: decided.map { $0.label == 1 }
      ),
      table: ScoreTable(
        scores: scored.map(\.prediction.score),
        outcomes: scored.map { $0.label == 1 }
      )
    )
  }

  /// Works out what is to be expected of all predictions, whether their outcomes are known or not.
  private mutating func estimate(_ rows: [JoinedRow], _ probability: (Double) -> Double) {
    let usable = rows.map(\.prediction).filter { $0.score.isFinite && !$0.decision.isNaN }
    guard !usable.isEmpty else { return }
    subjects[estimateName] = .estimated(
      EstimatedOutcomes(
        scores: usable.map(\.score),
        probabilities: usable.map { probability($0.score) },
        decisions: usable.map { $0.decision == 1 }
      ),
      n: usable.count
    )
  }

  /// The measures of a task, in the order in which they go out.
  static func measures(of task: QualitySpecification.Task) -> [StatisticName] {
    let names =
      switch task {
      case .binary: BinaryMeasure.allCases.map(\.rawValue)
      case .regression: RegressionMeasure.allCases.map(\.rawValue)
      }
    return names.compactMap { StatisticName(rawValue: $0) }
  }

  /// A statistic of a signal with its interval.
  ///
  /// - Parameters:
  ///   - statistic: Which one.
  ///   - signal: `quality`, or `estimate`.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: `nil` where the signal has no such measure, or there is no figure.
  func value(
    _ statistic: StatisticName,
    of signal: String,
    confidence: Double
  ) -> StatisticValue? {
    guard let subject = subjects[signal] else { return nil }
    switch statistic {
    case .count:
      let n = if case .estimated(_, let n) = subject { n } else { labelled }
      return StatisticValue(value: Double(n), n: n)
    case .maturity: return StatisticValue(value: maturity, n: predictions)
    default: break
    }
    guard let (estimate, n) = Self.estimate(statistic, subject, confidence: confidence),
      let value = estimate.value
    else { return nil }
    return StatisticValue(
      value: value,
      low: estimate.interval?.lowerBound,
      high: estimate.interval?.upperBound,
      n: n
    )
  }

  private static func estimate(
    _ statistic: StatisticName,
    _ subject: Subject,
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    switch subject {
    case .classes(let outcomes):
      guard let measure = BinaryMeasure(rawValue: statistic.rawValue) else { return nil }
      let isOfDecisions = [.accuracy, .precision, .recall, .specificity, .f1].contains(measure)
      let n = isOfDecisions ? outcomes.confusion.count : Int(outcomes.table.count)
      guard n > 0 else { return nil }
      return (outcomes.estimate(measure, confidence: confidence), n)
    case .numbers(let outcomes):
      guard let measure = RegressionMeasure(rawValue: statistic.rawValue) else { return nil }
      return (outcomes.estimate(measure, confidence: confidence), outcomes.errors.count)
    case .estimated(let outcomes, let n):
      guard let measure = BinaryMeasure(rawValue: statistic.rawValue) else { return nil }
      return (outcomes.estimate(measure, confidence: confidence), n)
    }
  }

  /// Every figure, as it goes out.
  func measurements(_ task: QualitySpecification.Task) -> [Measurement] {
    var all: [Measurement] = []
    for signal in qualitySignals where subjects[signal] != nil {
      let own: [StatisticName] = signal == qualityName ? [.count, .maturity] : [.count]
      for statistic in own + Self.measures(of: task) {
        guard let value = value(statistic, of: signal, confidence: Self.confidence) else {
          continue
        }
        all.append(Measurement(signal: signal, statistic: statistic.rawValue, value: value))
      }
    }
    return all
  }

  /// The confidence of the intervals of records, both sides together.
  static let confidence = 0.95
}
