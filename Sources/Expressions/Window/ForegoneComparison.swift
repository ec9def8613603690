/// A comparison of a statistic with a constant that its values never reach, or never leave.
public struct ForegoneComparison: Equatable, Sendable {
  /// The statistic that is compared.
  public var use: StatisticUse
  /// Whether it always holds; else it never does.
  public var isAlways: Bool
}

extension StatisticName {
  /// The least and the greatest value that there can be.
  var range: ClosedRange<Double> {
    switch self {
    case .ks, .js, .hellinger, .lInfinity, .tvd, .unusable: 0...1
    case .accuracy, .precision, .recall, .specificity, .f1, .rocAUC, .averagePrecision, .ece,
      .maturity, .response, .early, .skipped, .judged, .prevalence, .imputed, .delayKS,
      .delayDrift,
      .precisionAt, .macroF1, .ndcgAt:
      0...1
    case .count, .missing, .unseen, .invalid, .outOfRange, .distinct, .std, .psi, .drift,
      .wasserstein, .chi2,
      .within, .mix, .rate, .brier, .logLoss, .mae, .rmse, .distrust, .verdict,
      .delay, .observedToExpected, .truePositives, .falsePositives, .falseNegatives,
      .trueNegatives:
      0...Double.infinity
    case .brierReliability, .brierResolution, .brierWithinBinVariance: 0...1
    case .brierUncertainty: 0...0.25
    case .brierWithinBinCovariance: -1...1
    case .agreement: -Double.infinity...1
    case .errorQuantile: -Double.infinity...Double.infinity
    case .mean, .min, .max, .p50, .p90, .p95, .p99, .value, .bias, .rSquared, .money:
      -Double.infinity...Double.infinity
    }
  }
}

extension StatisticUse {
  /// The least and the greatest value that there can be.
  fileprivate var range: ClosedRange<Double> {
    if isPValue { return 0...1 }
    let all = statistic.range
    guard isCompared, !statistic.isDistance else { return all }
    return all.lowerBound - all.upperBound...all.upperBound - all.lowerBound
  }
}

extension WindowExpression {
  /// The comparisons whose outcome no window can change, in the order in which they stand.
  public var foregone: [ForegoneComparison] { condition.foregone(uses) }
}

extension WindowCondition {
  fileprivate func foregone(_ uses: [StatisticUse]) -> [ForegoneComparison] {
    switch self {
    case .constant, .within, .isMissing: return []
    case .not(let operand): return operand.foregone(uses)
    case .and(let left, let right), .or(let left, let right):
      return left.foregone(uses) + right.foregone(uses)
    case .compare(let symbol, .statistic(let use), .constant(let limit), _):
      return Self.outcome(symbol, uses[use].range, limit)
        .map { [ForegoneComparison(use: uses[use], isAlways: $0)] } ?? []
    case .compare(let symbol, .constant(let limit), .statistic(let use), _):
      let turned = symbol.mirrored ?? symbol
      return Self.outcome(turned, uses[use].range, limit)
        .map { [ForegoneComparison(use: uses[use], isAlways: $0)] } ?? []
    case .compare: return []
    }
  }

  /// What comparing any number of a range with a limit gives; `nil` when it depends on the number.
  private static func outcome(
    _ symbol: BinaryOperator,
    _ range: ClosedRange<Double>,
    _ limit: Double
  ) -> Bool? {
    switch symbol {
    case .greater: limit < range.lowerBound ? true : limit >= range.upperBound ? false : nil
    case .greaterOrEqual: limit <= range.lowerBound ? true : limit > range.upperBound ? false : nil
    case .less: limit > range.upperBound ? true : limit <= range.lowerBound ? false : nil
    case .lessOrEqual: limit >= range.upperBound ? true : limit < range.lowerBound ? false : nil
    case .equal: range.contains(limit) ? nil : false
    case .notEqual: range.contains(limit) ? nil : true
    default: nil
    }
  }
}
