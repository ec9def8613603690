import Glibc

/// The limit distribution of `√N · sup|F − G|` when both samples have one continuous parent.
///
/// - **Accuracy**: relative error of the survival function below 1e-12, against SciPy's
///   `kstwobign.sf`; 1 − survival is accurate in absolute terms.
/// - **Source**: Kolmogorov 1933; the dual series for small arguments is Jacobi's theta identity,
///   Feller, "On the Kolmogorov–Smirnov limit theorems", 1948, eq. 1.4.
public enum KolmogorovDistribution {
  /// Below this the alternating series needs many terms and cancels; the theta-dual series needs
  /// three at most up to 1, so either serves between 0.4 and 1.
  private static let dualBelow = 0.9

  /// The probability of a value above `x`: `2 Σ_{k≥1} (−1)^{k−1} e^{−2k²x²}`.
  ///
  /// - Returns: A number in `[0, 1]`; 1 when `x` is 0 or negative.
  /// - Complexity: O(1).
  public static func survival(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x < dualBelow { return 1 - dualCumulative(x) }
    let q = exp(-2 * x * x)
    var sum = 0.0
    var sign = 1.0
    for k in 1...8 {
      let term = pow(q, Double(k * k))
      sum += sign * term
      if term < 1e-18 * sum { break }
      sign = -sign
    }
    return min(1, 2 * sum)
  }

  /// The probability of a value at or below `x`, accurate where it is small.
  ///
  /// - Returns: A number in `[0, 1]`; 0 when `x` is 0 or negative.
  /// - Complexity: O(1).
  public static func cumulative(_ x: Double) -> Double {
    if x <= 0 { return 0 }
    return x < dualBelow ? dualCumulative(x) : 1 - survival(x)
  }

  /// `√(2π)/x · Σ_{k≥1} e^{−(2k−1)²π²/(8x²)}`.
  private static func dualCumulative(_ x: Double) -> Double {
    let exponent = -Double.pi * Double.pi / (8 * x * x)
    if exponent < -745 { return 0 }
    var sum = 0.0
    for k in 1...6 {
      let odd = Double(2 * k - 1)
      sum += exp(exponent * odd * odd)
    }
    return (2 * Double.pi).squareRoot() / x * sum
  }
}
