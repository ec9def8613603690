import Glibc

extension NoncentralChiSquaredDistribution {
  /// The point whose upper (or lower) tail has the logarithm `logTail`.
  ///
  /// Searched on the logarithms of both, where the tails are smooth over all their range, from a
  /// bracket that doubles until it holds the point.
  func inverted(logTail: Double, isUpper: Bool) -> Double {
    let difference: (Double) -> Double = { logPoint in
      let tails = self.tails(exp(logPoint))
      let tail = isUpper ? tails.upper : tails.lower
      // A tail below the smallest number is as far as can be told.
      return max(log(tail), -750) - logTail
    }
    let mean = degreesOfFreedom + noncentrality
    let spread = (2 * degreesOfFreedom + 4 * noncentrality).squareRoot() / mean
    var lower = log(mean)
    var upper = lower
    var reach = min(1, spread)
    // The upper tail falls with the point and the lower one rises.
    let isBelow: (Double) -> Bool = { (difference($0) > 0) == isUpper }
    if isBelow(upper) {
      while isBelow(upper) && upper < 709 {
        lower = upper
        upper = min(709, upper + reach)
        reach *= 2
      }
    } else {
      while !isBelow(lower) && lower > -744 {
        upper = lower
        lower = max(-744, lower - reach)
        reach *= 2
      }
    }
    return exp(MonotoneRoot.find(from: lower, to: upper, difference))
  }
}
