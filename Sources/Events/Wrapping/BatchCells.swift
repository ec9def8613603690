/// The bytes of a line that the rows of its batches are made of.
struct BatchCells {
  /// The first byte of a value, and the one behind it.
  struct Cell {
    var start: Int32
    var end: Int32

    init(start: Int, end: Int) {
      self.start = Int32(truncatingIfNeeded: start)
      self.end = Int32(truncatingIfNeeded: end)
    }

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  private var cells: [Cell] = []
  /// The names of the last table.
  var names = TableNames()
  /// How many there are.
  private(set) var count = 0

  /// Has none.
  init() {}

  /// Forgets those from a place on.
  mutating func remove(from place: Int) { count = place }

  /// One of them.
  subscript(place: Int) -> Range<Int> { cells[place].range }

  /// Appends one.
  mutating func append(_ range: Range<Int>) {
    unsafe append(upTo: 1) { cells in
      unsafe cells.pointee = Cell(start: range.lowerBound, end: range.upperBound)
      return 1
    }
  }

  /// Appends several.
  ///
  /// - Parameters:
  ///   - limit: How many at most.
  ///   - write: Writes them and answers with how many it has written.
  @inline(__always)
  mutating func append(upTo limit: Int, _ write: (UnsafeMutablePointer<Cell>) -> Int) {
    let missing = count + limit - cells.count
    if missing > 0 {
      let none = Cell(start: 0, end: 0)
      cells.append(contentsOf: repeatElement(none, count: max(missing, cells.count)))
    }
    unsafe cells.withUnsafeMutableBufferPointer { cells in
      if let first = cells.baseAddress { unsafe count += write(first + count) }
    }
  }

  /// Lends them.
  func withCells(_ body: (UnsafePointer<Cell>) -> Void) {
    unsafe cells.withUnsafeBufferPointer { cells in
      if let first = cells.baseAddress { unsafe body(first) }
    }
  }
}
