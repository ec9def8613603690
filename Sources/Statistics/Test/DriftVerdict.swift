import Glibc

/// What a histogram says about drift beyond a tolerance.
public struct DriftVerdict: Sendable, Equatable {
  /// The index as measured, nats.
  public let psi: Double
  /// The one-sided lower bound of the true index at the confidence asked for.
  ///
  /// The smallest δ′ ≥ 0 that is not rejected; 0 when the index is not significantly above 0.
  /// Never above `psi` when the confidence is at least ½.
  public let low: Double
  /// The probability of an index at least as large when the true one equals the tolerance.
  public let pValue: Double
  /// The tolerated index δ, nats.
  public let tolerance: Double
  /// The confidence of `low`, in (0, 1).
  public let confidence: Double

  /// Whether the true index is above the tolerance, at the confidence.
  public var exceedsTolerance: Bool { pValue < 1 - confidence }
}

/// Whether the true population stability index is above a tolerance, and how far surely.
///
/// A true index of at most δ is rejected when `N·PSI > ncx2⁻¹(confidence; B − 1, δN)`, with
/// `N = 1/(1/n + 1/m)`. `low` is the δ′ at which equality holds.
///
/// - **Shape**: an index of `populationStability` over `bins` bins that are fixed by the reference.
/// - **Error kind**: probabilistic: where the true index is δ, the share of false alarms is
///   1 − confidence, up to the expansion of PSI to second order: for bins with expected counts
///   above about 5 within 1.2 of its nominal value; with no drift at all far smaller.
/// - **Source**: after Potgieter, van Zyl, Schutte, Lombard, arXiv 2307.11878, and Yurdakul, 2018.
///
///     driftBeyondTolerance(
///       psi: 0.25, bins: 10, referenceCount: 50_000, currentCount: 5_000, tolerance: 0.1)
///     // low 0.2149…: beyond the tolerance of 0.1
///
/// - Parameters:
///   - psi: The measured index, nats.
///   - bins: How many bins it was measured on.
///   - referenceCount: n, the events of the reference.
///   - currentCount: m, the events of the window.
///   - tolerance: δ, the index that is tolerated, at least 0 and finite.
///   - confidence: One minus the share of false alarms at δ, in (0, 1).
/// - Returns: The verdict; nil when a count is 0, there are fewer than 2 bins, or `psi` is negative
///   or not finite: then there is no number to judge.
/// - Complexity: about four evaluations of the non-central χ² distribution, some microseconds.
public func driftBeyondTolerance(
  psi: Double,
  bins: Int,
  referenceCount: UInt64,
  currentCount: UInt64,
  tolerance: Double,
  confidence: Double = 0.99
) -> DriftVerdict? {
  precondition(tolerance >= 0 && tolerance.isFinite, "tolerance \(tolerance)")
  precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
  let test = DriftTest(
    psi: psi,
    bins: bins,
    referenceCount: referenceCount,
    currentCount: currentCount
  )
  return test.map {
    DriftVerdict(
      psi: psi,
      low: $0.low(confidence: confidence),
      pValue: $0.pValue(tolerance: tolerance),
      tolerance: tolerance,
      confidence: confidence
    )
  }
}

/// A measured index with the size of its samples: what a verdict on drift is made of, each number
/// worked out when it is asked for.
///
/// - **Source**: as that of ``DriftVerdict``.
public struct DriftTest: Sendable, Equatable {
  /// The index as measured, nats.
  public let psi: Double
  private let count: Double
  private let degreesOfFreedom: Double

  /// A test; nil when a count is 0, there are fewer than 2 bins, or `psi` is negative or not finite.
  ///
  /// - Parameters:
  ///   - psi: The measured index, nats.
  ///   - bins: How many bins it was measured on.
  ///   - referenceCount: n, the events of the reference.
  ///   - currentCount: m, the events of the window.
  /// - Complexity: O(1).
  public init?(psi: Double, bins: Int, referenceCount: UInt64, currentCount: UInt64) {
    if referenceCount == 0 || currentCount == 0 || bins < 2 { return nil }
    if !psi.isFinite || psi < 0 { return nil }
    self.psi = psi
    count = effectiveCount(referenceCount, currentCount)
    degreesOfFreedom = Double(bins - 1)
  }

  private var usesNormalBound: Bool { psi > normalFrom / count }

  /// The one-sided lower bound of the true index.
  ///
  /// - Parameter confidence: In (0, 1).
  /// - Returns: A number from 0 on; never above `psi` when the confidence is at least ½.
  /// - Complexity: about three evaluations of the non-central χ² distribution.
  public func low(confidence: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    let df = degreesOfFreedom
    let tail = 1 - confidence
    return usesNormalBound
      ? normalLow(psi: psi, degreesOfFreedom: df, count: count, tail: tail)
      : lowerNoncentrality(point: count * psi, degreesOfFreedom: df, tail: tail) / count
  }

