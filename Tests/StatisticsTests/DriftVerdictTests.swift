import Testing

@testable import Statistics
import TestSupport

/// The promise of the drift test: its bound, its false alarms, its range.
@Suite struct DriftVerdictTests {
  @Test func `a test gives the verdict's numbers, and none where there is none`() throws {
    for psi in [0, 0.05, 0.2, 3] {
      let verdict = try #require(
        driftBeyondTolerance(
          psi: psi,
          bins: 10,
          referenceCount: 1_000,
          currentCount: 300,
          tolerance: 0.1
        )
      )
      let test = try #require(
        DriftTest(psi: psi, bins: 10, referenceCount: 1_000, currentCount: 300)
      )
      #expect(test.low(confidence: 0.99) == verdict.low, "psi \(psi)")
      #expect(test.pValue(tolerance: 0.1) == verdict.pValue, "psi \(psi)")
    }
    #expect(DriftTest(psi: 0.1, bins: 1, referenceCount: 1, currentCount: 1) == nil)
    #expect(DriftTest(psi: 0.1, bins: 2, referenceCount: 0, currentCount: 1) == nil)
    #expect(DriftTest(psi: .infinity, bins: 2, referenceCount: 1, currentCount: 1) == nil)
  }

  /// What judging leaves out: below the tolerance the bound is below, and no evidence is strong.
  @Test func `an index below the tolerance has a bound below it and a p-value above a half`() throws
  {
    for bins in [2, 3, 10, 31, 250] {
      for count in [1, 30, 5_000, 1_000_000, 10_000_000_000, 1 << 60] as [UInt64] {
        for tolerance in [1e-9, 0.01, 0.1, 1] {
          for share in [0, 0.3, 0.9, 1 - 1e-9] {
            let test = try #require(
              DriftTest(
                psi: tolerance * share,
                bins: bins,
                referenceCount: count,
                currentCount: count
              )
            )
            let place: Comment = "bins \(bins) count \(count) tolerance \(tolerance) \(share)"
            #expect(test.pValue(tolerance: tolerance) > 0.5 - 1e-9, place)
            for confidence in [0.501, 0.9, 0.99] {
              #expect(test.low(confidence: confidence) < tolerance, place)
            }
          }
        }
      }
    }
  }

  @Test func `the bound is where the tolerance's p-value is α, over all sizes`() throws {
    for bins in [2, 10, 250, 5_001] {
      for count in [1, 30, 5_000, 1_000_000, 10_000_000_000] as [UInt64] {
        for psi in [0, 1e-12, 1e-4, 0.03, 0.5, 8] {
          let verdict = try #require(
            driftBeyondTolerance(
              psi: psi,
              bins: bins,
              referenceCount: count,
              currentCount: count,
              tolerance: 0.1
            )
          )
          let place: Comment = "bins \(bins) count \(count) psi \(psi) low \(verdict.low)"
          #expect(verdict.low >= 0 && verdict.low.isFinite, place)
          #expect(verdict.low <= psi, place)
          #expect(verdict.pValue >= 0 && verdict.pValue <= 1, place)
          let atBound = try #require(
            driftBeyondTolerance(
              psi: psi,
              bins: bins,
              referenceCount: count,
              currentCount: count,
              tolerance: verdict.low
            )
          )
          if verdict.low > 0 {
            #expect(relativeError(atBound.pValue, 0.01) < 1e-6, place)
          } else {
            #expect(atBound.pValue >= 0.01, place)
          }
          #expect(verdict.exceedsTolerance == (verdict.low > 0.1), place)
        }
      }
    }
  }

  @Test func `the bound rises with the index and with the counts, and falls with confidence`()
    throws
  {
    func low(_ psi: Double, _ count: UInt64, _ confidence: Double) throws -> Double {
      try #require(
        driftBeyondTolerance(
          psi: psi,
          bins: 10,
          referenceCount: 50_000,
          currentCount: count,
          tolerance: 0.1,
          confidence: confidence
        )
      ).low
    }
    var last = -1.0
    for psi in stride(from: 0.02, through: 2, by: 0.02) {
      let value = try low(psi, 5_000, 0.99)
      #expect(value > last, "psi \(psi)")
      last = value
    }
    last = -1
    for count in [300, 1_000, 5_000, 50_000, 500_000] as [UInt64] {
      let value = try low(0.2, count, 0.99)
      #expect(value > last, "count \(count)")
      last = value
    }
    last = 1
    for confidence in [0.3, 0.5, 0.9, 0.99, 0.999999] {
      let value = try low(0.2, 5_000, confidence)
      #expect(value < last, "confidence \(confidence)")
      last = value
    }
  }

  @Test func `without counts, bins or a number there is no verdict`() {
    func verdict(_ psi: Double, _ bins: Int, _ n: UInt64, _ m: UInt64) -> DriftVerdict? {
      driftBeyondTolerance(
        psi: psi,
        bins: bins,
        referenceCount: n,
        currentCount: m,
        tolerance: 0.1
      )
    }
    #expect(verdict(0.1, 10, 0, 5) == nil)
    #expect(verdict(0.1, 10, 5, 0) == nil)
    #expect(verdict(0.1, 1, 5, 5) == nil)
    #expect(verdict(.nan, 10, 5, 5) == nil)
    #expect(verdict(.infinity, 10, 5, 5) == nil)
    #expect(verdict(-0.1, 10, 5, 5) == nil)
    #expect(verdict(0, 10, 5, 5)?.low == 0)
    #expect(verdict(1e300, 10, .max, .max)?.low.isNaN == false)
  }

  @Test func `random sizes, tolerances and confidences give finite bounds that invert`() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<5_000 {
      let psi = power(10, generator.uniform() * 26 - 22)
      let bins = 2 + Int(power(10, generator.uniform() * 3.5))
      let n = UInt64(power(10, generator.uniform() * 15)) + 1
      let m = UInt64(power(10, generator.uniform() * 15)) + 1
      let confidence = [0.5, 0.9, 0.99, 0.999999, 0.01][Int(generator.uniform() * 5)]
      func verdict(_ tolerance: Double) -> DriftVerdict? {
        driftBeyondTolerance(
          psi: psi,
          bins: bins,
          referenceCount: n,
          currentCount: m,
          tolerance: tolerance,
          confidence: confidence
        )
      }
      let place: Comment = "psi \(psi) bins \(bins) n \(n) m \(m) confidence \(confidence)"
      let first = try #require(verdict(power(10, generator.uniform() * 8 - 6)), place)
      #expect(first.low.isFinite && first.low >= 0, place)
      #expect(confidence < 0.5 || first.low <= psi, place)
      #expect(first.pValue >= 0 && first.pValue <= 1, place)
      let atBound = try #require(verdict(first.low), place)
      #expect(
        relativeError(atBound.pValue, 1 - confidence) < 1e-6
          || (first.low == 0 && atBound.pValue >= 1 - confidence),
        place
      )
    }
  }

  /// Draws `count` events of ten bins whose shares are (1 ± tilt)/10, in turn.
  private func draw(
    _ count: Int,
    tilt: Double,
    _ generator: inout SeededGenerator
  ) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: 10)
    for _ in 0..<count {
      let place = generator.uniform() * 10
      var bin = Int(place)
      // An odd bin gives the share `tilt` of its events to the even one before.
      if bin % 2 == 1 && place - Double(bin) < tilt { bin -= 1 }
      counts[bin] += 1
    }
    return counts
  }

  /// The share of `runs` windows that alarm, the reference uniform and the window tilted so that
  /// the true index is `drift`.
  private func alarms(
    seed: UInt64,
    drift: Double,
    tolerance: Double,
    runs: Int
  ) throws -> Int {
    var generator = SeededGenerator(seed: seed)
    // Shares (1 ± s)/B: the index is s/2·ln((1 + s)/(1 − s)); s by bisection.
    var low = 0.0
    var high = 0.99
    for _ in 0..<60 {
      let s = (low + high) / 2
      if s / 2 * logarithm((1 + s) / (1 - s)) < drift { low = s } else { high = s }
    }
    var alarms = 0
    for _ in 0..<runs {
      let reference = draw(4_000, tilt: 0, &generator)
      let current = draw(1_000, tilt: low, &generator)
      let psi = try #require(populationStability(reference: reference, current: current))
      let verdict = try #require(
        driftBeyondTolerance(
          psi: psi,
          bins: 10,
          referenceCount: 4_000,
          currentCount: 1_000,
          tolerance: tolerance,
          confidence: 0.95
        )
      )
      if verdict.exceedsTolerance { alarms += 1 }
    }
    return alarms
  }

  @Test(arguments: [11, 12] as [UInt64])
  func `false alarms at the tolerance are α, and far fewer without drift`(seed: UInt64) throws {
    let runs = 800
    // 5 % nominal, at most 6 % by the expansion's error: 48 expected at most, and a binomial
    // deviation of 6.7: above 48 + 4 · 6.7 = 75 once in 30,000 runs of this test.
    let atTolerance = try alarms(seed: seed, drift: 0.05, tolerance: 0.05, runs: runs)
    #expect(atTolerance <= 75, "seed \(seed)")
    // At least 4 %: 32 expected and a deviation of 5.5.
    #expect(atTolerance >= 10, "seed \(seed)")
    // Without drift 0.5 % at most: 4 expected, a deviation of 2.
    #expect(
      try alarms(seed: seed, drift: 0, tolerance: 0.05, runs: runs) <= 12,
      "seed \(seed)"
    )
    // With no tolerance it is the χ² test: 5 % again.
    let central = try alarms(seed: seed, drift: 0, tolerance: 0, runs: runs)
    #expect(central <= 75 && central >= 10, "seed \(seed): \(central)")
    // At two and a half times the tolerance more than 0.9 are seen.
    #expect(
      try alarms(seed: seed, drift: 0.125, tolerance: 0.05, runs: 200) >= 170,
      "seed \(seed)"
    )
  }
}
