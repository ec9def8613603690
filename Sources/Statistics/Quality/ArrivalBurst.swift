import Glibc

/// Whether labels of old predictions arrive faster than a year ago: a burst, after which figures that
/// reckon with the usual delay are too high.
///
/// A payment holiday, a wave of fraud or a cleared backlog brings labels to predictions of *every*
/// age; a model that errs more on new predictions does not change the labels of old ones. So the
/// positive labels that arrived lately among old predictions (younger ones left out) are compared with
/// those of the same ages a year earlier, at today's exposure: `E = Σ_a exposure_a · (arrivals_a /
/// exposure_a a year earlier)`, `z = (O − E)/√(O + Var E)`, `Var E` that of Poisson counts.
///
/// - **Ages**: from beyond the newest cohorts that are to be judged up to the horizon. With monthly
///   cohorts and a horizon of 24 months: arrivals of the last 3 months at ages from 9 months on.
/// - **False alarms**: z ≥ 3 in at most 1 % of quiet periods, also when traffic grows.
/// - **Limit**: a lasting change that is older than the least age looks like a burst; by then the
///   labels of those cohorts speak for themselves.
/// - **Source**: indirect standardisation with an estimated standard, N. E. Breslow, N. E. Day,
///   "Statistical Methods in Cancer Research" II, 1987, 2.3 and 3.4.
public struct ArrivalBurst: Sendable, Equatable {
  /// Predictions of one age in a period, and their positive labels.
  public struct Cell: Sendable, Equatable {
    /// How many predictions were of this age in the period: prediction-months, say.
    public let exposure: Int
    /// How many positive labels arrived in it.
    public let arrivals: Int

    /// Predictions of one age; both numbers are at least 0.
    public init(exposure: Int, arrivals: Int) {
      precondition(exposure >= 0 && arrivals >= 0, "\(arrivals) of \(exposure)")
      self.exposure = exposure
      self.arrivals = arrivals
    }
  }

  /// What is known of a burst.
  public enum Verdict: String, Sendable, Equatable {
    /// Labels of old predictions arrive faster than a year ago.
    case burst
    /// They arrive more slowly.
    case slowdown
    /// They arrive as fast.
    case quiet
    /// There is no year and horizon of history to compare with.
    case cannotBeTold = "cannot_be_told"
  }

  /// z from which on it is a burst; a slowdown from as much below 0 on.
  public static let limit = 3.0

  /// O: the positive labels of old predictions in the newest period.
  public let observed: Int
  /// E: those that the rates of a year ago would have given.
  public let expected: Double
  /// `(O − E)/√(O + Var E)`.
  public let z: Double
  /// Var E.
  private let variance: Double

  /// `O/E`: how many times as fast as a year ago labels of old predictions arrive; ∞ where E is 0.
  public var ratio: Double { Double(observed) / expected }

  /// ``ratio`` with its interval: normal, of the logarithm, with the relative variance
  /// `1/O + Var E/E²`.
  ///
  /// - Parameter confidence: Both sides together, in (0, 1).
  /// - Returns: In [0, ∞); absent where E is 0, without an interval where O is.
  /// - Source: as of z; Breslow and Day, 2.3.
  public func interval(confidence: Double = 0.95) -> QualityEstimate {
    guard expected > 0 else { return QualityEstimate(absent: .noPositiveOutcomes) }
    guard observed > 0 else { return QualityEstimate(0, without: .tooFewPositives) }
    let relative = 1 / Double(observed) + variance / (expected * expected)
    let factor = exp(QualityInterval.z(confidence: confidence) * relative.squareRoot())
    return QualityEstimate(ratio, ratio / factor...ratio * factor, within: 0...Double.infinity)
  }

  /// Compares the newest period with the same one a year earlier; there is nothing to compare without
  /// predictions of an age a year ago, or without a label in either.
  ///
  /// - Parameters:
  ///   - now: The newest period by age bin.
  ///   - yearBefore: The same period a year earlier, by the same bins.
  /// - Complexity: O(bins).
  public init?(now: [Cell], yearBefore: [Cell]) {
    precondition(now.count == yearBefore.count, "\(now.count) ages, \(yearBefore.count) a year ago")
    var observed = 0
    var expected = 0.0
    var variance = 0.0
    for (cell, before) in zip(now, yearBefore) where cell.exposure > 0 {
      guard before.exposure > 0 else { return nil }
      let scale = Double(cell.exposure) / Double(before.exposure)
      observed += cell.arrivals
      expected += scale * Double(before.arrivals)
      variance += scale * scale * Double(before.arrivals)
    }
    let total = Double(observed) + variance
    guard total > 0 else { return nil }
    self.observed = observed
    self.expected = expected
    self.variance = variance
    z = (Double(observed) - expected) / total.squareRoot()
  }

  /// What z says.
  public var verdict: Verdict { z >= Self.limit ? .burst : z <= -Self.limit ? .slowdown : .quiet }

  /// What is known, of the same parameters as ``init(now:yearBefore:)``.
  ///
  /// - Parameters:
  ///   - now: The newest period by age bin.
  ///   - yearBefore: The same period a year earlier, by the same bins.
  /// - Returns: A burst where z reaches ``limit``, a slowdown where −z does.
  /// - Complexity: O(bins).
  public static func verdict(now: [Cell], yearBefore: [Cell]) -> Verdict {
    Self(now: now, yearBefore: yearBefore)?.verdict ?? .cannotBeTold
  }
}
