internal import CVector

/// Decodes what stands in the place of an object of which members with numbers as keys are wanted:
/// an array by its elements, a string by its parts between commas, anything else as a scalar.
///
/// Returns the byte after the value.
@inline(never)
func decodeSequence(
  _ start: UnsafePointer<UInt8>,
  _ member: UnsafeMutablePointer<Member>,
  _ node: UnsafeMutablePointer<Node>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  let want = unsafe member.pointee.scalarWant
  guard unsafe start.pointee == Byte.openArray else {
    let end = unsafe decodeForms(start, member, row, want, context)
    if let end = unsafe end, unsafe start.pointee == Byte.quote,
      unsafe context.pointee.unusable != start
    {
      unsafe decodeParts(start + 1, end - 1, of: node, row, context)
    }
    return unsafe end
  }
  guard unsafe node.pointee.depth <= context.pointee.nestingMax else {
    return unsafe refuse(.nesting, context)
  }
  unsafe storeForms(Cell.Special.composite, Cell.Special.composite, member, row, want)
  let end = unsafe decodeElements(start + 1, of: node, row, context)
  unsafe context.pointee.entered = nil
  return unsafe end
}

// MARK: Arrays

/// Decodes the wanted elements of an array, whose first byte after the bracket is at `start`.
private func decodeElements(
  _ start: UnsafePointer<UInt8>,
  of node: UnsafeMutablePointer<Node>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  var p = unsafe skipSpace(start)
  if unsafe p.pointee == Byte.closeArray {
    return unsafe p + 1
  }
  var wanted = unsafe WantedElements(node)
  let isBatch = unsafe p.pointee == Byte.openArray || p.pointee == Byte.openObject
  while true {
    let end: UnsafePointer<UInt8>?
    if let member = unsafe wanted.next(context) {
      unsafe end = decodeElement(p, member, row, context)
    } else {
      unsafe end = skipValue(p, depth: node.pointee.depth, context)
    }
    guard let end = unsafe end else {
      return nil
    }
    unsafe p = skipSpace(end)
    if unsafe p.pointee == Byte.closeArray {
      if isBatch { unsafe wanted.countPassed(context) }
      return unsafe p + 1
    }
    guard unsafe p.pointee == Byte.comma else {
      return unsafe refuse(.syntax, context)
    }
    unsafe p = skipSpace(p + 1)
  }
}

/// Decodes one wanted element and answers with the byte after it.
private func decodeElement(
  _ start: UnsafePointer<UInt8>,
  _ member: UnsafeMutablePointer<Member>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  let want = unsafe member.pointee.want
  if want.rawValue <= Want.nothing.rawValue {
    var p = unsafe start
    let bases = unsafe ReferenceBases(context)
    let bits = unsafe decodeScalar(&p, want, member.pointee.node, bases, context)
    guard bits != Cell.Special.refused else {
      return nil
    }
    if want != .nothing {
      unsafe store(bits, row + member.pointee.column, context)
    }
    return unsafe p
  }
  let next = unsafe decodeRareMember(start, member, row, context)
  guard let next = unsafe next, let object = unsafe context.pointee.entered else {
    return unsafe next
  }
  // Without its owner the object ends the loop over members as the event does.
  let owner = unsafe object.pointee.owner
  unsafe object.pointee.owner = nil
  defer { unsafe object.pointee.owner = owner }
  return unsafe decodeMembers(next, of: object, row, context)
}

/// Walks the places of an array or a string beside the list of those that are wanted.
@unsafe
private struct WantedElements {
  private let node: UnsafeMutablePointer<Node>
  private var index = 0
  /// The number of wanted places that were passed.
  private var passed = 0

  init(_ node: UnsafeMutablePointer<Node>) {
    unsafe self.node = node
  }

  /// Counts the rows of a batch of which the first one alone is wanted, once a line.
  func countPassed(_ context: Context) {
    guard unsafe node.pointee.elementCount == 1, unsafe !node.pointee.discoversElements,
      unsafe node.pointee.elements[0].index == 0, unsafe index > 1,
      unsafe context.pointee.passedLine != context.pointee.line
    else {
      return
    }
    unsafe context.pointee.passedLine = context.pointee.line
    unsafe context.pointee.passedRows.passed += index - 1
    unsafe context.pointee.passedRows.all += index
  }

  /// Whether no further place is wanted.
  var isDone: Bool {
    unsafe passed == node.pointee.elementCount && !node.pointee.discoversElements
  }

  /// The member for the next place; `nil` when nothing of it is wanted.
  mutating func next(_ context: Context) -> UnsafeMutablePointer<Member>? {
    defer { unsafe index += 1 }
    if unsafe passed < node.pointee.elementCount {
      let element = unsafe node.pointee.elements[passed]
      if unsafe element.index == index {
        unsafe passed += 1
        return unsafe element.member
      }
    }
    guard unsafe node.pointee.discoversElements else {
      return nil
    }
    let table = unsafe context.pointee.table.takeUnretainedValue()
    guard let member = unsafe table.discoverElement(index, in: node) else {
      return nil
    }
    unsafe passed += 1
    return unsafe member
  }
}

