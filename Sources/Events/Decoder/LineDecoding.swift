internal import CVector

/// Decodes the members of an object, the event itself or one in an array, into one row.
///
/// Returns the byte after the object's closing brace, or `nil` when the line is refused, for
/// `context.refusal`; cells may then have been written. This is the loop that the agent spends its
/// time in: one turn a member, with the ordinary cases in line.
///
/// `start` is the byte after the opening quote of the first key, `root` the object, which has no
/// owner, `row` the row's cell in the first column.
@inline(never)
func decodeMembers(
  _ start: UnsafePointer<UInt8>,
  of root: UnsafeMutablePointer<Node>,
  _ row: UnsafeMutablePointer<UInt64>,
  _ context: Context
) -> UnsafePointer<UInt8>? {
  let bases = unsafe ReferenceBases(context)
  var node = unsafe root
  var link = unsafe firstLink(of: node)
  var p = unsafe start
  while true {
    // The key: `p` is after its opening quote.
    var member = unsafe link.pointee
    if unsafe matches(p, member) {
      unsafe p += Int(truncatingIfNeeded: member.pointee.keyLength)
    } else {
      guard let found = unsafe findMember(p, in: node, context) else {
        return nil
      }
      unsafe link.pointee = found
      unsafe member = found
      unsafe p = context.pointee.cursor
    }
    unsafe link = nextLink(of: member)
    if unsafe p.pointee <= Byte.space {
      unsafe p = skipSpace(p)
    }
    let want = unsafe member.pointee.want
    if want.rawValue <= Want.nothing.rawValue {
      let bits = unsafe decodeScalar(&p, want, node, bases, context)
      guard bits != Cell.Special.refused else {
        return nil
      }
      if want != .nothing {
        unsafe store(bits, row + member.pointee.column, context)
      }
    } else {
      guard let next = unsafe decodeRareMember(p, member, row, context) else {
        return nil
      }
      unsafe p = next
      if let entered = unsafe context.pointee.entered {
        unsafe node = entered
        unsafe link = firstLink(of: entered)
        continue
      }
    }
    // The fast way from value to key, without and with a space, before any white-space loop.
    if unsafe leeway_load16(p) == Byte.commaQuote {
      unsafe p += 2
    } else if unsafe leeway_load32(p) & 0xFF_FFFF == Byte.commaSpaceQuote {
      unsafe p += 3
    } else {
      var hasEnded = false
      guard let next = unsafe leaveObjects(p, &node, &link, &hasEnded) else {
        return unsafe refuse(.syntax, context)
      }
      unsafe p = next
      if hasEnded {
        return unsafe p
      }
    }
  }
}

/// From the end of a value over closing braces to the byte after the next key's opening quote.
///
/// `hasEnded` is set when the event's own brace was met; the answer is the byte after it.
@inline(__always)
private func leaveObjects(
  _ start: UnsafePointer<UInt8>,
  _ node: inout UnsafeMutablePointer<Node>,
  _ link: inout Link,
  _ hasEnded: inout Bool
) -> UnsafePointer<UInt8>? {
  var p = unsafe start
  while true {
    if unsafe p.pointee <= Byte.space {
      unsafe p = skipSpace(p)
    }
    guard unsafe p.pointee == Byte.closeObject else {
      break
    }
    unsafe p += 1
    guard let owner = unsafe node.pointee.owner else {
      hasEnded = true
      return unsafe p
    }
    unsafe node = owner.pointee.node
    unsafe link = nextLink(of: owner)
  }
  guard unsafe p.pointee == Byte.comma else {
    return nil
  }
  unsafe p = skipSpace(p + 1)
  return unsafe p.pointee == Byte.quote ? p + 1 : nil
}

/// Whether the key of `member` stands at `p`, with its closing quote and colon.
///
/// The key of a member was checked when it was learned, so that equal bytes need no further look.
@inline(__always)
private func matches(_ p: UnsafePointer<UInt8>, _ member: UnsafeMutablePointer<Member>) -> Bool {
  let key = unsafe UnsafePointer<UInt8>(
    UnsafeRawPointer(member).assumingMemoryBound(to: UInt8.self) + Member.keyOffset
  )
  guard unsafe leeway_equal16(p, key) | member.pointee.ignoredLow == 0xFFFF else {
    return false
  }
  let length = unsafe member.pointee.keyLength
  return unsafe length <= 16 || matchesBeyond16(p, key, member)
}

/// The same from byte 16 on.
@inline(__always)
private func matchesBeyond16(
  _ p: UnsafePointer<UInt8>,
  _ key: UnsafePointer<UInt8>,
  _ member: UnsafeMutablePointer<Member>
) -> Bool {
  guard unsafe leeway_equal16(p + 16, key + 16) | member.pointee.ignoredHigh == 0xFFFF else {
    return false
  }
  guard let rest = unsafe member.pointee.rest else {
    return true
  }
  return unsafe areEqual(p + 32, rest, Int(member.pointee.keyLength) - 32)
}

/// The place that says which member comes first in an object.
@inline(__always)
private func firstLink(of node: UnsafeMutablePointer<Node>) -> Link {
  // `first` is the first field.
  unsafe UnsafeMutableRawPointer(node).assumingMemoryBound(
    to: UnsafeMutablePointer<Member>.self
  )
}

/// The place that says which member comes after another.
@inline(__always)
private func nextLink(of member: UnsafeMutablePointer<Member>) -> Link {
  // `next` is the first field.
  unsafe UnsafeMutableRawPointer(member).assumingMemoryBound(
    to: UnsafeMutablePointer<Member>.self
  )
}

/// Writes a cell; one that was written before shows that its key comes twice.
@inline(__always)
func store(_ bits: UInt64, _ cell: UnsafeMutablePointer<UInt64>, _ context: Context) {
  if unsafe cell.pointee != Cell.Special.missing {
    unsafe context.pointee.duplicateKeys &+= 1
  }
  unsafe cell.pointee = bits
}

/// Notes why the line is refused.
@inline(__always)
func refuse(_ reason: Refusal, _ context: Context) -> UnsafePointer<UInt8>? {
  unsafe context.pointee.refusal = reason
  return nil
}

/// Whether two runs of bytes are equal, without reading beyond the first difference.
func areEqual(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  for index in 0..<count where unsafe a[index] != b[index] {
    return false
  }
  return true
}
