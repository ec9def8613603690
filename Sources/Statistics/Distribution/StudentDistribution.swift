import Glibc

/// Student's t distribution.
///
/// - **Unit and range**: quantiles in standard errors of the mean.
/// - **Accuracy**: relative error of the quantile below 1e-5 for tails of 1e-6 to 0.5, against
///   SciPy's `t`.
/// - **Source**: G. W. Hill, "Algorithm 396: Student's t-quantiles", CACM 13 (1970).
public enum StudentDistribution {
  /// The value that is exceeded with probability `tail`.
  ///
  /// - Parameters:
  ///   - tail: In `(0, 0.5]`.
  ///   - degrees: The degrees of freedom, 1 or more.
  /// - Returns: In `[0, ∞)`.
  /// - Complexity: O(1).
  public static func upperQuantile(tail: Double, degrees: Int) -> Double {
    precondition(tail > 0 && tail <= 0.5, "tail \(tail)")
    precondition(degrees >= 1, "\(degrees) degrees of freedom")
    if tail == 0.5 { return 0 }
    let both = 2 * tail
    if degrees == 1 { return 1 / tan(both * Double.pi / 2) }
    if degrees == 2 { return (2 / (both * (2 - both)) - 2).squareRoot() }
    let n = Double(degrees)
    let a = 1 / (n - 0.5)
    let b = 48 / (a * a)
    var c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    let d = ((94.5 / (b + c) - 3) / b + 1) * (a * Double.pi / 2).squareRoot() * n
    var y = pow(d * both, 2 / n)
    if y > 0.05 + a {
      // Near the normal distribution: an expansion in its quantile.
      let x = NormalDistribution.quantile(tail)
      y = x * x
      if degrees < 5 { c += 0.3 * (n - 4.5) * (x + 0.6) }
      c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
      y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
      y = a * y * y
      y = y > 0.002 ? expm1(y) : 0.5 * y * y + y
    } else {
      let inner = 1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)
      y = (inner * y - 1) * (n + 1) / (n + 2) + 1 / y
    }
    return (n * y).squareRoot()
  }
}
