internal import Sketches

/// What a reference needs of the events of one key: their counts, and what lies outside the
/// profile's range.
///
/// Integers, so that hours add and subtract exactly and in any order.
struct HourCounts: Sendable, Equatable {
  /// The counts of all signals, as `Signal` lays them out; the first is the number of events.
  var counts: [UInt64]
  /// What lies outside the profile's range, by numeric signal.
  var outer: [OuterSums]

  /// Nothing counted.
  init(_ plan: Plan) {
    counts = plan.emptyCounts.sums.counts
    outer = plan.emptyCounts.sums.outer
  }

  /// What a reference needs of a window's or an hour's sums.
  init(_ sums: SummaryColumns) {
    counts = sums.counts
    outer = sums.outer
  }

  /// The number of events.
  var events: UInt64 { counts[0] }

  /// Adds what was counted of other events.
  mutating func merge(_ other: HourCounts) {
    counts.merge(counts: other.counts)
    merge(outer: other.outer)
  }

  /// Adds what was counted in a closed pane.
  ///
  /// - Parameters:
  ///   - sums: The encoded sums, which begin with the counts; the rest is not read.
  ///   - outer: What lies outside the profile's range.
  mutating func add(sums: [UInt8], outer: [OuterSums]) {
    var reader = ByteReader(sums)
    do {
      try counts.apply(from: &reader, isAdded: true)
    } catch {
      preconditionFailure("a pane encoded by this process does not decode: \(error)")
    }
    merge(outer: outer)
  }

  private mutating func merge(outer other: [OuterSums]) {
    for index in outer.indices where !other[index].isEmpty { outer[index].merge(other[index]) }
  }

  /// The counts as bytes.
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(counts: counts)
    outer.encodeSparsely(into: &writer)
    return writer.bytes
  }

  /// Adds what `encoded` wrote.
  mutating func add(_ bytes: [UInt8]) {
    apply(bytes, isAdded: true)
  }

  /// Takes away what `encoded` wrote and was added before; what was not added traps.
  mutating func subtract(_ bytes: [UInt8]) {
    apply(bytes, isAdded: false)
  }

  private mutating func apply(_ bytes: [UInt8], isAdded: Bool) {
    var reader = ByteReader(bytes)
    do {
      try counts.apply(from: &reader, isAdded: isAdded)
      try outer.apply(from: &reader, isAdded: isAdded)
    } catch {
      preconditionFailure("an hour encoded by this process does not decode: \(error)")
    }
  }
}

/// Counts of a stretch of the past by key.
typealias HourCountsByKey = [GroupKey: HourCounts]

extension HourCountsByKey {
  /// Adds the counts of an hour.
  mutating func add(_ hour: CountedHour, _ plan: Plan) {
    for (key, bytes) in zip(hour.keys, hour.sums) {
      self[key, default: HourCounts(plan)].add(bytes)
    }
  }

  /// Takes away the counts of an hour that was added before.
  mutating func subtract(_ hour: CountedHour) {
    for (key, bytes) in zip(hour.keys, hour.sums) {
      guard let place = index(forKey: key) else {
        preconditionFailure("the hour \(hour.hour) of \(key) was never added")
      }
      values[place].subtract(bytes)
      if values[place].events == 0 { remove(at: place) }
    }
  }
}
