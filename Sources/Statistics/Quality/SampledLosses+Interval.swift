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
