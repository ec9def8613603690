/// The leading 128 bits of the powers of five from 5^−342 to 5^308, and the exact powers of ten.
///
/// What Eisel–Lemire multiplies by. A power is scaled by a power of two so that its highest bit is
/// bit 127; positive powers are cut off, negative ones from 5^−27 to 5^−1 are rounded up, as the
/// source has it.
///
/// - **Source**: D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and
///   Experience 51(8), 2021, §5 and appendix B.
@safe
final class PowersOfFive: @unchecked Sendable {
  // Unchecked: nothing writes to the tables once they are made.

  /// The tables, made once a process and never freed.
  static let shared = PowersOfFive()

  /// Below 10^−342 every 64-bit mantissa rounds to zero.
  static var exponentMin: Int { -342 }
  /// From 10^309 on every mantissa but zero overflows.
  static var exponentMax: Int { 308 }
  /// 10^22 is the largest power of ten that is a double exactly.
  static var exactTenMax: Int { 22 }

  /// Pairs of high and low word, the first for 5^−342.
  let words: UnsafePointer<UInt64>
  /// 10^0 to 10^22.
  let exactTens: UnsafePointer<Double>
  /// 10^0 to 10^8.
  let integerTens: UnsafePointer<UInt64>

  private init() {
    let count = 2 * (PowersOfFive.exponentMax - PowersOfFive.exponentMin + 1)
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    unsafe words.initialize(repeating: 0, count: count)
    for power in PowersOfFive.positivePowers() + PowersOfFive.negativePowers() {
      let index = 2 * (power.exponent - PowersOfFive.exponentMin)
      unsafe words[index] = power.high
      unsafe words[index + 1] = power.low
    }
    unsafe self.words = UnsafePointer(words)
    let tens = UnsafeMutablePointer<Double>.allocate(capacity: PowersOfFive.exactTenMax + 1)
    var ten = 1.0
    for exponent in 0...PowersOfFive.exactTenMax {
      unsafe (tens + exponent).initialize(to: ten)
      ten *= 10  // exact up to 10^22
    }
    unsafe exactTens = UnsafePointer(tens)
    let integers = UnsafeMutablePointer<UInt64>.allocate(capacity: 9)
    for exponent in 0...8 {
      unsafe (integers + exponent).initialize(to: UInt64(tens[exponent]))
    }
    unsafe integerTens = UnsafePointer(integers)
  }

  private typealias Power = (exponent: Int, high: UInt64, low: UInt64)

  /// 5^q by repeated multiplication, exactly, in words from the lowest up.
  private static func positivePowers() -> [Power] {
    var number: [UInt64] = [1]
    var powers: [Power] = []
    for exponent in 0...exponentMax {
      let (high, low) = leading128(number)
      powers.append((exponent, high, low))
      var carry: UInt64 = 0
      for index in number.indices {
        let product = number[index].multipliedFullWidth(by: 5)
        let (sum, overflow) = product.low.addingReportingOverflow(carry)
        number[index] = sum
        carry = product.high + (overflow ? 1 : 0)
      }
      if carry > 0 {
        number.append(carry)
      }
    }
    return powers
  }

  /// 2^B / 5^n by repeated division: ⌊⌊x/5⌋/5⌋ = ⌊x/25⌋, so that each is exact before it is cut
  /// off.
  ///
  /// 5^342 has 795 bits: B = 1,088 leaves more than 128 for the smallest.
  private static func negativePowers() -> [Power] {
    var number = [UInt64](repeating: 0, count: 17) + [1]
    var powers: [Power] = []
    for exponent in 1...(-exponentMin) {
      var remainder: UInt64 = 0
      for index in number.indices.reversed() {
        (number[index], remainder) = UInt64(5).dividingFullWidth((remainder, number[index]))
      }
      var (high, low) = leading128(number)
      if exponent <= 27 {
        let (sum, overflow) = low.addingReportingOverflow(1)
        low = sum
        high += overflow ? 1 : 0
      }
      powers.append((-exponent, high, low))
    }
    return powers
  }

  /// The 128 highest bits of a number, moved up where it has fewer.
  private static func leading128(_ number: [UInt64]) -> (high: UInt64, low: UInt64) {
    guard let top = number.lastIndex(where: { $0 != 0 }) else {
      return (0, 0)
    }
    let shift = UInt64(number[top].leadingZeroBitCount)
    func word(_ index: Int) -> UInt64 { index >= 0 ? number[index] : 0 }
    func moved(_ index: Int) -> UInt64 {
      shift == 0 ? word(index) : word(index) << shift | word(index - 1) >> (64 - shift)
    }
    return (moved(top), moved(top - 1))
  }
}
