/// A weighted sum of Poisson counts of events that were seen with a chance, and its limits.
///
/// - **Source**: M. P. Fay, E. J. Feuer, "Confidence intervals for directly standardized rates: a
///   method based on the gamma distribution", Statistics in Medicine 16 (1997).
struct WeightedEvents {
  private(set) var sum = 0.0
  private var variance = 0.0
  /// The greatest weight that an event could have had.
  private var most = 0.0

  /// Counts events of a weight; `chance` is √(1 − π), the part of it that is due to the draw.
  mutating func insert(_ weight: Double, chance: Double, times: Int = 1) {
    sum += Double(times) * weight
    variance += Double(times) * weight * weight * chance * chance
  }

  /// Says that an event of a weight could have been seen.
  mutating func couldHave(_ weight: Double, chance: Double) { most = max(most, weight * chance) }

  /// The lower and the upper limit, each with a tail probability; never beyond the sum's side.
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
