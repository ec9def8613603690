import Foundation
import Statistics
import TestSupport
import Testing

/// Confidence bounds of shares, means, changes and counts: golden numbers, and how often they are
/// wrong on seeded simulations.
@Suite struct BoundTests {
  private static let tail = 0.01

  // MARK: Golden numbers

  /// SciPy 1.17.1, `scipy.stats.t.isf(tail, degrees)` for tails of ¼, 5 %, 1 %, 0.1 % and 1e-6.
  private static let quantiles: [(degrees: Int, values: [Double])] = [
    (1, [1.0000000000000002, 6.313751514675044, 31.82051595377396, 318.30883898555044]),
    (2, [0.8164965809277261, 2.9199855803537256, 6.964556734283274, 22.327124770119873]),
    (3, [0.7648923284043444, 2.353363434801824, 4.5407028585681335, 10.214531852407385]),
    (4, [0.7406970841126829, 2.131846786326651, 3.746947387979197, 7.1731822197823085]),
    (5, [0.7266868438004226, 2.015048373333024, 3.364929998907218, 5.893429531356009]),
    (7, [0.7111417780817866, 1.8945786050900066, 2.9979515668685286, 4.785289628638334]),
    (13, [0.6938293042354406, 1.770933395986873, 2.6503088379121915, 3.8519823911683875]),
    (30, [0.6827556933212927, 1.6972608865939574, 2.4572615424005915, 3.385184866829305]),
    (1_000, [0.6747351646070093, 1.6463788172854648, 2.330082674755513, 3.0984021639129233]),
    (100_000, [0.674492203553292, 1.6448688647849699, 2.3263851653552683, 3.090313809427238]),
  ]

  @Test(arguments: quantiles)
  func `Student's quantiles are SciPy's`(degrees: Int, values: [Double]) {
    for (tail, value) in zip([0.25, 0.05, 0.01, 0.001], values) {
      let own = StudentDistribution.upperQuantile(tail: tail, degrees: degrees)
      #expect(abs(own / value - 1) < 1e-4, "\(degrees) degrees, tail \(tail): \(own)")
    }
  }

  /// Newcombe, Statistics in Medicine 17 (1998), table I, method 4.
  private static let shares: [(hits: Int, trials: Int, low: Double, high: Double)] = [
    (81, 263, 0.2535, 0.3682), (15, 148, 0.0598, 0.1644), (0, 20, 0, 0.2005),
    (1, 29, 0.0018, 0.1963),
  ]

  @Test(arguments: shares)
  func `the corrected Wilson interval is Newcombe's`(
    hits: Int,
    trials: Int,
    low: Double,
    high: Double
  ) throws {
    let interval = try #require(WilsonInterval(hits: hits, of: trials, correctedTail: 0.025))
    #expect(abs(interval.lower - low) < 5e-5)
    #expect(abs(interval.upper - high) < 5e-5)
  }

  @Test func `a bound of a change solves the equation that defines it`() {
    let now = (value: 30.0, bounds: 24.0...35.0)
    let before = (value: 40.0, bounds: 37.0...44.0)
    let range = ratioBounds(now, to: before)
    func excess(_ ratio: Double, _ one: Double, _ other: Double) -> Double {
      let gap = now.value - ratio * before.value
      return gap * gap - one * one - ratio * ratio * other * other
    }
    #expect(abs(excess(range.lowerBound, 6, 4)) < 1e-9)
    #expect(abs(excess(range.upperBound, 5, 3)) < 1e-9)
    #expect(range.contains(0.75))
  }

  @Test func `a change from what may be nothing has no upper bound, and signs do not matter`() {
    let now = (value: 3.0, bounds: 2.0...5.0)
    #expect(ratioBounds(now, to: (1, -0.5...2)).upperBound == .infinity)
    let plain = ratioBounds(now, to: (4, 3...6))
    let turned = ratioBounds((-3, -5 ... -2), to: (-4, -6 ... -3))
    #expect(plain == turned)
    let mixed = ratioBounds((-3, -5 ... -2), to: (4, 3...6))
    #expect(mixed == -plain.upperBound ... -plain.lowerBound)
    let certain = ratioBounds((3, 3...3), to: (4, 4...4))
    #expect(abs(certain.lowerBound - 0.75) < 1e-15 && abs(certain.upperBound - 0.75) < 1e-15)
  }

  @Test func `one value alone has a mean and no bound, and nothing at all has none`() throws {
    let one = try #require(Estimate(mean: 5, deviation: 0, count: 1).bounds(tail: Self.tail))
    #expect(one == -.infinity ... .infinity)
    #expect(Estimate(5).bounds(tail: Self.tail) == nil)
    #expect(Estimate(0, .share(of: 0)).bounds(tail: Self.tail) == nil)
  }

  // MARK: Coverage

