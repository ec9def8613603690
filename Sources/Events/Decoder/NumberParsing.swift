internal import CVector

/// Eight ASCII digits, as their values 0 to 9 with the first in the lowest byte, as a number.
///
/// Neighbours are joined to pairs, pairs to fours, fours to eight, with a multiplication each.
///
/// - **Source**: the digit conversion of D. Lemire, "Number Parsing at a Gigabyte per Second", 2021, §3.
@inline(__always)
func eightDigits(_ values: UInt64) -> UInt64 {
  let pairs = (values &* 10) &+ (values >> 8)
  let even = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
  let odd = ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
  return (even &+ odd) >> 32
}

/// Which bytes of eight values (digits XOR 0x30…) are not digits: the highest bit of each.
///
/// Right up to the first byte that is not one and its successor if that first byte is a dot: a byte
/// of 0x8A or more carries into the next.
@inline(__always)
func nondigitMarks(_ values: UInt64) -> UInt64 {
  ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
}

/// Eight zeros in ASCII.
@inline(__always)
var asciiZeros: UInt64 { 0x3030_3030_3030_3030 }

/// The byte after the number at `start`, or `nil` when it is no JSON number.
///
/// What follows is for the caller to judge; an exponent, a fraction are read here.
@inline(never)
func endOfNumber(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
  let digits = unsafe start + (start.pointee == Byte.minus ? 1 : 0)
  let others = unsafe leeway_nondigit16(digits)
  if others != 0 {
    let count = leeway_first(others)
    // At least one digit, and no zero before another: 0 digits wrap around, 1 always passes.
    guard unsafe UInt(bitPattern: count &- 1) <= UInt(digits[0] ^ Byte.zero) << 4 else {
      return nil
    }
    let byte = unsafe digits[count]
    if byte == Byte.dot {
      let afterDot = others & (others &- 1)
      if afterDot != 0 {
        let end = leeway_first(afterDot)
        guard end > count &+ 1 else {
          return nil
        }
        if unsafe digits[end] | 0x20 != 0x65 {
          return unsafe digits + end
        }
      }
    } else if byte | 0x20 != 0x65 {
      return unsafe digits + count
    }
  }
  return unsafe endOfLongNumber(digits)
}

/// The byte after the unsigned number at `start`, byte by byte.
private func endOfLongNumber(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
  var p = unsafe endOfDigits(start)
  guard unsafe p > start, unsafe start.pointee != Byte.zero || p == start + 1 else {
    return nil
  }
  if unsafe p.pointee == Byte.dot {
    let fraction = unsafe p + 1
    unsafe p = endOfDigits(fraction)
    guard unsafe p > fraction else {
      return nil
    }
  }
  if unsafe p.pointee | 0x20 == 0x65 {
    unsafe p += 1
    if unsafe p.pointee == 0x2B || p.pointee == Byte.minus {
      unsafe p += 1
    }
    let exponent = unsafe p
    unsafe p = endOfDigits(exponent)
    guard unsafe p > exponent else {
      return nil
    }
  }
  return unsafe p
}

/// The first byte from `start` that is no digit.
@inline(__always)
private func endOfDigits(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
  var p = unsafe start
  while true {
    let others = unsafe leeway_nondigit16(p)
    if others != 0 {
      return unsafe p + leeway_first(others)
    }
    unsafe p += 16
  }
}

/// Digits as they are read: their number and value, of which the value holds the first 19.
@unsafe
private struct Mantissa {
  var value: UInt64 = 0
  /// Digits after leading zeros.
  var significant = 0

  /// Reads the digits from `start` and answers with the byte after them.
  @inline(__always)
  mutating func read(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var p = unsafe start
    while true {
      let values = unsafe leeway_load64(p) ^ asciiZeros
      let marks = nondigitMarks(values)
      if marks != 0 {
        let bits = UInt64(truncatingIfNeeded: leeway_first64(marks) &- 7)
        if bits == 0 {
          return unsafe p
        }
        let count = Int(truncatingIfNeeded: bits >> 3)
        unsafe append(eightDigits(values &<< (64 &- bits)), count)
        return unsafe p + count
      }
      unsafe append(eightDigits(values), 8)
      unsafe p += 8
    }
  }

