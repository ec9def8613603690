import Testing

import Sketches
@testable import Statistics
import TestSupport

/// What a grid keeps of samples, against the samples themselves.
@Suite struct GridTests {
  private enum Shape: String, CaseIterable {
    case normal, lognormal, whole, spiked, constant
  }

  private func sample(
    _ shape: Shape,
    _ count: Int,
    shift: Double,
    _ generator: inout SeededGenerator
  ) -> [Double] {
    (0..<count).map { _ in
      let z = generator.normal() + shift
      return switch shape {
      case .normal: z
      case .lognormal: power(2.718281828459045, z)
      case .whole: (z * 20).rounded()
      case .spiked: generator.uniform() < 0.4 ? 0 : z
      case .constant: 3
      }
    }
  }

  /// Quantile edges, the extremes, and cells of their own for values of much mass.
  private func grid(_ reference: [Double], cells: Int) -> (edges: [Double], isAtom: [Bool]) {
    let sorted = reference.sorted()
    var edges = Set((0...cells).map { exactQuantile(sorted, Double($0) / Double(cells)) })
    var atoms: Set<Double> = []
    var start = 0
    for index in sorted.indices
    where index + 1 == sorted.count || sorted[index + 1] != sorted[index] {
      if (index + 1 - start) * cells > sorted.count {
        atoms.insert(sorted[index])
        edges.formUnion([sorted[index], sorted[index].nextDown])
      }
      start = index + 1
    }
    let ordered = edges.sorted()
    let flags = ordered.indices.map { index in
      index > 0 && atoms.contains(ordered[index]) && ordered[index - 1] == ordered[index].nextDown
    }
    return (ordered, flags + [false])
  }

  @Test(arguments: Shape.allCases, 0..<30 as Range<UInt64>)
  private func `bounds of Kolmogorov–Smirnov and of quantiles hold the exact values`(
    shape: Shape,
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let count = 1 + Int(generator.next() % 700)
    let shift = generator.uniform()
    let reference = sample(shape, 2_000, shift: 0, &generator)
    let current = sample(shape, count, shift: shift, &generator)
    let (edges, isAtom) = grid(reference, cells: 20)
    let cells = cellCounts(of: current, edges: edges)
    let bounds = try #require(
      kolmogorovSmirnov(
        referenceCells: cellCounts(of: reference, edges: edges),
        currentCells: cells,
        isAtom: isAtom
      )
    )
    let exact = exactKolmogorovSmirnov(reference, current)
    #expect(bounds.low <= exact + 1e-12 && exact <= bounds.high + 1e-12, "\(shape) seed \(seed)")
    let sorted = current.sorted()
    var last = -Double.infinity
    for q in [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.731, 0.9, 0.95, 0.99, 1] {
      let quantile = try #require(
        gridQuantile(
          edges: edges,
          cells: cells,
          minimum: sorted[0],
          maximum: sorted[sorted.count - 1],
          isAtom: isAtom,
          q
        )
      )
      let exact = exactQuantile(sorted, q)
      let place: Comment = "\(shape) seed \(seed) n \(count) q \(q): \(quantile), exact \(exact)"
      #expect(quantile.low <= exact && exact <= quantile.high, place)
      #expect(quantile.low <= quantile.value && quantile.value <= quantile.high, place)
      #expect(quantile.value >= last, place)
      last = quantile.value
    }
  }

  @Test func `a rank between two observations in different cells has both cells as bounds`() throws
  {
    // 1, 2 | 10, 11: the median lies between 2 and 10.
    let median = try #require(
      gridQuantile(edges: [5], cells: [2, 2], minimum: 1, maximum: 11, 0.5)
    )
    #expect(median.low == 1 && median.high == 11)
    // 1 | 10: between the extremes, both exact.
    let two = try #require(
      gridQuantile(edges: [5], cells: [1, 1], minimum: 1, maximum: 10, 0.5)
    )
    #expect(two == GridQuantile(value: 5.5, low: 1, high: 10))
  }

  @Test(arguments: [Shape.normal, .lognormal, .spiked], 0..<4 as Range<UInt64>)
  private func `the Wasserstein distance is within 1 percent on quantiles and split wide cells`(
    shape: Shape,
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let reference = sample(shape, 20_000, shift: 0, &generator)
    let current = sample(shape, 2_000, shift: 0.3, &generator)
    let quantiles = grid(reference, cells: 250)
    let sorted = reference.sorted()
    let (edges, isAtom) = splittingWideCells(
      edges: quantiles.edges,
      isAtom: quantiles.isAtom,
      additional: 128
    ) { point in
      UInt64(sorted.partitioningIndex { $0 > point })
    }
    #expect(edges.count == quantiles.edges.count + 128)
    #expect(Set(edges).isSuperset(of: quantiles.edges))
    let first = edges[0]
    let last = edges[edges.count - 1]
    let distance = try #require(
      wassersteinDistance(
        edges: edges,
        reference: GridSample(cells: cellCounts(of: reference, edges: edges)),
        current: GridSample(
          cells: cellCounts(of: current, edges: edges),
          sumBelow: current.reduce(0) { $0 + max(0, first - $1) },
          sumAbove: current.reduce(0) { $0 + max(0, $1 - last) }
        ),
        isAtom: isAtom
      )
    )
    let exact = exactWasserstein(reference, current)
    #expect(relativeError(distance, exact) < 0.01, "\(shape) seed \(seed): \(distance), \(exact)")
  }

  @Test func `a crossing inside a cell is integrated on both sides`() throws {
    // F − G runs from −½ to ½ over a cell of 2, with counts so large that the bridge is flat.
    let distance = try #require(
      wassersteinDistance(
        edges: [0, 2],
        reference: GridSample(cells: [0, 1 << 60, 0]),
        current: GridSample(cells: [1 << 59, 0, 1 << 59])
      )
    )
    #expect(abs(distance - 0.5) < 1e-6)
  }

  @Test func `equal shares are 0 apart, and what is outside counts in full`() throws {
    let reference = GridSample(cells: [1, 5, 3, 0])
    #expect(
      wassersteinDistance(edges: [0, 1, 2], reference: reference, current: reference) == 0
    )
    // Half of the window is 6 above the last edge, the rest as the reference.
    let above = GridSample(cells: [1, 5, 3, 9], sumAbove: 54)
    let distance = try #require(
      wassersteinDistance(
        edges: [0, 1, 2],
        reference: reference,
        current: above,
        isAtom: [false, true, true, false]
      )
    )
    // Inside the cells G is half of F: (1/9 + 6/9)/2; outside 54/18.
    #expect(abs(distance - (3.5 / 9 + 3)) < 1e-12)
  }
}
