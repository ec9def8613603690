internal import Specification
internal import Statistics

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
      baselines: baselines.map(\.name)
    )
  }
}
