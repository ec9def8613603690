/// The tree of known members: those of the schema, and those that the stream has shown since.
///
/// It owns the memory of ``Member``, ``Node`` and ``KeyEntry``, whose addresses never change. It is
/// met only when a key is new.
///
/// Its 13 properties are the tree, the memory that it owns and what it was shown: a new key changes
/// all three at once.
@safe
final class KeyTable {
  /// The decoder's context, which the table owns.
  let context: Context
  let limits: DecodingLimits
  /// Everything allocated but the hash table, freed at the end.
  var allocations: [UnsafeMutableRawPointer] = unsafe []
  /// The path of each node, by its number.
  private var paths: [FieldPath] = []
  /// The members that have a column, which moves with the columns' stride.
  private var columned: [UnsafeMutablePointer<Member>] = unsafe []
  private var entryCount = 0
  var learnedCount = 0
  /// Members of wildcards that are not in the schema, in order of first sight.
  private(set) var discovered: [FieldPath] = []
  /// How often a member of a wildcard came whose key is too long to be remembered.
  private(set) var overlongMembers = 0
  /// The wanted values of this decoding that cannot be used, with the number of their line.
  private var unusable: [(values: UnusableValues, line: UInt64)] = []
  /// How many of them are of events before the one in hand, in its line.
  private var notedBefore = 0
  /// Columns to be copied after decoding: a slot whose path and form an earlier slot has.
  private(set) var copies: [(from: Int, to: Int)] = []

  /// The longest unknown key that is remembered, in bytes; with ``DecodingLimits/unknownKeys`` it
  /// bounds the memory that a stream can claim.
  static let learnedKeyBytesMax = 256

  init(schema: Schema, limits: DecodingLimits) {
    unsafe context = .allocate(capacity: 1)
    self.limits = limits
    let root = unsafe makeNode(owner: nil, path: FieldPath(keys: []), depth: 1)
    unsafe context.initialize(
      to: DecodingContext(root: root, table: self, nestingMax: limits.nesting)
    )
    unsafe growKeys(context)
    for slot in schema.slots.indices {
      add(slot, schema.slots[slot])
    }
    for wildcard in schema.wildcards {
      let (node, _) = unsafe node(at: wildcard.keys[...])
      unsafe discover(in: node)
      unsafe node.pointee.discoversElements = true
    }
  }

  deinit {
    unsafe allocations.forEach { unsafe $0.deallocate() }
    unsafe context.pointee.deallocate()
    unsafe context.deallocate()
  }

  // MARK: The schema

  private func add(_ slot: Int, _ wanted: Schema.Slot) {
    guard wanted.form != .own, let key = wanted.path.keys.last else {
      return  // The event itself is no member, and an own column is not decoded.
    }
    let (node, ancestors) = unsafe node(at: wanted.path.keys.dropLast())
    let member = unsafe member(key, in: node)
    let present = unsafe wanted.form == .value ? member.pointee.slot : member.pointee.tokenSlot
    if present >= 0 {
      copies.append((present, slot))
    } else if wanted.form == .value {
      unsafe member.pointee.slot = slot
    } else {
      unsafe member.pointee.tokenSlot = slot
    }
    unsafe ancestors.forEach { unsafe note(slot, in: $0) }
    unsafe settle(member)
    if unsafe !columned.contains(member) {
      unsafe columned.append(member)
    }
  }

  /// The node at a path, made where it does not exist, and all nodes on the way but the event.
  private func node(
    at keys: ArraySlice<[UInt8]>
  ) -> (UnsafeMutablePointer<Node>, [UnsafeMutablePointer<Node>]) {
    var node = unsafe context.pointee.root
    var ancestors: [UnsafeMutablePointer<Node>] = unsafe []
    for key in keys {
      let member = unsafe member(key, in: node)
      unsafe node = child(of: member, key: key)
      unsafe ancestors.append(node)
    }
    return unsafe (node, ancestors)
  }

