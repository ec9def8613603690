/// A measured number, and what its confidence bounds are made of.
public struct Estimate: Sendable, Equatable {
  /// What is known of how far chance moves the number.
  public enum Basis: Sendable, Equatable {
    /// Nothing: it is compared as it is.
    case none
    /// It is the share of so many events.
    case share(of: Int)
    /// It is a mean, or a quotient of two sums: its standard error, and the degrees of freedom.
    case mean(standardError: Double, degrees: Int)
    /// It is a count, a sum or a rate: how it varied from window to window.
    case spread(WindowSpread)
  }

  /// The number.
  public var value: Double
  /// What its bounds are made of.
  public var basis: Basis

  /// Makes an estimate.
  public init(_ value: Double, _ basis: Basis = .none) {
    self.value = value
    self.basis = basis
  }

  /// The bounds, each of which is wrong with the probability `tail` on its own.
  ///
  /// - A share: Wilson's, ``WilsonInterval``, with the correction for continuity.
  /// - A mean: `value ± t · standard error`; the whole line where there is no standard error, as of
  ///   one value alone.
  /// - A count, a sum, a rate: ``WindowSpread``.
  ///
  /// - Parameter tail: In (0, 0.5).
  /// - Returns: Bounds around the value; `nil` where there is no basis.
  /// - Complexity: O(1).
  public func bounds(tail: Double) -> ClosedRange<Double>? {
    switch basis {
    case .none: return nil
    case .share(let trials):
      let hits = Int((value * Double(trials)).rounded())
      return WilsonInterval(hits: hits, of: trials, correctedTail: tail).map { $0.lower...$0.upper }
    case .mean(let error, let degrees):
      guard error.isFinite, degrees >= 1 else { return -.infinity ... .infinity }
      let half = error * StudentDistribution.upperQuantile(tail: tail, degrees: degrees)
      return value - half...value + half
    case .spread(let spread): return spread.bounds(around: value, tail: tail)
    }
  }
}

extension Estimate {
  /// The mean of values with a spread.
  ///
  /// - Parameters:
  ///   - mean: The mean.
  ///   - deviation: The values' population standard deviation (ddof 0).
  ///   - count: How many values.
  public init(mean: Double, deviation: Double, count: Int) {
    let error = count > 1 ? deviation / Double(count - 1).squareRoot() : .infinity
    self.init(mean, .mean(standardError: error, degrees: max(1, count - 1)))
  }

  /// A quotient of two sums over the same events, `Σy / Σx`.
  ///
  /// The delta method, `√n · s(y − R x) / |Σx|`. How the two vary together is not counted, so the
  /// spread is taken as if they moved against each other, `s(y) + |R| s(x)`: the bound errs on the
  /// side of silence.
  ///
  /// - Parameters:
  ///   - above: The mean and the population standard deviation of y over all events.
  ///   - below: Those of x; the mean is not 0.
  ///   - count: The events.
  /// - Source: W. G. Cochran, "Sampling Techniques", 1977, 6.3.
  public init(
    ratioOf above: (mean: Double, deviation: Double),
    to below: (mean: Double, deviation: Double),
    count: Int
  ) {
    let ratio = above.mean / below.mean
    let deviation = (above.deviation + abs(ratio) * below.deviation) / abs(below.mean)
    self.init(mean: ratio, deviation: deviation, count: count)
  }
}
