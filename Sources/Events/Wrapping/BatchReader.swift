internal import CVector

/// Reads the frames of batches: arrays to their elements, objects to their members.
///
/// What stands between the elements and members is checked, and of the members those that nobody
/// takes apart. The elements are not: each becomes part of a line of its own, which the decoder reads.
@unsafe
struct BatchReader {
  /// The line's first byte, which places count from.
  let base: UnsafePointer<UInt8>
  /// The line's bytes.
  let count: Int
  fileprivate let structure: LineStructure.Marks
  /// A decoder's, for its limits and its reading.
  let context: Context

  /// A member of an object.
  struct Member {
    /// The key with its quotes.
    var key: Range<Int>
    var value: Range<Int>
  }

  /// The byte at a place.
  func byte(_ place: Int) -> UInt8 { unsafe base[place] }

  /// The bytes at a place.
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// The place behind the bracket that belongs to the one at a place; `nil` where none stands there.
  func end(of place: Int) -> Int? { unsafe structure.end(of: place) }

  /// Appends the elements of the array at a place.
  ///
  /// - Returns: Their places among the cells; `nil` where a comma lacks or an element.
  func elements(of array: Int, into cells: inout BatchCells) -> Range<Int>? {
    let first = cells.count
    var isRight = false
    unsafe cells.append(upTo: (unsafe count) / 2 + 2) { cells in
      unsafe write(elementsOf: array, to: cells, &isRight)
    }
    guard isRight else {
      cells.remove(from: first)
      return nil
    }
    return first..<cells.count
  }

  /// How many elements the array at a place has, none of which is an object or array.
  ///
  /// - Parameter array: The place.
  /// - Returns: `nil` of another array, and where no array is.
  func flatCount(of array: Int) -> Int? {
    let index = unsafe structure.bracket(from: array)
    guard unsafe base[array] == Byte.openArray && index < structure.brackets.count else {
      return nil
    }
    let bracket = unsafe structure.brackets[index]
    guard bracket.start == array, bracket.next == index + 1 else { return nil }
    let last = Int(bracket.end) &- 1
    let first = array &+ 1
    if unsafe skipSpace(base + first) == base + last { return 0 }
    var count = 1
    var block = first >> 6
    let marks = unsafe structure.marks
    var rest = unsafe marks[block] & (.max &<< UInt64(truncatingIfNeeded: first & 63))
    while block < last >> 6 {
      count &+= rest.nonzeroBitCount
      block &+= 1
      unsafe rest = marks[block]
    }
    return count &+ (rest & ~(.max &<< UInt64(truncatingIfNeeded: last & 63))).nonzeroBitCount
  }

  /// Appends the rows of an array without objects and arrays, so many of its elements each.
  ///
  /// - Returns: Their places among the cells.
  func rows(of array: Int, count: Int, width: Int, into cells: inout BatchCells) -> Range<Int> {
    let first = cells.count
    let line = unsafe base
    unsafe cells.append(upTo: count) { cells in
      var marks = unsafe MarkCursor(structure.marks, from: array + 1)
      var start = array &+ 1
      for row in 0..<count {
        unsafe marks.skip(width &- 1)
        let end = unsafe marks.next()
        unsafe cells[row] = BatchCells.Cell(start: skipSpace(line + start) - line, end: end)
        start = end &+ 1
      }
      return count
    }
    return first..<cells.count
  }

