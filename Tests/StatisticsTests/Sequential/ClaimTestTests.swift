import TestSupport
import Testing

@testable import Statistics

/// A claim about a mean loss, looked at after every outcome.
@Suite struct ClaimTestTests {
  private static let replays = 400
  /// 5 % of them.
  private static let mostFalse = 20

  /// How many replays ever said each verdict, and the median number of outcomes until then.
  private static func tell(
    _ random: inout SeededGenerator,
    limit: Double,
    replays: Int = replays,
    outcomes: Int,
    _ rate: (Int) -> Double
  ) -> [ClaimTest.Verdict: [Int]] {
    var said: [ClaimTest.Verdict: [Int]] = [:]
    for _ in 0..<replays {
      var test = ClaimTest(limit: limit)
      var before = ClaimTest.Verdict.undecided
      for index in 1...outcomes {
        test.insert(loss: random.uniform() < rate(index) ? 1 : 0)
        if test.verdict != before { said[test.verdict, default: []].append(index) }
        before = test.verdict
        if before == .fails { break }
      }
    }
    return said
  }

  @Test(arguments: [0.3, 0.05, 0.01])
  func `a claim at its limit is seldom said to fail, and seldom to hold`(limit: Double) {
    var random = SeededGenerator(seed: 7)
    let said = Self.tell(&random, limit: limit, outcomes: 600) { _ in limit }
    #expect(said[.fails, default: []].count <= Self.mostFalse, "\(said)")
    #expect(said[.holds, default: []].count <= Self.mostFalse, "\(said)")
  }

  @Test func `losses may change while the mean so far is within the claim`() {
    var random = SeededGenerator(seed: 8)
    // 5 % on average until any time: little first, more then.
    let rising = Self.tell(&random, limit: 0.05, outcomes: 600) { $0 <= 300 ? 0.02 : 0.08 }
    #expect(rising[.fails, default: []].count <= Self.mostFalse, "\(rising)")
    let falling = Self.tell(&random, limit: 0.05, outcomes: 600) { $0 <= 300 ? 0.08 : 0.02 }
    #expect(falling[.holds, default: []].count <= Self.mostFalse, "\(falling)")
  }

  @Test(arguments: [(0.3, 0.4, 0.2, 500), (0.05, 0.1, 0.02, 900), (0.01, 0.03, 0.002, 1500)])
  func `a claim that fails, or holds by far, is told within some hundred outcomes`(
    limit: Double,
    worse: Double,
    better: Double,
    within: Int
  ) {
    var random = SeededGenerator(seed: 9)
    let failing = Self.tell(&random, limit: limit, replays: 21, outcomes: 3000) { _ in worse }
    let fails = failing[.fails, default: []].sorted()
    #expect(fails.count == 21)
    #expect(fails[10] < within, "\(fails[10])")
    let holding = Self.tell(&random, limit: limit, replays: 21, outcomes: 3000) { _ in better }
    let holds = holding[.holds, default: []].sorted()
    #expect(holds.count == 21)
    #expect(holds[10] < within, "\(holds[10])")
  }

  @Test func `what holds may come to fail, and what fails stays so until the next period`() {
    var test = ClaimTest(limit: 0.1)
    for _ in 0..<200 { test.insert(loss: 0) }
    #expect(test.verdict == .holds)
    for _ in 0..<200 { test.insert(loss: 1) }
    #expect(test.verdict == .fails)
    for _ in 0..<5000 { test.insert(loss: 0) }
    #expect(test.verdict == .fails)
    #expect(test.interval().upperBound < 0.1)
    test.beginPeriod()
    #expect(test.verdict == .undecided)
    #expect(test.count == 0)
    #expect(test.period == 2)
  }

  @Test func `the parts of all periods add up to the risk`() {
    var test = ClaimTest(limit: 0.1, risk: 0.05)
    var sum = 0.0
    for _ in 0..<2000 {
      sum += test.periodRisk
      test.beginPeriod()
    }
    #expect(sum < 0.05)
    #expect(sum > 0.0499)
  }

  @Test func `twelve periods at the limit are not twelve chances`() {
    var random = SeededGenerator(seed: 10)
    var (fails, holds) = (0, 0)
    for _ in 0..<Self.replays {
      var test = ClaimTest(limit: 0.2)
      var (failed, held) = (false, false)
      for _ in 0..<12 {
        for _ in 0..<50 {
          test.insert(loss: random.uniform() < 0.2 ? 1 : 0)
          if test.verdict == .fails { failed = true }
          if test.verdict == .holds { held = true }
        }
        test.beginPeriod()
      }
      if failed { fails += 1 }
      if held { holds += 1 }
    }
    #expect(fails <= Self.mostFalse, "\(fails)")
    #expect(holds <= Self.mostFalse, "\(holds)")
  }

