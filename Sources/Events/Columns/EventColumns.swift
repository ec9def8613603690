/// The columns of up to 512 decoded events.
///
/// One column a slot, side by side, each of `rowCapacity` cells and a gap:
///
/// ```
/// slot 0: │ row 0 │ row 1 │ … │ row capacity−1 │ gap │
/// slot 1: │ row 0 │ …
/// ```
///
/// Cells of strings and tokens refer to the chunk that was decoded and are of use as long as it is.
/// Cells from `rowCount` on are ``Cell/missing``. The value owns its memory, about 4 KiB a slot.
///
/// Its 12 properties are the columns' sizes, their memory and what the last decoding saw; one owner
/// frees them together.
@safe
public struct EventColumns: ~Copyable, @unchecked Sendable {
  // Unchecked: the pointers are to memory that this value alone owns.

  /// How many rows there are unless one asks for fewer: 4 KiB a column, so that a column with what
  /// is counted from it stays in a first-level cache.
  public static let defaultRowCapacity = 512

  /// The number of columns.
  public let slotCount: Int
  /// The most rows.
  public let rowCapacity: Int
  /// The cells from one column to the next.
  ///
  /// A cache line more than the rows: as a rule their number is a power of two, and the cells of one
  /// event would all fall into the same few places of a cache.
  let stride: Int
  /// The number of events.
  public internal(set) var rowCount = 0
  /// The number of lines that the last decoding saw: events, refused lines and blank ones.
  public internal(set) var linesSeen = 0
  /// The rows of batches that the last decoding passed over.
  public internal(set) var passedRows = PassedRows()
  /// The lines that the last decoding refused, in order.
  public internal(set) var refused: [RefusedLine] = []
  /// The wanted values of the last decoding's events that JSON does not have, in order.
  public internal(set) var unusable: [UnusableValues] = []

  let cells: UnsafeMutablePointer<UInt64>
  let offsets: UnsafeMutablePointer<UInt32>
  let numbers: UnsafeMutablePointer<UInt32>
  let lengths: UnsafeMutablePointer<UInt32>

  /// Empty columns.
  ///
  /// - Parameters:
  ///   - slotCount: As many as the schema has.
  ///   - rowCapacity: The most rows, at least 1. Any capacity gives the same events.
  public init(slotCount: Int, rowCapacity: Int = EventColumns.defaultRowCapacity) {
    precondition(slotCount >= 0, "negative slot count \(slotCount)")
    precondition((1...(1 << 16)).contains(rowCapacity), "row capacity out of range: \(rowCapacity)")
    self.slotCount = slotCount
    self.rowCapacity = rowCapacity
    stride = rowCapacity + 64 / MemoryLayout<UInt64>.size
    unsafe cells = .allocate(capacity: slotCount * stride)
    unsafe cells.initialize(repeating: Cell.Special.missing, count: slotCount * stride)
    unsafe offsets = .allocate(capacity: rowCapacity)
    unsafe offsets.initialize(repeating: 0, count: rowCapacity)
    unsafe numbers = .allocate(capacity: rowCapacity)
    unsafe numbers.initialize(repeating: 0, count: rowCapacity)
    unsafe lengths = .allocate(capacity: rowCapacity)
    unsafe lengths.initialize(repeating: 0, count: rowCapacity)
  }

  deinit {
    unsafe cells.deallocate()
    unsafe offsets.deallocate()
    unsafe numbers.deallocate()
    unsafe lengths.deallocate()
  }

  /// The bits of a slot's cells, one a row, of which `rowCount` are events.
  ///
  /// The pointer is good until the next decoding into these columns.
  public func cells(_ slot: Int) -> UnsafePointer<UInt64> {
    precondition(slot >= 0 && slot < slotCount, "no slot \(slot)")
    return unsafe UnsafePointer(cells + slot * stride)
  }

  /// One cell.
  public func cell(slot: Int, row: Int) -> Cell {
    precondition(row >= 0 && row < rowCount, "no row \(row)")
    return unsafe Cell(bits: cells(slot)[row])
  }

  /// Puts a value into a column of the form ``Schema/Form/own``.
  public mutating func set(_ cell: Cell, slot: Int, row: Int) {
    precondition(slot >= 0 && slot < slotCount && row >= 0 && row < rowCount, "no \(slot), \(row)")
    unsafe cells[slot * stride + row] = cell.bits
  }

  /// Each row's line: its first byte, from the chunk's start.
  public var lineOffsets: UnsafePointer<UInt32> {
    unsafe UnsafePointer(offsets)
  }

  /// Each row's line: its number, from 0, counted from the chunk's start.
  public var lineNumbers: UnsafePointer<UInt32> {
    unsafe UnsafePointer(numbers)
  }

  /// Each row's line: its length in bytes, without its newline.
  public var lineLengths: UnsafePointer<UInt32> {
    unsafe UnsafePointer(lengths)
  }

  /// The line of a row, as one that is refused after decoding, such as a late one.
  public func refusing(_ reason: Refusal, row: Int) -> RefusedLine {
    precondition(row >= 0 && row < rowCount, "no row \(row)")
    return unsafe RefusedLine(
      reason: reason,
      line: Int(numbers[row]),
      offset: Int(offsets[row]),
      length: Int(lengths[row])
    )
  }

  /// Makes the cells of the next row an event.
  @inline(__always)
  mutating func accept(line: Int, offset: Int, length: Int) {
    unsafe offsets[rowCount] = UInt32(truncatingIfNeeded: offset)
    unsafe numbers[rowCount] = UInt32(truncatingIfNeeded: line)
    unsafe lengths[rowCount] = UInt32(truncatingIfNeeded: length)
    rowCount &+= 1
  }

  /// Wipes the cells of the next row, so that nothing of a refused line is left.
  mutating func refuse(_ reason: Refusal, line: Int, offset: Int, length: Int, fault: Int?) {
    for slot in 0..<slotCount {
      unsafe cells[slot * stride + rowCount] = Cell.Special.missing
    }
    refused.append(
      RefusedLine(reason: reason, line: line, offset: offset, length: length, fault: fault)
    )
  }

  /// Forgets all events.
  public mutating func removeAll() {
    for slot in 0..<slotCount {
      unsafe (cells + slot * stride).update(
        repeating: Cell.Special.missing,
        count: rowCount
      )
    }
    rowCount = 0
    linesSeen = 0
    refused.removeAll(keepingCapacity: true)
    unusable.removeAll(keepingCapacity: true)
  }
}
