/// Which order statistics a quantile of a sample and its interval are read off.
///
/// The quantile is of type 7, linear between order statistics. The interval is that between the order
/// statistics of the ranks `⌊nq − z√(nq(1 − q))⌋` and `⌈nq + z√(nq(1 − q))⌉ + 1`: no distribution is
/// assumed.
///
/// - **Source**: W. J. Conover, "Practical Nonparametric Statistics", 1999, 3.2; Hyndman, Fan, "Sample
///   quantiles in statistical packages", 1996, definition 7.
struct QuantileRanks: Sendable {
  /// The places of the two values that the quantile lies between, from 0 up.
  private let around: ClosedRange<Int>
  /// How far it is from the first to the second, in [0, 1).
  private let share: Double
  /// The places of the interval's ends; `nil` where one is beyond the sample.
  private let ends: ClosedRange<Int>?

  /// - Parameters:
  ///   - q: In [0, 1].
  ///   - count: The sample's values, one at least.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  init(_ q: Double, of count: Int, confidence: Double) {
    precondition(q >= 0 && q <= 1, "quantile \(q)")
    precondition(count > 0, "a quantile of \(count) values")
    let position = Double(count - 1) * q
    let rank = min(Int(position), count - 1)
    around = rank...min(rank + 1, count - 1)
    share = position - Double(rank)
    let n = Double(count)
    let half = QualityInterval.z(confidence: confidence) * (n * q * (1 - q)).squareRoot()
    let lower = Int((n * q - half).rounded(.down)) - 1
    let upper = Int((n * q + half).rounded(.up))
    ends = lower >= 0 && upper < count ? lower...upper : nil
  }

  /// The places that are asked for, and those between them.
  var places: ClosedRange<Int> {
    guard let ends else { return around }
    return min(ends.lowerBound, around.lowerBound)...max(ends.upperBound, around.upperBound)
  }

  /// The quantile with its interval.
  ///
  /// - Parameter value: The value at a place of the sorted sample.
  /// - Returns: The quantile; without an interval where a rank is beyond the sample.
  func estimate(_ value: (Int) -> Double) -> QualityEstimate {
    let (left, right) = (value(around.lowerBound), value(around.upperBound))
    let quantile = left * (1 - share) + right * share
    guard let ends else { return QualityEstimate(quantile, without: .tooFewPredictions) }
    let interval = value(ends.lowerBound)...value(ends.upperBound)
    return QualityEstimate(quantile, interval, within: -.infinity ... .infinity)
  }
}
