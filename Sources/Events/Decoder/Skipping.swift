internal import CVector

/// The byte after the value at `start`, which nobody wants but which must be right; `nil` refuses.
///
/// Objects and arrays are walked with one bit a level instead of by recursion.
/// `depth` is the number of objects and arrays that the value stands in.
@inline(never)
func skipValue(
  _ start: UnsafePointer<UInt8>,
  depth: Int,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  var p = unsafe start
  var level = depth
  while true {
    // A value.
    let byte = unsafe p.pointee
    if byte == Byte.openObject || byte == Byte.openArray {
      level += 1
      guard unsafe level <= context.pointee.nestingMax else {
        return unsafe refuse(.nesting, at: p, context)
      }
      let isObject = byte == Byte.openObject
      unsafe setLevel(level, isObject: isObject, context)
      unsafe p = skipSpace(p + 1)
      guard unsafe p.pointee == (isObject ? Byte.closeObject : Byte.closeArray) else {
        if isObject {
          guard let value = unsafe skipKey(p, context) else {
            return nil
          }
          unsafe p = value
        }
        continue
      }
      unsafe p += 1
      level -= 1
    } else {
      guard let end = unsafe skipScalar(p, context) else {
        return nil
      }
      unsafe p = end
    }
    // What follows a value: ends of objects and arrays, then a comma.
    guard let next = unsafe skipEnds(p, from: &level, to: depth, context) else {
      return nil
    }
    unsafe p = next
    if level == depth {
      return unsafe p
    }
  }
}

/// From the end of a value over closing brackets to the next value, or to the end of the outermost.
@inline(__always)
private func skipEnds(
  _ start: UnsafePointer<UInt8>,
  from level: inout Int,
  to depth: Int,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  var p = unsafe start
  while level > depth {
    unsafe p = skipSpace(p)
    let byte = unsafe p.pointee
    let isObject = unsafe isObjectLevel(level, context)
    unsafe p += 1
    if byte == Byte.comma {
      unsafe p = skipSpace(p)
      return unsafe isObject ? skipKey(p, context) : p
    }
    guard byte == (isObject ? Byte.closeObject : Byte.closeArray) else {
      return unsafe refuse(.syntax, at: p - 1, context)
    }
    level -= 1
  }
  return unsafe p
}

/// From a key's opening quote to its value.
@inline(__always)
private func skipKey(_ start: UnsafePointer<UInt8>, _ context: Context) -> UnsafePointer<UInt8>? {
  guard unsafe start.pointee == Byte.quote else {
    return unsafe refuse(.syntax, at: start, context)
  }
  guard let quote = unsafe scanString(start + 1, context) ?? endOfUnusableString(start + 1, context)
  else {
    return nil
  }
  let colon = unsafe skipSpace(quote + 1)
  guard unsafe colon.pointee == Byte.colon else {
    return unsafe refuse(.syntax, at: colon, context)
  }
  return unsafe skipSpace(colon + 1)
}

/// The byte after the scalar at `start`.
func skipScalar(_ start: UnsafePointer<UInt8>, _ context: Context) -> UnsafePointer<UInt8>? {
  if unsafe start.pointee == Byte.quote {
    guard
      let quote = unsafe scanString(start + 1, context) ?? endOfUnusableString(start + 1, context)
    else {
      return nil
    }
    return unsafe quote + 1
  }
  return unsafe endOfLiteral(start) ?? endOfNumber(start) ?? endOfUnusableWord(start, context)
}

/// The byte after `true`, `false` or `null` at `start`, or `nil`.
func endOfLiteral(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
  let word = unsafe leeway_load32(start)
  if word == Byte.wordTrue || word == Byte.wordNull {
    return unsafe start + 4
  }
  if unsafe start.pointee == 0x66, unsafe leeway_load32(start + 1) == Byte.wordAlse {
    return unsafe start + 5
  }
  return nil
}

@inline(__always)
private func setLevel(_ level: Int, isObject: Bool, _ context: Context) {
  let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: level & 63)
  let word = unsafe context.pointee.levels + (level >> 6)
  unsafe word.pointee = isObject ? word.pointee | bit : word.pointee & ~bit
}

@inline(__always)
private func isObjectLevel(_ level: Int, _ context: Context) -> Bool {
  let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: level & 63)
  return unsafe context.pointee.levels[level >> 6] & bit != 0
}
