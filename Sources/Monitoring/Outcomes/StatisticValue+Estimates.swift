internal import Records
internal import Statistics

extension StatisticValue {
  /// An estimate as a statistic; `nil` where it has no value.
  init?(_ estimate: QualityEstimate, n: Int) {
    guard let value = estimate.value else { return nil }
    self.init(
      value: value,
      low: estimate.interval?.lowerBound,
      high: estimate.interval?.upperBound,
      n: n
    )
  }

  /// A share with Wilson's interval; `nil` of nothing.
  init?(hits: Int, of n: Int, confidence: Double) {
    guard let interval = WilsonInterval(hits: hits, of: n, confidence: confidence) else {
      return nil
    }
    self.init(value: Double(hits) / Double(n), low: interval.lower, high: interval.upper, n: n)
  }
}
