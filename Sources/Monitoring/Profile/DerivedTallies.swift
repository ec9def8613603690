internal import Events
internal import Specification

/// What was seen of the derived signals while a profile is built.
struct DerivedTallies {
  /// The numbers that are worked out from fields.
  private(set) var columns = DerivedColumns()
  private(set) var tallies: [FieldTally] = []
  /// For each tally the number that it counts.
  private var numbers: [Int] = []
  /// What is of a request and not of its rows.
  private var requests: RequestNumbers?
  /// The numbers' cells of a batch, one column after the other.
  private var cells: [UInt64] = []
  /// The rows of that batch.
  private var rowCount = 0

  /// Takes in what is of requests, before the first batch.
  mutating func read(_ requests: RequestNumbers?) { self.requests = requests }

  /// Takes in a signal, before the first batch.
  mutating func add(_ signal: DerivedSignal, _ slots: inout SchemaBuilder) {
    numbers.append(columns.index(of: signal.number, &slots))
    tallies.append(
      FieldTally(name: signal.name, path: FieldPath([signal.name]), type: .number, missing: 0)
    )
  }

  /// Works the numbers out for a batch.
  mutating func evaluate(_ batch: borrowing DecodedBatch, _ chunk: UnsafeRawBufferPointer) {
    rowCount = batch.columns.rowCount
    cells = [UInt64](repeating: Cell.missing.bits, count: rowCount * columns.count)
    let (rows, columns) = (rowCount, columns)
    unsafe cells.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for index in 0..<columns.count {
        unsafe columns.evaluate(index, batch, chunk, into: base + index * rows)
      }
    }
  }

  /// Counts a row of that batch.
  mutating func insert(
    row: Int,
    group: Int,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) {
    let standsForRequest = requests?.isFirst(row, columns) ?? true
    for index in tallies.indices {
      let number = self.columns.numbers[numbers[index]]
      guard standsForRequest || requests?.covers(number) == false else { continue }
      let cell = Cell(bits: cells[numbers[index] * rowCount + row])
      unsafe tallies[index].insert(cell, group: group, chunk: chunk)
    }
  }
}
