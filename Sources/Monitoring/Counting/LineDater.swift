internal import Events
public import Specification

/// Finds the event time of each row of a chunk, and nothing else.
///
/// The times are those that events are counted by: a prediction's, or an outcome's where that stands
/// in another field.
public struct LineDater: ~Copyable {
  /// A row and its time.
  public struct DatedRow: Sendable, Equatable {
    /// Its first byte in the chunk.
    public var offset: Int
    /// In nanoseconds since 1970; `nil` where it has none.
    public var time: Int64?
  }

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
  /// - Returns: The rows in order; those that cannot be read have no time.
  public mutating func rows(
    of chunk: UnsafeRawBufferPointer,
    isAtStreamStart: Bool
  ) -> [DatedRow] {
    var rows: [DatedRow] = []
    var offset = 0
    repeat {
      offset = unsafe batch.decode(chunk, from: offset, atStreamStart: isAtStreamStart)
      for row in 0..<batch.columns.rowCount {
        let isDated = batch.refusal(ofTimeAt: row) == nil
        rows.append(
          DatedRow(
            offset: unsafe Int(batch.columns.lineOffsets[row]),
            time: isDated ? unsafe batch.times[row] : nil
          )
        )
      }
      rows += batch.columns.refused.map { DatedRow(offset: $0.offset, time: nil) }
    } while offset < chunk.count
    return rows.sorted { $0.offset < $1.offset }
  }
}
