internal import Sketches

/// The sums of one key over a window: what can be added and subtracted exactly.
struct GroupSums: Sendable, Equatable {
  /// The counts of all signals, as `Signal` lays them out; the first is the number of events.
  var counts: [UInt64]
  /// The sums of each numeric signal.
  var moments: [Moments]
  /// What lies outside the reference's range, by numeric signal.
  var outer: [OuterSums]
  /// The values of the signals whose quantiles must be within a relative error.
  var quantiles: [RelativeErrorQuantiles]

  /// Nothing summed.
  init(_ plan: Plan) {
    let empty = plan.emptyCounts
    counts = empty.counts
    moments = empty.moments
    outer = empty.outer
    quantiles = empty.quantiles
  }

  /// The number of events.
  var events: UInt64 { counts[0] }

  /// Adds the sums of other events.
  mutating func merge(_ other: GroupSums) {
    // No count is greater than that of the events: where that one has room, all have.
    precondition(
      !events.addingReportingOverflow(other.events).overflow,
      "\(other.events) events are added to \(events)"
    )
    for index in counts.indices { counts[index] &+= other.counts[index] }
    for index in moments.indices { moments[index].merge(other.moments[index]) }
    for index in outer.indices { outer[index].merge(other.outer[index]) }
    for index in quantiles.indices { quantiles[index].merge(other.quantiles[index]) }
  }

  /// Adds a pane's encoded sums.
  mutating func add(_ bytes: [UInt8]) {
    apply(bytes, isAdded: true)
  }

  /// Takes away a pane's encoded sums, which were added before: what was not added traps, since it
  /// would make counts of 2^64 and statistics that nobody could tell to be wrong.
  mutating func subtract(_ bytes: [UInt8]) {
    apply(bytes, isAdded: false)
  }

  private mutating func apply(_ bytes: [UInt8], isAdded: Bool) {
    var reader = ByteReader(bytes)
    do {
      let width = counts.count
      try unsafe counts.withUnsafeMutableBufferPointer { buffer throws(CodingError) in
        guard let base = buffer.baseAddress else { return }
        if isAdded {
          try unsafe reader.addCounts(width, into: base)
        } else {
          try unsafe reader.subtractCounts(width, from: base)
        }
      }
      for index in moments.indices {
        let value = try Moments(from: &reader)
        if isAdded { moments[index].merge(value) } else { moments[index].subtract(value) }
      }
      for index in outer.indices where try reader.readByte() == 1 {
        let value = try OuterSums(from: &reader)
        if isAdded { outer[index].merge(value) } else { outer[index].subtract(value) }
      }
      for index in quantiles.indices {
        let value = try RelativeErrorQuantiles(from: &reader)
        if isAdded { quantiles[index].merge(value) } else { quantiles[index].subtract(value) }
      }
    } catch {
      preconditionFailure("a pane encoded by this process does not decode: \(error)")
    }
  }
}
