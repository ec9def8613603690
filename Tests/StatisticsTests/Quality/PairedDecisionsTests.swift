import TestSupport
import Testing

@testable import Statistics

@Suite struct PairedDecisionsTests {
  private let values = OutcomeValues(
    truePositive: 5,
    falsePositive: -1,
    falseNegative: -10,
    trueNegative: 0
  )

  /// Predictions of a model that is right with a probability of `model`, and of a rule with `rule`,
  /// which share what is hard.
  private func pairs(
    _ count: Int,
    _ generator: inout SeededGenerator,
    shift: Double
  )
    -> PairedDecisions
  {
    var pairs = PairedDecisions()
    for _ in 0..<count {
      let difficulty = Double(generator.next() >> 11) * 0x1p-53
      let outcome = generator.next() % 4 == 0
      let isRight = difficulty < 0.8 + shift
      let isOtherRight = difficulty < 0.75 && generator.next() % 20 != 0
      pairs.insert(
        decision: isRight == outcome,
        other: isOtherRight == outcome,
        outcome: outcome
      )
    }
    return pairs
  }

  @Test func `a lift is the difference of both sides' measures`() {
    var generator = SeededGenerator(seed: 1)
    let pairs = pairs(2_000, &generator, shift: 0)
    for measure in [BinaryMeasure.accuracy, .precision, .recall, .specificity, .f1] {
      func value(_ counts: ConfusionCounts) -> Double? {
        BinaryOutcomes(confusion: counts, table: ScoreTable(scores: [], outcomes: []))[measure]
          .value
      }
      let own = value(pairs.decisions)
      let other = value(pairs.others)
      let lift = pairs.lift(measure)
      #expect(abs((lift.value ?? 9) - ((own ?? 0) - (other ?? 0))) < 1e-12)
      #expect(lift.interval?.contains(lift.value ?? 9) == true)
    }
    let money = pairs.lift(values).value ?? 0
    let difference =
      (values.total(pairs.decisions).value ?? 0)
      - (values.total(pairs.others).value ?? 0)
    #expect(abs(money - difference) < 1e-9)
    #expect(pairs.constant(true).truePositives == pairs.decisions.positives)
    #expect(pairs.lift(.rocAUC).value == nil)
  }

  @Test(arguments: [BinaryMeasure.accuracy, .precision, .f1])
  func `a lift's interval holds the truth as often as it says`(_ measure: BinaryMeasure) {
    var generator = SeededGenerator(seed: 7)
    let truth = pairs(400_000, &generator, shift: 0).lift(measure).value ?? 9
    var held = 0
    for _ in 0..<400
    where pairs(400, &generator, shift: 0).lift(measure).interval?.contains(truth) == true {
      held += 1
    }
    // 95 % of 400 are 380; 365 or fewer have a probability below 1 in 1,000.
    #expect(held >= 365, "\(held) of 400")
  }

  @Test func `too few pairs have no interval, and none no lift`() {
    var pairs = PairedDecisions()
    #expect(pairs.lift(.accuracy).absence == .noPredictions)
    pairs.insert(decision: true, other: false, outcome: true)
    #expect(pairs.lift(.accuracy).value == 1)
    #expect(pairs.lift(.accuracy).absence == .tooFewPredictions)
  }
}
