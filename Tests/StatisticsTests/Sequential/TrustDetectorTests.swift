import TestSupport
import Testing

@testable import Statistics

/// Whether outcomes go on being as they were expected.
@Suite struct TrustDetectorTests {
  private static let between = 1000.0

  /// The outcomes until the alarm, at most `limit`; expected losses about 0.1 to 0.3.
  private static func delay(
    _ random: inout SeededGenerator,
    calm: Int = 0,
    excess: Double,
    limit: Int
  ) -> (count: Int, side: TrustDetector.Side?) {
    var detector = TrustDetector()
    for index in 0..<calm + limit {
      let expected = 0.1 + 0.2 * random.uniform()
      let rate = index < calm ? expected : expected + excess
      detector.insert(loss: random.uniform() < rate ? 1 : 0, expected: expected)
      guard let side = detector.alarm(outcomesBetweenAlarms: between) else { continue }
      if index >= calm { return (index - calm + 1, side) }
      detector = TrustDetector()
    }
    return (limit, nil)
  }

  @Test func `one bet's process is the recursion itself`() {
    var detector = TrustDetector()
    var plain = [Double](repeating: 0, count: 8)
    for (loss, expected) in [(1.0, 0.2), (0, 0.3), (1, 0.1), (1, 0.9), (0, 0)] {
      detector.insert(loss: loss, expected: expected)
      for (index, bet) in TrustDetector.bets.enumerated() {
        plain[index] = (plain[index] + 1) * (1 + bet * (loss - expected))
        plain[index + 4] = (plain[index + 4] + 1) * (1 - bet * (loss - expected))
      }
    }
    #expect(detector.wealths == plain)
    let mean = plain.reduce(0, +) / 8
    #expect(abs(detector.evidence / mean - 1) < 1e-12)
    #expect(TrustDetector(wealths: detector.wealths) == detector)
  }

  @Test func `at least so many outcomes as promised lie between false alarms on average`() {
    var random = SeededGenerator(seed: 3)
    let delays = (0..<40).map { _ in
      Double(Self.delay(&random, excess: 0, limit: 3000).count)
    }
    let mean = delays.reduce(0, +) / 40
    #expect(mean > Self.between, "\(mean)")
  }

  @Test(arguments: [0, 2000])
  func `a change is found within some hundred outcomes, also after a long calm`(calm: Int) {
    var random = SeededGenerator(seed: 5)
    var delays: [Int] = []
    while delays.count < 15 {
      let (count, side) = Self.delay(&random, calm: calm, excess: 0.25, limit: 2000)
      #expect(side == .worse)
      delays.append(count)
    }
    let median = delays.sorted()[7]
    #expect(median < 150, "\(median)")
  }

  @Test func `fewer losses than expected are told from more`() {
    var detector = TrustDetector()
    for _ in 0..<200 { detector.insert(loss: 0, expected: 0.3) }
    #expect(detector.alarm(outcomesBetweenAlarms: Self.between) == .better)
  }

  @Test func `a certain surprise and a long run of them stay numbers`() {
    var detector = TrustDetector()
    #expect(detector.evidence == 0)
    #expect(detector.alarm(outcomesBetweenAlarms: 1) == nil)
    for _ in 0..<5000 { detector.insert(loss: 1, expected: 0) }
    #expect(detector.evidence.isFinite)
    #expect(detector.wealths.max() == TrustDetector.greatest)
    for _ in 0..<2000 { detector.insert(loss: 0, expected: 0.9) }
    #expect(detector.alarm(outcomesBetweenAlarms: Self.between) == .better)
    #expect(TrustDetector(wealths: [0, 1]) == nil)
    #expect(TrustDetector(wealths: [Double](repeating: .nan, count: 8)) == nil)
    #expect(TrustDetector(wealths: [Double](repeating: -1, count: 8)) == nil)
  }
}
