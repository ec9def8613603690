internal import Events
internal import Expressions
internal import Specification

/// Tells of what kind each event of a batch is.
///
/// An event is of the first kind whose condition takes it; a kind without a condition stands last
/// and takes the rest.
struct EventClassifier: Sendable {
  /// A kind, its condition, and the columns that the condition reads.
  struct Mapped: Sendable {
    let kind: EventKind
    let when: EventPredicate?
    let slots: [Int]
  }

  let mapped: [Mapped]

  /// Writes the code of each row's kind.
  ///
  /// - Parameters:
  ///   - columns: The rows, decoded from `chunk`.
  ///   - chunk: The bytes.
  ///   - kinds: Receives a code a row: that of an `EventKind`, or `EventKind.noneCode`.
  func classify(
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer,
    into kinds: UnsafeMutablePointer<UInt8>
  ) {
    let rows = columns.rowCount
    unsafe kinds.update(repeating: EventKind.noneCode, count: rows)
    for mapped in mapped {
      guard let when = mapped.when else {
        for row in 0..<rows where unsafe kinds[row] == EventKind.noneCode {
          unsafe kinds[row] = mapped.kind.rawValue
        }
        return
      }
      let inputs = unsafe mapped.slots.map { unsafe columns.cells($0) }
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(rows, 1)) { mask in
        guard let mask = mask.baseAddress else { return }
        unsafe when.evaluate(columns: inputs, rowCount: rows, chunk: chunk, into: mask)
        for row in 0..<rows where unsafe kinds[row] == EventKind.noneCode {
          unsafe kinds[row] = mask[row] * mapped.kind.rawValue
        }
      }
    }
  }
}
