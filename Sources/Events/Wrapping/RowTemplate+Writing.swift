internal import CVector

/// Writes the rows of a line.
extension RowTemplate {
  /// Lends what writes rows.
  func withWriter(
    _ line: UnsafePointer<UInt8>,
    _ structure: borrowing LineStructure,
    _ cells: borrowing BatchCells,
    _ body: (RowWriter) -> Void
  ) {
    unsafe cells.withCells { cells in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe parts.withUnsafeBufferPointer { parts in
          unsafe heads.withUnsafeBufferPointer { heads in
            unsafe structure.withMarks { marks in
              guard let own = bytes.baseAddress, let heads = heads.baseAddress else { return }
              unsafe body(
                RowWriter(
                  line: line,
                  structure: marks,
                  own: own,
                  parts: parts,
                  heads: heads,
                  cells: cells
                )
              )
            }
          }
        }
      }
    }
  }

  /// Writes rows, each with one copy for each of its parts and cells.
  @unsafe
  struct RowWriter {
    let line: UnsafePointer<UInt8>
    let structure: LineStructure.Marks
    let own: UnsafePointer<UInt8>
    let parts: UnsafeBufferPointer<Part>
    let heads: UnsafePointer<Head>
    let cells: UnsafePointer<BatchCells.Cell>

    /// Writes a row and answers with the byte behind it.
    @inline(never)
    func write(_ row: Int, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
      guard var part = unsafe parts.baseAddress else { return unsafe start }
      let end = unsafe part + parts.count
      var p = unsafe start
      while unsafe part < end {
        switch unsafe part.pointee.kind {
        case .fixed: unsafe copy(own + part.pointee.start, part.pointee.count, to: &p)
        case .number: unsafe p = writeDecimal(row, to: p)
        case .cells, .table:
          if unsafe row < part.pointee.cells.rows {
            unsafe p = writeBatch(part, row, to: p)
          } else if unsafe part.pointee.cells.isFirst {
            for (index, byte) in "null".utf8.enumerated() { unsafe p[index] = byte }
            unsafe p += 4
          }
        }
        unsafe part += 1
      }
      return unsafe p
    }

    @inline(__always)
    private func writeBatch(
      _ part: UnsafePointer<Part>,
      _ row: Int,
      to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
      let cell = unsafe cells + part.pointee.cells.first + row &* part.pointee.cells.stride
      var p = unsafe start
      if unsafe part.pointee.kind == .table {
        let names = unsafe cells + part.pointee.start
        let end = unsafe writeObject(names, part.pointee.count, cell, line, structure, p)
        if let end = unsafe end { return unsafe end }
        // An array of another length is left as it is.
        let first = unsafe Int(cell.pointee.start)
        unsafe copy(line + first, Int(cell.pointee.end) &- first, to: &p)
        return unsafe p
      }
      if unsafe part.pointee.isBare {
        let first = unsafe Int(cell.pointee.start)
        unsafe copy(line + first, Int(cell.pointee.end) &- first, to: &p)
        return unsafe p
      }
      let head = unsafe heads + part.pointee.start
      let end = unsafe head + part.pointee.count
      unsafe p = writeCells(head, end, cell, part.pointee.cells.step, own, line, p)
      let tail = unsafe part.pointee.tail
      if tail.count > 0 { unsafe copy(own + Int(tail.start), Int(tail.count), to: &p) }
      return unsafe p
    }
  }
}

/// Copies bytes behind others; up to fifteen more are copied.
@inline(__always)
private func copy(
  _ start: UnsafePointer<UInt8>,
  _ count: Int,
  to end: inout UnsafeMutablePointer<UInt8>
) {
  unsafe leeway_copy(end, start, count)
  unsafe end += count
}

