internal import Expressions
internal import Specification
internal import Statistics

extension QualityFigures {
  /// How rows are held against their outcomes.
  struct Criteria {
    /// What is predicted.
    var task: QualitySpecification.Task
    /// What decisions are worth.
    var values: OutcomeValues?
    /// The names of the baselines, in their order.
    var baselines: [String] = []
    /// Of how many predictions with the greatest scores records tell.
    var tops: [TopPredictions] = []
    /// The signals of the features that are held against the outcome by themselves.
    var leakage: [String] = []
    /// The classes, where there are several.
    var classes = ClassCodes([])

    /// What quality says of how.
    init(_ quality: QualitySpecification?) {
      task = quality?.task ?? .binary
      tops = quality?.top ?? []
      classes = ClassCodes(quality?.classes ?? [])
    }
  }
}

extension QualityFigures.Criteria {
  /// The measures of the task that are not counts, in the order in which they go out.
  var measures: [QualityMeasure] {
    switch task {
    case .binary:
      Self.named(BinaryMeasure.allCases.map(\.rawValue)) + Self.brierParts
        + tops.map { QualityMeasure(.precisionAt, top: $0) }
    case .multiclass: Self.named(KindMeasure.allCases.map(\.rawValue))
    case .ranking: tops.map { QualityMeasure(.ndcgAt, top: $0) }
    case .regression:
      Self.named(RegressionMeasure.allCases.map(\.rawValue))
        + Self.errorQuantiles.map { QualityMeasure(.errorQuantile, top: .percentage($0)) }
    }
  }

  /// The measures that a signal may have, counts behind the others.
  func measures(of signal: String) -> [QualityMeasure] {
    if signal.hasPrefix(leakagePrefix) { return [QualityMeasure(.rocAUC)] }
    if signal.hasPrefix(classPrefix) { return Self.ofClass + Self.confusion }
    return task == .binary ? measures + Self.confusion : measures
  }

  private static func named(_ names: [String]) -> [QualityMeasure] {
    names.compactMap { StatisticName(rawValue: $0) }.map { QualityMeasure($0) }
  }

  /// The measures of one of several classes.
  private static let ofClass = [
    QualityMeasure(.precision), QualityMeasure(.recall), QualityMeasure(.f1),
  ]

  /// The parts of Brier's score.
  private static let brierParts = named(BrierPart.allCases.map(\.rawValue))

  /// Of which quantiles of the error records tell, in per cent.
  private static let errorQuantiles = [5.0, 25, 50, 75, 95]

  /// The counts of decisions by their outcomes.
  private static let confusion = named(ConfusionCell.allCases.map(\.rawValue))
}

extension Monitor {
  /// How predictions are held against outcomes.
  var qualityCriteria: QualityFigures.Criteria {
    var criteria = QualityFigures.Criteria(quality)
    criteria.values = framing.cost.map { cost in
      OutcomeValues(
        truePositive: -cost.truePositive,
        falsePositive: -cost.falsePositive,
        falseNegative: -cost.falseNegative,
        trueNegative: -cost.trueNegative
      )
    }
    criteria.baselines = baselines.map(\.name)
    criteria.leakage = quality?.leakage.map { leakageSignal($0) } ?? []
    return criteria
  }
}
