import TestSupport
import Testing

@testable import Statistics

/// Measures of decisions among several classes.
@Suite struct ClassConfusionTests {
  @Test func `measures are scikit-learn's`() throws {
    let a = GoldenQuality.fractions(GoldenQuality.golden, 120)
    let b = GoldenQuality.fractions(GoldenQuality.plastic, 120)
    let third = GoldenQuality.fractions(GoldenQuality.third, 120)
    var confusion = ClassConfusion(classCount: 4)
    var probabilities: [Double] = []
    for index in a.indices {
      let outcome = a[index] < 0.5 ? 0 : a[index] < 0.85 ? 1 : 2
      let decision = b[index] < 0.6 ? min(outcome, 1) : b[index] < 0.8 ? 0 : 1
      confusion.insert(decision: decision, outcome: outcome)
      let weights = [a[index] + 0.1, b[index] + 0.1, third[index] + 0.1, 0.05]
      probabilities.append(weights[outcome] / weights.reduce(0, +))
    }
    try GoldenQuality.expect(confusion.accuracy().value, "accuracy")
    try GoldenQuality.expect(confusion.macroF1().value, "macro_f1")
    for group in 0..<3 {
      try GoldenQuality.expect(confusion.recall(ofClass: group).value, "recall_\(group)")
    }
    for group in 0..<2 {
      try GoldenQuality.expect(confusion.precision(ofClass: group).value, "precision_\(group)")
    }
    try GoldenQuality.expect(multiClassLogLoss(ofOutcomes: probabilities).value, "log_loss")
    #expect(confusion.precision(ofClass: 2).absence == .noPositiveDecisions)
    #expect(confusion.recall(ofClass: 3).absence == .noPositiveOutcomes)
    #expect(confusion.macroF1().interval != nil)
  }

  @Test func `of two classes the measures are those of the positive one`() {
    var random = SeededGenerator(seed: 61)
    var (pair, binary) = (ClassConfusion(classCount: 2), ConfusionCounts())
    for _ in 0..<100 {
      let (decision, outcome) = (random.uniform() < 0.4, random.uniform() < 0.3)
      pair.insert(decision: decision ? 1 : 0, outcome: outcome ? 1 : 0)
      binary.insert(decision: decision, outcome: outcome)
    }
    #expect(pair.accuracy() == binary.accuracy())
    #expect(pair.precision(ofClass: 1) == binary.precision())
    #expect(pair.recall(ofClass: 1) == binary.recall())
    #expect(pair.recall(ofClass: 0) == binary.specificity())
    #expect(pair.counts(forClass: 1) == binary)
    #expect(pair.counts(forClass: 0).f1().value != binary.f1().value)
  }

  @Test func `parts add up, and kept counts are taken again`() {
    var parts = [ClassConfusion](repeating: ClassConfusion(classCount: 3), count: 2)
    var whole = parts[0]
    for index in 0..<50 {
      parts[index % 2].insert(decision: index % 3, outcome: index % 5 % 3)
      whole.insert(decision: index % 3, outcome: index % 5 % 3)
    }
    #expect(parts[0] + parts[1] == whole)
    #expect(ClassConfusion(classCount: 3, counts: whole.counts) == whole)
    #expect(ClassConfusion(classCount: 2, counts: whole.counts) == nil)
    #expect(ClassConfusion(classCount: 2, counts: [0, 0, 0, -1]) == nil)
    #expect(ClassConfusion(classCount: 2, counts: [.max, 0, 0, 1]) == nil)
  }

  @Test func `nothing, few and flawless decisions say why there is no number`() {
    var confusion = ClassConfusion(classCount: 3)
    #expect(confusion.accuracy().absence == .noPredictions)
    #expect(confusion.macroF1().absence == .noPredictions)
    #expect(confusion.recall(ofClass: 0).absence == .noPredictions)
    for index in 0..<6 { confusion.insert(decision: index % 2, outcome: 0) }
    #expect(confusion.macroF1().absence == .tooFewPredictions)
    var flawless = ClassConfusion(classCount: 2)
    for index in 0..<40 { flawless.insert(decision: index % 2, outcome: index % 2) }
    #expect(flawless.macroF1().value == 1)
    #expect(flawless.macroF1().absence == .noIntervalKnown)
    #expect(multiClassLogLoss(ofOutcomes: []).absence == .noPredictions)
    #expect(multiClassLogLoss(ofOutcomes: [1.1]).absence == .scoresOutsideUnitInterval)
  }

  @Test(arguments: [100, 400])
  func `the interval of the macro F1 at 95 % holds it in 93 % and more, and is no wider than that`(
    count: Int
  ) throws {
    func draw(_ random: inout SeededGenerator, _ count: Int) -> ClassConfusion {
      var confusion = ClassConfusion(classCount: 3)
      for _ in 0..<count {
        let place = random.uniform()
        let outcome = place < 0.5 ? 0 : place < 0.8 ? 1 : 2
        let decision = random.uniform() < 0.7 ? outcome : Int(random.next() % 3)
        confusion.insert(decision: decision, outcome: outcome)
      }
      return confusion
    }
    var random = SeededGenerator(seed: 62)
    let truth = try #require(draw(&random, 200_000).macroF1().value)
    var (held, told, width, squares) = (0, 0, 0.0, 0.0)
    for _ in 0..<1000 {
      let estimate = draw(&random, count).macroF1()
      guard let value = estimate.value, let interval = estimate.interval else { continue }
      told += 1
      width += interval.upperBound - interval.lowerBound
      squares += (value - truth) * (value - truth)
      if interval.contains(truth) { held += 1 }
    }
    #expect(told > 990, "\(told)")
    #expect(Double(held) >= 0.93 * Double(told), "\(held) of \(told)")
    let normal = 2 * 1.96 * (squares / Double(told)).squareRoot()
    let ratio = width / Double(told) / normal
    #expect(abs(ratio - 1) < 0.08, "\(ratio)")
  }
}
