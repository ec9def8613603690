internal import Expressions
internal import Statistics

extension BoundedNumber {
  /// A number with the bounds of what it is made of.
  typealias Bounded = (value: Double, bounds: ClosedRange<Double>)

  /// The number and its bounds.
  ///
  /// - Parameters:
  ///   - tail: The probability that it is beyond one of them, in (0, ½).
  ///   - value: The value of a statistic, by its index among the expression's uses.
  ///   - statistic: A statistic with its bounds at a probability.
  /// - Returns: `nil` where a part of it is not known.
  func bounds(
    tail: Double,
    value: (Int) -> Double?,
    statistic: (Int, Double) -> Bounded?
  ) -> Bounded? {
    func inner(_ number: BoundedNumber, _ tail: Double) -> Bounded? {
      number.bounds(tail: tail, value: value, statistic: statistic)
    }
    switch self {
    case .statistic(let use): return statistic(use, tail)
    case .share(let uses, let all):
      let hits = uses.map(value)
      guard let n = value(all), n > 0, !hits.contains(nil) else { return nil }
      let share = Estimate(hits.compactMap(\.self).reduce(0, +) / n, .share(of: Int(n)))
      return share.bounds(tail: tail).map { (share.value, $0) }
    case .change(let now, let before):
      guard let one = inner(now, tail), let other = inner(before, tail), other.value != 0 else {
        return nil
      }
      let ratio = ratioBounds(one, to: other)
      return (one.value / other.value - 1, ratio.lowerBound - 1...ratio.upperBound - 1)
    case .scaled(let number, let factor):
      return inner(number, tail).map { ($0.value * factor, $0.bounds.scaled(by: factor)) }
    case .shifted(let number, let offset):
      return inner(number, tail).map {
        ($0.value + offset, $0.bounds.lowerBound + offset...$0.bounds.upperBound + offset)
      }
    case .absolute(let number):
      // Either side may be the one that is beyond a limit, so each has half of the probability.
      return inner(number, tail / 2).map { ($0.value.magnitude, $0.bounds.magnitude) }
    }
  }
}

extension ClosedRange<Double> {
  fileprivate func scaled(by factor: Double) -> ClosedRange<Double> {
    // An infinite end times 0 is no number.
    guard factor != 0 else { return 0...0 }
    let (one, other) = (lowerBound * factor, upperBound * factor)
    return Swift.min(one, other)...Swift.max(one, other)
  }

  /// The magnitudes of the numbers within.
  fileprivate var magnitude: ClosedRange<Double> {
    let (one, other) = (lowerBound.magnitude, upperBound.magnitude)
    let least = contains(0) ? 0 : Swift.min(one, other)
    return least...Swift.max(one, other)
  }
}
