import Foundation
import Statistics
import TestSupport
import Testing

/// Drift of categories with long tails: the rare ones share bins.
@Suite struct PooledCategoriesTests {
  /// A sample of categories with the shares of Zipf's law with the exponent 1.1.
  struct Zipf {
    private let sums: [Double]

    init(_ categories: Int) {
      var sum = 0.0
      sums = (1...categories).map { rank in
        sum += pow(Double(rank), -1.1)
        return sum
      }
    }

    /// Counts by category, of which a share of the events is forced to one.
    func counts(
      _ events: Int,
      forced: (share: Double, to: Int) = (0, 0),
      _ random: inout SeededGenerator
    ) -> [UInt64] {
      let uniform = { (random: inout SeededGenerator) in
        (Double(random.next() >> 11) + 0.5) * 0x1p-53
      }
      var counts = [UInt64](repeating: 0, count: sums.count)
      for _ in 0..<events {
        if forced.share > 0, uniform(&random) < forced.share {
          counts[forced.to] += 1
          continue
        }
        let point = uniform(&random) * (sums.last ?? 1)
        var (low, high) = (0, sums.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if sums[middle] < point { low = middle + 1 } else { high = middle }
        }
        counts[low] += 1
      }
      return counts
    }
  }

  /// The bins that are judged of a window, the categories that the reference lacks in one.
  static func pooled(_ reference: [UInt64], _ current: [UInt64]) -> PooledCategories {
    let known = reference.indices.filter { reference[$0] > 0 }
    let counts = known.map { reference[$0] }
    let unseen = current.reduce(0, +) - known.reduce(0) { $0 + current[$1] }
    return PooledCategories(
      reference: counts + [0],
      current: known.map { current[$0] } + [unseen],
      lacking: counts.count,
      rest: nil,
      new: NewValues(
        once: counts.indices.filter { counts[$0] == 1 },
        twice: counts.indices.filter { counts[$0] == 2 }
      )
    )
  }

