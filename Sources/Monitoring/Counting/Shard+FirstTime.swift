internal import Specification

extension Shard {
  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970; `nil`
  /// when it accepted none.
  package var firstAcceptedTime: Int64? {
    rowCount > 0 ? unsafe scratch.times[Int(scratch.rows[0])] : nil
  }
}

extension Plan {
  /// The width of a pane in nanoseconds; `nil` where panes are so many events.
  package var paneWidth: Int64? {
    if case .time(let width) = panes { width } else { nil }
  }
}