  /// The probability of an index at least as large when the true one equals the tolerance.
  ///
  /// - Parameter tolerance: δ, at least 0 and finite.
  /// - Returns: A number in [0, 1]; above ½ when the index is below the tolerance.
  /// - Complexity: one evaluation of the non-central χ² distribution.
  public func pValue(tolerance: Double) -> Double {
    precondition(tolerance >= 0 && tolerance.isFinite, "tolerance \(tolerance)")
    if usesNormalBound || tolerance > normalFrom / count {
      let larger = max(psi, tolerance).squareRoot()
      let root = count.squareRoot()
      let shift = (degreesOfFreedom - 1) / (2 * root * larger)
      return NormalDistribution.survival(
        root * (psi.squareRoot() - tolerance.squareRoot()) - shift
      )
    }
    return NoncentralChiSquaredDistribution(
      degreesOfFreedom: degreesOfFreedom,
      noncentrality: tolerance * count
    ).survival(count * psi)
  }
}

/// From this `N·PSI` or `N·δ` on, `√(N·PSI)` is normal with deviation 1 about
/// `√(N·δ) + (df − 1)/(2√(N·δ))`, to more digits than matter, and nothing can overflow.
private let normalFrom = 1e13

/// The bound where the index is so large, against the noise, that the normal limit serves.
private func normalLow(
  psi: Double,
  degreesOfFreedom df: Double,
  count: Double,
  tail: Double
) -> Double {
  let root = count.squareRoot()
  let shift =
    NormalDistribution.upperQuantile(tail: tail) + (df - 1) / (2 * root * psi.squareRoot())
  let low = max(0, psi.squareRoot() - shift / root)
  // Rounding must not lift the bound above the index where the shift is not negative.
  return shift >= 0 ? min(psi, low * low) : low * low
}

/// The size of one sample that is as uncertain as two together: `1/(1/n + 1/m)`.
///
/// - Parameters:
///   - referenceCount: n.
///   - currentCount: m.
/// - Returns: N, events; 0 when a count is 0.
/// - Complexity: O(1).
public func effectiveCount(_ referenceCount: UInt64, _ currentCount: UInt64) -> Double {
  1 / (1 / Double(referenceCount) + 1 / Double(currentCount))
}

/// The λ ≥ 0 at which the point is exceeded with probability `tail`; 0 when it is at λ = 0.
///
/// The logarithm of the upper tail is a concave rising function of λ, so that a Newton step from
/// anywhere ends left of the root and all later ones approach it from there.
func lowerNoncentrality(point: Double, degreesOfFreedom df: Double, tail: Double) -> Double {
  let central = NoncentralChiSquaredDistribution(degreesOfFreedom: df, noncentrality: 0)
  if central.survival(point) >= tail { return 0 }
  var lambda = normalLowerNoncentrality(point: point, degreesOfFreedom: df, tail: tail)
  let target = log(tail)
  for _ in 0..<60 {
    let tails = NoncentralChiSquaredDistribution(degreesOfFreedom: df, noncentrality: lambda)
      .tails(point)
    if tails.upper <= 0 || tails.slope <= 0 {
      // Far below the smallest number: half way to the point is a better start.
      lambda = (lambda + max(point, 1)) / 2
      continue
    }
    let step = (target - log(tails.upper)) * tails.upper / tails.slope
    let next = max(0, lambda + step)
    let moved = abs(next - lambda)
    lambda = next
    // The error after a step is about the square of the step over the deviation.
    if moved <= 1e-7 * (2 * df + 4 * lambda).squareRoot() { break }
  }
  return lambda
}

/// The start: λ of the normal distribution with the same two moments, moved by its skewness.
private func normalLowerNoncentrality(
  point: Double,
  degreesOfFreedom df: Double,
  tail: Double
) -> Double {
  let z = NormalDistribution.upperQuantile(tail: tail)
  let excess = point - df
  // (excess − λ)² = z²(2df + 4λ), the root on z's side.
  let middle = excess + 2 * z * z
  let root = max(0, middle * middle - excess * excess + 2 * z * z * df).squareRoot()
  let first = max(0, z > 0 ? middle - root : middle + root)
  let variance = 2 * df + 4 * first
  // Cornish–Fisher: quantile = mean + σz + (z² − 1)·κ₃/(6σ²), κ₃ = 8(df + 3λ).
  let correction = (z * z - 1) * 8 * (df + 3 * first) / (6 * variance)
  let slope = 1 + 2 * z / variance.squareRoot()
  return max(0, first - correction / max(slope, 0.5))
}
