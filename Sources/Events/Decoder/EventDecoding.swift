/// Decodes the line at `start` into one row and answers with its newline.
///
/// `nil` when the line is refused, for `context.refusal`. `context.ending` says that there was
/// nothing but white space. Where another object stands behind the first one, and reading is lenient,
/// the answer is that one's brace, and `context.ending` says so.
func decodeEvent(
  _ start: UnsafePointer<UInt8>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  unsafe context.pointee.ending = .whole
  var p = unsafe start
  if unsafe p.pointee != Byte.openObject {
    unsafe p = skipSpace(p)
    if unsafe p.pointee == Byte.newline {
      unsafe context.pointee.ending = .blank
      return unsafe p
    }
    guard unsafe p.pointee == Byte.openObject else {
      return unsafe refuseOther(p, context)
    }
  }
  unsafe p = skipSpace(p + 1)
  if unsafe p.pointee == Byte.quote {
    guard let end = unsafe decodeMembers(p + 1, of: context.pointee.root, row, context) else {
      return nil
    }
    unsafe p = end
  } else if unsafe p.pointee == Byte.closeObject {
    unsafe p += 1
  } else {
    return unsafe refuse(.syntax, context)
  }
  if unsafe p.pointee != Byte.newline {
    unsafe p = skipSpace(p)
    guard unsafe p.pointee == Byte.newline || isNextObject(p, context) else {
      return unsafe refuse(.syntax, context)
    }
  }
  return unsafe p
}

/// Whether another object begins behind one, in the same line, which lenient reading takes.
private func isNextObject(_ p: UnsafePointer<UInt8>, _ context: Context) -> Bool {
  guard unsafe p.pointee == Byte.openObject && context.pointee.isLenient else { return false }
  unsafe context.pointee.ending = .continued
  return true
}

/// Refuses a line that does not start with an object: as none when it is JSON, else for its syntax.
private func refuseOther(
  _ start: UnsafePointer<UInt8>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  // A word, or what else is read leniently, is no JSON that only lacks an object.
  let isLenient = unsafe context.pointee.isLenient
  unsafe context.pointee.isLenient = false
  defer { unsafe context.pointee.isLenient = isLenient }
  guard let end = unsafe skipValue(start, depth: 0, context) else {
    return nil
  }
  let isWhole = unsafe skipSpace(end).pointee == Byte.newline
  return unsafe refuse(isWhole ? .notAnObject : .syntax, context)
}