  @Test func `a share's lower bound is above the true share in at most 4 % of all samples`() {
    for share in [0.001, 0.01, 0.05, 0.2, 0.5, 0.9] {
      var worst = 0.0
      for trials in 1...200 {
        var wrong = 0.0
        for hits in 1...trials {
          guard
            let interval = WilsonInterval(hits: hits, of: trials, correctedTail: Self.tail),
            interval.lower > share
          else { continue }
          wrong += binomial(hits, of: trials, share)
        }
        worst = max(worst, wrong)
      }
      #expect(worst < (share < 0.05 ? 0.04 : 0.025), "share \(share): \(worst)")
    }
  }

  private func binomial(_ hits: Int, of trials: Int, _ share: Double) -> Double {
    let (k, n) = (Double(hits), Double(trials))
    let ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(share) + (n - k) * log1p(-share))
  }

  /// Below itself it is proved far more often: the long tail is not in most samples.
  @Test(arguments: [(5, 0.14), (20, 0.11), (100, 0.06)])
  func `a mean of log-normal values is proved to be above itself in at most 1 %`(
    count: Int,
    below: Double
  ) throws {
    var random = SeededGenerator(seed: UInt64(count))
    var (wrong, tooLow) = (0, 0)
    for _ in 0..<4_000 {
      let values = (0..<count).map { _ in exp(random.normal()) }
      let mean = values.reduce(0, +) / Double(count)
      let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      let estimate = Estimate(mean: mean, deviation: spread.squareRoot(), count: count)
      let bounds = try #require(estimate.bounds(tail: Self.tail))
      if bounds.lowerBound > exp(0.5) { wrong += 1 }
      if bounds.upperBound < exp(0.5) { tooLow += 1 }
    }
    #expect(Double(wrong) / 4_000 <= 0.01, "\(wrong) of 4,000")
    #expect(Double(tooLow) / 4_000 <= below, "\(tooLow) of 4,000")
  }

  @Test(arguments: [30, 300])
  func `a change of nothing is proved in at most 1 % of all pairs of windows`(count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    func share(_ random: inout SeededGenerator) throws -> (Double, ClosedRange<Double>) {
      let hits = (0..<count).count { _ in random.uniform() < 0.8 }
      let estimate = Estimate(Double(hits) / Double(count), .share(of: count))
      return (estimate.value, try #require(estimate.bounds(tail: Self.tail)))
    }
    var (less, more) = (0, 0)
    for _ in 0..<8_000 {
      let range = ratioBounds(try share(&random), to: try share(&random))
      if range.upperBound < 1 { less += 1 }
      if range.lowerBound > 1 { more += 1 }
    }
    #expect(Double(less) / 8_000 <= 0.0125 && Double(more) / 8_000 <= 0.0125, "\(less), \(more)")
  }

  /// Negative binomial counts: Poisson's with a gamma mean of this shape, the standard deviation at
  /// most about the mean.
  @Test(arguments: [1, 2, 5, 20], [10.0, 500.0])
  func `over-dispersed counts at the limit alarm in at most 1 %`(shape: Int, mean: Double) throws {
    var random = SeededGenerator(seed: UInt64(shape) + UInt64(mean))
    func count(_ random: inout SeededGenerator) -> Double {
      let gamma = (0..<shape).reduce(0.0) { sum, _ in sum - log(1 - random.uniform()) }
      return random.poisson(mean * gamma / Double(shape))
    }
    var (less, more) = (0, 0)
    for _ in 0..<20_000 {
      let spread = try #require(WindowSpread((0..<8).map { _ in count(&random) }))
      let range = spread.bounds(around: count(&random), tail: Self.tail)
      if range.lowerBound > mean { more += 1 }
      if range.upperBound < mean { less += 1 }
    }
    // The standard error of 1 % is 0.07 %.
    #expect(Double(more) / 20_000 <= 0.011, "\(more) above")
    #expect(Double(less) / 20_000 <= 0.011, "\(less) below")
  }

  @Test func `fewer than eight windows have no spread, and equal ones have none to speak of`() {
    #expect(WindowSpread([1, 2, 3, 4, 5, 6, 7]) == nil)
    let still = WindowSpread([Double](repeating: 9, count: 8))
    #expect(still?.bounds(around: 9, tail: Self.tail) == 9...9)
    let signed = WindowSpread([-1, 1, -1, 1, -1, 1, -1, 1])
    #expect((signed?.bounds(around: 0, tail: Self.tail).lowerBound ?? 0) < -3)
  }
}

extension SeededGenerator {
  /// A Poisson number: by counting for small means, by a rounded normal one for great ones.
  fileprivate mutating func poisson(_ mean: Double) -> Double {
    guard mean < 60 else { return max(0, (mean + mean.squareRoot() * normal()).rounded()) }
    var (count, product) = (0.0, uniform())
    let limit = exp(-mean)
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }
}
