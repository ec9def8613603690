/// The outcome of a χ² test of two histograms.
public struct ChiSquaredOutcome: Sendable, Equatable {
  /// The statistic, at least 0.
  public let statistic: Double
  /// The cells that are left after pooling, less one; at least 1.
  public let degreesOfFreedom: Int
  /// The probability of a statistic at least as large when both have one parent.
  public let pValue: Double
}

/// The two-sample χ² test of two histograms of the same bins.
///
/// `Σ_b (√(m/n)·r_b − √(n/m)·c_b)² / (r_b + c_b)`: Pearson's statistic of the 2 × B table.
///
/// - **Shape**: counts over the same bins.
/// - **Unit and range**: none; `[0, ∞)`; 0 when the shares agree. Symmetric.
/// - **Rare bins**: a bin whose expected count under equal shares, `(r + c)·min(n, m)/(n + m)`, is
///   below `expectedMin` goes into one common cell, which stays even if its own is below.
/// - **Null behaviour**: `χ²(cells − 1)`, cells with a count after pooling.
/// - **Source**: Pearson 1911; Press et al., "Numerical Recipes", 3rd ed., eq. 14.3.3; the limit of
///   5 is Cochran's, 1952.
///
/// - Parameters:
///   - reference: Counts by bin.
///   - current: Counts by the same bins.
///   - expectedMin: The smallest expected count of a cell of its own; 0 pools nothing.
/// - Returns: The outcome; nil when there are no reference or no current counts, or when fewer than
///   two cells are left: then there is nothing to compare.
/// - Complexity: O(bins).
public func chiSquaredTwoSample(
  reference: [UInt64],
  current: [UInt64],
  expectedMin: Double = 5
) -> ChiSquaredOutcome? {
  guard let totals = HistogramTotals(reference: reference, current: current) else { return nil }
  let n = totals.reference
  let m = totals.current
  let ratio = (m / n).squareRoot()
  let smallerShare = min(n, m) / (n + m)
  var statistic = 0.0
  var cells = 0
  var pooled = (reference: 0.0, current: 0.0)
  func add(_ r: Double, _ c: Double) {
    if r + c == 0 { return }
    let difference = ratio * r - c / ratio
    statistic += difference * difference / (r + c)
    cells += 1
  }
  for (r, c) in zip(reference, current) {
    if (Double(r) + Double(c)) * smallerShare < expectedMin {
      pooled.reference += Double(r)
      pooled.current += Double(c)
    } else {
      add(Double(r), Double(c))
    }
  }
  add(pooled.reference, pooled.current)
  if cells < 2 { return nil }
  let distribution = ChiSquaredDistribution(degreesOfFreedom: Double(cells - 1))
  return ChiSquaredOutcome(
    statistic: statistic,
    degreesOfFreedom: cells - 1,
    pValue: distribution.survival(statistic)
  )
}
