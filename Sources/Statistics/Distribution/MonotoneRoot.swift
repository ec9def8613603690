import Glibc

/// Finds where a function changes sign between two points.
///
/// - **Guarantee**: the bracket always holds the sign change; it at least halves every third step.
/// - **Source**: Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of
///   a nonlinear function without using derivatives", 1997.
struct MonotoneRoot {
  /// More steps than bisection needs to separate any two doubles of one sign.
  private static let stepsMax = 200

  /// The point within a few units in the last place of the sign change of `function`.
  ///
  /// - Parameters:
  ///   - lower: Where the function has one sign (or is 0).
  ///   - upper: Where it has the other (or is 0).
  ///   - function: Monotone between the two.
  /// - Returns: The end of the bracket where the function is nearer to 0.
  static func find(
    from lower: Double,
    to upper: Double,
    _ function: (Double) -> Double
  ) -> Double {
    var b = lower
    var a = upper
    var fb = function(b)
    var fa = function(a)
    var c = a
    var fc = fa
    var share = 0.5
    for _ in 0..<stepsMax {
      let x = a + share * (b - a)
      let fx = function(x)
      if (fx > 0) == (fa > 0) {
        (c, fc) = (a, fa)
      } else {
        (c, fc) = (b, fb)
        (b, fb) = (a, fa)
      }
      (a, fa) = (x, fx)
      let best = abs(fa) < abs(fb) ? a : b
      let tolerance = 2 * best.ulp / abs(b - c)
      if tolerance > 0.5 || fa == 0 || fb == 0 { return best }
      let xi = (a - b) / (c - b)
      let phi = (fa - fb) / (fc - fb)
      if phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi {
        share =
          fa / (fb - fa) * fc / (fb - fc)
          + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
      } else {
        share = 0.5
      }
      share = min(1 - tolerance, max(tolerance, share))
    }
    return abs(fa) < abs(fb) ? a : b
  }
}
