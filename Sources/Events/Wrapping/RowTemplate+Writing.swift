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
        let head = unsafe heads + part.pointee.start
        let end = unsafe head + part.pointee.count
        let own = unsafe own + part.pointee.headBytes
        let written =
          if unsafe part.pointee.areHeadsShort {
            unsafe writeObject(head, end, own, cell, line, structure, p)
          } else {
            unsafe writeWideObject(head, end, own, cell, line, structure, p)
          }
        if let written = unsafe written { return unsafe written }
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

/// Writes the elements of the array in a cell, each behind its head of sixteen bytes at most, and a
/// brace.
///
/// - Returns: The byte behind them; `nil` where the array has another number of elements, or a value
///   lacks between its commas.
@inline(never)
private func writeObject(
  _ heads: UnsafePointer<RowTemplate.Head>,
  _ end: UnsafePointer<RowTemplate.Head>,
  _ own: UnsafePointer<UInt8>,
  _ array: UnsafePointer<BatchCells.Cell>,
  _ line: UnsafePointer<UInt8>,
  _ structure: LineStructure.Marks,
  _ start: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8>? {
  unsafe writeMembers(heads, end, own, array, line, structure, start, areShort: true)
}

/// The same with heads of any length.
@inline(never)
private func writeWideObject(
  _ heads: UnsafePointer<RowTemplate.Head>,
  _ end: UnsafePointer<RowTemplate.Head>,
  _ own: UnsafePointer<UInt8>,
  _ array: UnsafePointer<BatchCells.Cell>,
  _ line: UnsafePointer<UInt8>,
  _ structure: LineStructure.Marks,
  _ start: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8>? {
  unsafe writeMembers(heads, end, own, array, line, structure, start, areShort: false)
}

@inline(__always)
private func writeMembers(
  _ heads: UnsafePointer<RowTemplate.Head>,
  _ end: UnsafePointer<RowTemplate.Head>,
  _ own: UnsafePointer<UInt8>,
  _ array: UnsafePointer<BatchCells.Cell>,
  _ line: UnsafePointer<UInt8>,
  _ structure: LineStructure.Marks,
  _ start: UnsafeMutablePointer<UInt8>,
  areShort: Bool
) -> UnsafeMutablePointer<UInt8>? {
  var first = unsafe Int(array.pointee.start) &+ 1
  guard unsafe line[first &- 1] == Byte.openArray && heads < end else { return nil }
  let last = unsafe end - 1
  var p = unsafe start
  var head = unsafe heads
  while true {
    // Short scalars before a comma are most: of these no more is asked.
    var marks = unsafe MarkCursor(structure.marks, from: first)
    while unsafe head < last {
      let place = unsafe marks.next()
      if unsafe line[first] <= Byte.space {
        guard unsafe line[first] == Byte.space && line[first &+ 1] > Byte.space else { break }
        first &+= 1
      }
      let length = place &- first
      guard unsafe line[place] == Byte.comma else { break }
      guard UInt(bitPattern: length &- 1) < 16 else { break }
      let count = unsafe Int(head.pointee.count)
      if areShort {
        unsafe leeway_move16(p, own + Int(head.pointee.start))
      } else {
        unsafe leeway_copy(p, own + Int(head.pointee.start), count)
      }
      unsafe p += count
      unsafe leeway_move16(p, line + first)
      unsafe p += length
      unsafe head += 1
      first = place &+ 1
    }
    let isLast = unsafe head == last
    guard let element = unsafe element(first, isLast: isLast, line, structure) else { return nil }
    unsafe leeway_copy(p, own + Int(head.pointee.start), Int(head.pointee.count))
    unsafe p += Int(head.pointee.count)
    unsafe leeway_copy(p, line + element.start, element.end &- element.start)
    unsafe p += element.end &- element.start
    if isLast {
      unsafe p.pointee = Byte.closeObject
      return unsafe p + 1
    }
    unsafe head += 1
    first = element.mark &+ 1
  }
}

/// Any element of an array, and the comma or bracket behind it.
///
/// - Returns: `nil` where it lacks, or what is behind it is not what ends such an element.
@inline(__always)
private func element(
  _ first: Int,
  isLast: Bool,
  _ line: UnsafePointer<UInt8>,
  _ structure: LineStructure.Marks
) -> (start: Int, end: Int, mark: Int)? {
  var marks = unsafe MarkCursor(structure.marks, from: first)
  var mark = unsafe marks.next()
  if unsafe line[mark] | 0x20 == Byte.openObject {
    guard let inner = unsafe structure.end(of: mark) else { return nil }
    unsafe marks.move(to: inner)
    unsafe mark = marks.next()
  }
  guard unsafe line[mark] == (isLast ? Byte.closeArray : Byte.comma) else { return nil }
  var (start, end) = (first, mark)
  if unsafe line[start] <= Byte.space || line[end &- 1] <= Byte.space {
    unsafe (start, end) = trimmed(first, mark, line)
  }
  return start < end ? (start, end, mark) : nil
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
