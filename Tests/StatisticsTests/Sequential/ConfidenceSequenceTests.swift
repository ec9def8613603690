import TestSupport
import Testing

@testable import Statistics

/// An interval of a mean that may be looked at after every loss.
@Suite struct ConfidenceSequenceTests {
  private static func sequence(_ losses: [Double]) -> ConfidenceSequence {
    var sequence = ConfidenceSequence()
    for loss in losses { sequence.insert(loss) }
    return sequence
  }

  @Test func `a bet's capital is the product of its stakes`() {
    let losses = [0, 1, 0.25, 0, 1, 0.5]
    let sequence = Self.sequence(losses)
    for mean in [0, 0.1, 0.5, 1] {
      let capitals = ConfidenceSequence.logOddsRatios.map { logOdds in
        let stake = (power(2.718281828459045, logOdds) - 1)
        return losses.reduce(1) { $0 * (1 + stake / (1 + stake * mean) * ($1 - mean)) }
      }
      let above = capitals.prefix(10).reduce(0, +) / 10
      let below = capitals.suffix(10).reduce(0, +) / 10
      #expect(abs(sequence.evidence(meanAbove: mean) - logarithm(above)) < 1e-12)
      #expect(abs(sequence.evidence(meanBelow: mean) - logarithm(below)) < 1e-12)
    }
  }

  @Test func `evidence and interval are NumPy's and SciPy's`() throws {
    let losses = zip(
      GoldenQuality.fractions(GoldenQuality.golden, 200),
      GoldenQuality.fractions(GoldenQuality.plastic, 200)
    ).map { $0 < 0.25 ? (4 * $1).rounded(.up) / 4 : 0 }
    let sequence = Self.sequence(losses)
    try GoldenQuality.expect(sequence.evidence(meanAbove: 0.1), "evidence_above")
    try GoldenQuality.expect(sequence.evidence(meanBelow: 0.25), "evidence_below")
    try GoldenQuality.expect(sequence.interval().lowerBound, "interval_lower")
    try GoldenQuality.expect(sequence.interval().upperBound, "interval_upper")
  }

  @Test func `the interval's ends are where the evidence is enough`() {
    var random = SeededGenerator(seed: 1)
    let sequence = Self.sequence((0..<2000).map { _ in random.uniform() < 0.05 ? 1 : 0 })
    let interval = sequence.interval()
    #expect(abs(sequence.evidence(meanAbove: interval.lowerBound) - logarithm(40)) < 1e-9)
    #expect(abs(sequence.evidence(meanBelow: interval.upperBound) - logarithm(40)) < 1e-9)
    #expect(interval.contains(0.05))
    // A fixed-size interval has ±0.0096.
    #expect(interval.upperBound - interval.lowerBound < 0.04, "\(interval)")
  }

  @Test(arguments: [0.3, 0.05, 0.01], [false, true])
  func `at all looks together the interval holds the mean so far`(rate: Double, moves: Bool) {
    var random = SeededGenerator(seed: 11)
    var missed = 0
    for _ in 0..<200 {
      var sequence = ConfidenceSequence()
      var sum = 0.0
      var isMissed = false
      for index in 1...400 {
        // A moving rate is twice as high for 100 losses, then half as high.
        let mean = moves ? (index / 100 % 2 == 0 ? rate * 2 : rate / 2) : rate
        sum += mean
        sequence.insert(random.uniform() < mean ? 1 : 0)
        let low = sequence.evidence(meanAbove: sum / Double(index))
        let high = sequence.evidence(meanBelow: sum / Double(index))
        if max(low, high) >= logarithm(40) { isMissed = true }
      }
      if isMissed { missed += 1 }
    }
    // 5 % of 200 are 10; 19 or more of them have a probability of 0.4 %.
    #expect(missed < 19, "\(missed)")
  }

  @Test func `no losses say nothing, and zeros are taken at once`() throws {
    let empty = ConfidenceSequence()
    #expect(empty.interval() == 0...1)
    #expect(empty.evidence(meanAbove: 0) == 0)
    var zeros = ConfidenceSequence()
    zeros.insertZeros(1000)
    #expect(zeros == Self.sequence([Double](repeating: 0, count: 1000)))
    #expect(zeros.interval().lowerBound == 0)
    #expect(zeros.interval().upperBound < 0.01, "\(zeros.interval())")
    let ones = Self.sequence([Double](repeating: 1, count: 1000))
    #expect(ones.interval().upperBound == 1)
    #expect(ones.interval().lowerBound > 0.99)
  }

  @Test func `kept numbers go on as if nothing had been`() throws {
    var sequence = Self.sequence([0, 1, 0.3])
    var restored = try #require(ConfidenceSequence(stored: sequence.stored))
    sequence.insert(0.7)
    restored.insert(0.7)
    #expect(restored == sequence)
    var wrong = sequence.stored
    wrong[0] = 1.5
    #expect(ConfidenceSequence(stored: wrong) == nil)
    wrong[0] = 1e18
    #expect(ConfidenceSequence(stored: wrong) == nil)
    wrong[0] = -1
    #expect(ConfidenceSequence(stored: wrong) == nil)
    wrong[0] = 1
    wrong[3] = .nan
    #expect(ConfidenceSequence(stored: wrong) == nil)
    #expect(ConfidenceSequence(stored: []) == nil)
  }
}