  /// Appends up to eight digits; beyond 19 significant ones the value is of no use any more.
  @inline(__always)
  private mutating func append(_ digits: UInt64, _ count: Int) {
    unsafe significant =
      significant > 0
      ? significant &+ count : (digits == 0 ? 0 : decimalDigits(digits))
    unsafe value = value &* powerOfTen(count) &+ digits
  }
}

/// 10^0 to 10^8, without a table.
@inline(__always)
private func powerOfTen(_ exponent: Int) -> UInt64 {
  switch exponent {
  case 1: 10
  case 2: 100
  case 3: 1000
  case 4: 10_000
  case 5: 100_000
  case 6: 1_000_000
  case 7: 10_000_000
  default: 100_000_000
  }
}

/// The number of decimal digits of a number from 1 to 99,999,999.
@inline(__always)
private func decimalDigits(_ number: UInt64) -> Int {
  // 1233/4096 is just above log10(2): the guess from the bit length is right or one too large.
  let guess = ((64 &- number.leadingZeroBitCount) &* 1233) >> 12
  return number >= powerOfTen(guess) || guess == 0 ? guess &+ 1 : guess
}

/// The bits of the number at `start`, a double or ``Cell/overflow``; 0 and no cursor when it is none.
///
/// `context.cursor` is the byte after it. For every number, of any length.
@inline(never)
func parseNumber(_ start: UnsafePointer<UInt8>, _ context: Context) -> UInt64? {
  let isNegative = unsafe start.pointee == Byte.minus
  let integer = unsafe start + (isNegative ? 1 : 0)
  var mantissa = unsafe Mantissa()
  var p = unsafe mantissa.read(integer)
  guard unsafe p > integer, unsafe integer.pointee != Byte.zero || p == integer + 1 else {
    return nil
  }
  var exponent = 0
  if unsafe p.pointee == Byte.dot {
    let fraction = unsafe p + 1
    unsafe p = mantissa.read(fraction)
    guard unsafe p > fraction else {
      return nil
    }
    exponent = unsafe fraction - p
  }
  if unsafe p.pointee | 0x20 == 0x65 {
    guard let written = unsafe readExponent(p + 1, context) else {
      return nil
    }
    exponent = exponent &+ written
    unsafe p = context.pointee.cursor
  }
  unsafe context.pointee.cursor = p
  let sign: UInt64 = isNegative ? 1 << 63 : 0
  let magnitude: Double
  if unsafe mantissa.significant > 19 {
    magnitude = unsafe parseLongNumber(integer, p)
  } else if unsafe mantissa.value < 1 << 53, exponent >= -22, exponent <= 0 {
    // Clinger: both are doubles exactly, so that the division rounds once.
    magnitude = unsafe Double(mantissa.value) / context.pointee.exactTens[0 &- exponent]
  } else {
    magnitude = unsafe nearestDouble(
      mantissa: mantissa.value,
      exponent: exponent,
      powers: context.pointee.powersOfFive
    )
  }
  return magnitude.isInfinite ? Cell.Special.overflow : magnitude.bitPattern | sign
}

/// The exponent whose sign or first digit is at `start`, at most 2^40, so that nothing overflows.
private func readExponent(_ start: UnsafePointer<UInt8>, _ context: Context) -> Int? {
  let isNegative = unsafe start.pointee == Byte.minus
  var p = unsafe start + (isNegative || start.pointee == 0x2B ? 1 : 0)
  let digits = unsafe p
  var exponent = 0
  while true {
    let digit = unsafe p.pointee ^ Byte.zero
    guard digit <= 9 else {
      break
    }
    exponent = exponent > 1 << 36 ? exponent : exponent &* 10 &+ Int(digit)
    unsafe p += 1
  }
  unsafe context.pointee.cursor = p
  return unsafe p > digits ? (isNegative ? 0 &- exponent : exponent) : nil
}

/// The double nearest to a number of more than 19 digits, by the standard library's `strtod`.
private func parseLongNumber(
  _ start: UnsafePointer<UInt8>,
  _ end: UnsafePointer<UInt8>
) -> Double {
  let bytes = unsafe UnsafeBufferPointer(start: start, count: end - start)
  let text = unsafe String(decoding: bytes, as: UTF8.self)
  return Double(text) ?? .infinity
}
