internal import Events
internal import Records
internal import Sketches

/// Whether a name is that of a signal of the model's own, which no field may have.
func isReserved(_ name: String) -> Bool {
  ([scoreName, decisionName, eventsName, refusedName] + workedOutNames).contains(name)
    || name.hasPrefix(kpiPrefix)
}

/// What every profile keeps to that `leeway profile` writes, asked once as a file is read: whoever
/// works with a profile afterwards need not ask again.
///
/// The counts of a segment's values need not add up to those of the whole: events without a value,
/// of values beyond a limit and, in a table, of strata that are left out are in the whole alone.
extension Profile {
  /// The greatest sum of counts: sums of all that a file holds stay far below what 64 bits hold.
  private static let countMax: UInt64 = 1 << 50

  /// Finds the first contradiction.
  ///
  /// - Throws: `ProfileError.contradiction`.
  func validate() throws(ProfileError) {
    guard start <= end, StreamPosition.usableTimes.contains(start),
      StreamPosition.usableTimes.contains(end)
    else { throw .contradiction("the period", "it ends before it begins, or is out of range") }
    try Self.check(UInt64(events), "the events")
    var paths: Set<FieldPath> = []
    for segment in segments {
      guard paths.insert(segment.path).inserted else {
        throw .contradiction("segment \(segment.path)", "it stands twice")
      }
      try segment.validate()
    }
    var names: Set<String> = []
    for signal in signals {
      guard names.insert(signal.name).inserted else {
        throw .contradiction("signal \(signal.name)", "it stands twice")
      }
      try signal.validate()
    }
    guard let table else { return }
    guard let sum = table.sum, sum < Self.countMax << 8 else {
      throw .contradiction("the counts by hour and segment", "their sum is out of range")
    }
  }

  /// Refuses a number that sums could overflow with.
  fileprivate static func check(_ count: UInt64, _ place: String) throws(ProfileError) {
    guard count < countMax else { throw .contradiction(place, "\(count) is out of range") }
  }

  /// Refuses counts whose sum is out of range.
  fileprivate static func check(_ counts: [UInt64], _ place: String) throws(ProfileError) {
    var sum: UInt64 = 0
    for count in counts {
      let (next, overflows) = sum.addingReportingOverflow(count)
      guard !overflows, next < countMax else {
        throw .contradiction(place, "the sum of the counts is out of range")
      }
      sum = next
    }
  }
}

extension SegmentProfile {
  fileprivate func validate() throws(ProfileError) {
    let place = "segment \(path)"
    guard !path.isWildcard else { throw .contradiction(place, "a wildcard is no field") }
    for (value, next) in zip(values, values.dropFirst())
    where !value.lexicographicallyPrecedes(next) {
      let name = String(decoding: next, as: UTF8.self)
      throw .contradiction(place, "the value \(name) stands twice, or not in its order")
    }
    try Profile.check(events.map { UInt64($0) }, place)
  }
}

extension SignalProfile {
  fileprivate func validate() throws(ProfileError) {
    let place = "signal \(name)"
    guard !path.isWildcard else { throw .contradiction(place, "a wildcard is no field") }
    guard isReserved(name) || name == path.description else {
      throw .contradiction(place, "its field is \(path)")
    }
    try Profile.check(UInt64(missing), place)
    try Profile.check(UInt64(invalid), place)
    try Profile.check(counts, place)
    for values in segmentCounts {
      for value in values { try Profile.check(value, place) }
      guard values.allSatisfy({ zip($0, counts).allSatisfy { $0 <= $1 } }) else {
        throw .contradiction(place, "a segment's value has more values than all together")
      }
    }
    guard case .number(let number) = reference else { return }
    try Profile.check(UInt64(number.summary.count), place)
    try Profile.check(UInt64(number.summary.distinct), place)
    guard (0...1).contains(number.rankError) else {
      throw .contradiction(place, "the error of its ranks is \(number.rankError)")
    }
    let summary = number.summary
    let order = [summary.minimum, summary.p50, summary.p90, summary.p95, summary.p99]
    guard zip(order, order.dropFirst() + [summary.maximum]).allSatisfy({ $0 <= $1 }) else {
      throw .contradiction(place, "its quantiles decrease")
    }
  }
}

extension ReferenceTable {
  /// The sum of all counts; `nil` where it overflows.
  fileprivate var sum: UInt64? {
    var sum: UInt64 = 0
    for hour in hours {
      for bytes in hour.sums {
        var reader = ByteReader(bytes)
        for count in (try? reader.readCounts(width)) ?? [] {
          let (next, overflows) = sum.addingReportingOverflow(count)
          if overflows { return nil }
          sum = next
        }
      }
    }
    return sum
  }
}
