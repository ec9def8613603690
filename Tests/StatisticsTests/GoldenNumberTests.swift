import Testing

@testable import Statistics

/// The numbers of NumPy and SciPy on two samples that any language can make again.
@Suite struct GoldenNumberTests {
  private static func fraction(_ x: Double) -> Double { x - x.rounded(.down) }

  private let reference = (1...200).map { fraction(Double($0) * 0.6180339887498949) }
  private let current = (1...120).map { root(fraction(Double($0) * 0.7548776662466927)) }
  private var edges: [Double] {
    let sorted = reference.sorted()
    return (1...9).map { exactQuantile(sorted, Double($0) / 10) }
  }
  private var referenceCounts: [UInt64] { cellCounts(of: reference, edges: edges) }
  private var currentCounts: [UInt64] { cellCounts(of: current, edges: edges) }

  /// x^0.8.
  private static func root(_ x: Double) -> Double { power(x, 0.8) }

  private func expect(_ value: Double?, _ golden: Double, _ name: Comment) throws {
    let value = try #require(value, name)
    #expect(abs(value - golden) <= 1e-10, name)
  }

  @Test func `the samples have the counts that are told`() {
    #expect(referenceCounts == [UInt64](repeating: 20, count: 10))
    #expect(currentCounts == [8, 10, 9, 13, 11, 13, 14, 13, 16, 13])
  }

  @Test func `distances of the deciles are those of SciPy`() throws {
    let (r, c) = (referenceCounts, currentCounts)
    for (smoothing, golden) in [(0, 0.039298013504), (0.5, 0.036106079718), (1, 0.033291017794)] {
      try expect(
        populationStability(reference: r, current: c, smoothing: smoothing),
        golden,
        "psi"
      )
    }
    try expect(populationStability(reference: r, current: c), 0.036106079718, "default psi")
    let jensenShannon = try #require(jensenShannonDistance(reference: r, current: c))
    try expect(jensenShannon, 0.084015134137, "js")
    try expect(jensenShannon * 0.6931471805599453.squareRoot(), 0.069947187333, "js, base e")
    try expect(hellingerDistance(reference: r, current: c), 0.070017134553, "hellinger")
    try expect(chebyshevDistance(reference: r, current: c), 0.033333333333, "l_infinity")
    try expect(totalVariation(reference: r, current: c), 0.083333333333, "tvd")
    let chi = try #require(chiSquaredTwoSample(reference: r, current: c))
    #expect(chi.degreesOfFreedom == 9)
    try expect(chi.statistic, 2.884447368907, "chi2")
    try expect(chi.pValue, 0.968700389049, "chi2 p")
  }

  @Test func `limits of the drift test are those of SciPy`() throws {
    let count = effectiveCount(200, 120)
    for (delta, golden) in [(0, 0.225586368062), (0.05, 0.311899301260), (0.1, 0.389391248144)] {
      let limit = NoncentralChiSquaredDistribution(
        degreesOfFreedom: 9,
        noncentrality: delta * count
      )
      try expect(limit.quantile(0.95) / count, golden, "limit at \(delta)")
      try expect(limit.upperQuantile(tail: 0.05) / count, golden, "limit at \(delta)")
      let verdict = try #require(
        driftBeyondTolerance(
          psi: golden,
          bins: 10,
          referenceCount: 200,
          currentCount: 120,
          tolerance: delta,
          confidence: 0.95
        )
      )
      try expect(verdict.low, delta, "the bound is the tolerance at the limit")
      try expect(verdict.pValue, 0.05, "the p-value is α at the limit")
    }
  }

  @Test func `the Kolmogorov–Smirnov statistic and its probabilities are those of SciPy`() throws {
    let grid = (reference + current).sorted()
    let bounds = try #require(
      kolmogorovSmirnov(
        referenceCells: cellCounts(of: reference, edges: grid),
        currentCells: cellCounts(of: current, edges: grid),
        isAtom: [Bool](repeating: true, count: grid.count + 1)
      )
    )
    try expect(bounds.low, 0.09, "low")
    try expect(bounds.high, 0.09, "high")
    try expect(
      kolmogorovExactPValue(statistic: bounds.low, referenceCount: 200, currentCount: 120),
      0.550807752652,
      "exact p"
    )
    try expect(
      kolmogorovPValue(statistic: bounds.low, effectiveCount: effectiveCount(200, 120)),
      0.577954700331,
      "asymptotic p"
    )
  }

  @Test func `the Wasserstein distance is that of SciPy when every value is an edge`() throws {
    let grid = (reference + current).sorted()
    let distance = wassersteinDistance(
      edges: grid,
      reference: GridSample(cells: cellCounts(of: reference, edges: grid)),
      current: GridSample(cells: cellCounts(of: current, edges: grid)),
      isAtom: [Bool](repeating: true, count: grid.count + 1)
    )
    try expect(distance, 0.048410291223, "wasserstein")
    let mean = reference.reduce(0, +) / 200
    let variance = reference.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200
    let scale = max(variance.squareRoot(), 1e-3)
    try expect(distance.map { $0 / scale }, 0.168092781746, "over the deviation")
  }
}
