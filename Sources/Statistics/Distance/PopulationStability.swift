import Glibc

/// The population stability index between a reference and a current histogram.
///
/// `Σ_b (q_b − p_b) · ln(q_b / p_b)` with `p_b = (r_b + a)/(n + B·a)`, `q_b = (c_b + a)/(m + B·a)`.
///
/// - **Shape**: counts over the same B bins, `B ≥ 1`.
/// - **Unit and range**: nats; `[0, ∞)`; 0 when the shares agree. Symmetric when `n = m`.
/// - **Empty bins**: each bin gets `a` counts more; with `a = 0` a bin that is empty on one side
///   only makes the index infinite, and one that is empty on both adds nothing.
/// - **Null behaviour**: with no drift `PSI ≈ (1/n + 1/m) · χ²(B − 1)`; see
///   ``driftBeyondTolerance(psi:bins:referenceCount:currentCount:tolerance:confidence:)``.
/// - **Source**: Kullback and Leibler's J-divergence, 1951; Yurdakul, "Statistical properties of
///   the population stability index", 2018.
///
///     populationStability(reference: [50, 50], current: [40, 60], smoothing: 0)  // 0.0405…
///
/// - Parameters:
///   - reference: Counts by bin.
///   - current: Counts by the same bins.
///   - smoothing: a, at least 0.
/// - Returns: The index; nil when there are no reference or no current counts.
/// - Complexity: O(bins).
public func populationStability(
  reference: [UInt64],
  current: [UInt64],
  smoothing: Double = 0.5
) -> Double? {
  precondition(smoothing >= 0 && smoothing.isFinite, "smoothing \(smoothing)")
  guard let totals = HistogramTotals(reference: reference, current: current) else { return nil }
  let bins = Double(reference.count)
  let referenceTotal = totals.reference + bins * smoothing
  let currentTotal = totals.current + bins * smoothing
  var sum = 0.0
  for (r, c) in zip(reference, current) {
    let p = (Double(r) + smoothing) / referenceTotal
    let q = (Double(c) + smoothing) / currentTotal
    if p == q { continue }
    sum += (q - p) * log(q / p)
  }
  return sum
}
