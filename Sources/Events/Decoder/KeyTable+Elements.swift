/// Keys that are numbers, as the places of elements.
extension KeyTable {
  /// The place that a key names, or `nil`: digits without a zero before others, below the limit.
  func elementIndex(_ key: [UInt8]) -> Int? {
    guard (1...8).contains(key.count), key.allSatisfy({ $0 ^ Byte.zero <= 9 }),
      key.count == 1 || key[0] != Byte.zero
    else {
      return nil
    }
    let index = key.reduce(0) { 10 * $0 + Int($1 ^ Byte.zero) }
    return index < limits.elements ? index : nil
  }

  /// Makes a member an element of its object's place, in order of places.
  func addElement(
    _ index: Int,
    _ member: UnsafeMutablePointer<Member>,
    in node: UnsafeMutablePointer<Node>
  ) {
    let count = unsafe node.pointee.elementCount
    var place = count
    while place > 0, unsafe node.pointee.elements[place - 1].index >= index {
      place -= 1
    }
    if place < count, unsafe node.pointee.elements[place].index == index {
      return
    }
    if unsafe count == node.pointee.elementCapacity {
      let capacity = max(4, 2 * count)
      let elements = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
      unsafe elements.moveInitialize(from: node.pointee.elements, count: count)
      unsafe allocations.append(UnsafeMutableRawPointer(elements))
      unsafe node.pointee.elements = elements
      unsafe node.pointee.elementCapacity = capacity
    }
    let elements = unsafe node.pointee.elements
    unsafe (elements + place + 1).moveInitialize(from: elements + place, count: count - place)
    unsafe (elements + place).initialize(to: Element(index: index, member: member))
    unsafe node.pointee.elementCount = count + 1
  }

  /// Takes note of an unknown element under a wildcard; `nil` when no further key is remembered.
  func discoverElement(
    _ index: Int,
    in node: UnsafeMutablePointer<Node>
  ) -> UnsafeMutablePointer<Member>? {
    guard index < limits.elements, learnedCount < limits.unknownKeys else {
      return nil
    }
    let key = Array(String(index).utf8)
    let member = unsafe key.withUnsafeBufferPointer { key in
      let known = unsafe lookUpKey(key, KeyEntry.tag(node, length: key.count), context)
      if let known = unsafe known {
        return unsafe known
      }
      learnedCount += 1
      return unsafe makeUnknown(key, in: node)
    }
    unsafe addElement(index, member, in: node)
    return unsafe member
  }
}
