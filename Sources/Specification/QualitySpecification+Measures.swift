import Expressions

extension QualitySpecification.Task {
  /// Whether `quality` can have a statistic, so that a rule that asks for it is not always unknown.
  ///
  /// What is no measure of predictions held against outcomes, such as the maturity, all tasks have.
  func has(_ statistic: StatisticName) -> Bool {
    switch statistic {
    case .accuracy, .logLoss: self == .binary || self == .multiclass
    case .precision, .recall, .specificity, .f1, .rocAUC, .averagePrecision, .brier, .ece:
      self == .binary
    case .brierReliability, .brierResolution, .brierUncertainty, .brierWithinBinVariance,
      .brierWithinBinCovariance:
      self == .binary
    case .truePositives, .falsePositives, .falseNegatives, .trueNegatives, .precisionAt, .money:
      self == .binary
    case .macroF1: self == .multiclass
    case .agreement: self != .multiclass
    case .mae, .rmse, .bias, .rSquared, .errorQuantile: self == .regression
    case .ndcgAt: self == .ranking
    default: true
    }
  }

  /// A measure that the task has, as a rule asks for it.
  var example: String {
    switch self {
    case .binary, .multiclass: "accuracy(quality)"
    case .regression: "mae(quality)"
    case .ranking: "ndcg_at(quality, 10)"
    }
  }
}
