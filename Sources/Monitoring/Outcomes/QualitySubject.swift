internal import Expressions
internal import Statistics

/// Something that has measures of quality.
enum QualitySubject: Sendable {
  /// Decisions between two classes, and scores.
  case classes(BinaryOutcomes)
  /// Decisions among several classes, and of each prediction with scores what its outcome's class had.
  case kinds(ClassConfusion, [Double])
  /// Decisions for and against one of several classes.
  case oneOfSeveral(ConfusionCounts)
  /// Rankings of groups.
  case rankings(RankedRows)
  /// Predicted numbers.
  case numbers(RegressionOutcomes)
  /// Predictions of two classes as they are to be expected without outcomes; of how many.
  case estimated(EstimatedOutcomes, n: Int)
  /// The outcomes at each value of a feature.
  case leak(BinaryOutcomes)
  /// Decisions alone.
  case decisions(ConfusionCounts)
  /// Decisions beside those of a baseline.
  case lift(PairedDecisions)
  /// A sample whose labels were asked for.
  case sample(SampledLosses)

  /// The predictions behind it; `nil`: those whose outcome is known.
  var count: Int? {
    switch self {
    case .classes, .kinds, .rankings, .numbers: nil
    case .oneOfSeveral(let counts): counts.positives
    case .leak(let outcomes): outcomes.confusion.count
    case .estimated(_, let n): n
    case .decisions(let counts): counts.count
    case .lift(let pairs): pairs.count
    case .sample(let sample): sample.members.count
    }
  }

  /// Brier's score in parts, and the predictions behind it; `nil` where it has none.
  var brier: (parts: BrierDecomposition, n: Int)? {
    guard case .classes(let outcomes) = self else { return nil }
    return outcomes.table.brierDecomposition.map { ($0, Int(outcomes.table.count)) }
  }

  /// A measure with its interval, and the predictions behind it; `nil` where it has none such.
  func estimate(
    _ measure: QualityMeasure,
    _ values: OutcomeValues?,
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    if measure.statistic == .money { return money(values, confidence: confidence) }
    if let top = measure.top { return estimate(measure.statistic, top, confidence: confidence) }
    if let cell = ConfusionCell(rawValue: measure.name) {
      return count(of: cell, confidence: confidence)
    }
    if let part = BrierPart(rawValue: measure.name) {
      return brier.map { (QualityEstimate($0.parts[part], without: .noIntervalKnown), $0.n) }
    }
    if case .numbers(let outcomes) = self {
      guard let measure = RegressionMeasure(rawValue: measure.name) else { return nil }
      return (outcomes.estimate(measure, confidence: confidence), outcomes.errors.count)
    }
    if case .kinds(let confusion, let scores) = self {
      return KindMeasure(rawValue: measure.name).flatMap {
        Self.estimate($0, confusion, scores, confidence: confidence)
      }
    }
    return BinaryMeasure(rawValue: measure.name).flatMap {
      estimate($0, confidence: confidence)
    }
  }

  private static func estimate(
    _ measure: KindMeasure,
    _ confusion: ClassConfusion,
    _ scores: [Double],
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    switch measure {
    case .accuracy: (confusion.accuracy(confidence: confidence), confusion.count)
    case .macroF1: (confusion.macroF1(confidence: confidence), confusion.count)
    case .logLoss: (multiClassLogLoss(ofOutcomes: scores, confidence: confidence), scores.count)
    }
  }

  private func estimate(
    _ measure: BinaryMeasure,
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    switch self {
    case .numbers, .kinds, .rankings: return nil
    case .leak(let outcomes):
      guard measure == .rocAUC else { return nil }
      let area = outcomes.estimate(.rocAUC, confidence: confidence)
      return (area.awayFromHalf, outcomes.confusion.count)
    case .classes(let outcomes):
      let n = measure.isOfDecisions ? outcomes.confusion.count : Int(outcomes.table.count)
      return n > 0 ? (outcomes.estimate(measure, confidence: confidence), n) : nil
    case .estimated(let outcomes, let n):
      return (outcomes.estimate(measure, confidence: confidence), n)
    case .decisions(let counts), .oneOfSeveral(let counts):
      guard measure.isOfDecisions else { return nil }
      let outcomes = BinaryOutcomes(
        confusion: counts,
        table: ScoreTable(scores: [], outcomes: [])
      )
      return (outcomes.estimate(measure, confidence: confidence), counts.count)
    case .lift(let pairs): return (pairs.lift(measure, confidence: confidence), pairs.count)
    case .sample(let sample):
      guard measure == .accuracy, !sample.members.isEmpty else { return nil }
      return (sample.estimate(confidence: confidence).complement, sample.members.count)
    }
  }