  /// How many windows drift is above 0 and above 0.1 in.
  static func drifts(
    _ zipf: Zipf,
    _ reference: [UInt64],
    forced: (share: Double, to: Int),
    windows: Int,
    _ random: inout SeededGenerator
  ) throws -> (aboveZero: Int, beyond: Int) {
    var found = (aboveZero: 0, beyond: 0)
    for _ in 0..<windows {
      let bins = pooled(reference, zipf.counts(1000, forced: forced, &random))
      let psi = try #require(
        populationStability(reference: bins.reference, current: bins.current)
      )
      let verdict = try #require(
        driftBeyondTolerance(
          psi: psi,
          bins: bins.reference.count,
          referenceCount: reference.reduce(0, +),
          currentCount: 1000,
          tolerance: 0.1
        )
      )
      if verdict.low > 0 { found.aboveZero += 1 }
      if verdict.low > 0.1 { found.beyond += 1 }
    }
    return found
  }

  /// Windows of a run: 200 and 1,000 with `LEEWAY_SOAK=1`, else fewer.
  private static let isLong = ProcessInfo.processInfo.environment["LEEWAY_SOAK"] == "1"

  @Test(arguments: [(100, 0.65), (400, 0.9), (1000, 0.95), (3000, 0.95)])
  func `a quarter of the traffic that goes to the greatest category is drift`(
    categories: Int,
    power: Double
  ) throws {
    var random = SeededGenerator(seed: 20)
    let zipf = Zipf(categories)
    let windows = Self.isLong ? 200 : 40
    let reference = zipf.counts(50_000, &random)
    let found = try Self.drifts(
      zipf,
      reference,
      forced: (0.25, 0),
      windows: windows,
      &random
    )
    print("\(categories) categories, 25 % forced: \(found) of \(windows)")
    // Of fewer windows two standard deviations fewer.
    let margin = Self.isLong ? 0 : 2 * (power * (1 - power) / Double(windows)).squareRoot()
    #expect(Double(found.beyond) >= (power - margin) * Double(windows), "\(found)")
    #expect(Double(found.aboveZero) >= 0.95 * Double(windows), "\(found)")
    if categories == 100 {
      let tenth = try Self.drifts(zipf, reference, forced: (0.1, 0), windows: windows, &random)
      print("\(categories) categories, 10 % forced: \(tenth) of \(windows)")
      #expect(Double(tenth.aboveZero) >= (Self.isLong ? 0.8 : 0.7) * Double(windows), "\(tenth)")
    }
  }

  @Test(arguments: [100, 400, 1000, 3000, 20_000])
  func `a long tail that stays as it is does not drift`(categories: Int) throws {
    var random = SeededGenerator(seed: 21)
    let zipf = Zipf(categories)
    let windows = Self.isLong ? 1000 : 80
    var found = (aboveZero: 0, beyond: 0)
    // More than one reference: what is wrong with one of them is wrong in all of its windows.
    for _ in 0..<4 {
      let reference = zipf.counts(50_000, &random)
      let some = try Self.drifts(
        zipf,
        reference,
        forced: (0, 0),
        windows: windows / 4,
        &random
      )
      found = (found.aboveZero + some.aboveZero, found.beyond + some.beyond)
    }
    print("\(categories) categories, no change: \(found) of \(windows)")
    #expect(found.beyond == 0)
    #expect(Double(found.aboveZero) <= max(3, 0.03 * Double(windows)), "\(found)")
  }

  @Test func `a quarter of the traffic that goes to one rare value is drift`() throws {
    var random = SeededGenerator(seed: 22)
    let zipf = Zipf(1000)
    let reference = zipf.counts(50_000, &random)
    let found = try Self.drifts(zipf, reference, forced: (0.25, 700), windows: 40, &random)
    #expect(found.beyond >= 30, "\(found)")
  }

  @Test func `ids that never come again are no drift of each other`() {
    let ids = [UInt64](repeating: 1, count: 2000)
    let bins = PooledCategories(
      reference: ids + [0],
      current: [UInt64](repeating: 0, count: 2000) + [500],
      lacking: 2000,
      rest: nil,
      new: NewValues(once: Array(0..<2000), twice: [])
    )
    #expect(bins.reference == [0, 2000] && bins.current == [0, 500])
  }

  @Test func `which categories are pooled does not depend on what came`() {
    let reference: [UInt64] = [5000, 3000, 1000, 12, 9, 7, 5]
    for current: [UInt64] in [
      [500, 300, 100, 1, 1, 0, 0], [0, 0, 0, 900, 2, 0, 0], [1, 1, 1, 1, 1, 1, 896],
    ] {
      let bins = PooledCategories(
        reference: reference,
        current: current,
        lacking: nil,
        rest: nil,
        new: nil
      )
      #expect(bins.reference == [5000, 3000, 1000, 33])
      #expect(bins.current == Array(current[..<3]) + [current[3...].reduce(0, +)])
    }
  }

  @Test func `no event is lost when bins are pooled`() {
    var random = SeededGenerator(seed: 23)
    for categories in [5, 60, 900] {
      let zipf = Zipf(categories)
      for events in [40, 700, 9000] {
        let reference = zipf.counts(4000, &random)
        let current = zipf.counts(events, &random)
        let bins = Self.pooled(reference, current)
        #expect(bins.current.reduce(0, +) == UInt64(events))
        // Each bin is rounded once.
        #expect(bins.reference.reduce(0, +) >= 3997)
      }
    }
  }

  @Test func `new values beyond what the reference lets expect are a bin of their own`() {
    // 100 of 10,000 events had a value that came once: of 1,000 events 10 are usual.
    let reference = [UInt64](repeating: 3300, count: 3) + [UInt64](repeating: 1, count: 100) + [0]
    let new = NewValues(once: Array(3..<103), twice: [])
    let usual = new.usual(reference: reference, referenceCount: 10_000, currentCount: 1000)
    #expect(usual > 17 && usual < 20, "\(usual)")
    let most = UInt64((usual * 10).rounded())
    for (unseen, expected) in [(5, 50), (15, 150), (200, most)] as [(UInt64, UInt64)] {
      let rest = (1000 - unseen) / 3
      let current =
        [1000 - unseen - 2 * rest, rest, rest] + [UInt64](repeating: 0, count: 100) + [unseen]
      let bins = PooledCategories(
        reference: reference,
        current: current,
        lacking: 103,
        rest: nil,
        new: new
      )
      #expect(bins.reference.last == expected, "\(bins.reference)")
      #expect(bins.current.last == unseen)
    }
  }
}
