import TestSupport
import Testing

@testable import Statistics

/// The nearest function that does not decrease, and whether it helps as a calibration.
@Suite struct IsotonicRegressionTests {
  @Test func `neighbours that decrease share their weighted mean`() throws {
    // scikit-learn's example of its documentation: [1, 2, 3, 4] and [1, 3, 2, 4].
    let fit = try #require(IsotonicRegression(places: [1, 2, 3, 4], targets: [1, 3, 2, 4]))
    #expect(fit.knotPlaces == [1, 2, 3, 4])
    #expect(fit.knotValues == [1, 2.5, 2.5, 4])
    let weighted = try #require(
      IsotonicRegression(places: [3, 1, 2, 2], targets: [0, 0, 1, 0], weights: [1, 1, 2, 1])
    )
    #expect(weighted.knotPlaces == [1, 2, 3])
    #expect(weighted.knotValues == [0, 0.5, 0.5])
  }

  @Test func `between knots it is a straight line, outside it keeps the end's value`() throws {
    let fit = try #require(IsotonicRegression(knotPlaces: [1, 2, 4], values: [0, 0.5, 1]))
    #expect([0, 1, 1.5, 2, 3, 4, 9].map { fit($0) } == [0, 0, 0.25, 0.5, 0.75, 1, 1])
    #expect(fit(-.infinity) == 0)
    #expect(fit(.infinity) == 1)
  }

  @Test func `knots that are no function are refused`() {
    #expect(IsotonicRegression(knotPlaces: [], values: []) == nil)
    #expect(IsotonicRegression(knotPlaces: [1, 1], values: [0, 1]) == nil)
    #expect(IsotonicRegression(knotPlaces: [1, 2], values: [1, 0]) == nil)
    #expect(IsotonicRegression(knotPlaces: [1, .infinity], values: [0, 1]) == nil)
    #expect(IsotonicRegression(knotPlaces: [1], values: [0, 1]) == nil)
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `the fit is the one of the min-max formula`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let places = (0..<40).map { _ in (random.uniform() * 20).rounded() }
    let targets = places.map { $0 + 8 * random.normal() }
    let weights = places.map { _ in 0.1 + random.uniform() }
    let fit = try #require(
      IsotonicRegression(places: places, targets: targets, weights: weights)
    )
    let distinct = Set(places).sorted()
    func mean(_ from: Double, _ to: Double) -> Double {
      let inside = places.indices.filter { places[$0] >= from && places[$0] <= to }
      let weight = inside.reduce(0) { $0 + weights[$1] }
      return inside.reduce(0) { $0 + weights[$1] * targets[$1] } / weight
    }
    // Barlow et al. 1972, theorem 1.4: max over starts of the min over ends.
    for place in distinct {
      let value = distinct.filter { $0 <= place }.map { start in
        distinct.filter { $0 >= place }.map { mean(start, $0) }.min() ?? 0
      }.max()
      #expect(abs(fit(place) - (value ?? .nan)) < 1e-10, "seed \(seed) at \(place)")
    }
    let order = Array(places.indices).shuffled(using: &random)
    let other = IsotonicRegression(
      places: order.map { places[$0] },
      targets: order.map { targets[$0] },
      weights: order.map { weights[$0] }
    )
    #expect(other == fit, "seed \(seed)")
  }

  /// Outcomes whose probability is a power of the score.
  private static func table(seed: UInt64, exponent: Double) -> ScoreTable {
    var random = SeededGenerator(seed: seed)
    let scores = (0..<2000).map { _ in random.uniform() }
    let outcomes = scores.map { random.uniform() < power($0, exponent) }
    return ScoreTable(scores: scores, outcomes: outcomes)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `calibration helps scores that are too sure, and less so good ones`(seed: UInt64) throws {
    let biased = try #require(
      IsotonicRegression.crossValidate(Self.table(seed: seed, exponent: 3))
    )
    #expect(biased.helps, "seed \(seed)")
    #expect(biased.calibratedError < 0.5 * (biased.scoreError ?? 0), "seed \(seed): \(biased)")
    let good = try #require(
      IsotonicRegression.crossValidate(Self.table(seed: seed, exponent: 1))
    )
    #expect(abs(good.calibratedError - (good.scoreError ?? 1)) < 0.02, "seed \(seed): \(good)")
  }

  @Test func `scores that are no probabilities are always calibrated`() throws {
    let scores = (0..<100).map { Double($0) / 10 }
    let table = ScoreTable(scores: scores, outcomes: scores.map { $0 > 5 })
    let verdict = try #require(IsotonicRegression.crossValidate(table))
    #expect(verdict.scoreError == nil)
    #expect(verdict.helps)
  }

  @Test func `values at places in order are those at each place`() throws {
    var random = SeededGenerator(seed: 8)
    let knots = (0..<40).map { Double($0) + random.uniform() }
    let line = try #require(
      IsotonicRegression(knotPlaces: knots, values: knots.indices.map { Double($0 / 3) })
    )
    let places = (knots + (0..<200).map { _ in random.uniform() * 60 - 10 }).sorted()
    #expect(line(increasing: places) == places.map { line($0) })
  }
}
