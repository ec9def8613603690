internal import Events
internal import Specification

/// What the times of an event's features say beside its own time.
struct FeatureTimeNumber: Sendable, Equatable {
  enum Measure: Sendable {
    /// 1 where a feature has a later time than the event, else 0.
    case isLater
    /// How much earlier than the event its newest feature is, in seconds; less than 0 where that is
    /// later.
    case age
  }

  /// Where the times stand.
  let fields: [FeatureTime]
  let measure: Measure

  /// Works the number out for every row of a batch.
  ///
  /// - Parameters:
  ///   - columns: The tokens of each field, each of `rowCount` cells.
  ///   - times: The events' own times, in nanoseconds since 1970.
  ///   - rowCount: The number of events.
  ///   - chunk: The bytes that the cells' references point into.
  ///   - cells: Receives a double's bits for each row: `Cell.missing` where no feature has a time or
  ///     the event has none; `Cell.true`, which is no number, where what stands there is no time.
  func evaluate(
    columns: [UnsafePointer<UInt64>],
    times: UnsafePointer<Int64>,
    rowCount: Int,
    chunk: UnsafeRawBufferPointer,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    var newest = [Int64](repeating: Timestamp.missing, count: rowCount)
    var read = [Int64](repeating: 0, count: rowCount)
    for (index, field) in fields.enumerated() {
      var decoder = TimestampDecoder(field.form)
      unsafe read.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe decoder.decode(columns[index], count: rowCount, chunk: chunk, into: base)
      }
      // What is no time is greater than a missing one, and any time greater than both.
      for row in 0..<rowCount { newest[row] = max(newest[row], read[row]) }
    }
    for row in 0..<rowCount { unsafe cells[row] = cell(newest[row], times[row]).bits }
  }

  private func cell(_ newest: Int64, _ time: Int64) -> Cell {
    guard StreamPosition.usableTimes.contains(time), newest != Timestamp.missing else {
      return .missing
    }
    guard Timestamp.isTime(newest) else { return .true }
    switch measure {
    case .isLater: return Cell(newest > time ? 1 : 0)
    case .age: return Cell(Double(time.saturatingSubtract(newest)) / 1e9)
    }
  }
}
