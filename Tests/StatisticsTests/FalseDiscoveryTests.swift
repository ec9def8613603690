import Foundation
import Testing

@testable import Statistics
import TestSupport

/// E-values against exact arithmetic, e-BH against its definition and by simulation.
@Suite struct FalseDiscoveryTests {
  @Test func `e-values are those of exact arithmetic`() throws {
    let table = try GoldenTable("e_values.csv")
    #expect(table.rows.count == 22)
    for row in table.rows {
      let value = try #require(calibratedEValue(pValue: row[0]))
      #expect(relativeError(value, row[1]) < 1e-13, "p \(row[0]): \(value)")
    }
  }

  @Test func `the ends have e-values, what is no p-value has none`() {
    #expect(calibratedEValue(pValue: 1) == 0.5)
    #expect(calibratedEValue(pValue: 0) == .infinity)
    #expect(calibratedEValue(pValue: .leastNonzeroMagnitude) == .infinity)
    for wrong in [-0.1, 1.1, .nan, .infinity] { #expect(calibratedEValue(pValue: wrong) == nil) }
  }

  @Test func `the calibrator integrates to one, so that chance makes no evidence`() {
    // ∫ e(p) dp = ∫ e(exp −t) exp(−t) dt by the midpoint rule; beyond T its tail is about 1/T.
    let (step, last) = (0.001, 400.0)
    var sum = 0.0
    var t = step / 2
    while t < last {
      sum += (calibratedEValue(pValue: exp(-t)) ?? .nan) * exp(-t) * step
      t += step
    }
    #expect(abs(sum + 1 / last - 1) < 1e-5, "\(sum)")
  }

  @Test func `smaller p-values never have smaller e-values`() {
    var previous = 0.0
    for exponent in stride(from: 0.0, through: 300, by: 0.05) {
      let value = calibratedEValue(pValue: pow(10, -exponent)) ?? .nan
      #expect(value >= previous, "1e-\(exponent)")
      previous = value
    }
  }

  @Test(arguments: [UInt64](1...20))
  func `e-BH rejects as its definition says`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 0...30, using: &random)
    let values = (0..<count).map { _ in
      pow(10, Double.random(in: -1...4, using: &random)).rounded()
    }
    let rate = Double.random(in: 0.01...0.5, using: &random)
    // The definition, without sorting: of each k whether k values reach K/(αk).
    let largest = (0...count).last { k in
      k == 0 || values.count { $0 >= Double(count) / (rate * Double(k)) } >= k
    }
    let limit = largest.flatMap { $0 == 0 ? nil : Double(count) / (rate * Double($0)) }
    let expected = values.map { value in limit.map { value >= $0 } ?? false }
    #expect(rejectedByEBH(values, rate: rate) == expected, "seed \(seed)")
  }

  @Test func `infinite evidence is rejected, nothing is nothing`() {
    #expect(rejectedByEBH([], rate: 0.05).isEmpty)
    #expect(rejectedByEBH([.infinity, 0.5], rate: 0.05) == [true, false])
    #expect(rejectedByEBH([19.9], rate: 0.05) == [false])
    #expect(rejectedByEBH([20], rate: 0.05) == [true])
  }

  /// The share of false discoveries, averaged over ticks of features that share a common shock.
  ///
  /// p-values of the one-sided normal test, correlation `shared`; the true hypotheses are at the edge of
  /// the null, where p-values are uniform.
  @Test(arguments: [0, 0.5, 0.95])
  func `the false discovery rate holds however features depend`(shared: Double) {
    let seed: UInt64 = 20
    var random = SeededGenerator(seed: seed)
    let (ticks, features, drifted, rate) = (4_000, 40, 8, 0.1)
    var falseShares = 0.0
    var found = 0
    for _ in 0..<ticks {
      let shock = random.normal()
      let values = (0..<features).map { feature in
        let noise = shared.squareRoot() * shock + (1 - shared).squareRoot() * random.normal()
        let p = NormalDistribution.survival(noise + (feature < drifted ? 5 : 0))
        return calibratedEValue(pValue: p) ?? 0
      }
      let rejected = rejectedByEBH(values, rate: rate)
      let all = rejected.count { $0 }
      let right = rejected.prefix(drifted).count { $0 }
      falseShares += all > 0 ? Double(all - right) / Double(all) : 0
      found += right
    }
    #expect(falseShares / Double(ticks) <= rate, "seed \(seed)")
    #expect(found > ticks * drifted / 2, "found \(found): nothing would hold the rate as well")
  }
}
