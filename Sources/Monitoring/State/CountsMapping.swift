internal import Sketches

/// Brings what was counted under one layout into another: signals keep their counts by name, where
/// they are counted alike.
struct CountsMapping {
  let old: CountsLayout
  let new: CountsLayout
  /// The signals and objectives that both have and count alike: old and new.
  private let kept: [(old: CountsLayout.Place, new: CountsLayout.Place)]
  private let emptyOld: GroupCounts
  private let emptyNew: GroupCounts
  /// The counts of repeats that are dropped: they are of no event that counts, and may be more.
  private let repeats: Range<Int>?

  init(from old: CountsLayout, to plan: Plan) {
    let new = CountsLayout(plan)
    self.old = old
    self.new = new
    let known = Dictionary(
      (old.signals + old.objectives).map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    kept = (new.signals + new.objectives).compactMap { place in
      guard let own = known[place.name], own.definition == place.definition,
        own.counts.count == place.counts.count
      else { return nil }
      return (own, place)
    }
    emptyOld = GroupCounts(shapedAs: old)
    emptyNew = plan.emptyCounts
    repeats = plan.dropsRepeats ? plan.duplicateSignal.map { $0.base..<$0.end } : nil
  }

  /// Whether nothing changes.
  var isIdentity: Bool { old == new }

  /// Whether panes can be taken over at all: cut alike, and counted under the same dimensions.
  var keepsPanes: Bool { old.panes == new.panes && old.dimensions == new.dimensions }

  /// Whether the stream is cut into the same panes.
  var keepsWidth: Bool { old.panes == new.panes }

  /// Whether a signal or an objective is counted as it was.
  func keeps(_ name: String) -> Bool { kept.contains { $0.new.name == name } }

  /// The place of a dimension now; `nil` where it is gone.
  func dimension(_ index: Int) -> Int? {
    guard old.dimensions.indices.contains(index) else { return nil }
    return new.dimensions.firstIndex(of: old.dimensions[index])
  }

  /// Reads all that was counted of the events of a key.
  func readCounts(from reader: inout ByteReader) throws(CodingError) -> GroupCounts {
    let start = reader.offset
    let counts = try GroupCounts(from: &reader, like: isIdentity ? emptyNew : emptyOld)
    return try map(counts, at: start)
  }

  /// The sums of a pane's key, as they are encoded now.
  func sums(_ bytes: [UInt8]) throws(CodingError) -> [UInt8] {
    var reader = ByteReader(bytes)
    var counts = isIdentity ? emptyNew : emptyOld
    try counts.sums.read(from: &reader)
    try reader.finish()
    let mapped = try map(counts, at: 0)
    if isIdentity { return bytes }
    var writer = ByteWriter()
    mapped.sums.encode(into: &writer)
    return writer.bytes
  }

  /// The counts of an hour's key, as they are encoded now.
  func past(_ bytes: [UInt8]) throws(CodingError) -> HourCounts {
    var reader = ByteReader(bytes)
    var counts = isIdentity ? emptyNew : emptyOld
    counts.sums.counts = try reader.readCounts(counts.sums.counts.count)
    try counts.sums.outer.read(from: &reader)
    try reader.finish()
    return HourCounts(try map(counts, at: 0).sums)
  }

  /// Values that are kept by numeric signal, in their new places; new signals begin anew.
  func byNumber<Value>(_ values: [Value], new begun: Value) -> [Value] {
    move(values, \.number, into: emptyNew.extremes.map { _ in begun })
  }

  /// The new place of a categorical signal; `nil` where it is gone or begins anew.
  func category(_ index: Int) -> Int? { kept.first { $0.old.category == index }?.new.category }

  /// The counts in their new places; throws where they cannot be added to others.
  private func map(_ counts: GroupCounts, at offset: Int) throws(CodingError) -> GroupCounts {
    let mapped = isIdentity ? counts : moved(counts)
    let isSound =
      mapped.events < Self.eventLimit && areSound(mapped.sums.counts, of: mapped.events)
      && zip(mapped.sums.moments, emptyNew.sums.moments).allSatisfy { $0.scale == $1.scale }
      && zip(mapped.sums.outer, emptyNew.sums.outer).allSatisfy {
        $0.minimum == $1.minimum && $0.maximum == $1.maximum && $0.scale == $1.scale
      }
    guard isSound else { throw .invalid(offset: offset) }
    return mapped
  }

  /// Whether none is of more events than there are, but for repeats that are dropped.
  private func areSound(_ counts: [UInt64], of events: UInt64) -> Bool {
    counts.indices.allSatisfy { index in
      counts[index] <= events
        || repeats?.contains(index) == true && counts[index] < Self.eventLimit
    }
  }

  /// More events than any pane has: sums of panes stay far below what is representable.
  private static let eventLimit: UInt64 = 1 << 40

  private func moved(_ counts: GroupCounts) -> GroupCounts {
    var mapped = emptyNew
    mapped.sums = moved(counts.sums)
    mapped.extremes = byNumber(counts.extremes, new: Extremes())
    if !emptyNew.distinct.isEmpty {
      mapped.distinct = byNumber(counts.distinct, new: DistinctCount())
    }
    mapped.unseen = move(counts.unseen, \.category, into: emptyNew.unseen)
    mapped.times = counts.times
    return mapped
  }

  private func moved(_ sums: SummaryColumns) -> SummaryColumns {
    let empty = emptyNew.sums
    var mapped = empty
    mapped.counts[0] = sums.counts[0]
    for (old, new) in kept {
      mapped.counts.replaceSubrange(new.counts, with: sums.counts[old.counts])
    }
    mapped.moments = move(sums.moments, \.number, into: empty.moments)
    // What is empty was not written, so that the range is not known of it.
    mapped.outer = zip(move(sums.outer, \.number, into: empty.outer), empty.outer)
      .map { $0.isEmpty ? $1 : $0 }
    mapped.unusual = move(sums.unusual, \.number, into: empty.unusual)
    mapped.quantiles = move(sums.quantiles, \.quantiles, into: empty.quantiles)
    return mapped
  }

  private func move<Value>(
    _ values: [Value],
    _ place: KeyPath<CountsLayout.Place, Int?>,
    into begun: [Value]
  ) -> [Value] {
    var moved = begun
    for (old, new) in kept {
      guard let from = old[keyPath: place], let to = new[keyPath: place],
        values.indices.contains(from), moved.indices.contains(to)
      else { continue }
      moved[to] = values[from]
    }
    return moved
  }
}
