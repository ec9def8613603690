internal import Expressions
internal import Records
internal import Sketches
internal import Statistics

extension Measure {
  static let count = Measure(
    extentOfPart: .atLeast,
    hasSpread: true,
    ofSignal: { statistics, _ in statistics.counted(UInt64(statistics.events)) },
    ofEvents: { judged, _ in
      StatisticValue(value: Double(judged.part.events), n: judged.part.events)
    }
  )
  static let missing = Measure(
    extentOfPart: .atLeast,
    hasSpread: true,
    ofSignal: { statistics, _ in
      statistics.counted(statistics.part.sums.counts[statistics.signal.missing])
    }
  )
  static let invalid = Measure(
    extentOfPart: .atLeast,
    hasSpread: true,
    ofSignal: { statistics, _ in
      statistics.counted(statistics.part.sums.counts[statistics.signal.invalid])
    },
    ofEvents: { judged, plan in judged.typeViolations(plan) }
  )
  static let unusable = Measure(
    basis: { .share(of: $0.usable.events) },
    ofSignal: { statistics, _ in statistics.unusableShare }
  )
  static let unseen = Measure(
    extentOfPart: .atLeast,
    hasSpread: true,
    ofSignal: { statistics, _ in statistics.unseenCount }
  )
  static let outOfRange = Measure(
    extentOfPart: .atLeast,
    hasSpread: true,
    ofSignal: { statistics, _ in statistics.outOfRange }
  )
  static let distinct = Measure(
    extentOfPart: .atLeast,
    ofSignal: { statistics, _ in statistics.distinct }
  )
  static let rate = Measure(
    extentOfPart: .atLeast,
    hasSpread: true,
    ofEvents: { judged, _ in judged.part.rate(from: judged.start, to: judged.end) }
  )
}

extension SignalStatistics {
  /// The events that the signal is counted in, and those of them without a usable value.
  var usable: (events: Int, unusable: Int) {
    let counts = part.sums.counts
    let unusable = Int(counts[signal.missing] + counts[signal.invalid])
    return (present + unusable, unusable)
  }

  /// Why nothing can be told of the signal; `nil` where enough of its values are usable, and of a KPI
  /// that the profile lacks.
  var untold: String? {
    guard !signal.profile.isUnprofiled || !signal.name.hasPrefix(kpiPrefix) else { return nil }
    let counts = part.sums.counts
    let values = UsableValues(
      events: usable.events,
      missing: Int(counts[signal.missing]),
      invalid: Int(counts[signal.invalid]),
      usual: signal.profile.unusableShare ?? 0
    )
    return values.areTooFew ? values.words : nil
  }

  /// The share of the events without a usable value, with Wilson's interval.
  fileprivate var unusableShare: StatisticValue? {
    let (events, unusable) = usable
    guard let interval = WilsonInterval(hits: unusable, of: events) else { return nil }
    return StatisticValue(
      value: Double(unusable) / Double(events),
      low: interval.lower,
      high: interval.upper,
      n: events
    )
  }

  fileprivate func counted(_ count: UInt64) -> StatisticValue {
    StatisticValue(value: Double(count), n: events)
  }

  fileprivate var unseenCount: StatisticValue? {
    guard case .category(_, let reference) = signal.kind, !reference.hasOther else { return nil }
    return counted(unseen)
  }

  /// The numbers outside of the reference's range; `nil` where there is no reference.
  fileprivate var outOfRange: StatisticValue? {
    guard case .number(let index, _) = signal.kind, !signal.profile.isUnprofiled else { return nil }
    let outer = part.sums.outer[index]
    return counted(outer.belowCount + outer.aboveCount)
  }

  fileprivate var distinct: StatisticValue? {
    switch signal.kind {
    case .number(let index, _):
      let estimate = history.distinct(of: index, keys: part.keys, panes: part.panes)
      return present > 0 ? StatisticValue(value: estimate.rounded(), n: present) : nil
    case .category(let index, let reference):
      guard !reference.hasOther, present > 0 else { return nil }
      var count = Double(cells.count { $0 > 0 })
      if unseen > 0 {
        let record = history.unseen(of: index, keys: part.keys, panes: part.panes)
        count += record.distinctEstimate.rounded()
      }
      return StatisticValue(value: count, n: present)
    }
  }
}

extension WindowPart {
  /// How many events a second there were.
  ///
  /// - Parameters:
  ///   - start: The window's start, in nanoseconds since 1970; of a window of events its first.
  ///   - end: The window's end; of a window of events its last event.
  /// - Returns: `nil` where the window spans no time.
  func rate(from start: Int64, to end: Int64) -> StatisticValue? {
    guard end > start else { return nil }
    return StatisticValue(value: Double(events) / (Double(end - start) / 1e9), n: events)
  }
}
