/// The cell of a string that strict reading refuses, whose opening quote is at `p`, with
/// `context.cursor` behind it.
///
/// ``Cell/Special/refused`` where the reading is strict or the string does not end.
@inline(never)
func decodeUnusableString(
  _ p: UnsafePointer<UInt8>,
  _ want: Want,
  _ context: Context
) -> UInt64 {
  guard let quote = unsafe endOfUnusableString(p + 1, context) else {
    return Cell.Special.refused
  }
  unsafe note(.notText, from: p, to: quote + 1, want, context)
  unsafe context.pointee.cursor = quote + 1
  return Cell.Special.notText
}

/// The closing quote of a string that strict reading refuses, whose first byte is at `start`.
///
/// A backslash takes the byte behind it with it, whatever that is. `nil` where the reading is
/// strict, for the reason that is noted already, or where the line ends before the string does.
@inline(never)
func endOfUnusableString(
  _ start: UnsafePointer<UInt8>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  guard unsafe context.pointee.isLenient else {
    return nil
  }
  var p = unsafe start
  while true {
    switch unsafe p.pointee {
    case Byte.quote:
      return unsafe p
    case Byte.newline:
      return unsafe refuse(.syntax, at: p, context)
    case Byte.backslash where unsafe p[1] != Byte.newline:
      unsafe p += 2
    default:
      unsafe p += 1
    }
  }
}

/// The cell of a word that strict reading refuses, whose first byte is at `p`, with
/// `context.cursor` behind it.
///
/// ``Cell/Special/refused``, for its syntax, where the reading is strict or no word stands there.
@inline(never)
func decodeUnusableWord(
  _ p: UnsafePointer<UInt8>,
  _ want: Want,
  _ context: Context
) -> UInt64 {
  guard let end = unsafe endOfUnusableWord(p, context) else {
    return Cell.Special.refused
  }
  let word = unsafe UnsafeBufferPointer(start: p, count: end - p)
  let isNotFinite = unsafe isNonfiniteNumber(word)
  unsafe note(isNotFinite ? .notFinite : .notJSON, from: p, to: end, want, context)
  unsafe context.pointee.cursor = end
  return isNotFinite ? Cell.Special.notFinite : Cell.Special.notJSON
}

/// The byte after the word at `start`: what stands up to a comma, a closing bracket or white space.
///
/// A quote, a colon or an opening bracket in it shows that the structure is broken.
@inline(never)
func endOfUnusableWord(
  _ start: UnsafePointer<UInt8>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  guard unsafe context.pointee.isLenient else {
    return unsafe refuse(.syntax, at: start, context)
  }
  var p = unsafe start
  while true {
    switch unsafe p.pointee {
    case 0...Byte.space, Byte.comma, Byte.closeArray, Byte.closeObject:
      return unsafe p > start ? p : refuse(.syntax, at: p, context)
    case Byte.quote, Byte.colon, Byte.backslash, Byte.openArray, Byte.openObject:
      return unsafe refuse(.syntax, at: start, context)
    default:
      unsafe p += 1
    }
  }
}

/// Takes note of a value that cannot be used, where it is wanted.
private func note(
  _ reason: UnusableValues.Reason,
  from start: UnsafePointer<UInt8>,
  to end: UnsafePointer<UInt8>,
  _ want: Want,
  _ context: Context
) {
  unsafe context.pointee.unusable = start
  guard want != .nothing else {
    return
  }
  let table = unsafe context.pointee.table.takeUnretainedValue()
  unsafe table.note(
    UnusableValues(
      reason: reason,
      line: 0,
      offset: start - context.pointee.base,
      length: end - start
    ),
    line: context.pointee.line
  )
}

// MARK: Where a line breaks

/// Notes why and where the line is refused.
@inline(never)
func refuse(
  _ reason: Refusal,
  at place: UnsafePointer<UInt8>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  unsafe context.pointee.cursor = place
  return unsafe refuse(reason, context)
}

/// Where the reading of a refused line stops: the offset of the byte that cannot stand there.
///
/// `nil` where the line's syntax is right.
func syntaxFault(_ line: UnsafePointer<UInt8>, _ context: Context) -> Int? {
  let start = unsafe skipSpace(line)
  let (reason, isLenient) = unsafe (context.pointee.refusal, context.pointee.isLenient)
  defer {
    unsafe context.pointee.refusal = reason
    unsafe context.pointee.isLenient = isLenient
  }
  // Only in an event is a value read leniently.
  unsafe context.pointee.isLenient = isLenient && start.pointee == Byte.openObject
  guard let end = unsafe skipValue(start, depth: 0, context) else {
    return unsafe context.pointee.cursor - line
  }
  let rest = unsafe skipSpace(end)
  return unsafe rest.pointee == Byte.newline ? nil : rest - line
}
