/// The working memory of one worker for one batch; no event costs an allocation.
///
/// Its 9 properties are a capacity and a buffer for each step of counting, allocated and freed
/// together.
@safe
struct BatchScratch: ~Copyable {
  let capacity: Int
  /// The rows that are counted, in order of the stream.
  let rows: UnsafeMutablePointer<UInt32>
  /// The pane of each counted row, by its position in `rows`.
  let panes: UnsafeMutablePointer<Int>
  /// The run of each counted row, by its position in `rows`.
  let runs: UnsafeMutablePointer<UInt16>
  /// The counted rows in order of their runs, then those of them that stand for a request.
  let order: UnsafeMutablePointer<UInt32>
  /// Codes of one column.
  let codes: UnsafeMutablePointer<UInt32>
  /// Codes of the dimensions, one column after the other.
  let dimensionCodes: UnsafeMutablePointer<UInt32>
  /// Values of one run of one column.
  let values: UnsafeMutablePointer<Double>
  /// Cells of the derived numbers, one column after the other.
  let derived: UnsafeMutablePointer<UInt64>

  init(capacity: Int, dimensions: Int, derived count: Int) {
    self.capacity = capacity
    unsafe rows = .allocate(capacity: capacity)
    unsafe panes = .allocate(capacity: capacity)
    unsafe runs = .allocate(capacity: capacity)
    unsafe order = .allocate(capacity: 2 * capacity)
    unsafe codes = .allocate(capacity: capacity)
    unsafe dimensionCodes = .allocate(capacity: capacity * max(dimensions, 1))
    unsafe values = .allocate(capacity: capacity)
    unsafe derived = .allocate(capacity: capacity * max(count, 1))
  }

  deinit {
    unsafe rows.deallocate()
    unsafe panes.deallocate()
    unsafe runs.deallocate()
    unsafe order.deallocate()
    unsafe codes.deallocate()
    unsafe dimensionCodes.deallocate()
    unsafe values.deallocate()
    unsafe derived.deallocate()
  }
}
