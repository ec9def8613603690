import TestSupport
import Testing

@testable import Statistics

/// A canary beside the stable version, looked at after every pair.
@Suite struct CanaryTestTests {
  /// The loss of each version, for a stable rate of 10 %: of the same events where `shared` is true.
  private static func pair(
    _ random: inout SeededGenerator,
    excess: Double,
    isShadow: Bool
  ) -> Double {
    let first = random.uniform()
    // A shadow errs where the stable version does, in nine of ten cases.
    let second = isShadow && random.uniform() < 0.9 ? first : random.uniform()
    return (second < 0.1 + excess ? 1 : 0) - (first < 0.1 ? 1 : 0)
  }

  /// The pairs until each verdict; none of replays that go on.
  private static func tell(
    _ random: inout SeededGenerator,
    excess: Double,
    isShadow: Bool = false,
    replays: Int,
    pairs: Int
  ) -> [CanaryTest.Verdict: [Int]] {
    var said: [CanaryTest.Verdict: [Int]] = [:]
    for _ in 0..<replays {
      var test = CanaryTest(margin: 0.02)
      while test.verdict == .continue && test.count < pairs {
        test.insert(difference: pair(&random, excess: excess, isShadow: isShadow))
      }
      said[test.verdict, default: []].append(test.count)
    }
    return said
  }

  // 20 are 5 % of 400. Simulated to the end (2,000 replays of up to 10,000 pairs) 2.2 % of split
  // traffic's canaries are rolled back, 0.7 % of shadows.
  @Test(arguments: [false, true])
  func `a canary as good as the stable version is seldom rolled back`(isShadow: Bool) {
    var random = SeededGenerator(seed: 21)
    let said = Self.tell(
      &random,
      excess: 0,
      isShadow: isShadow,
      replays: 400,
      pairs: 500
    )
    #expect(said[.rollback, default: []].count <= 20, "\(said)")
  }

  @Test(arguments: [false, true])
  func `a canary worse by the margin is seldom promoted`(isShadow: Bool) {
    var random = SeededGenerator(seed: 22)
    let said = Self.tell(&random, excess: 0.02, isShadow: isShadow, replays: 400, pairs: 500)
    #expect(said[.promote, default: []].count <= 20, "\(said)")
  }

  // Of 2,000 replays the median delay is 1,731 pairs with split traffic, 394 with a shadow.
  @Test(arguments: [(false, 3000), (true, 800)])
  func `a canary three points worse is rolled back`(isShadow: Bool, within: Int) {
    var random = SeededGenerator(seed: 23)
    let said = Self.tell(
      &random,
      excess: 0.03,
      isShadow: isShadow,
      replays: 21,
      pairs: 10_000
    )
    let delays = said[.rollback, default: []].sorted()
    #expect(delays.count >= 20, "\(said)")
    let median = delays[delays.count / 2]
    #expect(median < within, "\(median)")
  }

  @Test func `a canary that is better is promoted`() {
    var random = SeededGenerator(seed: 24)
    let said = Self.tell(&random, excess: -0.02, replays: 21, pairs: 6000)
    #expect(said[.promote, default: []].count == 21, "\(said)")
  }

  @Test func `the interval is that of the difference`() {
    var random = SeededGenerator(seed: 25)
    var test = CanaryTest(margin: 0.02)
    #expect(test.interval == -1...1)
    for _ in 0..<4000 {
      test.insert(difference: Self.pair(&random, excess: 0.03, isShadow: true))
    }
    let interval = test.interval
    #expect(interval.contains(0.03), "\(interval)")
    #expect(interval.lowerBound > 0, "\(interval)")
  }

  @Test(arguments: [0.4, 0.05, 0.05 / 16])
  func `the interval says what the verdict says, at every later look`(risk: Double) {
    for (excess, verdict) in [(0.05, CanaryTest.Verdict.rollback), (-0.02, .promote)] {
      var random = SeededGenerator(seed: 26)
      var test = CanaryTest(margin: 0.02, risk: risk)
      var looks = 0
      for _ in 0..<8000 {
        test.insert(difference: Self.pair(&random, excess: excess, isShadow: true))
        guard test.verdict == verdict else { continue }
        looks += 1
        let interval = test.interval
        #expect(verdict == .rollback ? interval.lowerBound >= 0 : interval.upperBound <= 0.02)
      }
      #expect(looks > 1000)
    }
  }

  @Test func `kept numbers go on as if nothing had been`() throws {
    let new = CanaryTest(margin: 0.02)
    var test = new
    for index in 0..<300 { test.insert(difference: index % 5 == 0 ? 1 : 0) }
    #expect(test.verdict == .rollback)
    var restored = try #require(new.restored(from: test.stored))
    #expect(restored == test)
    restored.insert(difference: -0.5)
    test.insert(difference: -0.5)
    #expect(restored == test)
    #expect(test.verdict == .rollback)
    var wrong = test.stored
    wrong[0] = 9
    #expect(new.restored(from: wrong) == nil)
    #expect(new.restored(from: [0]) == nil)
  }
}
