/// How a count, a sum or a rate varies from one window to another like it.
///
/// Counts of events are over-dispersed: they vary more than Poisson's law has it, by an amount that
/// only earlier windows tell. The standard deviation is that of successive differences,
/// `s² = Σ(x_{i+1} − x_i)² / 2(k − 1)`, which a trend or the season of the day moves little. The
/// half-width is that of a prediction interval, `t_ν · s · √(1 + 1/k)` with the degrees of freedom
/// `ν = ⌊2(k − 1)² / (3k − 4)⌋`. Where no value is below 0 all is done on the scale of square roots,
/// because counts have a long right tail.
///
/// - **False alarms**: of negative binomial counts whose mean, 10 or more, is at the limit at most
///   1 % a side at 99 % confidence, for standard deviations up to the mean.
/// - **Source**: J. von Neumann, R. H. Kent, H. R. Bellinson, B. I. Hart, "The mean square successive
///   difference", Annals of Mathematical Statistics 12 (1941); square roots: M. S. Bartlett, "The
///   square root transformation in analysis of variance", Supplement to JRSS 3 (1936).
public struct WindowSpread: Sendable, Equatable {
  /// How many earlier windows it is taken from.
  public let windows: Int
  private let deviation: Double
  /// Whether the deviation is that of square roots: no value is below 0.
  private let isOfRoots: Bool

  /// The fewest windows that say how much a number varies.
  public static let fewestWindows = 8

  /// The spread of some windows; `nil` of fewer than ``fewestWindows``.
  ///
  /// - Parameter earlier: The number in earlier windows, from one to the next in time, either way.
  /// - Complexity: O(k).
  public init?(_ earlier: [Double]) {
    guard earlier.count >= Self.fewestWindows else { return nil }
    windows = earlier.count
    isOfRoots = earlier.allSatisfy { $0 >= 0 }
    let values = isOfRoots ? earlier.map { $0.squareRoot() } : earlier
    let squares = zip(values, values.dropFirst()).reduce(0) { sum, pair in
      sum + (pair.1 - pair.0) * (pair.1 - pair.0)
    }
    deviation = (squares / Double(2 * (windows - 1))).squareRoot()
  }

  /// The bounds of a number that varies so.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - tail: The probability of each side, in (0, 0.5).
  /// - Returns: Bounds around it; at least 0 where no earlier value was less.
  /// - Complexity: O(1).
  public func bounds(around value: Double, tail: Double) -> ClosedRange<Double> {
    let degrees = 2 * (windows - 1) * (windows - 1) / (3 * windows - 4)
    let half =
      StudentDistribution.upperQuantile(tail: tail, degrees: degrees)
      * (1 + 1 / Double(windows)).squareRoot() * deviation
    guard isOfRoots, value >= 0 else { return value - half...value + half }
    guard half > 0 else { return value...value }
    let root = value.squareRoot()
    let least = max(0, root - half)
    return least * least...(root + half) * (root + half)
  }
}
