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
  }
}

extension QualityFigures.Criteria {
  /// The measures of the task that are not counts, in the order in which they go out.
  var measures: [QualityMeasure] {
    let names =
      switch task {
      case .binary: BinaryMeasure.allCases.map(\.rawValue)
      case .regression: RegressionMeasure.allCases.map(\.rawValue)
      }
    let all = names.compactMap { StatisticName(rawValue: $0) }.map { QualityMeasure($0) }
    return task == .binary ? all + tops.map { QualityMeasure(.precisionAt, top: $0) } : all
  }

  /// The counts of decisions by their outcomes.
  static let confusion: [QualityMeasure] = ConfusionCell.allCases
    .compactMap { StatisticName(rawValue: $0.rawValue) }.map { QualityMeasure($0) }
}

extension Monitor {
  /// How predictions are held against outcomes.
  var qualityCriteria: QualityFigures.Criteria {
    QualityFigures.Criteria(
      task: quality?.task ?? .binary,
      values: framing.cost.map { cost in
        OutcomeValues(
          truePositive: -cost.truePositive,
          falsePositive: -cost.falsePositive,
          falseNegative: -cost.falseNegative,
          trueNegative: -cost.trueNegative
        )
      },
      baselines: baselines.map(\.name),
      tops: quality?.top ?? []
    )
  }
}
