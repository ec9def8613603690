import Testing

@testable import Statistics
import TestSupport

/// What holds for every pair of histograms.
@Suite struct HistogramPropertyTests {
  private typealias Distance = @Sendable ([UInt64], [UInt64]) -> Double?

  private static let bounded: [(name: String, distance: Distance)] = [
    ("jensenShannonDistance", { jensenShannonDistance(reference: $0, current: $1) }),
    ("hellingerDistance", { hellingerDistance(reference: $0, current: $1) }),
    ("totalVariation", { totalVariation(reference: $0, current: $1) }),
    ("chebyshevDistance", { chebyshevDistance(reference: $0, current: $1) }),
  ]

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `bounded distances are symmetric, in 0 to 1, and 0 on equal shares`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let bins = Int(generator.next() % 40) + 1
    let a = generator.histogram(bins: bins)
    let b = generator.histogram(bins: bins)
    let isEmpty = a.allSatisfy { $0 == 0 } || b.allSatisfy { $0 == 0 }
    for (name, distance) in Self.bounded {
      guard let value = distance(a, b) else {
        #expect(isEmpty, "\(name) seed \(seed)")
        continue
      }
      #expect(!isEmpty && value >= 0 && value <= 1, "\(name) seed \(seed): \(value)")
      let mirrored = distance(b, a) ?? .nan
      #expect(abs(value - mirrored) <= 1e-14, "\(name) seed \(seed)")
      // Four times the counts are the same shares, bit for bit.
      #expect(distance(a, a.map { $0 * 4 }) == 0, "\(name) seed \(seed)")
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `distances keep their known order`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let a = generator.histogram(bins: 12) + [1]
    let b = generator.histogram(bins: 12) + [1]
    let hellinger = try #require(hellingerDistance(reference: a, current: b))
    let variation = try #require(totalVariation(reference: a, current: b))
    let largest = try #require(chebyshevDistance(reference: a, current: b))
    let slack = 1e-12
    #expect(hellinger * hellinger <= variation + slack, "seed \(seed)")
    #expect(variation <= 2.0.squareRoot() * hellinger + slack, "seed \(seed)")
    #expect(largest <= variation + slack, "seed \(seed)")
    let jensenShannon = try #require(jensenShannonDistance(reference: a, current: b))
    #expect(jensenShannon * jensenShannon <= variation + slack, "seed \(seed)")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the stability index is not negative, 0 on equality, and finite when smoothed`(
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let a = generator.histogram(bins: 12) + [1]
    let b = generator.histogram(bins: 12) + [1]
    let value = try #require(populationStability(reference: a, current: b))
    #expect(value >= 0 && value.isFinite, "seed \(seed): \(value)")
    #expect(populationStability(reference: a, current: a) == 0, "seed \(seed)")
    // Merging two bins loses information and never raises an unsmoothed index.
    let merged = { (counts: [UInt64]) in [counts[0] + counts[1]] + counts.dropFirst(2) }
    let fine = try #require(populationStability(reference: a, current: b, smoothing: 0))
    let coarse = try #require(
      populationStability(reference: merged(a), current: merged(b), smoothing: 0)
    )
    #expect(coarse <= fine + 1e-12 || fine == .infinity, "seed \(seed)")
  }

  @Test func `empty histograms have no distance`() {
    let empty: [UInt64] = [0, 0, 0]
    let full: [UInt64] = [1, 2, 3]
    for (name, distance) in Self.bounded {
      #expect(distance(empty, full) == nil, "\(name)")
      #expect(distance(full, empty) == nil, "\(name)")
      #expect(distance([], []) == nil, "\(name)")
    }
    #expect(populationStability(reference: empty, current: full) == nil)
    #expect(chiSquaredTwoSample(reference: full, current: empty) == nil)
    #expect(kolmogorovSmirnov(referenceCells: empty, currentCells: full) == nil)
    #expect(
      wassersteinDistance(
        edges: [1, 2],
        reference: GridSample(cells: full),
        current: GridSample(cells: empty)
      ) == nil
    )
    #expect(
      gridQuantile(edges: [1, 2], cells: empty, minimum: 0, maximum: 0, 0.5) == nil
    )
  }

  @Test func `one bin holds no drift, and disjoint ones hold all of it`() throws {
    #expect(populationStability(reference: [7], current: [3]) == 0)
    #expect(chiSquaredTwoSample(reference: [70], current: [30]) == nil)
    for (name, distance) in Self.bounded {
      #expect(distance([7], [3]) == 0, "\(name)")
      let disjoint = try #require(distance([9, 0], [0, 4]))
      #expect(abs(disjoint - 1) < 1e-15, "\(name)")
    }
    #expect(populationStability(reference: [9, 0], current: [0, 4], smoothing: 0) == .infinity)
  }

  @Test func `cells with expected counts below 5 are pooled into one`() throws {
    let reference: [UInt64] = [500, 480, 4, 3, 2, 0]
    let current: [UInt64] = [100, 90, 1, 0, 4, 0]
    let outcome = try #require(chiSquaredTwoSample(reference: reference, current: current))
    let pooled = try #require(
      chiSquaredTwoSample(reference: [500, 480, 9], current: [100, 90, 5], expectedMin: 0)
    )
    #expect(outcome == pooled)
    #expect(outcome.degreesOfFreedom == 2)
    let unpooled = try #require(
      chiSquaredTwoSample(reference: reference, current: current, expectedMin: 0)
    )
    #expect(unpooled.degreesOfFreedom == 4)
  }
}