  private func write(
    elementsOf array: Int,
    to cells: UnsafeMutablePointer<BatchCells.Cell>,
    _ isRight: inout Bool
  ) -> Int {
    let line = unsafe base
    let brackets = unsafe structure.brackets
    var marks = unsafe MarkCursor(structure.marks, from: array + 1)
    var written = 0
    var next = -1
    var start = array &+ 1
    while true {
      var place = unsafe marks.next()
      // A scalar between commas, without white space.
      if unsafe line[place] == Byte.comma && line[start] > Byte.space
        && line[place &- 1] > Byte.space && start < place
      {
        unsafe cells[written] = BatchCells.Cell(start: start, end: place)
        written &+= 1
        start = place &+ 1
        continue
      }
      if unsafe line[start] <= Byte.space { unsafe start = skipSpace(line + start) - line }
      var end = place
      if unsafe line[place] | 0x20 == Byte.openObject {
        if next < 0 { unsafe next = structure.bracket(from: place) }
        guard
          unsafe place == start && next < brackets.count
            && brackets[next].start == place
        else { return written }
        end = unsafe Int(brackets[next].end)
        next = unsafe Int(brackets[next].next)
        unsafe marks.move(to: end)
        place = unsafe marks.next()
        guard unsafe skipSpace(line + end) == line + place else { return written }
      } else {
        while end > start, unsafe isSpace(line[end &- 1]) { end &-= 1 }
        guard end > start else {
          isRight = unsafe written == 0 && line[place] == Byte.closeArray
          return written
        }
      }
      unsafe cells[written] = BatchCells.Cell(start: start, end: end)
      written &+= 1
      guard unsafe line[place] == Byte.comma else {
        isRight = unsafe line[place] == Byte.closeArray
        return written
      }
      start = place &+ 1
      guard next >= 0 else { continue }
      // Objects or arrays side by side, without white space.
      while unsafe next < brackets.count && Int(brackets[next].start) == start {
        let end = unsafe Int(brackets[next].end)
        guard unsafe line[end] == Byte.comma else { break }
        unsafe cells[written] = BatchCells.Cell(start: start, end: end)
        written &+= 1
        start = end &+ 1
        next = unsafe Int(brackets[next].next)
      }
      unsafe marks.move(to: start)
    }
  }

  /// The members of the object at a place; `nil` where something is wrong between them.
  func members(of object: Int) -> [Member]? {
    var members: [Member] = []
    let isRight = unsafe visitMembers(of: object) { member in
      members.append(member)
      return true
    }
    return isRight ? members : nil
  }

  /// Whether an object has a member, and all up to that one are right between each other.
  func hasMember(_ name: StaticString, _ object: Int) -> Bool {
    var isFound = false
    unsafe visitMembers(of: object) { member in
      isFound = unsafe isSpelled(member.key, name)
      return !isFound
    }
    return isFound
  }

  /// Visits the members of the object at a place, until `body` says that it is done.
  ///
  /// - Returns: Whether all was right between those that were visited.
  @discardableResult
  private func visitMembers(of object: Int, _ body: (Member) -> Bool) -> Bool {
    var p = unsafe skipSpace(base + object + 1)
    if unsafe p.pointee == Byte.closeObject { return true }
    while true {
      guard unsafe p.pointee == Byte.quote,
        let quote = unsafe scanString(p + 1, context) ?? endOfUnusableString(p + 1, context)
      else { return false }
      let key = unsafe p - base..<quote + 1 - base
      unsafe p = skipSpace(quote + 1)
      guard unsafe p.pointee == Byte.colon else { return false }
      unsafe p = skipSpace(p + 1)
      let start = unsafe p - base
      let isOpening = unsafe p.pointee | 0x20 == Byte.openObject
      let end =
        unsafe isOpening ? end(of: start) : skipScalar(p, context).map { unsafe $0 - base }
      guard let end else { return false }
      guard body(Member(key: key, value: start..<end)) else { return true }
      unsafe p = skipSpace(base + end)
      if unsafe p.pointee == Byte.closeObject { return true }
      guard unsafe p.pointee == Byte.comma else { return false }
      unsafe p = skipSpace(p + 1)
    }
  }

  /// The value of the first member that has one of the names, as they are spelled.
  func value(_ names: [StaticString], of members: [Member]) -> Range<Int>? {
    for name in names {
      for member in members where unsafe isSpelled(member.key, name) { return member.value }
    }
    return nil
  }

  private func isSpelled(_ key: Range<Int>, _ name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    return unsafe key.count == count + 2
      && areEqual(base + key.lowerBound + 1, name.utf8Start, count)
  }

  /// Whether a value, or a key, is right in itself.
  func isRight(_ value: Range<Int>) -> Bool {
    let end = unsafe skipValue(base + value.lowerBound, depth: 1, context)
    return unsafe end.map { unsafe $0 - base == value.upperBound } ?? false
  }

  /// The whole number at a place.
  func natural(_ value: Range<Int>) -> Int? {
    let digits = unsafe UnsafeBufferPointer(start: base + value.lowerBound, count: value.count)
    return Int(unsafe String(decoding: digits, as: UTF8.self))
  }
}

extension LineStructure {
  /// Lends what reads the frames of a line's batches.
  func withReader<R>(
    _ line: UnsafeBufferPointer<UInt8>,
    _ context: Context,
    _ body: (BatchReader) -> R?
  ) -> R? {
    guard let base = line.baseAddress else { return nil }
    let count = line.count
    return unsafe withMarks { structure in
      unsafe body(BatchReader(base: base, count: count, structure: structure, context: context))
    }
  }
}