/// Writes a cell behind each head.
@inline(__always)
private func writeCells(
  _ heads: UnsafePointer<RowTemplate.Head>,
  _ end: UnsafePointer<RowTemplate.Head>,
  _ cells: UnsafePointer<BatchCells.Cell>,
  _ step: Int,
  _ own: UnsafePointer<UInt8>,
  _ line: UnsafePointer<UInt8>,
  _ start: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
  var p = unsafe start
  var head = unsafe heads
  var cell = unsafe cells
  while unsafe head < end {
    let count = unsafe Int(head.pointee.count)
    if count > 0 { unsafe copy(own + Int(head.pointee.start), count, to: &p) }
    let first = unsafe Int(cell.pointee.start)
    unsafe copy(line + first, Int(cell.pointee.end) &- first, to: &p)
    unsafe head += 1
    unsafe cell += step
  }
  return unsafe p
}

/// Writes the elements of the array in a cell as members with the names in other cells.
///
/// - Returns: The byte behind them; `nil` where the array has another number of elements, or a value
///   lacks between its commas.
@inline(never)
private func writeObject(
  _ names: UnsafePointer<BatchCells.Cell>,
  _ count: Int,
  _ array: UnsafePointer<BatchCells.Cell>,
  _ line: UnsafePointer<UInt8>,
  _ structure: LineStructure.Marks,
  _ start: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8>? {
  var first = unsafe Int(array.pointee.start) &+ 1
  guard unsafe line[first &- 1] == Byte.openArray else { return nil }
  var p = unsafe start
  var name = unsafe names
  let end = unsafe names + count
  var marks = unsafe MarkCursor(structure.marks, from: first)
  while true {
    var place = unsafe marks.next()
    if unsafe line[place] | 0x20 == Byte.openObject {
      guard let inner = unsafe structure.end(of: place) else { return nil }
      unsafe marks.move(to: inner)
      unsafe place = marks.next()
    }
    var last = place
    if unsafe line[first] <= Byte.space || line[last &- 1] <= Byte.space {
      unsafe (first, last) = trimmed(first, last, line)
    }
    guard first < last else { return nil }
    unsafe p.pointee = Byte.comma
    let key = unsafe Int(name.pointee.start)
    let length = unsafe Int(name.pointee.end) &- key
    unsafe leeway_copy16(p + 1, line + key, length)
    unsafe p += length &+ 2
    unsafe (p - 1).pointee = Byte.colon
    unsafe leeway_copy16(p, line + first, last &- first)
    unsafe p += last &- first
    unsafe name += 1
    if unsafe line[place] != Byte.comma {
      guard unsafe line[place] == Byte.closeArray && name == end else { return nil }
      unsafe start.pointee = Byte.openObject
      unsafe p.pointee = Byte.closeObject
      return unsafe p + 1
    }
    guard unsafe name < end else { return nil }
    first = place &+ 1
  }
}

/// A stretch of a line without the white space at its ends.
@inline(never)
private func trimmed(
  _ start: Int,
  _ end: Int,
  _ line: UnsafePointer<UInt8>
) -> (start: Int, end: Int) {
  let first = unsafe skipSpace(line + start) - line
  var last = end
  while last > first, unsafe isSpace(line[last &- 1]) { last &-= 1 }
  return (first, last)
}

/// Writes a whole number from 0 on.
@inline(__always)
private func writeDecimal(
  _ number: Int,
  to p: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
  let number = UInt32(truncatingIfNeeded: number)
  if number < 10 {
    unsafe p.pointee = Byte.zero &+ UInt8(truncatingIfNeeded: number)
    return unsafe p + 1
  }
  if number < 100 {
    unsafe p.pointee = Byte.zero &+ UInt8(truncatingIfNeeded: number / 10)
    unsafe p[1] = Byte.zero &+ UInt8(truncatingIfNeeded: number % 10)
    return unsafe p + 2
  }
  return unsafe writeLongDecimal(number, to: p)
}

/// Writes a whole number from 1 on.
private func writeLongDecimal(
  _ number: UInt32,
  to p: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
  let end = unsafe number < 10 ? p : writeLongDecimal(number / 10, to: p)
  unsafe end.pointee = Byte.zero &+ UInt8(truncatingIfNeeded: number % 10)
  return unsafe end + 1
}
