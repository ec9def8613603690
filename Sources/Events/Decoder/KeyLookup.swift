internal import CVector

/// The member of `node` whose key's first byte is at `start`, with `context.cursor` after the
/// colon.
///
/// For keys that are not where they were last time. `nil` refuses the line.
@inline(never)
func findMember(
  _ start: UnsafePointer<UInt8>,
  in node: UnsafeMutablePointer<Node>,
  _ context: Context
) -> UnsafeMutablePointer<Member>? {
  let special = unsafe leeway_special16(start)
  if special != 0 {
    let length = leeway_first(special)
    if unsafe start[length] == Byte.quote {
      let masks = unsafe context.pointee.keepMasks + 2 &* length
      let low = unsafe leeway_load64(start) & masks[0]
      let high = unsafe leeway_load64(start + 8) & masks[1]
      let tag = unsafe KeyEntry.tag(node, length: length)
      let hash = unsafe shortKeyHash(low, high, tag, context)
      var index = unsafe Int(truncatingIfNeeded: hash &>> context.pointee.entryShift)
      while true {
        let entry = unsafe context.pointee.entries + index
        guard let member = unsafe entry.pointee.member else {
          break
        }
        if unsafe entry.pointee.low == low, unsafe entry.pointee.high == high,
          unsafe entry.pointee.tag == tag
        {
          return unsafe afterColon(start + (length &+ 1), context) ? member : nil
        }
        unsafe index = (index &+ 1) & context.pointee.entryMask
      }
    }
  }
  return unsafe findRareMember(start, in: node, context)
}

/// The same for keys that are long, escaped, not ASCII or new.
@inline(never)
private func findRareMember(
  _ start: UnsafePointer<UInt8>,
  in node: UnsafeMutablePointer<Node>,
  _ context: Context
) -> UnsafeMutablePointer<Member>? {
  guard let quote = unsafe scanString(start, context) else {
    let quote = unsafe endOfUnusableString(start, context)
    guard let quote = unsafe quote, unsafe afterColon(quote + 1, context) else {
      return nil
    }
    return unsafe node.pointee.anonymous
  }
  let isEscaped = unsafe context.pointee.isEscaped
  let key = unsafe UnsafeBufferPointer(start: start, count: quote - start)
  guard unsafe afterColon(quote + 1, context) else {
    return nil
  }
  if let known = unsafe lookUpKey(key, KeyEntry.tag(node, length: key.count), context) {
    return unsafe known
  }
  let table = unsafe context.pointee.table.takeUnretainedValue()
  return unsafe table.learn(key, isEscaped: isEscaped, in: node)
}

/// Notes the byte after the colon that must come next.
@inline(__always)
private func afterColon(_ start: UnsafePointer<UInt8>, _ context: Context) -> Bool {
  var p = unsafe start
  if unsafe p.pointee != Byte.colon {
    unsafe p = skipSpace(p)
    guard unsafe p.pointee == Byte.colon else {
      unsafe context.pointee.refusal = .syntax
      return false
    }
  }
  unsafe context.pointee.cursor = p + 1
  return true
}

extension KeyEntry {
  /// A node and a key's length in one word.
  ///
  /// The highest bit of the length says that the key is not as it is spelled but with its escapes
  /// resolved: `a\\b` spells a key of three bytes, which must not be found by the spelling `a\b`.
  @inline(__always)
  static func tag(
    _ node: UnsafeMutablePointer<Node>,
    length: Int,
    isResolved: Bool = false
  ) -> UInt64 {
    unsafe UInt64(node.pointee.number) << 32 | UInt64(truncatingIfNeeded: length)
      | (isResolved ? 1 << 31 : 0)
  }
}

/// The hash of a key of up to 16 bytes, whose upper bits are the index.
@inline(__always)
private func shortKeyHash(
  _ low: UInt64,
  _ high: UInt64,
  _ tag: UInt64,
  _ context: Context
) -> UInt64 {
  unsafe low &* context.pointee.hashLow &+ (high ^ tag) &* context.pointee.hashHigh
}

/// Up to eight bytes as a word.
private func word(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt64 {
  var word: UInt64 = 0
  for index in 0..<min(8, max(0, bytes.count - offset)) {
    unsafe word |= UInt64(bytes[offset + index]) << UInt64(8 * index)
  }
  return word
}

/// The hash of a key of any length.
func keyHash(_ key: UnsafeBufferPointer<UInt8>, _ tag: UInt64, _ context: Context) -> UInt64 {
  var hash = unsafe shortKeyHash(word(key, at: 0), word(key, at: 8), tag, context)
  for offset in stride(from: 16, to: key.count, by: 8) {
    hash ^= hash >> 29
    unsafe hash = (hash ^ word(key, at: offset)) &* context.pointee.hashLow
  }
  return hash
}

/// The member with a key of any length, or `nil`.
func lookUpKey(
  _ key: UnsafeBufferPointer<UInt8>,
  _ tag: UInt64,
  _ context: Context
) -> UnsafeMutablePointer<Member>? {
  let hash = unsafe keyHash(key, tag, context)
  let low = unsafe word(key, at: 0)
  let high = unsafe word(key, at: 8)
  var index = unsafe Int(truncatingIfNeeded: hash &>> context.pointee.entryShift)
  while true {
    let entry = unsafe context.pointee.entries[index]
    guard let member = unsafe entry.member else {
      return nil
    }
    if unsafe entry.hash == hash, unsafe entry.low == low, unsafe entry.high == high,
      unsafe entry.tag == tag
    {
      guard let rest = unsafe entry.rest, let start = key.baseAddress else {
        return unsafe member
      }
      if unsafe areEqual(start + 16, rest, key.count - 16) {
        return unsafe member
      }
    }
    unsafe index = (index &+ 1) & context.pointee.entryMask
  }
}

/// Puts an entry into the table, which has room for it.
func insertKey(_ entry: KeyEntry, _ context: Context) {
  var index = unsafe Int(truncatingIfNeeded: entry.hash &>> context.pointee.entryShift)
  while unsafe context.pointee.entries[index].member != nil {
    unsafe index = (index &+ 1) & context.pointee.entryMask
  }
  unsafe context.pointee.entries[index] = entry
}

/// An entry for a key, without a member yet.
func keyEntry(
  _ key: UnsafeBufferPointer<UInt8>,
  _ tag: UInt64,
  rest: UnsafePointer<UInt8>?,
  _ member: UnsafeMutablePointer<Member>,
  _ context: Context
) -> KeyEntry {
  unsafe KeyEntry(
    low: word(key, at: 0),
    high: word(key, at: 8),
    tag: tag,
    rest: rest,
    member: member,
    hash: keyHash(key, tag, context)
  )
}

/// Doubles the hash table, or makes it.
func growKeys(_ context: Context) {
  let old = unsafe context.pointee.entries
  let oldCount = unsafe context.pointee.entryMask + 1
  let count = max(64, 2 * oldCount)
  let entries = UnsafeMutablePointer<KeyEntry>.allocate(capacity: count)
  unsafe entries.initialize(
    repeating: KeyEntry(low: 0, high: 0, tag: 0, rest: nil, member: nil, hash: 0),
    count: count
  )
  unsafe context.pointee.entries = entries
  unsafe context.pointee.entryMask = count - 1
  unsafe context.pointee.entryShift = UInt64(64 - count.trailingZeroBitCount)
  for index in 0..<oldCount where unsafe old[index].member != nil {
    unsafe insertKey(old[index], context)
  }
  unsafe old.deallocate()
}
