import Glibc

/// The bounds of the Kolmogorov–Smirnov statistic that a grid leaves open.
public struct KolmogorovSmirnovBounds: Sendable, Equatable {
  /// The largest difference at an edge: the exact statistic is never below it.
  public let low: Double
  /// The largest difference that the cells' contents allow: the exact statistic is never above it.
  public let high: Double
}

/// The two-sample Kolmogorov–Smirnov statistic `sup |F − G|` from counts on one grid.
///
/// At the edges F and G are known, which gives `low`. Inside a cell both rise from their value at
/// the lower edge to that at the upper: `|F − G|` is at most `max(F_hi − G_lo, G_hi − F_lo)`, which
/// gives `high`. A cell whose mass is all at its upper edge (an atom) leaves nothing open.
///
/// - **Shape**: counts of the cells `(e_{i−1}, e_i]` of one grid.
/// - **Unit and range**: a share; `0 ≤ low ≤ D ≤ high ≤ 1`, D the statistic of the raw values.
/// - **Error kind**: deterministic; `high − low` is at most the largest cell's mass.
/// - **Source**: Smirnov 1939; Hodges, "The significance probability of the Smirnov two-sample
///   test", 1958.
///
/// - Parameters:
///   - referenceCells: Counts of the reference by cell.
///   - currentCells: Counts of the window by the same cells.
///   - isAtom: For each cell whether all its mass, of both samples, is at its upper edge;
///     empty when no cell is one. The caller marks the first cell when neither sample has a value
///     below the first edge.
/// - Returns: The bounds; nil when there are no reference or no current counts.
/// - Complexity: O(cells).
public func kolmogorovSmirnov(
  referenceCells: [UInt64],
  currentCells: [UInt64],
  isAtom: [Bool] = []
) -> KolmogorovSmirnovBounds? {
  precondition(
    isAtom.isEmpty || isAtom.count == referenceCells.count,
    "\(isAtom.count) flags, \(referenceCells.count) cells"
  )
  guard
    let totals = HistogramTotals(reference: referenceCells, current: currentCells)
  else { return nil }
  var low = 0.0
  var high = 0.0
  var reference = 0.0
  var current = 0.0
  for index in referenceCells.indices {
    let referenceBefore = reference / totals.reference
    let currentBefore = current / totals.current
    reference += Double(referenceCells[index])
    current += Double(currentCells[index])
    let referenceAfter = reference / totals.reference
    let currentAfter = current / totals.current
    low = max(low, abs(referenceAfter - currentAfter))
    if isAtom.isEmpty || !isAtom[index] {
      high = max(high, referenceAfter - currentBefore, currentAfter - referenceBefore)
    }
  }
  return KolmogorovSmirnovBounds(low: low, high: max(low, high))
}

/// The probability of a statistic at least as large when both samples have one continuous parent.
///
/// `Q(√N · D)` of Kolmogorov's limit; the theta-dual series serves small arguments.
///
/// - **Unit and range**: a probability; `[0, 1]`.
/// - **Error kind**: asymptotic: too large (safe) for small samples; for ties too large as well.
/// - **Source**: see ``KolmogorovDistribution``.
///
/// - Parameters:
///   - statistic: D, in `[0, 1]`.
///   - effectiveCount: N = `1/(1/n + 1/m)`, above 0.
/// - Returns: The probability.
/// - Complexity: O(1).
public func kolmogorovPValue(statistic: Double, effectiveCount: Double) -> Double {
  precondition(statistic >= 0 && statistic <= 1, "statistic \(statistic)")
  precondition(effectiveCount > 0, "effective count \(effectiveCount)")
  return KolmogorovDistribution.survival(effectiveCount.squareRoot() * statistic)
}

/// The most lattice points that the exact probability visits: about 0.1 s.
public let kolmogorovExactPointsMax: UInt64 = 1 << 24

/// The exact two-sided probability of a statistic at least as large, for small samples.
///
/// All orders of the pooled sample are equally likely: the share of lattice paths from (0, 0) to
/// (n, m) that reach a point where `|i/n − j/m| ≥ D`. Only probabilities are added, so that small
/// ones keep their digits.
///
/// - **Unit and range**: a probability; `[0, 1]`.
/// - **Error kind**: exact without ties; too large (safe) with them.
/// - **Source**: Hodges, "The significance probability of the Smirnov two-sample test", 1958.
///
/// - Parameters:
///   - statistic: D, in `[0, 1]`; taken as the nearest multiple of 1/(nm).
///   - referenceCount: n.
///   - currentCount: m.
/// - Returns: The probability; nil when a count is 0 or `n·m` is above
///   ``kolmogorovExactPointsMax``.
/// - Complexity: O(n · m) time, O(min(n, m)) memory.
public func kolmogorovExactPValue(
  statistic: Double,
  referenceCount: UInt64,
  currentCount: UInt64
) -> Double? {
  precondition(statistic >= 0 && statistic <= 1, "statistic \(statistic)")
  if referenceCount == 0 || currentCount == 0 { return nil }
  let (points, overflow) = referenceCount.multipliedReportingOverflow(by: currentCount)
  if overflow || points > kolmogorovExactPointsMax { return nil }
  let rows = Int(max(referenceCount, currentCount))
  let columns = Int(min(referenceCount, currentCount))
  // |i/n − j/m| ≥ D as |i·m − j·n| ≥ limit, in whole numbers.
  let limit = Int((statistic * Double(points)).rounded())
  if limit == 0 { return 1 }
  // outside[j]: the share of paths to (i, j) that have been outside.
  var outside = [Double](repeating: 0, count: columns + 1)
  for i in 0...rows {
    for j in 0...columns {
      if abs(i * columns - j * rows) >= limit {
        outside[j] = 1
      } else if i + j == 0 {
        outside[j] = 0
      } else {
        // The last step of a path to (i, j) is along i with probability i/(i + j).
        let along = i == 0 ? 0 : Double(i) * outside[j]
        let across = j == 0 ? 0 : Double(j) * outside[j - 1]
        outside[j] = (along + across) / Double(i + j)
      }
    }
  }
  return min(1, outside[columns])
}