  /// The member with a key of the schema, which is an element as well where the key is a number.
  private func member(
    _ key: [UInt8],
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member> {
    let member = unsafe plainMember(key, in: node)
    if let index = elementIndex(key) {
      unsafe addElement(index, member, in: node)
    }
    return unsafe member
  }

  private func plainMember(
    _ key: [UInt8],
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member> {
    unsafe key.withUnsafeBufferPointer { key in
      let isResolved = unsafe KeyTable.needsEscapes(key)
      let tag = unsafe KeyEntry.tag(node, length: key.count, isResolved: isResolved)
      return unsafe lookUpKey(key, tag, context) ?? makeMember(key, in: node)
    }
  }

  private func child(
    of member: UnsafeMutablePointer<Member>,
    key: [UInt8]
  ) -> UnsafeMutablePointer<Node> {
    if let child = unsafe member.pointee.child {
      return unsafe child
    }
    let parent = unsafe member.pointee.node
    let path = unsafe paths[Int(parent.pointee.number)]
    let child = unsafe makeNode(
      owner: member,
      path: FieldPath(keys: path.keys + [key]),
      depth: parent.pointee.depth + 1
    )
    unsafe child.pointee.discovers = parent.pointee.discovers
    unsafe member.pointee.child = child
    unsafe settle(member)
    return unsafe child
  }

  /// Makes what a member wants follow from its slots and its object.
  private func settle(_ member: UnsafeMutablePointer<Member>) {
    let hasValue = unsafe member.pointee.slot >= 0
    let hasToken = unsafe member.pointee.tokenSlot >= 0
    let scalar: Want =
      hasValue ? (hasToken ? .valueAndToken : .value) : (hasToken ? .token : .nothing)
    unsafe member.pointee.scalarWant = scalar
    unsafe member.pointee.want = member.pointee.child == nil ? scalar : .object
  }

  private func note(_ slot: Int, in node: UnsafeMutablePointer<Node>) {
    let count = unsafe node.pointee.slotCount
    let slots = UnsafeMutablePointer<Int>.allocate(capacity: count + 1)
    unsafe slots.initialize(from: node.pointee.slots, count: count)
    unsafe (slots + count).initialize(to: slot)
    unsafe allocations.append(UnsafeMutableRawPointer(slots))
    unsafe node.pointee.slots = slots
    unsafe node.pointee.slotCount = count + 1
  }

  /// Reports unknown members of a node and of the objects below it.
  private func discover(in node: UnsafeMutablePointer<Node>) {
    unsafe node.pointee.discovers = true
    let path = unsafe paths[Int(node.pointee.number)]
    for (number, other) in paths.enumerated() where path.contains(other) {
      unsafe nodes[number].pointee.discovers = true
    }
  }

  private var nodes: [UnsafeMutablePointer<Node>] = unsafe []

  /// Sets the columns of all members for columns that are so many cells apart.
  func setColumnStride(_ stride: Int) {
    unsafe context.pointee.columnStride = stride
    for index in unsafe columned.indices {
      let member = unsafe columned[index]
      let value = unsafe member.pointee.slot
      let token = unsafe member.pointee.tokenSlot
      unsafe member.pointee.column = (value >= 0 ? value : token) * stride
      unsafe member.pointee.tokenColumn = token * stride
    }
  }

  // MARK: The stream

  /// The member for a key that the table does not hold in this spelling.
  ///
  /// Up to the limit the spelling is remembered: as a member of its own, or, with escapes, as an
  /// alias of the member that it means.
  func learn(
    _ spelling: UnsafeBufferPointer<UInt8>,
    isEscaped: Bool,
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member> {
    let isFull =
      learnedCount >= limits.unknownKeys || spelling.count > KeyTable.learnedKeyBytesMax
    guard isEscaped else {
      guard !isFull else {
        return unsafe anonymous(spelling, in: node)
      }
      learnedCount += 1
      return unsafe makeUnknown(spelling, in: node)
    }
    let key = unsafe unescaped(spelling)
    return unsafe key.withUnsafeBufferPointer { key in
      let isResolved = unsafe KeyTable.needsEscapes(key)
      let tag = unsafe KeyEntry.tag(node, length: key.count, isResolved: isResolved)
      let known = unsafe lookUpKey(key, tag, context)
      guard !isFull else {
        return unsafe known ?? anonymous(spelling, in: node)
      }
      learnedCount += 1
      let member = unsafe known ?? makeUnknown(key, in: node)
      unsafe addEntry(spelling, KeyEntry.tag(node, length: spelling.count), member)
      return unsafe member
    }
  }

  /// The member for a key that is not remembered.
  private func anonymous(
    _ spelling: UnsafeBufferPointer<UInt8>,
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member> {
    let isOverlong = spelling.count > KeyTable.learnedKeyBytesMax
    if isOverlong, unsafe node.pointee.discovers { overlongMembers += 1 }
    return unsafe node.pointee.anonymous
  }

  func makeUnknown(
    _ key: UnsafeBufferPointer<UInt8>,
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member> {
    let member = unsafe makeMember(key, in: node)
    if unsafe node.pointee.discovers {
      unsafe member.pointee.want = .discovery
    }
    return unsafe member
  }

  /// Takes note of an unknown member of a wildcard by the first byte of its value.
  ///
  /// A scalar is reported, an object becomes a node whose members are. `false`: an array.
  func discover(_ member: UnsafeMutablePointer<Member>, _ byte: UInt8) -> Bool {
    guard byte != Byte.openArray else {
      return false
    }
    let key = unsafe KeyTable.key(of: member)
    if byte == Byte.openObject {
      _ = unsafe child(of: member, key: key)
      return true
    }
    unsafe member.pointee.want = .nothing
    if discovered.count < limits.discoveredPaths {
      let parent = unsafe paths[Int(member.pointee.node.pointee.number)]
      discovered.append(FieldPath(keys: parent.keys + [key]))
    }
    return true
  }

  // MARK: Values that cannot be used

  /// Begins another event of the same line: what was noted is of those before it.
  func beginEvent() { notedBefore = unusable.count }

  /// Takes note of a value, the lines in their order: one note an event and reason.
  ///
  /// Of several events in a line one may be refused, or in another batch.
  func note(_ value: UnusableValues, line: UInt64) {
    let ofLine = unusable[notedBefore...].reversed().prefix { $0.line == line }
    if let known = ofLine.firstIndex(where: { $0.values.reason == value.reason }) {
      unusable[known.base - 1].values.count += value.count
    } else {
      unusable.append((value, line))
    }
  }

  /// Hands over the notes but those of lines that were refused.
  ///
  /// - Parameters:
  ///   - refused: The lines of this decoding that were refused.
  ///   - number: A line's number in the chunk, from its number over all decodings.
  /// - Returns: The notes, in order.
  func takeUnusable(
    except refused: [RefusedLine],
    number: (UInt64) -> Int
  ) -> [UnusableValues] {
    guard !unusable.isEmpty else {
      return []
    }
    defer {
      unusable = []
      notedBefore = 0
    }
    var next = 0
    return unusable.compactMap { note in
      while next < refused.count, refused[next].offset + refused[next].length <= note.values.offset
      {
        next += 1
      }
      let isRefused = next < refused.count && refused[next].offset <= note.values.offset
      guard !isRefused else {
        return nil
      }
      var values = note.values
      values.line = number(note.line)
      return values
    }
  }

  private static func key(of member: UnsafeMutablePointer<Member>) -> [UInt8] {
    let count = unsafe Int(member.pointee.keyLength) - 2
    let start = unsafe UnsafeRawPointer(member) + Member.keyOffset
    var key = unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: min(count, 32)))
    if count > 32, let rest = unsafe member.pointee.rest {
      unsafe key += UnsafeBufferPointer(start: rest, count: count - 32)
    }
    return key
  }

  // MARK: Memory

  private func makeNode(
    owner: UnsafeMutablePointer<Member>?,
    path: FieldPath,
    depth: Int
  ) -> UnsafeMutablePointer<Node> {
    let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
    unsafe allocations.append(UnsafeMutableRawPointer(node))
    let anonymous = UnsafeMutablePointer<Member>.allocate(capacity: 1)
    unsafe allocations.append(UnsafeMutableRawPointer(anonymous))
    let slots = UnsafeMutablePointer<Int>.allocate(capacity: 0)
    unsafe allocations.append(UnsafeMutableRawPointer(slots))
    let elements = UnsafeMutablePointer<Element>.allocate(capacity: 0)
    unsafe allocations.append(UnsafeMutableRawPointer(elements))
    unsafe node.initialize(
      to: Node(
        first: anonymous,
        anonymous: anonymous,
        owner: owner,
        line: 0,
        number: UInt32(paths.count),
        depth: depth,
        discovers: false,
        slots: slots,
        slotCount: 0,
        elements: elements
      )
    )
    unsafe anonymous.initialize(to: Member(in: node, next: anonymous))
    paths.append(path)
    unsafe nodes.append(node)
    return unsafe node
  }

  private func makeMember(
    _ key: UnsafeBufferPointer<UInt8>,
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member> {
    let member = UnsafeMutablePointer<Member>.allocate(capacity: 1)
    unsafe allocations.append(UnsafeMutableRawPointer(member))
    unsafe member.initialize(to: Member(in: node, next: node.pointee.anonymous))
    let needsEscapes = unsafe KeyTable.needsEscapes(key)
    let spelled = unsafe Array(key) + [Byte.quote, Byte.colon]
    let rest = unsafe spelled.count > 32 ? keep(Array(spelled.dropFirst(32))) : nil
    unsafe member.pointee.setKey(spelled, rest: rest, isSpelled: !needsEscapes)
    let tag = unsafe KeyEntry.tag(node, length: key.count, isResolved: needsEscapes)
    unsafe addEntry(key, tag, member)
    return unsafe member
  }

  /// The bytes at an address that stays.
  private func keep(_ bytes: [UInt8]) -> UnsafePointer<UInt8> {
    let kept = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    unsafe kept.initialize(repeating: 0, count: bytes.count)
    for (index, byte) in bytes.enumerated() {
      unsafe kept[index] = byte
    }
    unsafe allocations.append(UnsafeMutableRawPointer(kept))
    return unsafe UnsafePointer(kept)
  }

  /// Adds a spelling to the hash table, which is kept at most half full.
  private func addEntry(
    _ key: UnsafeBufferPointer<UInt8>,
    _ tag: UInt64,
    _ member: UnsafeMutablePointer<Member>
  ) {
    if unsafe 2 * (entryCount + 1) > context.pointee.entryMask + 1 {
      unsafe growKeys(context)
    }
    entryCount += 1
    let rest = unsafe key.count > 16 ? keep(Array(key.dropFirst(16))) : nil
    unsafe insertKey(keyEntry(key, tag, rest: rest, member, context), context)
  }

  /// Whether a key cannot stand in a line as it is.
  private static func needsEscapes(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe key.contains { $0 < 0x20 || $0 == Byte.quote || $0 == Byte.backslash }
  }
}
