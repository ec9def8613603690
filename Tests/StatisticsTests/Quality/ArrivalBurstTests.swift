import TestSupport
import Testing

@testable import Statistics

/// A burst of labels is told from a change of the newest predictions.
@Suite struct ArrivalBurstTests {
  private typealias Story = SimulatedArrivals.Story

  @Test func `arrivals are compared at today's exposure`() throws {
    let burst = try #require(
      ArrivalBurst(
        now: [.init(exposure: 2000, arrivals: 50), .init(exposure: 500, arrivals: 2)],
        yearBefore: [.init(exposure: 1000, arrivals: 10), .init(exposure: 1000, arrivals: 4)]
      )
    )
    #expect(burst.observed == 52)
    #expect(burst.expected == 22)
    #expect(abs(burst.ratio - 52.0 / 22) < 1e-12)
    // Var E = 4 · 10 + ¼ · 4
    #expect(abs(burst.z - 30 / 93.0.squareRoot()) < 1e-12)
  }

  @Test func `without a year and a horizon of history it cannot be told`() {
    let now = [ArrivalBurst.Cell(exposure: 100, arrivals: 4)]
    let none = [ArrivalBurst.Cell(exposure: 0, arrivals: 0)]
    #expect(ArrivalBurst.verdict(now: now, yearBefore: none) == .cannotBeTold)
    #expect(ArrivalBurst.verdict(now: none, yearBefore: now) == .cannotBeTold)
    let silent = [ArrivalBurst.Cell(exposure: 100, arrivals: 0)]
    #expect(ArrivalBurst.verdict(now: silent, yearBefore: silent) == .cannotBeTold)
    #expect(ArrivalBurst.verdict(now: now, yearBefore: silent) == .quiet)
    var random = SeededGenerator(seed: 51)
    let arrivals = SimulatedArrivals(&random, .burst, size: 100)
    let young = ArrivalBurst.verdict(
      now: arrivals.arrived(upTo: 30),
      yearBefore: arrivals.arrived(upTo: 18)
    )
    #expect(young == .cannotBeTold)
  }

  @Test(arguments: [
    (Story.nothing, false), (.trafficDoubles, false), (.rateDoubles, false), (.burst, true),
  ])
  func `only a burst of the calendar is marked`(
    story: SimulatedArrivals.Story,
    isMarked: Bool
  ) throws {
    var random = SeededGenerator(seed: 52)
    var (count, ratio) = (0, 0.0)
    for _ in 0..<200 {
      let arrivals = SimulatedArrivals(&random, story)
      let now = arrivals.arrived(upTo: SimulatedArrivals.cohorts)
      let before = arrivals.arrived(upTo: SimulatedArrivals.cohorts - 12)
      if ArrivalBurst.verdict(now: now, yearBefore: before) == .burst { count += 1 }
      ratio += try #require(ArrivalBurst(now: now, yearBefore: before)).ratio / 200
    }
    #expect(isMarked ? count == 200 : count <= 2, "\(count)")
    #expect(story == .burst ? ratio > 3 : abs(ratio - 1) < 0.1, "\(ratio)")
  }
}
