import TestSupport
import Testing

@testable import Statistics

/// Figures of predictions whose labels are still arriving.
@Suite struct LabelArrivalTests {
  private typealias Story = SimulatedArrivals.Story

  @Test func `a curve is the share of a class that has arrived, linear inside a bin`() throws {
    var curve = LabelArrival(ages: [1, 2, 4])
    #expect(curve.positiveShare(by: 1) == nil)
    for age in [0, 1, 1.5, 4] { curve.insert(isPositive: true, age: age) }
    curve.insert(isPositive: false, age: 3)
    curve.insertSilent(2)
    curve.insert(isPositive: true, age: 4.5)  // after the horizon: silent
    #expect(curve.positives == [2, 1, 1])
    #expect(curve.negatives == [0, 0, 1])
    #expect(curve.silent == 3)
    #expect(curve.positiveShare(by: 0) == 0)
    #expect(curve.positiveShare(by: 0.5) == 0.25)
    #expect(curve.positiveShare(by: 1) == 0.5)
    #expect(curve.positiveShare(by: 3) == 0.875)
    #expect(curve.positiveShare(by: 9) == 1)
    #expect(curve.negativeShare(by: 9) == 0.25)
  }

  @Test func `counts add up in any order, and are taken again`() throws {
    var random = SeededGenerator(seed: 41)
    var (whole, parts) = (LabelArrival(ages: [1, 3]), [LabelArrival(ages: [1, 3])])
    parts.append(parts[0])
    for index in 0..<200 {
      let (isPositive, age) = (random.uniform() < 0.4, 4 * random.uniform())
      whole.insert(isPositive: isPositive, age: age)
      parts[index % 2].insert(isPositive: isPositive, age: age)
    }
    #expect(parts[1] + parts[0] == whole)
    let again = LabelArrival(
      ages: whole.ages,
      positives: whole.positives,
      negatives: whole.negatives,
      silent: whole.silent
    )
    #expect(again == whole)
    #expect(LabelArrival(ages: [1], positives: [-1], negatives: [0], silent: 0) == nil)
    #expect(LabelArrival(ages: [1], positives: [.max], negatives: [1], silent: 0) == nil)
    #expect(LabelArrival(ages: [1], positives: [], negatives: [0], silent: 0) == nil)
  }

  @Test func `a pending prediction's probability is Bayes'`() throws {
    var random = SeededGenerator(seed: 42)
    var curve = LabelArrival(ages: [1, 2, 3, 4])
    // Positives arrive by 4, half of the negatives by 2, the others never.
    for _ in 0..<40_000 {
      if random.uniform() < 0.5 {
        curve.insert(isPositive: true, age: 4 * random.uniform())
      } else if random.uniform() < 0.5 {
        curve.insert(isPositive: false, age: 2 * random.uniform())
      } else {
        curve.insertSilent()
      }
    }
    for (age, arrived, labelled) in [(1, 0.25, 0.25), (3, 0.75, 0.5), (0, 0, 0)] {
      let bayes = 0.3 * (1 - arrived) / (1 - 0.3 * arrived - 0.7 * labelled)
      let probability = try #require(curve.pendingProbability(0.3, age: Double(age)))
      #expect(abs(probability - bayes) < 0.01, "\(age): \(probability), not \(bayes)")
    }
    #expect(curve.pendingProbability(0.3, age: 4) == 0)
    #expect(curve.pendingProbability(1, age: 4) == 0)
    #expect(LabelArrival(ages: [1]).pendingProbability(0.3, age: 0) == nil)
  }

  // The expected figures are those of an independent simulation in Python with 12 seeds; its sizes
  // and delays are not quite these.
  @Test(arguments: [
    (Story.nothing, 0.0232, 0.0051, 0.0233), (.rateDoubles, 0.0464, 0.0102, 0.0388),
    (.burst, 0.0298, 0.0117, 0.0497),
  ])
  func `the corrected share is right, a little low in a change and high in a burst`(
    story: SimulatedArrivals.Story,
    truth: Double,
    naive: Double,
    corrected: Double
  ) throws {
    var random = SeededGenerator(seed: 43)
    var (meanTruth, meanNaive, meanCorrected) = (0.0, 0.0, 0.0)
    let seeds = 12.0
    for _ in 0..<12 {
      let arrivals = SimulatedArrivals(&random, story)
      let cells = arrivals.cells
      let all = Double(cells.reduce(0) { $0 + $1.count })
      meanTruth += Double(arrivals.truth) / all / seeds
      meanNaive += Double(cells.reduce(0) { $0 + $1.positives }) / all / seeds
      let result = arrivals.curve.corrected(cells)
      meanCorrected += try #require(result.share.value) / seeds
      #expect(result.counts.count == cells.count)
      #expect(result.expectedShare < 0.5)
    }
    #expect(abs(meanTruth / truth - 1) < 0.05, "\(meanTruth)")
    #expect(abs(meanNaive / naive - 1) < 0.1, "\(meanNaive)")
    #expect(abs(meanCorrected / corrected - 1) < 0.1, "\(meanCorrected)")
  }

  @Test(arguments: [Story.nothing, .rateDoubles], [80, 800])
  func `the interval at 95 % holds the share of cohorts of which labels have arrived`(
    story: SimulatedArrivals.Story,
    size: Int
  ) throws {
    var random = SeededGenerator(seed: 44)
    var held = 0
    let replays = 400
    for _ in 0..<replays {
      let arrivals = SimulatedArrivals(&random, story, size: size)
      let result = arrivals.curve.corrected(arrivals.cells)
      let all = Double(arrivals.cells.reduce(0) { $0 + $1.count })
      var truth = Double(arrivals.truth) / all
      if story == .rateDoubles {
        // What probabilities stand for is told as if nothing had changed.
        truth -= 0.0232 * result.expectedShare
      }
      if try #require(result.share.interval).contains(truth) { held += 1 }
    }
    #expect(Double(held) >= 0.94 * Double(replays), "\(held)")
  }

  @Test func `without labels the probabilities stand for all, without predictions nothing does`() {
    let cell = ArrivingLabels(age: 1, count: 100, positives: 3, expected: 10, spread: 9)
    let nothing = LabelArrival(ages: [2]).corrected([cell])
    #expect(nothing.counts == [10])
    #expect(nothing.share.value == 0.1)
    #expect(nothing.expectedShare == 1)
    #expect(LabelArrival(ages: [2]).corrected([]).share.absence == .noPredictions)
    var few = LabelArrival(ages: [2])
    for _ in 0..<9 { few.insert(isPositive: true, age: 1) }
    #expect(few.corrected([cell]).counts == [6])
    #expect(few.corrected([cell]).share.absence == .tooFewPositives)
    few.insert(isPositive: true, age: 1)
    #expect(few.corrected([cell]).share.interval != nil)
  }
}
