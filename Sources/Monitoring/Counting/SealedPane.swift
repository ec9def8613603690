internal import Sketches

/// A pane's counts as bytes: what a pane costs that is no longer the newest.
///
/// Zeros and small counts take a byte or less, so a sparse pane is a few hundred bytes.
struct SealedPane: Sendable {
  let index: Int
  let keys: [GroupKey]
  let bytes: [[UInt8]]
  let overflowed: [Bool]
  /// The number of events.
  let events: Int

  init(_ pane: PaneCounts, plan: Plan) {
    for group in pane.groups { assert(group.imbalance(plan) == nil, group.imbalance(plan) ?? "") }
    index = pane.index
    keys = pane.keys
    overflowed = pane.overflowed
    events = pane.events
    bytes = pane.groups.map { group in
      var writer = ByteWriter()
      group.encode(into: &writer)
      return writer.bytes
    }
  }

  /// The counts again.
  func opened(_ plan: Plan) -> PaneCounts {
    var pane = PaneCounts(index: index, plan: plan)
    for (key, bytes) in zip(keys, bytes) {
      var reader = ByteReader(bytes)
      guard let group = try? GroupCounts(from: &reader, like: plan.emptyCounts) else {
        preconditionFailure("a pane sealed by this process does not open")
      }
      pane.insert(group, under: key, plan: plan)
    }
    for index in overflowed.indices where overflowed[index] {
      pane.markOverflow(ofDimension: index)
    }
    return pane
  }
}

extension GroupCounts {
  /// Writes everything that was counted.
  func encode(into writer: inout ByteWriter) {
    sums.encode(into: &writer)
    for value in extremes { value.encode(into: &writer) }
    for value in distinct { value.encode(into: &writer) }
    for value in unseen { value.encode(into: &writer) }
    writer.write(fixed64: UInt64(bitPattern: times.first))
    writer.write(fixed64: UInt64(bitPattern: times.last))
  }

  /// Reads what `encode` wrote.
  ///
  /// - Parameters:
  ///   - reader: The bytes.
  ///   - empty: Nothing counted, with room for what they hold.
  /// - Throws: `CodingError` where the bytes are none.
  init(from reader: inout ByteReader, like empty: GroupCounts) throws(CodingError) {
    self = empty
    try sums.read(from: &reader)
    for index in extremes.indices { extremes[index] = try Extremes(from: &reader) }
    for index in distinct.indices { distinct[index] = try DistinctCount(from: &reader) }
    for index in unseen.indices { unseen[index] = try BottomHashRecord(from: &reader) }
    times.first = Int64(bitPattern: try reader.readFixed64())
    times.last = Int64(bitPattern: try reader.readFixed64())
  }
}
