import Foundation
import TestSupport
import Testing

@testable import Trials

/// The generator's own functions against the C library's, which is within one unit in the last
/// place.
@Suite struct ElementaryTests {
  static func distance(_ got: Double, _ wanted: Double) -> Double {
    abs(got - wanted) / max(wanted.ulp, .leastNormalMagnitude)
  }

  @Test(arguments: [UInt64](1...3))
  func `logarithm, exponential and cosine are right to a few units in the last place`(seed: UInt64)
  {
    var random = SeededGenerator(seed: seed)
    var worst = (log: 0.0, exp: 0.0, cosine: 0.0)
    for _ in 0..<20_000 {
      let unit = Double(random.next() >> 11) * 0x1p-53
      let wide = (unit + 1e-9) * Foundation.exp(Double(Int(random.next() % 400)) - 200)
      worst.log = max(worst.log, Self.distance(Elementary.log(wide), Foundation.log(wide)))
      let power = unit * 1_400 - 700
      worst.exp = max(worst.exp, Self.distance(Elementary.exp(power), Foundation.exp(power)))
      let cosine = Elementary.cosine(turns: unit)
      worst.cosine = max(worst.cosine, abs(cosine - Foundation.cos(2 * .pi * unit)))
    }
    #expect(worst.log <= 3 && worst.exp <= 4, "\(worst), seed \(seed)")
    // The argument of the library's cosine is rounded to half a unit in the last place of 2π.
    #expect(worst.cosine < 1e-15, "\(worst), seed \(seed)")
  }

  @Test func `the ends of the range are right`() {
    #expect(Elementary.log(1) == 0)
    #expect(Elementary.exp(0) == 1)
    #expect(Elementary.exp(-1_000) == 0)
    #expect(Elementary.exp(1_000) == .infinity)
    #expect(Elementary.cosine(turns: 0) == 1)
    #expect(Elementary.cosine(turns: 0.5) == -1)
    #expect(Elementary.cosine(turns: -0.75).magnitude < 1e-16)
    #expect(Elementary.cosine(turns: 2.25).magnitude < 1e-16)
  }

  /// SciPy 1.17.1: `scipy.stats.norm.ppf(p)`.
  @Test(arguments: [
    (0.5, 0.0), (0.25, -0.6744897501960817), (0.001, -3.090232306167813),
    (1e-10, -6.361340902404056), (1e-300, -37.0471), (0.975, 1.959963984540054),
    (0.9999, 3.719016485455709),
  ])
  func `normal quantiles are SciPy's`(probability: Double, quantile: Double) {
    let got = Elementary.normalQuantile(probability)
    let tolerance = probability < 1e-100 ? 1e-4 : 1e-14
    #expect(abs(got - quantile) <= tolerance * max(1, abs(quantile)), "\(got)")
  }

  @Test func `decimals are rounded and written exactly`() {
    func written(_ number: Double, _ decimals: Int) -> String {
      var bytes: [UInt8] = []
      Decimals.write(Decimals.round(number, decimals), decimals, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(written(0, 2) == "0")
    #expect(written(-0.001, 2) == "0" || written(-0.001, 2) == "-0")
    #expect(written(12.5, 2) == "12.5")
    #expect(written(12.345, 2) == "12.35" || written(12.345, 2) == "12.34")
    #expect(written(-3.07, 2) == "-3.07")
    #expect(written(0.05, 2) == "0.05")
    #expect(written(100, 2) == "100")
    #expect(written(1e300, 2) == "1e+300")
    #expect(written(7, 0) == "7")
  }
}
