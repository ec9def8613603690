import Glibc

/// The central χ² distribution.
///
/// - **Unit and range**: probabilities in `[0, 1]`; quantiles in `[0, ∞]`.
/// - **Accuracy**: that of ``IncompleteGamma``: relative error below 1e-12 in either tail.
/// - **Source**: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.4.
public struct ChiSquaredDistribution: Sendable, Equatable {
  /// The degrees of freedom, above 0 and finite; not always a whole number.
  public let degreesOfFreedom: Double

  /// A χ² distribution.
  ///
  /// - Parameter degreesOfFreedom: Above 0 and finite.
  public init(degreesOfFreedom: Double) {
    precondition(
      degreesOfFreedom > 0 && degreesOfFreedom.isFinite,
      "degrees of freedom \(degreesOfFreedom)"
    )
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value at or below `x`; 0 when `x` is negative.
  ///
  /// - Complexity: O(√df) terms.
  public func cumulative(_ x: Double) -> Double {
    x <= 0 ? 0 : IncompleteGamma.lower(shape: degreesOfFreedom / 2, x / 2)
  }

  /// The probability of a value above `x`, accurate where it is small; 1 when `x` is negative.
  ///
  /// - Complexity: O(√df) terms.
  public func survival(_ x: Double) -> Double {
    x <= 0 ? 1 : IncompleteGamma.upper(shape: degreesOfFreedom / 2, x / 2)
  }

  /// The value whose cumulative probability is `probability`.
  ///
  /// - Parameter probability: In `[0, 1]`.
  /// - Returns: A number in `[0, ∞]`.
  /// - Complexity: O(√df) terms, about ten times.
  public func quantile(_ probability: Double) -> Double {
    NoncentralChiSquaredDistribution(degreesOfFreedom: degreesOfFreedom, noncentrality: 0)
      .quantile(probability)
  }
}
