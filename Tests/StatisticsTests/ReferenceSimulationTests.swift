import Foundation
import Statistics
import TestSupport
import Testing

/// Shares of windows with a drift bound above 0, at a nominal 5 %.
///
/// Values are logistic; bins are the deciles of the reference's mix. A window has 500 events, a
/// reference 2,000.
@Suite struct ReferenceSimulationTests {
  private static let bins = 10
  private static let windows = 300
  private static let confidence = 0.95
  private static let nominal = 1 - confidence

  private struct World {
    var random: SeededGenerator
    let means: [Double]
    let edges: [Double]

    /// Strata of these means, and the deciles of their mix.
    init(seed: UInt64, means: [Double], mix: [Double]) {
      random = SeededGenerator(seed: seed)
      self.means = means
      let below = { (edge: Double) in
        zip(means, mix).reduce(0) { $0 + $1.1 / (1 + exp($1.0 - edge)) }
      }
      edges = (1..<bins).map { decile in
        var (low, high) = (-20.0, 20.0)
        for _ in 0..<60 {
          let middle = (low + high) / 2
          if below(middle) < Double(decile) / Double(bins) { low = middle } else { high = middle }
        }
        return high
      }
    }

    mutating func uniform() -> Double { Double(random.next() >> 11) * 0x1p-53 }

    private mutating func draw(_ limits: [Double]) -> Int {
      let point = uniform()
      var index = 0
      while index < limits.count, point >= limits[index] { index += 1 }
      return index
    }

    /// Counts by stratum and bin.
    mutating func sample(_ count: Int, mix: [Double], shift: [Double]) -> [[UInt64]] {
      var counts = means.map { _ in [UInt64](repeating: 0, count: bins) }
      let limits = zip(means, shift).map { mean, shift in
        edges.map { 1 / (1 + exp(mean + shift - $0)) }
      }
      var sum = 0.0
      let shares = mix.dropLast().map { share in
        sum += share
        return sum
      }
      for _ in 0..<count {
        let stratum = draw(shares)
        counts[stratum][draw(limits[stratum])] += 1
      }
      return counts
    }
  }

  private static func sum(_ strata: [[UInt64]]) -> [UInt64] {
    (0..<bins).map { bin in strata.reduce(0) { $0 + $1[bin] } }
  }

  /// Whether the index is surely above 0.
  private static func alarms(_ reference: [UInt64], _ current: [UInt64]) throws -> Bool {
    let psi = try #require(populationStability(reference: reference, current: current))
    let verdict = try #require(
      driftBeyondTolerance(
        psi: psi,
        bins: bins,
        referenceCount: reference.reduce(0, +),
        currentCount: current.reduce(0, +),
        tolerance: 0,
        confidence: confidence
      )
    )
    return verdict.low > 0
  }

  private static func mixed(_ reference: [[UInt64]], _ window: [[UInt64]]) throws -> [UInt64] {
    let strata = try zip(reference, window).map { reference, window in
      (
        weight: Double(window.reduce(0, +)),
        reference: try #require(ReferenceShares(counts: reference))
      )
    }
    return try #require(ReferenceShares.mixed(strata)).counts
  }

  private static let oldMix = [0.6, 0.3, 0.1]
  private static let newMix = [0.2, 0.4, 0.4]

  private static func shares(
    seed: UInt64,
    _ means: [Double],
    mix: [Double],
    shift: [Double]
  ) throws -> (plain: Double, within: Double) {
    var world = World(seed: seed, means: means, mix: oldMix)
    var plain = 0
    var within = 0
    for _ in 0..<windows {
      let reference = world.sample(2_000, mix: oldMix, shift: [0, 0, 0])
      let window = world.sample(500, mix: mix, shift: shift)
      if try alarms(sum(reference), sum(window)) { plain += 1 }
      if try alarms(mixed(reference, window), sum(window)) { within += 1 }
    }
    return (Double(plain) / Double(windows), Double(within) / Double(windows))
  }

  @Test(arguments: [[0.0, 0, 0], [-2, 0, 2], [-3, 0, 6]])
  func `a change of the mix alone is no drift within strata`(means: [Double]) throws {
    let seed: UInt64 = 71
    let result = try Self.shares(seed: seed, means, mix: Self.newMix, shift: [0, 0, 0])
    #expect(result.within <= Self.nominal, "\(result), means \(means), seed \(seed)")
    if means != [0, 0, 0] { #expect(result.plain == 1, "\(result)") }
  }

  @Test func `a change within a stratum is drift, whatever the mix does`() throws {
    let seed: UInt64 = 72
    for mix in [Self.oldMix, Self.newMix] {
      let result = try Self.shares(seed: seed, [-2, 0, 2], mix: mix, shift: [0, 1.5, 0])
      #expect(result.within > 0.95, "\(result), mix \(mix), seed \(seed)")
    }
  }

  /// The window covers two hours of 24, whose means go round by the amplitude; each hour has
  /// 30 past events a week in four weeks, 100 in the window.
  private static func seasonal(
    seed: UInt64,
    amplitude: Double
  ) throws -> (plain: Double, same: Double) {
    let means = (0..<24).map { hour in
      amplitude * (abs(Double(hour) - 12) / 6 - 1)
    }
    let even = [Double](repeating: 1.0 / 24, count: 24)
    var world = World(seed: seed, means: means, mix: even)
    let still = [Double](repeating: 0, count: 24)
    var plain = 0
    var same = 0
    for index in 0..<windows {
      let hours = [index % 24, (index + 1) % 24]
      let past = world.sample(24 * 120, mix: even, shift: still)
      let ofWindow = (0..<24).map { hours.contains($0) ? 0.5 : 0 }
      let window = sum(world.sample(200, mix: ofWindow, shift: still))
      let pool = try #require(ReferenceShares(counts: sum(past)))
      let own = try #require(ReferenceShares(weighted: hours.map { (1, past[$0]) }))
      let shrunk = ReferenceShares.shrunk(
        own,
        toward: pool,
        strength: 200,
        bins: Array(1...bins)
      )
      if try alarms(sum(past), window) { plain += 1 }
      if try alarms(shrunk.counts, window) { same += 1 }
    }
    return (Double(plain) / Double(windows), Double(same) / Double(windows))
  }

  @Test(arguments: [0.0, 0.2, 0.5, 2, 4])
  func `seasons alone are no drift against the same hours`(amplitude: Double) throws {
    let seed: UInt64 = 73
    let result = try Self.seasonal(seed: seed, amplitude: amplitude)
    #expect(result.same <= Self.nominal, "\(result), amplitude \(amplitude), seed \(seed)")
    if amplitude >= 2 { #expect(result.plain > 0.5, "\(result)") }
  }
}
