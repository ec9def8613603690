internal import Events
public import Specification

/// Finds the event time of each line of a chunk, and nothing else.
///
/// The times are those that events are counted by: a prediction's, or an outcome's where that stands
/// in another field.
public struct LineDater: ~Copyable {
  private var batch: DecodedBatch

  /// Reads a monitor's times.
  public init(_ monitor: Monitor) {
    batch = DecodedBatch(
      SchemaBuilder(monitor: monitor).schema,
      rowCapacity: EventColumns.defaultRowCapacity
    )
  }

  /// Reads the times of a chunk.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - isAtStreamStart: Whether nothing came before the chunk.
  /// - Returns: A time for each line, blank ones included, in nanoseconds since 1970; `nil` for a
  ///   line that cannot be read or has none.
  public mutating func times(
    of chunk: UnsafeRawBufferPointer,
    isAtStreamStart: Bool
  ) -> [Int64?] {
    var times: [Int64?] = []
    var offset = 0
    repeat {
      offset = unsafe batch.decode(chunk, from: offset, atStreamStart: isAtStreamStart)
      for row in 0..<batch.columns.rowCount where batch.refusal(ofTimeAt: row) == nil {
        let line = unsafe Int(batch.columns.lineNumbers[row])
        while times.count <= line { times.append(nil) }
        unsafe times[line] = batch.times[row]
      }
    } while offset < chunk.count
    return times
  }
}
