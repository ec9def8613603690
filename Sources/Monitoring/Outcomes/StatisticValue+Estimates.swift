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

  /// The difference of two numbers of different predictions, with its interval; `nil` where either has
  /// none.
  ///
  /// - Source: G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a
  ///   general approach", Statistics in Medicine 27 (2008): the ends are as far from the difference as
  ///   the root of the sum of squares of how far each number's own end is from it.
  init?(_ one: StatisticValue, less other: StatisticValue) {
    guard let low = one.low, let high = one.high, let otherLow = other.low,
      let otherHigh = other.high
    else { return nil }
    func distance(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    let difference = one.value - other.value
    self.init(
      value: difference,
      low: difference - distance(one.value - low, otherHigh - other.value),
      high: difference + distance(high - one.value, other.value - otherLow),
      n: min(one.n, other.n)
    )
  }
}
