internal import CVector

/// What the rows of a line are made of: what stands around the batches, and a place for each.
///
///     {"id":"a/ │ number │ ","in": │ batch │ ,"out": │ batch │ }
struct RowTemplate {
  /// A part of each row.
  fileprivate struct Part {
    enum Kind {
      /// Bytes that all rows have.
      case fixed
      /// The number of the row.
      case number
      /// Cells of a batch, each behind a head.
      case cells
      /// The elements of one cell, which is an array, each behind its name; the names are cells.
      case table
    }

    var kind: Kind
    /// The first of the bytes, of the heads or of the names.
    var start = 0
    var count = 0
    var cells = Cells()
    /// The bytes behind the last cell.
    var tail = Head(start: 0, count: 0)
  }

  /// Which cells a row takes, one a head.
  fileprivate struct Cells {
    /// The first row's first one.
    var first = 0
    /// How many cells from one row to the next.
    var stride = 0
    /// How many cells from one head's to the next one's.
    var step = 0
    /// How many rows there are; what stands in the place of others is `null`.
    var rows = 0
    /// Whether they are the first of their batch.
    var isFirst = true
  }

  /// The bytes that stand before a cell.
  fileprivate struct Head {
    var start: Int32
    var count: Int32
  }

  private var parts: [Part] = []
  private var heads: [Head] = []
  /// All bytes but those of the cells and numbers.
  private var bytes: [UInt8] = []
  /// Where the bytes begin that are of no part yet.
  private var begun = 0
  /// Where the line goes on.
  private var copied = 0
  /// The most bytes of the names in tables and of what stands around them.
  private var titleBytes = 0
  /// How many rows the longest batch has.
  private(set) var rows = 0
  /// Whether there is a batch.
  private(set) var hasBatches = false

  /// Of no line yet.
  init() {}

  /// Begins the rows of another line.
  mutating func begin() {
    parts.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    begun = 0
    copied = 0
    titleBytes = 0
    rows = 0
    hasBatches = false
  }

  /// The most bytes that a row has, but for its cells.
  var rowBytes: Int { bytes.count + parts.count * Self.partBytes + titleBytes }

  /// The most bytes of `null` or a number.
  private static let partBytes = 8

  // MARK: Parts

  /// Puts a row's id in the place of the request's, where that is a string or a number.
  mutating func takeID(_ range: Range<Int>, of line: UnsafeBufferPointer<UInt8>) {
    guard range.lowerBound >= copied else { return }
    switch unsafe line[range.lowerBound] {
    case Byte.quote: unsafe take(upTo: range.upperBound - 1, of: line)
    case Byte.minus, Byte.zero...0x39:
      unsafe take(upTo: range.lowerBound, of: line)
      bytes.append(Byte.quote)
      unsafe take(upTo: range.upperBound, of: line)
    default: return
    }
    copied = range.upperBound
    bytes.append(UInt8(ascii: "/"))
    append(Part(kind: .number))
    bytes.append(Byte.quote)
  }

  /// Puts a row of a batch in its place.
  mutating func take(_ batch: BatchRows, _ range: Range<Int>, of line: UnsafeBufferPointer<UInt8>) {
    guard range.lowerBound >= copied else { return }
    unsafe take(upTo: range.lowerBound, of: line)
    copied = range.upperBound
    endBytes()
    if batch.isNamed { bytes.append(Byte.openObject) }
    for (index, column) in batch.columns.enumerated() {
      if index > 0 { bytes.append(Byte.comma) }
      if let name = column.name {
        unsafe bytes += line[name]
        bytes.append(Byte.colon)
      }
      if column.isText { bytes.append(Byte.quote) }
      if column.isArray { bytes.append(Byte.openArray) }
      heads.append(takeHead())
      append(column, of: batch, isFirst: index == 0)
      if column.isArray { bytes.append(Byte.closeArray) }
      if column.isText { bytes.append(Byte.quote) }
    }
    if batch.isNamed { bytes.append(Byte.closeObject) }
    let last = parts.count - 1
    parts[last].tail = takeHead()
    if let titles = batch.titles {
      parts[last].kind = .table
      (parts[last].start, parts[last].count) = (titles.lowerBound, titles.count)
      titleBytes += batch.titleBytes + 2 * titles.count + 2
    }
    rows = max(rows, batch.count)
    hasBatches = true
  }

  /// Appends a column, whose head is the last one: to those before it where it is as regular.
  private mutating func append(_ column: BatchRows.Column, of batch: BatchRows, isFirst: Bool) {
    let last = parts.count - 1
    if !isFirst {
      let cells = parts[last].cells
      let step = column.first - cells.first - cells.step * (parts[last].count - 1)
      if column.stride == cells.stride, parts[last].count == 1 || step == cells.step {
        parts[last].cells.step = step
        parts[last].count += 1
        return
      }
    }
    var part = Part(kind: .cells, start: heads.count - 1, count: 1)
    part.cells = Cells(
      first: column.first,
      stride: column.stride,
      rows: batch.count,
      isFirst: isFirst
    )
    parts.append(part)
  }

  /// Ends a row behind the last part.
  ///
  /// - Parameters:
  ///   - end: The place of the event's last brace.
  ///   - line: The line.
  ///   - numbersRows: Whether each row says its number.
  mutating func finish(upTo end: Int, of line: UnsafeBufferPointer<UInt8>, numbersRows: Bool) {
    unsafe take(upTo: end, of: line)
    if numbersRows {
      bytes += ",\"leeway:row\":".utf8
      append(Part(kind: .number))
    }
    bytes += [Byte.closeObject, Byte.newline]
    endBytes()
    // Whoever copies sixteen bytes at a time reads behind the last one.
    bytes.append(contentsOf: repeatElement(0, count: 16))
  }

  private mutating func take(upTo end: Int, of line: UnsafeBufferPointer<UInt8>) {
    unsafe bytes += line[copied..<end]
    copied = end
  }

  /// Appends a part behind the bytes so far.
  private mutating func append(_ part: Part) {
    endBytes()
    parts.append(part)
  }

  /// The bytes that are of no part.
  private mutating func takeHead() -> Head {
    defer { begun = bytes.count }
    return Head(
      start: Int32(truncatingIfNeeded: begun),
      count: Int32(truncatingIfNeeded: bytes.count - begun)
    )
  }

  /// Makes a part of the bytes that are of none.
  private mutating func endBytes() {
    guard begun < bytes.count else { return }
    parts.append(Part(kind: .fixed, start: begun, count: bytes.count - begun))
    begun = bytes.count
  }

  // MARK: Writing

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
    fileprivate let line: UnsafePointer<UInt8>
    fileprivate let structure: LineStructure.Marks
    fileprivate let own: UnsafePointer<UInt8>
    fileprivate let parts: UnsafeBufferPointer<Part>
    fileprivate let heads: UnsafePointer<Head>
    fileprivate let cells: UnsafePointer<BatchCells.Cell>

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
private func writeDecimal(
  _ number: Int,
  to p: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
  let end = unsafe number < 10 ? p : writeDecimal(number / 10, to: p)
  unsafe end.pointee = Byte.zero &+ UInt8(truncatingIfNeeded: number % 10)
  return unsafe end + 1
}
