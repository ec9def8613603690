/// What the rows of a line are made of: what stands around the batches, and a place for each.
///
///     {"id":"a/ │ number │ ","in": │ batch │ ,"out": │ batch │ }
struct RowTemplate {
  /// A part of each row.
  struct Part {
    enum Kind {
      /// Bytes that all rows have.
      case fixed
      /// The number of the row.
      case number
      /// Cells of a batch, each behind a head.
      case cells
      /// The elements of one cell, which is an array, each behind its head, and a brace.
      case table
    }

    var kind: Kind
    /// The first of the bytes or of the heads.
    var start = 0
    var count = 0
    /// The first byte of a table's heads, from which these count.
    var headBytes = 0
    /// Whether a table's heads are of sixteen bytes or less.
    var areHeadsShort = true
    var cells = Cells()
    /// Whether there is one cell and nothing around it.
    var isBare = false
    /// The bytes behind the last cell.
    var tail = Head(start: 0, count: 0)
  }

  /// Which cells a row takes, one a head.
  struct Cells {
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
  struct Head {
    var start: Int32
    var count: Int32
  }

  private(set) var parts: [Part] = []
  private(set) var heads: [Head] = []
  /// All bytes but those of the cells and numbers.
  private(set) var bytes: [UInt8] = []
  /// Where the bytes begin that are of no part yet.
  private var begun = 0
  /// Where the line goes on.
  private var copied = 0
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
    rows = 0
    hasBatches = false
  }

  /// The most bytes that a row has, but for its cells.
  var rowBytes: Int { bytes.count + parts.count * Self.partBytes }

  /// The most bytes of `null`, a number or the brace behind a table's row.
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
  ///
  /// - Parameters:
  ///   - batch: The batch.
  ///   - names: The names of its columns where it is a table.
  ///   - range: Where it stands.
  ///   - line: The line.
  mutating func take(
    _ batch: BatchRows,
    _ names: TableNames,
    _ range: Range<Int>,
    of line: UnsafeBufferPointer<UInt8>
  ) {
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
    parts[last].isBare =
      batch.columns.count == 1 && heads[heads.count - 1].count == 0 && parts[last].tail.count == 0
    if batch.isTable { takeHeads(of: names, for: last) }
    rows = max(rows, batch.count)
    hasBatches = true
  }

  /// Makes a part one whose cell is an array of values with names.
  private mutating func takeHeads(of names: TableNames, for part: Int) {
    parts[part].kind = .table
    parts[part].areHeadsShort = names.areShort
    (parts[part].start, parts[part].count) = (heads.count, names.heads.count)
    parts[part].headBytes = bytes.count
    bytes += names.bytes
    heads += names.heads
    begun = bytes.count
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
}
