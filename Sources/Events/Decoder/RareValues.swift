internal import CVector

/// The bits of a value that is neither string nor number, with `context.cursor` behind it.
@inline(never)
func decodeRareScalar(
  _ p: UnsafePointer<UInt8>,
  _ want: Want,
  _ depth: Int,
  _ context: Context
) -> UInt64 {
  let byte = unsafe p.pointee
  if byte == Byte.openObject || byte == Byte.openArray {
    guard let end = unsafe skipValue(p, depth: depth, context) else {
      return Cell.Special.refused
    }
    unsafe context.pointee.cursor = end
    return Cell.Special.composite
  }
  guard let end = unsafe endOfLiteral(p) else {
    return unsafe decodeUnusableWord(p, want, context)
  }
  unsafe context.pointee.cursor = end
  if byte == 0x6E {
    return Cell.Special.null
  }
  if want == .value {
    return byte == 0x74 ? Cell.Special.true : Cell.Special.false
  }
  return unsafe reference(.boolean, from: p, to: end, context)
}

/// The bits of a reference to the bytes from `start` to `end`.
func reference(
  _ kind: TokenKind,
  from start: UnsafePointer<UInt8>,
  to end: UnsafePointer<UInt8>,
  _ context: Context
) -> UInt64 {
  let length = unsafe end - start
  guard length <= Cell.lengthMax else {
    return Cell.Special.tooLong
  }
  let offset = unsafe start - context.pointee.base
  return Cell(TokenReference(kind: kind, offset: offset, length: length)).bits
}

/// Decodes the value of a member that wants more than a scalar in one form.
///
/// Returns the byte after it; where `context.entered` is set, that after the opening quote of the
/// first key of the object below.
@inline(never)
func decodeRareMember(
  _ start: UnsafePointer<UInt8>,
  _ member: UnsafeMutablePointer<Member>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  unsafe context.pointee.entered = nil
  let byte = unsafe start.pointee
  if unsafe member.pointee.want == .discovery {
    guard unsafe context.pointee.table.takeUnretainedValue().discover(member, byte) else {
      // An array: no leaf, but it may be one another time.
      return unsafe skipValue(start, depth: member.pointee.node.pointee.depth, context)
    }
  }
  guard let child = unsafe member.pointee.child else {
    return unsafe decodeForms(start, member, row, member.pointee.want, context)
  }
  if unsafe child.pointee.line == context.pointee.line {
    // The key comes twice: what stood in the first value is gone.
    unsafe context.pointee.duplicateKeys &+= 1
    for index in 0..<(unsafe child.pointee.slotCount) {
      let slot = unsafe child.pointee.slots[index]
      unsafe row[slot &* context.pointee.columnStride] = Cell.Special.missing
    }
  }
  unsafe child.pointee.line = context.pointee.line
  let scalarWant = unsafe member.pointee.scalarWant
  guard byte == Byte.openObject else {
    guard unsafe child.pointee.wantsElements else {
      return unsafe decodeForms(start, member, row, scalarWant, context)
    }
    return unsafe decodeSequence(start, member, child, row, context)
  }
  guard unsafe child.pointee.depth <= context.pointee.nestingMax else {
    return unsafe refuse(.nesting, context)
  }
  unsafe storeForms(Cell.Special.composite, Cell.Special.composite, member, row, scalarWant)
  let first = unsafe skipSpace(start + 1)
  if unsafe first.pointee == Byte.closeObject {
    return unsafe first + 1
  }
  guard unsafe first.pointee == Byte.quote else {
    return unsafe refuse(.syntax, context)
  }
  unsafe context.pointee.entered = child
  return unsafe first + 1
}

/// Decodes the value at `start` in the wanted forms and answers with the byte after it.
func decodeForms(
  _ start: UnsafePointer<UInt8>,
  _ member: UnsafeMutablePointer<Member>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ want: Want,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  let bases = unsafe ReferenceBases(context)
  let node = unsafe member.pointee.node
  var p = unsafe start
  let first: Want = want == .valueAndToken ? .value : want
  let value = unsafe decodeScalar(&p, first, node, bases, context)
  guard value != Cell.Special.refused else {
    return nil
  }
  var token = value
  if want == .valueAndToken {
    let cell = Cell(bits: value)
    if cell.isNumber || cell == .overflow {
      unsafe token = reference(.number, from: start, to: p, context)
    } else if cell == .true || cell == .false {
      unsafe token = reference(.boolean, from: start, to: p, context)
    }
    let written = unsafe row[member.pointee.column]
    if written != Cell.Special.missing, unsafe member.pointee.child == nil {
      unsafe context.pointee.duplicateKeys &+= 1
    }
  }
  unsafe storeForms(value, token, member, row, want)
  return unsafe p
}

/// Writes the forms that `want` names.
func storeForms(
  _ value: UInt64,
  _ token: UInt64,
  _ member: UnsafeMutablePointer<Member>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ want: Want
) {
  switch want {
  case .value, .token:
    unsafe row[member.pointee.column] = value
  case .valueAndToken:
    unsafe row[member.pointee.column] = value
    unsafe row[member.pointee.tokenColumn] = token
  case .nothing, .object, .discovery:
    break
  }
}
