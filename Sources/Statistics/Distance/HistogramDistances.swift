import Glibc

/// The Jensen–Shannon distance between two histograms, to base 2.
///
/// `√(½ Σ p log₂(p/m) + ½ Σ q log₂(q/m))`, `m = (p + q)/2`: the square root of the divergence.
///
/// - **Shape**: counts over the same bins.
/// - **Unit and range**: square root of bits; `[0, 1]`; 0 when the shares agree, 1 when no bin is
///   shared. A metric: symmetric, with the triangle inequality.
/// - **Empty bins**: add nothing on the side where they are empty.
/// - **Source**: Lin, "Divergence measures based on the Shannon entropy", 1991; Endres and
///   Schindelin, "A new metric for probability distributions", 2003.
///
/// - Parameters:
///   - reference: Counts by bin.
///   - current: Counts by the same bins.
/// - Returns: The distance; nil when there are no reference or no current counts.
/// - Complexity: O(bins).
public func jensenShannonDistance(reference: [UInt64], current: [UInt64]) -> Double? {
  guard let totals = HistogramTotals(reference: reference, current: current) else { return nil }
  let nats = totals.sum(reference, current) { p, q in
    // ln(p/m) = ln(1 + (p − q)/(p + q)): small differences keep their digits.
    (p > 0 ? p * log1p((p - q) / (p + q)) : 0) + (q > 0 ? q * log1p((q - p) / (p + q)) : 0)
  }
  return min(1, max(0, nats / (2 * log(2))).squareRoot())
}

/// The Hellinger distance between two histograms.
///
/// `√(½ Σ (√p − √q)²)`.
///
/// - **Shape**: counts over the same bins.
/// - **Unit and range**: none; `[0, 1]`; 0 when the shares agree, 1 when no bin is shared.
/// - **Source**: Hellinger 1909; Le Cam and Yang, "Asymptotics in Statistics", 2000, §3.2.
///
/// - Parameters:
///   - reference: Counts by bin.
///   - current: Counts by the same bins.
/// - Returns: The distance; nil when there are no reference or no current counts.
/// - Complexity: O(bins).
public func hellingerDistance(reference: [UInt64], current: [UInt64]) -> Double? {
  guard let totals = HistogramTotals(reference: reference, current: current) else { return nil }
  let sum = totals.sum(reference, current) { p, q in
    let difference = p.squareRoot() - q.squareRoot()
    return difference * difference
  }
  return min(1, (sum / 2).squareRoot())
}

/// The total variation distance between two histograms.
///
/// `½ Σ |p − q|`: the share of events that would have to change bin.
///
/// - **Shape**: counts over the same bins.
/// - **Unit and range**: a share; `[0, 1]`; 0 when the shares agree, 1 when no bin is shared.
/// - **Source**: Levin, Peres, Wilmer, "Markov Chains and Mixing Times", 2009, prop. 4.2.
///
/// - Parameters:
///   - reference: Counts by bin.
///   - current: Counts by the same bins.
/// - Returns: The distance; nil when there are no reference or no current counts.
/// - Complexity: O(bins).
public func totalVariation(reference: [UInt64], current: [UInt64]) -> Double? {
  guard let totals = HistogramTotals(reference: reference, current: current) else { return nil }
  return min(1, totals.sum(reference, current) { abs($0 - $1) } / 2)
}

/// The Chebyshev distance (L∞) between two histograms: the largest difference of one bin's share.
///
/// `max |p − q|`.
///
/// - **Shape**: counts over the same bins.
/// - **Unit and range**: a share; `[0, 1]`; 0 when the shares agree.
///
/// - Parameters:
///   - reference: Counts by bin.
///   - current: Counts by the same bins.
/// - Returns: The distance; nil when there are no reference or no current counts.
/// - Complexity: O(bins).
public func chebyshevDistance(reference: [UInt64], current: [UInt64]) -> Double? {
  guard let totals = HistogramTotals(reference: reference, current: current) else { return nil }
  var largest = 0.0
  for (r, c) in zip(reference, current) {
    largest = max(largest, abs(Double(r) / totals.reference - Double(c) / totals.current))
  }
  return largest
}
