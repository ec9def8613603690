/// The double nearest to `mantissa · 10^exponent`, ties to even; infinity when there is none.
///
/// The 64-bit mantissa, moved up so that its highest bit is set, is multiplied by the leading 128
/// bits of 5^exponent. The product's highest 54 bits, of which the last is for rounding, are right
/// unless the bits below are all ones, which the second multiplication decides.
///
/// - **Source**: D. Lemire, "Number Parsing at a Gigabyte per Second", 2021, algorithm 1; that no
///   case is left undecided: N. Mushtak, D. Lemire, "Fast number parsing without fallback",
///   Software: Practice and Experience 53(7), 2023.
///
/// `powers` is ``PowersOfFive/words``.
@inline(__always)
func nearestDouble(
  mantissa: UInt64,
  exponent: Int,
  powers: UnsafePointer<UInt64>
) -> Double {
  if mantissa == 0 || exponent < PowersOfFive.exponentMin {
    return 0
  }
  if exponent > PowersOfFive.exponentMax {
    return .infinity
  }
  let leadingZeros = mantissa.leadingZeroBitCount
  let aligned = mantissa &<< UInt64(leadingZeros)
  let index = 2 &* (exponent &- PowersOfFive.exponentMin)
  var (high, low) = unsafe aligned.multipliedFullWidth(by: powers[index])
  // 9 bits lie below the 55 that matter: 52 of the significand, the implicit one, one to round, one
  // that the product may lack at the top.
  if high & 0x1FF == 0x1FF {
    let correction = unsafe aligned.multipliedFullWidth(by: powers[index &+ 1]).high
    let (sum, overflow) = low.addingReportingOverflow(correction)
    low = sum
    high = high &+ (overflow ? 1 : 0)
  }
  let upper = Int(truncatingIfNeeded: high >> 63)
  let shift = UInt64(truncatingIfNeeded: upper &+ 9)
  var significand = high &>> shift
  // ⌊q · log2(10)⌋ = (217706 · q) >> 16 on this range; 1,023 + 63 is the bias of a 64-bit
  // significand.
  var binary = ((217_706 &* exponent) >> 16) &+ 63 &+ upper &- leadingZeros &+ 1023
  if binary <= 0 {
    return subnormal(significand: significand, shift: 1 &- binary)
  }
  if low <= 1, exponent >= -4, exponent <= 23, significand & 3 == 1,
    significand &<< shift == high
  {
    // Exactly between two doubles: the rounding below must go down, to the even one.
    significand &= ~1
  }
  significand = (significand &+ (significand & 1)) >> 1
  if significand >= 1 << 53 {
    significand = 1 << 52
    binary &+= 1
  }
  if binary >= 0x7FF {
    return .infinity
  }
  let fraction = significand & ((1 << 52) &- 1)
  return Double(bitPattern: fraction | UInt64(truncatingIfNeeded: binary) << 52)
}

/// Rounds a significand whose exponent is below the smallest; 53 bits carry into the normal ones.
private func subnormal(significand: UInt64, shift: Int) -> Double {
  guard shift < 64 else {
    return 0
  }
  let moved = significand >> UInt64(truncatingIfNeeded: shift)
  return Double(bitPattern: (moved &+ (moved & 1)) >> 1)
}
