internal import CVector

/// The bits of the number at `start`, a double or ``Cell/overflow``; `nil` when it is none.
///
/// `context.cursor` is the byte after it. In line are numbers with a dot, up to seven digits
/// before it and 19 in all, without an exponent: eight digits at a time.
@inline(never)
func parseNumber(_ start: UnsafePointer<UInt8>, _ context: Context) -> UInt64? {
  let isNegative = unsafe start.pointee == Byte.minus
  let digits = unsafe start + (isNegative ? 1 : 0)
  var values = unsafe leeway_load64(digits) ^ asciiZeros
  var marks = nondigitMarks(values)
  guard marks != 0 else {
    return unsafe parseAnyNumber(start, context)
  }
  let stop = leeway_first64(marks)
  let count = stop >> 3
  guard UInt64(truncatingIfNeeded: count &- 1) <= (values & 0xFF) << 3 else {
    return nil
  }
  guard unsafe digits[count] == Byte.dot else {
    return unsafe parseAnyNumber(start, context)
  }
  // One digit before the dot, one after the last eight: the common cases of long numbers.
  var mantissa =
    count == 1 ? values & 0xFF : eightDigits(values &<< UInt64(truncatingIfNeeded: 71 &- stop))
  let fraction = unsafe digits + (count &+ 1)
  var p = unsafe fraction
  while true {
    unsafe values = leeway_load64(p) ^ asciiZeros
    marks = nondigitMarks(values)
    guard marks == 0 else {
      break
    }
    mantissa = mantissa &* 100_000_000 &+ eightDigits(values)
    unsafe p += 8
    guard unsafe p - fraction <= 16 else {
      return unsafe parseAnyNumber(start, context)
    }
  }
  let bits = UInt64(truncatingIfNeeded: leeway_first64(marks) &- 7)
  if bits == 8 {
    mantissa = mantissa &* 10 &+ (values & 0xFF)
    unsafe p += 1
  } else if bits != 0 {
    let rest = Int(truncatingIfNeeded: bits >> 3)
    unsafe mantissa =
      mantissa &* context.pointee.integerTens[rest]
      &+ eightDigits(values &<< (64 &- bits))
    unsafe p += rest
  }
  let length = unsafe p - fraction
  guard length > 0, length &+ count <= 19, unsafe p.pointee | 0x20 != 0x65 else {
    return unsafe parseAnyNumber(start, context)
  }
  unsafe context.pointee.cursor = p
  return unsafe numberBits(mantissa, 0 &- length, isNegative, context)
}

/// The bits of ±`mantissa · 10^exponent`.
@inline(__always)
private func numberBits(
  _ mantissa: UInt64,
  _ exponent: Int,
  _ isNegative: Bool,
  _ context: Context
) -> UInt64 {
  let magnitude: Double
  if mantissa < 1 << 53, exponent >= -22, exponent <= 0 {
    // Clinger: both are doubles exactly, so that the division rounds once.
    magnitude =
      unsafe Double(Int64(truncatingIfNeeded: mantissa))
      / context.pointee.exactTens[0 &- exponent]
  } else {
    magnitude = unsafe nearestDouble(
      mantissa: mantissa,
      exponent: exponent,
      powers: context.pointee.powersOfFive
    )
    if magnitude.isInfinite {
      return Cell.Special.overflow
    }
  }
  return magnitude.bitPattern | (isNegative ? 1 << 63 : 0)
}

/// The same as ``parseNumber(_:_:)`` for every number, of any length.
@inline(never)
private func parseAnyNumber(_ start: UnsafePointer<UInt8>, _ context: Context) -> UInt64? {
  let isNegative = unsafe start.pointee == Byte.minus
  let integer = unsafe start + (isNegative ? 1 : 0)
  var mantissa = unsafe Mantissa()
  var p = unsafe mantissa.read(integer, context)
  guard unsafe p > integer, unsafe integer.pointee != Byte.zero || p == integer + 1 else {
    return nil
  }
  var exponent = 0
  if unsafe p.pointee == Byte.dot {
    let fraction = unsafe p + 1
    unsafe p = mantissa.read(fraction, context)
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
  guard unsafe mantissa.significant > 19 else {
    return unsafe numberBits(mantissa.value, exponent, isNegative, context)
  }
  let magnitude = unsafe parseLongNumber(integer, p)
  let sign: UInt64 = isNegative ? 1 << 63 : 0
  return magnitude.isInfinite ? Cell.Special.overflow : magnitude.bitPattern | sign
}

/// Digits as they are read: their number and value, of which the value holds the first 19.
@unsafe
private struct Mantissa {
  var value: UInt64 = 0
  /// Digits after leading zeros.
  var significant = 0

  /// Reads the digits from `start` and answers with the byte after them.
  @inline(__always)
  mutating func read(_ start: UnsafePointer<UInt8>, _ context: Context) -> UnsafePointer<UInt8> {
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
        unsafe append(eightDigits(values &<< (64 &- bits)), count, context)
        return unsafe p + count
      }
      unsafe append(eightDigits(values), 8, context)
      unsafe p += 8
    }
  }

  /// Appends up to eight digits; beyond 19 significant ones the value is of no use any more.
  @inline(__always)
  private mutating func append(_ digits: UInt64, _ count: Int, _ context: Context) {
    unsafe significant =
      significant > 0
      ? significant &+ count : (digits == 0 ? 0 : decimalDigits(digits, context))
    unsafe value = value &* context.pointee.integerTens[count] &+ digits
  }
}

/// The number of decimal digits of a number from 1 to 99,999,999.
@inline(__always)
private func decimalDigits(_ number: UInt64, _ context: Context) -> Int {
  // 1233/4096 is just above log10(2): the guess from the bit length is right or one too large.
  let guess = ((64 &- number.leadingZeroBitCount) &* 1233) >> 12
  return unsafe number >= context.pointee.integerTens[guess] || guess == 0 ? guess &+ 1 : guess
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
