internal import CVector

/// What turns addresses into references: tag and kind, less the base's part of the offset.
///
/// A reference is tag + offset · 2^20 + length, so that an address needs one shift and one
/// addition.
@unsafe
struct ReferenceBases {
  let string: UInt64
  let number: UInt64
  let boolean: UInt64
  /// ``PowersOfFive/exactTens``, which belongs into a register as well.
  let tens: UnsafePointer<Double>

  @inline(__always)
  init(_ context: Context) {
    let origin = unsafe bits(of: context.pointee.base) &<< 20
    let kind: UInt64 = 1 << 49
    unsafe string = Cell.referenceTag &+ kind &- origin
    unsafe number = Cell.referenceTag &+ kind &* 2 &- origin
    unsafe boolean = Cell.referenceTag &+ kind &* 3 &- origin
    unsafe tens = context.pointee.exactTens
  }
}

/// The bits of the value at `p`, which moves behind it; ``Cell/Special/refused`` refuses the line.
///
/// Strings and numbers of the ordinary kind are decoded in line, everything else by calls.
@inline(__always)
func decodeScalar(
  _ p: inout UnsafePointer<UInt8>,
  _ want: Want,
  _ node: UnsafeMutablePointer<Node>,
  _ bases: ReferenceBases,
  _ context: Context
) -> UInt64 {
  let byte = unsafe p.pointee
  if byte == Byte.quote {
    let first = unsafe p + 1
    let start = unsafe bases.string &+ (bits(of: first) &<< 20)
    // Up to 15 bytes of ASCII without escapes: the first special byte is the closing quote.
    let special = unsafe leeway_special16(first)
    if special != 0 {
      let length = leeway_first(special)
      if unsafe first[length] == Byte.quote {
        unsafe p = first + (length &+ 1)
        return start &+ UInt64(truncatingIfNeeded: length)
      }
    }
    return unsafe decodeLongString(&p, start, want, context)
  }
  if byte &- Byte.zero <= 9 || byte == Byte.minus {
    if want == .value {
      return unsafe decodeNumber(&p, byte == Byte.minus, bases, context)
    }
    guard let end = unsafe endOfNumber(p) else {
      let bits = unsafe decodeUnusableWord(p, want, context)
      unsafe p = context.pointee.cursor
      return bits
    }
    let length = unsafe end - p
    let start = unsafe bases.number &+ (bits(of: p) &<< 20)
    unsafe p = end
    return length <= Cell.lengthMax
      ? start &+ UInt64(truncatingIfNeeded: length) : Cell.Special.tooLong
  }
  let bits = unsafe decodeRareScalar(p, want, node.pointee.depth, context)
  unsafe p = context.pointee.cursor
  return bits
}

/// An address as bits.
@inline(__always)
func bits(of p: UnsafePointer<UInt8>) -> UInt64 {
  UInt64(truncatingIfNeeded: UInt(bitPattern: p))
}

/// A string with escapes or other than ASCII, or of 16 bytes and more.
@inline(__always)
private func decodeLongString(
  _ p: inout UnsafePointer<UInt8>,
  _ start: UInt64,
  _ want: Want,
  _ context: Context
) -> UInt64 {
  guard let quote = unsafe scanString(p + 1, context) else {
    let bits = unsafe decodeUnusableString(p, want, context)
    unsafe p = context.pointee.cursor
    return bits
  }
  let length = unsafe quote - p - 1
  unsafe p = quote + 1
  guard length <= Cell.lengthMax else {
    return Cell.Special.tooLong
  }
  let escaped = unsafe context.pointee.isEscaped ? Cell.escapedBit : 0
  return (start &+ UInt64(truncatingIfNeeded: length)) | escaped
}

/// A number as a double.
@inline(__always)
private func decodeNumber(
  _ p: inout UnsafePointer<UInt8>,
  _ isNegative: Bool,
  _ bases: ReferenceBases,
  _ context: Context
) -> UInt64 {
  let sign = isNegative ? 1 : 0
  let digits = unsafe p + sign
  let short = unsafe shortNumber(digits, bases.tens)
  if short.length != 0 {
    unsafe p = digits + short.length
    return short.magnitude.bitPattern | UInt64(truncatingIfNeeded: sign) &<< 63
  }
  guard let bits = unsafe parseNumber(p, context) else {
    let bits = unsafe decodeUnusableWord(p, .value, context)
    unsafe p = context.pointee.cursor
    return bits
  }
  unsafe p = context.pointee.cursor
  return bits
}

/// A number of up to seven bytes without sign and exponent, such as `35000` or `0.4375`.
///
/// Length 0 means: something else, which ``parseNumber(_:_:)`` reads or refuses. Eight bytes are
/// loaded; with the dot squeezed out the digits are moved to the top, so that what is below counts
/// as leading zeros:
///
/// ```
/// 1 2 . 5 , " k e     values, lowest byte first
/// 1 2 5 , " k e e     without the dot
/// 0 0 0 0 0 1 2 5     moved up by 8 − 3 bytes
/// ```
@inline(__always)
private func shortNumber(
  _ digits: UnsafePointer<UInt8>,
  _ tens: UnsafePointer<Double>
) -> (magnitude: Double, length: Int) {
  let values = unsafe leeway_load64(digits) ^ asciiZeros
  let marks = nondigitMarks(values)
  guard marks != 0 else {
    return (0, 0)
  }
  // The highest bit of the first byte that is no digit is bit 8 · count + 7.
  let stop = UInt64(truncatingIfNeeded: leeway_first64(marks))
  let count = Int(truncatingIfNeeded: stop >> 3)
  // At least one digit, and no zero before another: 0 digits wrap around, 1 always passes.
  guard UInt64(truncatingIfNeeded: count &- 1) <= (values & 0xFF) << 3 else {
    return (0, 0)
  }
  let after = unsafe digits[count]
  if after == Byte.comma {
    let number = eightDigits(values &<< (71 &- stop))
    return (Double(Int64(truncatingIfNeeded: number)), count)
  }
  guard after == Byte.dot else {
    // Another end, or an exponent.
    guard after | 0x20 != 0x65 else {
      return (0, 0)
    }
    let number = eightDigits(values &<< (71 &- stop))
    return (Double(Int64(truncatingIfNeeded: number)), count)
  }
  let afterDot = marks & (marks &- 1)
  guard afterDot != 0 else {
    return (0, 0)
  }
  let end = Int(truncatingIfNeeded: leeway_first64(afterDot) >> 3)
  let fraction = end &- count &- 1
  guard fraction > 0, unsafe digits[end] | 0x20 != 0x65 else {
    return (0, 0)
  }
  let beforeDot = (marks ^ (marks &- 1)) >> 8
  let squeezed = (values & beforeDot) | ((values >> 8) & ~beforeDot)
  let number = eightDigits(squeezed &<< UInt64(truncatingIfNeeded: 72 &- 8 &* end))
  return unsafe (Double(Int64(truncatingIfNeeded: number)) / tens[fraction], end)
}
