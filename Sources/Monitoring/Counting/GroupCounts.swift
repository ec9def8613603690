internal import Sketches

/// Everything that is counted of the events of one key in one pane.
///
/// Integers and summaries that add up in any order: the same events give the same value.
struct GroupCounts: Sendable, Equatable {
  /// The counts of all signals, as `Signal` lays them out; the first is the number of events.
  var counts: [UInt64]
  /// The sums of each numeric signal.
  var moments: [Moments]
  /// What lies outside the reference's range, by numeric signal.
  var outer: [OuterSums]
  /// The smallest and largest value of each numeric signal.
  var extremes: [Extremes]
  /// The distinct values of each numeric signal; empty where nobody asks for them.
  var distinct: [DistinctCount]
  /// The values of the signals whose quantiles must be within a relative error.
  var quantiles: [RelativeErrorQuantiles]
  /// The values that the reference does not know, by categorical signal.
  var unseen: [BottomHashRecord]
  /// The first and the last event time.
  var times: EventTimes

  /// Nothing counted.
  init(_ plan: Plan) { self = plan.emptyCounts }

  /// What was counted, in its parts.
  init(
    counts: [UInt64],
    moments: [Moments],
    outer: [OuterSums],
    extremes: [Extremes],
    distinct: [DistinctCount],
    quantiles: [RelativeErrorQuantiles],
    unseen: [BottomHashRecord]
  ) {
    self.counts = counts
    self.moments = moments
    self.outer = outer
    self.extremes = extremes
    self.distinct = distinct
    self.quantiles = quantiles
    self.unseen = unseen
    times = EventTimes()
  }

  /// Nothing counted of some signals.
  ///
  /// - Parameters:
  ///   - layout: The signals' places.
  ///   - width: The length of the array of counts.
  ///   - countsDistinct: Whether distinct numbers are counted.
  init(_ layout: SignalLayout, width: Int, countsDistinct: Bool) {
    counts = [UInt64](repeating: 0, count: width)
    let scales = layout.counted.compactMap(\.momentScale)
    moments = scales.map { Moments(scale: $0) }
    outer = layout.counted.compactMap { signal in
      guard case .number(_, let reference) = signal.kind else { return nil }
      let summary = reference.summary
      return OuterSums(minimum: summary.minimum, maximum: summary.maximum)
    }
    extremes = [Extremes](repeating: Extremes(), count: scales.count)
    distinct = [DistinctCount](
      repeating: DistinctCount(),
      count: countsDistinct ? scales.count : 0
    )
    quantiles = [RelativeErrorQuantiles](
      repeating: RelativeErrorQuantiles(),
      count: layout.quantileCount
    )
    unseen = [BottomHashRecord](repeating: BottomHashRecord(), count: layout.categoryCount)
    times = EventTimes()
  }

  /// The number of events.
  var events: UInt64 { counts[0] }

  /// What of the counts contradicts the number of events; `nil` where they agree.
  ///
  /// Every event is in each signal once: a cell or category, *unseen*, missing or invalid; not those
  /// from before a signal that began anew. It is good, bad or nothing to each objective.
  func imbalance(_ plan: Plan) -> String? {
    for signal in plan.signals {
      let sum = counts[signal.base..<signal.end].reduce(0, +)
      if sum > events { return "\(sum) values of \(signal.name) in \(events) events" }
    }
    for budget in plan.budgets {
      let (good, bad) = (counts[budget.good], counts[budget.bad])
      guard good + bad <= events, counts[budget.unjudged] <= bad else {
        return "\(good) good and \(bad) bad, \(counts[budget.unjudged]) of them unjudged, "
          + "in \(events) events"
      }
    }
    return nil
  }

  /// Adds what was counted of other events.
  mutating func merge(_ other: GroupCounts) {
    for index in counts.indices { counts[index] += other.counts[index] }
    for index in moments.indices {
      moments[index].merge(other.moments[index])
      outer[index].merge(other.outer[index])
      extremes[index].merge(other.extremes[index])
    }
    for index in distinct.indices { distinct[index].merge(other.distinct[index]) }
    for index in quantiles.indices { quantiles[index].merge(other.quantiles[index]) }
    for index in unseen.indices { unseen[index].merge(other.unseen[index]) }
    times.merge(other.times)
  }
}

/// The first and the last event time of some events, in nanoseconds since 1970.
struct EventTimes: Sendable, Equatable {
  var first = Int64.max
  var last = Int64.min

  var isEmpty: Bool { first > last }

  mutating func insert(_ time: Int64) {
    first = min(first, time)
    last = max(last, time)
  }

  mutating func merge(_ other: EventTimes) {
    first = min(first, other.first)
    last = max(last, other.last)
  }
}
