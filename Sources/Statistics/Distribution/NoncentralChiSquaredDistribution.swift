import Glibc

/// The non-central χ² distribution.
///
/// The sum of squares of `df` unit normals whose means' squares sum to λ, and the distribution of
/// `N · PSI` when the true index is `λ / N`.
///
/// - **Unit and range**: probabilities in `[0, 1]`; quantiles in `[0, ∞]`.
/// - **Accuracy**: relative error below 1e-10 in either tail down to 1e-250, for `df` up to 5,000
///   and λ up to 1e7 (see the tables of the tests).
/// - **Source**: mixture of central ones: Johnson, Kotz, Balakrishnan, "Continuous Univariate
///   Distributions 2", 1995, (29.2); inversion along the saddle-point's vertical: Rice,
///   "Efficient evaluation of integrals of analytic functions by the trapezoidal rule", 1973, and
///   Helstrom, "Computing the generalized Marcum Q-function", 1992.
public struct NoncentralChiSquaredDistribution: Sendable, Equatable {
  /// The degrees of freedom, above 0 and finite.
  public let degreesOfFreedom: Double
  /// λ, the sum of squared means, at least 0 and finite.
  public let noncentrality: Double

  /// A non-central χ² distribution.
  ///
  /// - Parameters:
  ///   - degreesOfFreedom: Above 0 and finite.
  ///   - noncentrality: At least 0 and finite.
  public init(degreesOfFreedom: Double, noncentrality: Double) {
    precondition(
      degreesOfFreedom > 0 && degreesOfFreedom.isFinite,
      "degrees of freedom \(degreesOfFreedom)"
    )
    precondition(noncentrality >= 0 && noncentrality.isFinite, "noncentrality \(noncentrality)")
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  /// The probability of a value at or below `x`; 0 when `x` is negative.
  ///
  /// - Complexity: O(√df) terms, a few hundred at most while λ is small; about 50 else.
  public func cumulative(_ x: Double) -> Double {
    tails(x).lower
  }

  /// The probability of a value above `x`, accurate where it is small; 1 when `x` is negative.
  ///
  /// - Complexity: as that of ``cumulative(_:)``.
  public func survival(_ x: Double) -> Double {
    tails(x).upper
  }

  /// The value whose cumulative probability is `probability`.
  ///
  /// - Parameter probability: In `[0, 1]`.
  /// - Returns: A number in `[0, ∞]`.
  /// - Complexity: about ten times that of ``cumulative(_:)``.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "probability \(probability)")
    if probability == 0 { return 0 }
    if probability == 1 { return .infinity }
    return probability <= 0.5
      ? inverted(logTail: log(probability), isUpper: false)
      : inverted(logTail: log1p(-probability), isUpper: true)
  }

  /// The value that is exceeded with probability `tail`, accurate where it is small.
  ///
  /// - Parameter tail: In `[0, 1]`.
  /// - Returns: A number in `[0, ∞]`.
  /// - Complexity: about ten times that of ``survival(_:)``.
  public func upperQuantile(tail: Double) -> Double {
    precondition(tail >= 0 && tail <= 1, "tail \(tail)")
    if tail == 0 { return .infinity }
    if tail == 1 { return 0 }
    return tail <= 0.5
      ? inverted(logTail: log(tail), isUpper: true)
      : inverted(logTail: log1p(-tail), isUpper: false)
  }
}