  @Test func `outcomes of a sample whose chances differ are no false verdict either`() {
    var random = SeededGenerator(seed: 12)
    var said: [ClaimTest.Verdict: Int] = [:]
    for _ in 0..<Self.replays {
      var test = ClaimTest(limit: 0.1, leastInclusion: 0.1)
      var ever: Set<ClaimTest.Verdict> = []
      for _ in 0..<100 {
        // What is likely to be sampled is wrong more often: 0.15 and 0.05, 0.1 on average.
        var sample: [(loss: Double, inclusion: Double)] = []
        for index in 0..<10 {
          let (inclusion, rate) = index % 2 == 0 ? (0.4, 0.15) : (0.1, 0.05)
          guard random.uniform() < inclusion else { continue }
          sample.append((random.uniform() < rate ? 1 : 0, inclusion))
        }
        test.insert(sample: sample, of: 10)
        ever.insert(test.verdict)
      }
      for verdict in ever { said[verdict, default: 0] += 1 }
    }
    #expect(said[.fails, default: 0] <= Self.mostFalse, "\(said)")
    #expect(said[.holds, default: 0] <= Self.mostFalse, "\(said)")
  }

  @Test func `nor are those of bottom-k samples`() {
    var random = SeededGenerator(seed: 14)
    var said: [ClaimTest.Verdict: Int] = [:]
    for _ in 0..<Self.replays {
      var test = ClaimTest(limit: 0.1, leastInclusion: 0.05)
      var ever: Set<ClaimTest.Verdict> = []
      for _ in 0..<10 {
        let sample = BottomKSample(
          (0..<60).map { index in
            .init(hash: random.next(), weight: Double(index % 2 + 1), id: UInt64(index))
          },
          size: 15
        )
        let outcomes = sample.members.map { member in
          let rate = member.candidate.weight == 2 ? 0.15 : 0.05
          return (loss: random.uniform() < rate ? 1.0 : 0, inclusion: member.inclusion)
        }
        test.insert(sample: outcomes, of: 60)
        ever.insert(test.verdict)
      }
      for verdict in ever { said[verdict, default: 0] += 1 }
    }
    #expect(said[.fails, default: 0] <= Self.mostFalse, "\(said)")
    #expect(said[.holds, default: 0] <= Self.mostFalse, "\(said)")
  }

  @Test func `a sample of a tenth finds a claim that fails`() {
    var random = SeededGenerator(seed: 13)
    var test = ClaimTest(limit: 0.05, leastInclusion: 0.1)
    while test.verdict == .undecided && test.count < 20_000 {
      let sample = (0..<10).filter { _ in random.uniform() < 0.1 }
        .map { _ in (loss: random.uniform() < 0.1 ? 1.0 : 0, inclusion: 0.1) }
      test.insert(sample: sample, of: 10)
    }
    #expect(test.verdict == .fails)
    #expect(test.interval(confidence: 0.9).lowerBound > 0.05)
    // About 900 outcomes.
    #expect(test.count < 9000, "\(test.count)")
  }

  @Test func `an outcome less likely than promised keeps the period from holding`() {
    var test = ClaimTest(limit: 0.1, leastInclusion: 0.5)
    test.insert(sample: [(0, 0.1)], of: 100_000)
    #expect(test.isCapped)
    #expect(test.verdict == .undecided)
    #expect(test.interval() == 0...1)
    test.beginPeriod()
    test.insert(sample: [], of: 100_000)
    #expect(test.verdict == .holds)
  }

  @Test func `kept numbers go on as if nothing had been`() throws {
    let new = ClaimTest(limit: 0.1)
    var test = new
    test.beginPeriod()
    for index in 0..<400 { test.insert(loss: index % 2 == 0 ? 1 : 0) }
    #expect(test.verdict == .fails)
    var restored = try #require(new.restored(from: test.stored))
    #expect(restored == test)
    restored.insert(loss: 0)
    test.insert(loss: 0)
    #expect(restored == test)
    var wrong = test.stored
    wrong[1] = 3
    #expect(new.restored(from: wrong) == nil)
    wrong[1] = 0
    wrong[2] = 2
    #expect(new.restored(from: wrong) == nil)
    wrong[2] = 0
    #expect(new.restored(from: wrong) != nil)
    wrong[0] = 0
    #expect(new.restored(from: wrong) == nil)
    #expect(new.restored(from: []) == nil)
  }
}
