import Foundation
import TestSupport

/// The shapes of data that every property is tried on.
enum Distribution: String, CaseIterable, Sendable {
  case uniform, normal, lognormal, heavyTails, integers, zeroInflated, farFromZero, clusters

  func sample(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in value(&generator) }
  }

  private func value(_ generator: inout SeededGenerator) -> Double {
    switch self {
    case .uniform: return generator.uniform()
    case .normal: return 10 * generator.normal()
    case .lognormal: return exp(2 * generator.normal())
    case .heavyTails: return tan(Double.pi * (generator.uniform() - 0.5))
    case .integers: return Double(generator.next() % 41) - 5
    case .zeroInflated: return generator.uniform() < 0.4 ? 0 : exp(generator.normal())
    case .farFromZero: return 1.7e9 + 1e5 * generator.uniform()
    case .clusters:
      let isNear = generator.uniform() < 0.5
      return isNear ? 1e-3 * generator.normal() : 1e6 + generator.normal()
    }
  }
}

/// A distribution and a seed, both printed when a property fails.
struct Sample: Sendable, CustomStringConvertible {
  var distribution: Distribution
  var seed: UInt64

  static let all = Distribution.allCases.flatMap { distribution in
    [UInt64(1), 2, 3].map { Sample(distribution: distribution, seed: $0) }
  }

  func values(_ count: Int) -> [Double] { distribution.sample(count, seed: seed) }

  var description: String { "\(distribution.rawValue) seed \(seed)" }
}
