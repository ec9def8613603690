extension SampledLosses {
  /// The difference estimate with an interval that holds for rare losses, too.
  ///
  /// A loss where little was expected weighs much and is seldom in the sample: the normal interval
  /// does not know of those that were not drawn. Here the sum of the positive residuals `(loss −
  /// q)/Nπ` and that of the negative ones are each a weighted sum of Poisson counts with the gamma
  /// limits of Fay and Feuer, whose upper limit counts one more event of the greatest weight that
  /// the sample could have had. The two are put together by their squares, as limits of a
  /// difference.
  ///
  /// - Parameter confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The estimate, cut to [0, 1]; without an interval of fewer than ``leastMembers``.
  /// - Complexity: O(n).
  /// - Source: M. P. Fay, E. J. Feuer, "Confidence intervals for directly standardized rates: a
  ///   method based on the gamma distribution", Statistics in Medicine 16 (1997); A. Donner, G. Y.
  ///   Zou, "Closed-form confidence intervals for functions of the normal mean and standard
  ///   deviation", Statistical Methods in Medical Research 21 (2012), for the difference.
  public func estimate(confidence: Double = 0.95) -> QualityEstimate {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    guard let mean = difference else { return QualityEstimate(absent: .noPredictions) }
    let value = min(1, max(0, mean.value))
    guard members.count >= Self.leastMembers else {
      return QualityEstimate(value, without: .tooFewPredictions)
    }
    var more = WeightedEvents()
    var less = WeightedEvents()
    for member in members {
      let weight = 1 / (population * member.inclusion)
      let chance = (1 - member.inclusion).squareRoot()
      let residual = member.loss - member.expected
      if residual > 0 {
        more.insert(residual * weight, chance: chance)
      } else {
        less.insert(-residual * weight, chance: chance)
      }
      more.couldHave((1 - member.expected) * weight, chance: chance)
      less.couldHave(member.expected * weight, chance: chance)
    }
    let tail = (1 - confidence) / 2
    let (above, below) = (more.limits(tail: tail), less.limits(tail: tail))
    let down = (more.sum - above.lower, below.upper - less.sum)
    let up = (above.upper - more.sum, less.sum - below.lower)
    return QualityEstimate(
      value,
      mean.value - (down.0 * down.0 + down.1 * down.1).squareRoot()...mean.value
        + (up.0 * up.0 + up.1 * up.1).squareRoot()
    )
  }
}

/// A weighted sum of Poisson counts.
private struct WeightedEvents {
  private(set) var sum = 0.0
  private var variance = 0.0
  /// The greatest weight that an event could have had.
  private var most = 0.0

  /// Counts an event; `chance` is √(1 − π), the part of its weight that is due to the draw.
  mutating func insert(_ weight: Double, chance: Double) {
    sum += weight
    variance += weight * weight * chance * chance
  }

  mutating func couldHave(_ weight: Double, chance: Double) { most = max(most, weight * chance) }

  func limits(tail: Double) -> (lower: Double, upper: Double) {
    let lower = Self.gamma(mean: sum, variance: variance) { $0.quantile(tail) }
    let upper = Self.gamma(mean: sum + most, variance: variance + most * most) {
      $0.quantile(1 - tail)
    }
    return (min(sum, lower), max(sum, upper))
  }

  /// A quantile of the gamma distribution with a mean and a variance: that of χ² with
  /// 2·mean²/variance degrees of freedom, scaled.
  private static func gamma(
    mean: Double,
    variance: Double,
    _ quantile: (ChiSquaredDistribution) -> Double
  ) -> Double {
    guard mean > 0, variance > 0 else { return mean }
    let degrees = 2 * mean * mean / variance
    guard degrees.isFinite else { return mean }
    return quantile(ChiSquaredDistribution(degreesOfFreedom: degrees)) * mean / degrees
  }
}
