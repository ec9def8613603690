import Foundation
import TestSupport
import Testing

@testable import Statistics

/// Labels that arrive are held against those that arrived before.
@Suite struct LabelComparisonTests {
  private func curve(positives: [Int], negatives: [Int], silent: Int) throws -> LabelArrival {
    try #require(
      LabelArrival(ages: [1, 2, 4], positives: positives, negatives: negatives, silent: silent)
    )
  }

  @Test func `labels are held against those that are due at their ages`() throws {
    let history = try curve(positives: [20, 20, 10], negatives: [0, 0, 50], silent: 100)
    #expect(history.count == 200)
    #expect(history.labelledShare(by: 2) == 0.2)
    // Due are 0.1 · 100 + 0.2 · 50.
    let ratio = history.arrivalRatio(10, of: [(1, 100), (2, 50)])
    #expect(ratio.value == 0.5)
    // Poisson limits of 10 are 4.795 and 18.39 (Garwood 1936); the curve's error adds to them:
    // 1.96² · 0.25 · (1 − 2/15)/(2/15 · 200).
    let rest = 1.959964 * 1.959964 * 0.25 * (13.0 / 15) / (2.0 / 15 * 200)
    let interval = try #require(ratio.interval)
    let (down, up) = ((10 - 4.795) / 20, (18.39 - 10) / 20)
    #expect(abs(interval.lowerBound - (0.5 - (down * down + rest).squareRoot())) < 1e-3)
    #expect(abs(interval.upperBound - (0.5 + (up * up + rest).squareRoot())) < 1e-3)
    #expect(history.arrivalRatio(10, of: []).value == nil)
  }

  @Test func `delays are compared among labels that came by an age all have reached`() throws {
    let history = try curve(positives: [20, 20, 40], negatives: [0, 0, 0], silent: 9)
    let other = try curve(positives: [30, 10, 0], negatives: [0, 0, 0], silent: 0)
    #expect(history.delayDistance(to: other, upTo: 2.5).value == 0.25)
    #expect(history.delayDistance(to: other, upTo: 4).value == 0.5)
    #expect(history.delayDistance(to: other, upTo: 0.5).value == nil)
    // √(ln 80 / 2) (1/√80 + 1/√40)
    let half = (log(80) / 2).squareRoot() * (1 / 80.0.squareRoot() + 1 / 40.0.squareRoot())
    let interval = try #require(history.delayDistance(to: other, upTo: 4).interval)
    #expect(abs(interval.lowerBound - (0.5 - half)) < 1e-9)
  }

  @Test func `what is left without a part is counted, none below 0`() throws {
    let all = try curve(positives: [2, 1, 0], negatives: [1, 0, 0], silent: 3)
    let part = try curve(positives: [1, 2, 0], negatives: [1, 0, 0], silent: 1)
    let left = try curve(positives: [1, 0, 0], negatives: [0, 0, 0], silent: 2)
    #expect(all.without(part) == left)
  }

  @Test func `the interval of the ratio holds it in most replays`() throws {
    var random = SeededGenerator(seed: 61)
    var held = 0
    for _ in 0..<400 {
      var (history, window) = (LabelArrival(ages: [1, 2, 4]), 0)
      for _ in 0..<500 {
        let age = 8 * random.uniform()
        if age <= 4 {
          history.insert(isPositive: true, age: age)
        } else {
          history.insertSilent()
        }
        if random.uniform() < 1.0 / 8 { window += 1 }
      }
      let interval = try #require(history.arrivalRatio(window, of: [(1, 500)]).interval)
      if interval.contains(1) { held += 1 }
    }
    #expect(held >= 376, "\(held)")
  }

  @Test func `a burst's ratio has an interval on its logarithm`() throws {
    let burst = try #require(
      ArrivalBurst(
        now: [.init(exposure: 2000, arrivals: 50), .init(exposure: 500, arrivals: 2)],
        yearBefore: [.init(exposure: 1000, arrivals: 10), .init(exposure: 1000, arrivals: 4)]
      )
    )
    let interval = try #require(burst.interval().interval)
    // exp(1.959964 √(1/52 + 41/22²)), Var E = 4 · 10 + ¼ · 4
    let factor = exp(1.959964 * (1 / 52.0 + 41.0 / 484).squareRoot())
    #expect(abs(interval.lowerBound - 52.0 / 22 / factor) < 1e-5)
    #expect(burst.verdict == .burst)
    let slow = ArrivalBurst.verdict(
      now: [.init(exposure: 100, arrivals: 5)],
      yearBefore: [.init(exposure: 100, arrivals: 60)]
    )
    #expect(slow == .slowdown)
  }

  @Test func `a quantile of delays is that of the sorted delays`() {
    for seed in UInt64(1)...60 {
      var random = SeededGenerator(seed: seed)
      let count = 1 + Int(random.uniform() * (seed % 3 == 0 ? 8 : 900))
      let scale = seed % 5 == 0 ? 0.5 : 12.0
      // Some at the ends of bins, some the same, some beyond the horizon.
      let delays = (0..<count).map { index in
        index % 7 == 0 ? 4 : index % 11 == 0 ? 0 : random.uniform() * scale
      }
      var arrival = LabelArrival(ages: [1, 2, 4, 8])
      for (index, delay) in delays.enumerated() {
        arrival.insert(isPositive: index % 3 == 0, age: delay)
      }
      let sorted = RegressionOutcomes(
        predictions: delays,
        outcomes: [Double](repeating: 0, count: count)
      )
      for q in [0, 0.05, 0.5, 0.9, 1] {
        let told = arrival.delayQuantile(q, of: delays)
        #expect(told == sorted.errorQuantile(q), "seed \(seed), quantile \(q)")
      }
    }
  }
}
