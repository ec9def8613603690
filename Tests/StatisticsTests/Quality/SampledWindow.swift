import TestSupport

@testable import Statistics

/// A window's predictions, of which a sample of about 200 gets outcomes.
struct SampledWindow {
  private static let size = 200

  private var expected: [Double] = []
  private var losses: [Double] = []
  private var weights: [Double] = []
  private var inclusions: [Double] = []
  private let greatest: Double
  private let expectedMean: Double
  /// The true mean loss.
  let rate: Double

  /// A window; in a shifted one half the rate is expected, and errors are anywhere alike.
  init(_ random: inout SeededGenerator, count: Int, rate: Double, isShifted: Bool) {
    for _ in 0..<count {
      let mean = isShifted ? rate / 2 : rate
      let probability = min(0.5, -mean * logarithm(1 - random.uniform()))
      expected.append(probability)
      losses.append(random.uniform() < (isShifted ? rate : probability) ? 1 : 0)
    }
    let spreads = expected.map { ($0 * (1 - $0)).squareRoot() }
    let scale = spreads.reduce(0, +) / Double(count)
    weights = spreads.map { 0.5 + 0.5 * $0 / scale }
    let sum = weights.reduce(0, +)
    inclusions = weights.map { min(1, Double(Self.size) * $0 / sum) }
    greatest = inclusions.max() ?? 1
    expectedMean = expected.reduce(0, +) / Double(count)
    self.rate = losses.reduce(0, +) / Double(count)
  }

  /// Each prediction with its chance: steps as if all had the greatest one, then thinned.
  func independentSample(_ random: inout SeededGenerator) -> SampledLosses {
    var members: [SampledLosses.Member] = []
    var index = -1
    while true {
      index += 1 + Int(logarithm(1 - random.uniform()) / logarithm(1 - greatest))
      guard index < losses.count else { break }
      guard random.uniform() * greatest < inclusions[index] else { continue }
      members.append(member(index, inclusion: inclusions[index]))
    }
    return sample(members)
  }

  /// The 200 of the smallest ranks.
  func bottomKSample(_ random: inout SeededGenerator) -> SampledLosses {
    var sample = BottomKSample(size: Self.size)
    for index in losses.indices {
      sample.insert(.init(hash: random.next(), weight: weights[index], id: UInt64(index)))
    }
    return self.sample(
      sample.members.map { member(Int($0.candidate.id), inclusion: $0.inclusion) }
    )
  }

  private func member(_ index: Int, inclusion: Double) -> SampledLosses.Member {
    .init(loss: losses[index], expected: expected[index], inclusion: inclusion)
  }

  private func sample(_ members: [SampledLosses.Member]) -> SampledLosses {
    SampledLosses(members: members, population: losses.count, expectedMean: expectedMean)
  }
}
