internal import CVector

/// The closing quote of the string whose first byte is at `start`, or `nil` when it is no string.
///
/// Sixteen bytes at a time up to one that needs a closer look. A newline is a control character,
/// so that the scan never leaves the line.
@inline(never)
func scanString(_ start: UnsafePointer<UInt8>, _ context: Context) -> UnsafePointer<UInt8>? {
  var p = unsafe start
  var isEscaped = false
  while true {
    let special = unsafe leeway_special16(p)
    if special == 0 {
      unsafe p += 16
      continue
    }
    unsafe p += leeway_first(special)
    let byte = unsafe p.pointee
    if byte == Byte.quote {
      unsafe context.pointee.isEscaped = isEscaped
      return unsafe p
    }
    if byte == Byte.backslash {
      guard let end = unsafe endOfEscape(p) else {
        return unsafe refuse(.syntax, at: p, context)
      }
      isEscaped = true
      unsafe p = end
    } else if byte >= 0x80 {
      repeat {
        let length = unsafe lengthOfScalar(p)
        guard length > 0 else {
          return unsafe refuse(.encoding, at: p, context)
        }
        unsafe p += length
      } while unsafe p.pointee >= 0x80
    } else {
      return unsafe refuse(.syntax, at: p, context)
    }
  }
}

/// The byte after the escape at `p`, a backslash; `nil` when it is none.
///
/// A high surrogate must be followed by a low one, and a low one must follow: else the string
/// would not be text.
private func endOfEscape(_ p: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
  switch unsafe p[1] {
  case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:  // " \ / b f n r t
    return unsafe p + 2
  case 0x75:  // u
    guard let unit = unsafe hexadecimal4(p + 2) else {
      return nil
    }
    guard unit & 0xF800 == 0xD800 else {
      return unsafe p + 6
    }
    guard unit < 0xDC00, unsafe p[6] == Byte.backslash, unsafe p[7] == 0x75,
      let low = unsafe hexadecimal4(p + 8), low & 0xFC00 == 0xDC00
    else {
      return nil
    }
    return unsafe p + 12
  default:
    return nil
  }
}

/// The number that four hexadecimal digits spell, or `nil`.
///
/// Reads no further than the first other byte.
func hexadecimal4(_ p: UnsafePointer<UInt8>) -> UInt32? {
  var number: UInt32 = 0
  for index in 0..<4 {
    let byte = unsafe p[index]
    let digit: UInt8
    switch byte {
    case 0x30...0x39: digit = byte - 0x30
    case 0x41...0x46: digit = byte - 0x37
    case 0x61...0x66: digit = byte - 0x57
    default: return nil
    }
    number = number << 4 | UInt32(digit)
  }
  return number
}

/// The length of the UTF-8 sequence at `p`, whose first byte is not ASCII, or 0 when it is none.
///
/// - **Source**: RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF.
@inline(__always)
private func lengthOfScalar(_ p: UnsafePointer<UInt8>) -> Int {
  let first = unsafe p[0]
  let second = unsafe p[1]
  if first < 0xE0 {
    return first >= 0xC2 && second & 0xC0 == 0x80 ? 2 : 0
  }
  guard second & 0xC0 == 0x80, unsafe p[2] & 0xC0 == 0x80 else {
    return 0
  }
  if first < 0xF0 {
    let isOverlong = first == 0xE0 && second < 0xA0
    let isSurrogate = first == 0xED && second >= 0xA0
    return isOverlong || isSurrogate ? 0 : 3
  }
  guard unsafe p[3] & 0xC0 == 0x80 else {
    return 0
  }
  let isOverlong = first == 0xF0 && second < 0x90
  let isBeyond = first > 0xF4 || (first == 0xF4 && second >= 0x90)
  return isOverlong || isBeyond ? 0 : 4
}