  /// A count of decisions by their outcomes: what is known is a fact, and has no interval.
  private func count(
    of cell: ConfusionCell,
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    switch self {
    case .numbers, .kinds, .rankings, .lift, .sample, .leak: return nil
    case .classes(let outcomes): return Self.count(of: cell, outcomes.confusion)
    case .decisions(let counts), .oneOfSeveral(let counts): return Self.count(of: cell, counts)
    case .estimated(let outcomes, let n):
      return (outcomes.count(of: cell, confidence: confidence), n)
    }
  }

  private static func count(
    of cell: ConfusionCell,
    _ counts: ConfusionCounts
  ) -> (QualityEstimate, n: Int)? {
    guard counts.count > 0 else { return nil }
    return (QualityEstimate(Double(counts[cell]), without: .noIntervalKnown), counts.count)
  }

  /// A measure of the predictions with the greatest scores.
  private func estimate(
    _ statistic: StatisticName,
    _ top: TopPredictions,
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    switch self {
    case .kinds, .oneOfSeveral, .decisions, .lift, .sample, .leak: return nil
    case .numbers(let outcomes):
      guard statistic == .errorQuantile, case .percentage(let part) = top else { return nil }
      let quantile = outcomes.errorQuantile(part / 100, confidence: confidence)
      return (quantile, outcomes.errors.count)
    case .rankings(let rankings):
      guard statistic == .ndcgAt, let places = top.count else { return nil }
      return rankings.gain(places: places, confidence: confidence)
    case _ where statistic != .precisionAt: return nil
    case .classes(let outcomes):
      let size = top.size(in: outcomes.table)
      return (outcomes.table.precision(top: size, confidence: confidence), size)
    case .estimated(let outcomes, _):
      let size = top.size(in: outcomes.table)
      return (outcomes.precision(top: size, confidence: confidence), size)
    }
  }

  private func money(
    _ values: OutcomeValues?,
    confidence: Double
  ) -> (QualityEstimate, n: Int)? {
    guard let values else { return nil }
    switch self {
    case .numbers, .kinds, .rankings, .oneOfSeveral, .sample, .leak: return nil
    case .classes(let outcomes):
      return (values.total(outcomes.confusion, confidence: confidence), outcomes.confusion.count)
    case .estimated(let outcomes, let n):
      return (outcomes.total(values, confidence: confidence), n)
    case .decisions(let counts):
      return (values.total(counts, confidence: confidence), counts.count)
    case .lift(let pairs): return (pairs.lift(values, confidence: confidence), pairs.count)
    }
  }
}

/// A measure of decisions among several classes.
enum KindMeasure: String, CaseIterable {
  /// The share of decisions that are right.
  case accuracy
  /// The mean over the classes of F1.
  case macroF1 = "macro_f1"
  /// The mean negative logarithm of the probability of the class that came.
  case logLoss = "log_loss"
}

extension TopPredictions {
  /// How many predictions of a table it is; 1 at least.
  fileprivate func size(in table: ScoreTable) -> Int {
    switch self {
    case .count(let count): max(1, min(count, Int(table.count)))
    case .percentage(let value): table.size(ofTopShare: value / 100)
    }
  }
}

extension QualityEstimate {
  /// An area that is as far above ½ as this one is above or below: a feature that is high where the
  /// outcome is negative tells as much.
  fileprivate var awayFromHalf: QualityEstimate {
    guard let value, value < 0.5 else { return self }
    return complement
  }

  /// The estimate of one less the number.
  fileprivate var complement: QualityEstimate {
    guard let value else { return self }
    guard let interval else {
      return absence.map { QualityEstimate(1 - value, without: $0) } ?? self
    }
    return QualityEstimate(1 - value, 1 - interval.upperBound...1 - interval.lowerBound)
  }
}

extension BinaryMeasure {
  /// Whether it is of decisions, and not of scores.
  fileprivate var isOfDecisions: Bool {
    switch self {
    case .accuracy, .precision, .recall, .specificity, .f1: true
    case .rocAUC, .averagePrecision, .brier, .logLoss, .ece: false
    }
  }
}
