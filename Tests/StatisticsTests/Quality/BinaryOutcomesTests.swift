import TestSupport
import Testing

@testable import Statistics

/// What holds of the quality of any predictions.
@Suite struct BinaryOutcomesTests {
  struct Sample {
    var scores: [Double]
    var decisions: [Bool]
    var outcomes: [Bool]

    /// Predictions whose scores tie often and are right more often than not.
    init(seed: UInt64, count: Int, steps: Double = 20) {
      var random = SeededGenerator(seed: seed)
      scores = (0..<count).map { _ in (random.uniform() * steps).rounded() / steps }
      outcomes = scores.map { random.uniform() < $0 }
      decisions = scores.map { $0 > 0.6 || random.uniform() < 0.05 }
    }

    var realised: BinaryOutcomes {
      BinaryOutcomes(scores: scores, decisions: decisions, outcomes: outcomes)
    }

    func reordered(_ order: [Int]) -> Sample {
      var copy = self
      copy.scores = order.map { scores[$0] }
      copy.decisions = order.map { decisions[$0] }
      copy.outcomes = order.map { outcomes[$0] }
      return copy
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `no measure depends on the order of the predictions`(seed: UInt64) {
    let sample = Sample(seed: seed, count: 300)
    var random = SeededGenerator(seed: seed + 100)
    let other = sample.reordered(Array(0..<300).shuffled(using: &random))
    #expect(sample.realised == other.realised, "seed \(seed)")
    for measure in BinaryMeasure.allCases {
      #expect(sample.realised[measure] == other.realised[measure], "seed \(seed) \(measure)")
    }
  }

  @Test func `the counts of parts add up to those of the whole`() {
    let sample = Sample(seed: 1, count: 200)
    let whole = sample.realised.confusion
    let parts = [Array(0..<70), Array(70..<200)].map { sample.reordered($0).realised.confusion }
    #expect(parts[0] + parts[1] == whole)
    #expect(whole.count == 200)
    #expect(whole.positives + whole.negatives == 200)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `rankings are those of the definitions, pair by pair`(seed: UInt64) throws {
    let sample = Sample(seed: seed, count: 120)
    let positives = zip(sample.scores, sample.outcomes).filter(\.1).map(\.0)
    let negatives = zip(sample.scores, sample.outcomes).filter { !$0.1 }.map(\.0)
    func above(_ a: Double, _ b: Double) -> Double { a > b ? 1 : a == b ? 0.5 : 0 }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func variance(_ values: [Double]) -> Double {
      let centre = mean(values)
      return mean(values.map { ($0 - centre) * ($0 - centre) }) / Double(values.count - 1)
    }
    let below = positives.map { score in mean(negatives.map { above(score, $0) }) }
    let over = negatives.map { score in mean(positives.map { above($0, score) }) }
    let area = try #require(sample.realised.table.rankingArea)
    #expect(abs(area.value - mean(below)) < 1e-12, "seed \(seed)")
    #expect(abs(area.variance - variance(below) - variance(over)) < 1e-12, "seed \(seed)")
    let precision = mean(
      positives.map { threshold in
        let chosen = sample.outcomes.indices.filter { sample.scores[$0] >= threshold }
        return mean(chosen.map { sample.outcomes[$0] ? 1 : 0 })
      }
    )
    let average = try #require(sample.realised[.averagePrecision].value)
    #expect(abs(average - precision) < 1e-12, "seed \(seed)")
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `the variance of the average precision is that of its derivatives`(seed: UInt64) throws {
    let table = Sample(seed: seed, count: 150).realised.table
    let value = try #require(table.averagePrecision)
    let step = 1e-6
    func moved(_ index: Int, isPositive: Bool) throws -> Double {
      var (positives, negatives) = (table.positives, table.negatives)
      if isPositive { positives[index] += step } else { negatives[index] += step }
      let other = ScoreTable(scores: table.scores, positives: positives, negatives: negatives)
      return (try #require(other.averagePrecision).value - value.value) / step
    }
    let sum = try table.scores.indices.reduce(0) { sum, index in
      let positive = try moved(index, isPositive: true)
      let negative = try moved(index, isPositive: false)
      return sum + table.positives[index] * positive * positive
        + table.negatives[index] * negative * negative
    }
    #expect(abs(value.variance - sum) < 1e-5 * sum, "seed \(seed)")
  }

  @Test func `the greatest scores count by expectation where the cut is in a tie`() throws {
    let table = ScoreTable(
      scores: [0.9, 0.5, 0.5, 0.5, 0.1],
      outcomes: [true, true, false, false, true]
    )
    let two = try #require(table.precision(top: 2).value)
    #expect(abs(two - (1 + 1.0 / 3) / 2) < 1e-15)
    #expect(table.precision(top: 4).value == 0.5)
    #expect(table.precision(top: 9).value == 0.6)
    #expect(table.precision(topShare: 0.4).value == two)
    #expect(table.precision(topShare: 0.01).value == 1)
  }

  @Test func `a share of the predictions is a whole number of them where it should be one`() {
    // 0.29 · 100 is 28.999999999999996 in doubles; the 29th is the first negative one.
    let scores = (0..<100).map { Double(100 - $0) }
    let table = ScoreTable(scores: scores, outcomes: scores.map { $0 > 72 })
    #expect(table.precision(topShare: 0.29) == table.precision(top: 29))
    #expect(table.precision(topShare: 0.285) == table.precision(top: 28))
  }

  @Test(arguments: [2, 25, 300])
  func `an interval holds its value and is in the measure's range`(count: Int) {
    for seed in 1...20 as ClosedRange<UInt64> {
      let realised = Sample(seed: seed, count: count).realised
      for measure in BinaryMeasure.allCases {
        let estimate = realised.estimate(measure, confidence: 0.9)
        let wider = realised.estimate(measure, confidence: 0.99)
        guard let value = estimate.value, let interval = estimate.interval else {
          #expect(estimate.absence != nil, "\(measure) seed \(seed)")
          continue
        }
        #expect(estimate.absence == nil)
        #expect(interval.contains(value), "\(measure) seed \(seed)")
        #expect(interval.lowerBound >= 0, "\(measure) seed \(seed)")
        #expect(interval.upperBound <= 1 || measure == .logLoss, "\(measure) seed \(seed)")
        let bounds = wider.interval ?? value...value
        #expect(
          bounds.lowerBound <= interval.lowerBound && bounds.upperBound >= interval.upperBound
        )
      }
    }
  }

  @Test func `scores that rank perfectly leave the area uncertain`() throws {
    let scores = (1...30).map { Double($0) / 31 }
    let realised = BinaryOutcomes(
      scores: scores,
      decisions: scores.map { $0 > 0.5 },
      outcomes: scores.map { $0 > 0.5 }
    )
    let area = realised[.rocAUC]
    #expect(area.value == 1)
    // Newcombe's method 5 solved by SciPy's brentq for 15 and 15.
    let lower = try #require(area.interval?.lowerBound)
    #expect(abs(lower - 0.8647582056) < 1e-9, "\(lower)")
    #expect(area.interval?.upperBound == 1)
    #expect(realised[.f1].value == 1)
    let low = try #require(realised[.f1].interval?.lowerBound)
    #expect(low > 0.8 && low < 0.95, "\(low)")
  }

  @Test func `a constant score ranks by chance`() throws {
    let outcomes = (0..<40).map { $0 % 2 == 0 }
    let realised = BinaryOutcomes(
      scores: [Double](repeating: 0.3, count: 40),
      decisions: outcomes,
      outcomes: outcomes
    )
    #expect(realised[.rocAUC].value == 0.5)
    let interval = try #require(realised[.rocAUC].interval)
    #expect(interval.lowerBound > 0.3 && interval.upperBound < 0.7)
    #expect(realised[.averagePrecision].value == 0.5)
  }
}
