import TestSupport
import Testing

@testable import Statistics

/// How often intervals hold the truth, simulated: scores Φ(x), x normal about ±½δ.
@Suite struct QualityCoverageTests {
  private static let replays = 1000

  private static func draw(
    _ random: inout SeededGenerator,
    count: Int,
    share: Double,
    distance: Double
  ) -> BinaryOutcomes {
    var (scores, outcomes): ([Double], [Bool]) = ([], [])
    for _ in 0..<count {
      let isPositive = random.uniform() < share
      scores.append(
        NormalDistribution.cumulative(random.normal() + (isPositive ? 0.5 : -0.5) * distance)
      )
      outcomes.append(isPositive)
    }
    return BinaryOutcomes(scores: scores, decisions: scores.map { $0 > 0.5 }, outcomes: outcomes)
  }

  @Test(arguments: [(200, 0.3, 1.5), (100, 0.5, 3), (400, 0.05, 2)])
  func `intervals at 95 % hold the truth in 90 % and more of small samples`(
    count: Int,
    share: Double,
    distance: Double
  ) throws {
    var random = SeededGenerator(seed: 20_24)
    let large = Self.draw(&random, count: 50_000, share: share, distance: distance)
    let truth = BinaryMeasure.allCases.map { large[$0].value }
    var held = truth.map { _ in 0.0 }
    var told = held
    for _ in 0..<Self.replays {
      let sample = Self.draw(&random, count: count, share: share, distance: distance)
      for (index, measure) in BinaryMeasure.allCases.enumerated() {
        guard let interval = sample[measure].interval, let value = truth[index] else { continue }
        told[index] += 1
        if interval.contains(value) { held[index] += 1 }
      }
    }
    for (index, measure) in BinaryMeasure.allCases.enumerated() where measure != .ece {
      #expect(told[index] > 0.95 * Double(Self.replays), "\(measure): \(told[index])")
      #expect(held[index] >= 0.9 * told[index], "\(measure): \(held[index]) of \(told[index])")
    }
  }

  @Test func `an estimate's interval holds what its predictions turn out to be`() {
    var random = SeededGenerator(seed: 9)
    let scores = (0..<300).map { _ in random.uniform() }
    let probabilities = scores.map { 0.05 + 0.9 * $0 * $0 }
    let decisions = scores.map { $0 > 0.6 }
    let estimated = EstimatedOutcomes(
      scores: scores,
      probabilities: probabilities,
      decisions: decisions
    )
    let measures = [BinaryMeasure.accuracy, .precision, .recall, .specificity, .f1, .rocAUC]
    var held = measures.map { _ in 0 }
    var moneyHeld = 0
    for _ in 0..<Self.replays {
      let outcomes = probabilities.map { random.uniform() < $0 }
      let sample = BinaryOutcomes(scores: scores, decisions: decisions, outcomes: outcomes)
      for (index, measure) in measures.enumerated() {
        if let interval = estimated[measure].interval, let value = sample[measure].value,
          interval.contains(value)
        {
          held[index] += 1
        }
      }
      let earned = GoldenOutcomes.values.total(sample.confusion).value
      if let interval = estimated.total(GoldenOutcomes.values).interval, let earned,
        interval.contains(earned)
      {
        moneyHeld += 1
      }
    }
    let range = Int(0.93 * Double(Self.replays))...Int(0.97 * Double(Self.replays))
    for (measure, held) in zip(measures, held) {
      #expect(range.contains(held), "\(measure): \(held)")
    }
    #expect(range.contains(moneyHeld), "\(moneyHeld)")
  }
}
