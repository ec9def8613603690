import Testing

@testable import Sketches
import TestSupport

@Suite struct WideNaturalTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `arithmetic agrees with 128-bit integers`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let (a, b) = (UInt128(generator.next()), UInt128(generator.next() >> 7))
      let (wideA, wideB) = (WideNatural(a), WideNatural(b))
      #expect(wideA + wideB == WideNatural(a + b))
      #expect(wideA * wideB == WideNatural(a * b))
      #expect(wideA - wideB == WideNatural(a > b ? a - b : 0))
      #expect((wideA < wideB) == (a < b))
    }
  }

  @Test(arguments: [UInt64(4), 5])
  func `wide numbers keep the laws of arithmetic`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func random() -> WideNatural {
      let value = UInt128(generator.next()) << 64 | UInt128(generator.next())
      return WideNatural(value, shiftedLeftBy: Int(generator.next() % 3_000))
    }
    for _ in 0..<200 {
      let (a, b, c) = (random(), random(), random())
      #expect(a * (b + c) == a * b + a * c)
      #expect((a + b) - b == a)
      #expect((a + b) * (a + b) == a * a + b * b + a * b + b * a)
    }
  }

  @Test func `scaling keeps the leading digits`() {
    let number = WideNatural(3, shiftedLeftBy: 1_000)
    let (significand, exponent) = number.scaled
    #expect(exponent % 2 == 0)
    #expect(Double(sign: .plus, exponent: exponent, significand: significand) == 3 * 0x1p1000)
    #expect(WideNatural().scaled.significand == 0)
  }
}
