internal import CVector

/// Eight ASCII digits, as their values 0 to 9 with the first in the lowest byte, as a number.
///
/// Neighbours are joined to pairs, pairs to fours, fours to eight, with a multiplication each.
///
/// - **Source**: the digit conversion of D. Lemire, "Number Parsing at a Gigabyte per Second",
///   2021, §3.
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
