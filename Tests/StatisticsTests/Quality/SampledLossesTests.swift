import TestSupport
import Testing

@testable import Statistics

/// The mean loss of a window from outcomes of a sample of it.
@Suite struct SampledLossesTests {
  @Test(arguments: [0.3, 0.05, 0.01], [false, true])
  func `the interval of 200 outcomes holds the rate in 94 % and more, also of rare errors`(
    rate: Double,
    isShifted: Bool
  ) throws {
    var random = SeededGenerator(seed: 17)
    var window = SampledWindow(&random, count: 5000, rate: rate, isShifted: isShifted)
    var (held, normalHeld, width, normalWidth, bias) = (0, 0, 0.0, 0.0, 0.0)
    let replays = 2000
    for replay in 0..<replays {
      if replay % 100 == 0 {
        window = SampledWindow(&random, count: 5000, rate: rate, isShifted: isShifted)
      }
      let sample = window.independentSample(&random)
      let interval = try #require(sample.estimate().interval)
      let mean = try #require(sample.difference)
      let half = 1.959963984540054 * mean.variance.squareRoot()
      if interval.contains(window.rate) { held += 1 }
      if abs(mean.value - window.rate) <= half { normalHeld += 1 }
      width += interval.upperBound - interval.lowerBound
      normalWidth += 2 * half
      bias += (mean.value - window.rate) / Double(replays)
    }
    #expect(Double(held) >= 0.94 * Double(replays), "\(held) of \(replays)")
    #expect(abs(bias) < 0.05 * rate, "\(bias)")
    if rate == 0.3 { #expect(width <= 1.3 * normalWidth, "\(width / normalWidth)") }
  }

  @Test func `a census has no uncertainty`() throws {
    let members = (0..<50).map { index in
      SampledLosses.Member(loss: index % 5 == 0 ? 1 : 0, expected: 0.1, inclusion: 1)
    }
    let sample = SampledLosses(members: members, population: 50, expectedMean: 0.1)
    let estimate = sample.estimate()
    let value = try #require(estimate.value)
    #expect(abs(value - 0.2) < 1e-12)
    let interval = try #require(estimate.interval)
    #expect(interval.upperBound - interval.lowerBound < 1e-12)
  }

  @Test func `few outcomes have no interval, and no error among them is not a rate of 0`() throws {
    let member = SampledLosses.Member(loss: 0, expected: 0, inclusion: 0.1)
    let few = SampledLosses(
      members: [SampledLosses.Member](repeating: member, count: 9),
      population: 90,
      expectedMean: 0
    )
    #expect(few.estimate().absence == .tooFewPredictions)
    let hundred = SampledLosses(
      members: [SampledLosses.Member](repeating: member, count: 100),
      population: 1000,
      expectedMean: 0
    )
    let upper = try #require(hundred.estimate().interval?.upperBound)
    // −ln 0.025 events of the weight 1/100, times √0.9: Poisson's limit of none.
    #expect(abs(upper - 3.6888794541 * 0.01 * 0.9.squareRoot()) < 1e-9, "\(upper)")
  }
}