// MARK: Strings

/// Decodes the wanted parts of the string from `start` to its closing quote at `end`.
///
/// The parts are those of the first line of comma-separated values (RFC 4180): without the spaces
/// around them, in double quotes where they hold a comma. Doubled quotes in such a part stay
/// doubled. Nothing is discovered in a string without a comma.
private func decodeParts(
  _ start: UnsafePointer<UInt8>,
  _ end: UnsafePointer<UInt8>,
  of node: UnsafeMutablePointer<Node>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) {
  guard unsafe !isComposite(start, end) else {
    return
  }
  var wanted = unsafe WantedElements(node)
  var p = unsafe start
  var isFirst = true
  while unsafe !wanted.isDone {
    let part = unsafe CommaPart(from: p, to: end)
    if isFirst, unsafe !part.isFollowed, unsafe node.pointee.elementCount == 0 {
      return
    }
    isFirst = false
    if let member = unsafe wanted.next(context) {
      unsafe store(part, member, row, context)
    }
    guard unsafe part.isFollowed else {
      return
    }
    unsafe p = part.next
  }
}

/// Whether a string begins as an object or an array of JSON: its commas are not of a table.
private func isComposite(
  _ start: UnsafePointer<UInt8>,
  _ end: UnsafePointer<UInt8>
) -> Bool {
  var p = unsafe start
  while unsafe p < end, unsafe p.pointee == Byte.space {
    unsafe p += 1
  }
  return unsafe p < end && (p.pointee == Byte.openObject || p.pointee == Byte.openArray)
}

/// One part of a string between commas.
@unsafe
private struct CommaPart {
  var start: UnsafePointer<UInt8>
  var end: UnsafePointer<UInt8>
  /// The byte after the comma.
  var next: UnsafePointer<UInt8>
  /// Whether a comma, and with it another part, follows.
  var isFollowed: Bool
  /// Whether the part has escapes.
  var isEscaped = false

  /// The part that starts at `first`, in a string that ends at `limit`.
  init(from first: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>) {
    unsafe start = first
    while unsafe start < limit, unsafe start.pointee == Byte.space {
      unsafe start += 1
    }
    var p = unsafe start
    unsafe end = start
    let isQuoted = unsafe CommaPart.isQuote(p, limit)
    if isQuoted {
      unsafe p += 2
      unsafe start = p
      unsafe end = limit
      while unsafe p < limit {
        if unsafe CommaPart.isQuote(p, limit) {
          guard unsafe CommaPart.isQuote(p + 2, limit) else {
            unsafe end = p
            unsafe p += 2
            break
          }
          unsafe p += 2
        }
        unsafe p += unsafe p.pointee == Byte.backslash ? 2 : 1
      }
    }
    while unsafe p < limit, unsafe p.pointee != Byte.comma, unsafe !CommaPart.isLineEnd(p) {
      unsafe p += unsafe p.pointee == Byte.backslash ? 2 : 1
    }
    unsafe p = min(p, limit)
    unsafe isFollowed = p < limit && p.pointee == Byte.comma
    unsafe next = p + 1
    if !isQuoted {
      unsafe end = p
      while unsafe end > start, unsafe (end - 1).pointee == Byte.space {
        unsafe end -= 1
      }
    }
    unsafe isEscaped = UnsafeBufferPointer(start: start, count: end - start)
      .contains(Byte.backslash)
  }

  /// Whether `\"` stands at `p`.
  private static func isQuote(_ p: UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>) -> Bool {
    unsafe p < limit && p.pointee == Byte.backslash && p[1] == Byte.quote
  }

  /// Whether `\n` or `\r` stands at `p`.
  private static func isLineEnd(_ p: UnsafePointer<UInt8>) -> Bool {
    unsafe p.pointee == Byte.backslash && (p[1] == 0x6E || p[1] == 0x72)
  }
}

/// Writes a part's value into the columns of its member: nothing as `null`, a number as one, else a
/// string.
private func store(
  _ part: CommaPart,
  _ member: UnsafeMutablePointer<Member>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) {
  if unsafe member.pointee.want == .discovery {
    _ = unsafe context.pointee.table.takeUnretainedValue().discover(member, Byte.zero)
    return
  }
  var value = Cell.Special.null
  var token = Cell.Special.null
  if unsafe part.start < part.end {
    if unsafe endOfNumber(part.start) == part.end,
      let number = unsafe parseNumber(part.start, context)
    {
      value = number
      unsafe token = reference(.number, from: part.start, to: part.end, context)
    } else {
      unsafe value = reference(.string, from: part.start, to: part.end, context)
      if unsafe part.isEscaped, value != Cell.Special.tooLong {
        value |= Cell.escapedBit
      }
      token = value
    }
  }
  let want = unsafe member.pointee.scalarWant
  unsafe storeForms(want == .token ? token : value, token, member, row, want)
}
