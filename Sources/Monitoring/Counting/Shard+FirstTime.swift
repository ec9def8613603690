internal import Specification

extension Shard {
  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970; `nil`
  /// when it accepted none.
  package var firstAcceptedTime: Int64? {
    if let waited = settled.counted.first { return waited.time }
    return rowCount > 0 ? unsafe scratch.times[Int(scratch.rows[0])] : nil
  }
}
