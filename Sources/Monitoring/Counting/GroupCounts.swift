internal import Sketches

/// Everything that is counted of the events of one key in one pane.
///
/// Integers and summaries that add up in any order: the same events give the same value.
struct GroupCounts: Sendable, Equatable {
  /// What can be taken away again: counts and sums.
  var sums: SummaryColumns
  /// The smallest and largest value of each numeric signal.
  var extremes: [Extremes]
  /// The distinct values of each numeric signal; empty where nobody asks for them.
  var distinct: [DistinctCount]
  /// The values that the reference does not know, by categorical signal.
  var unseen: [BottomHashRecord]
  /// The first and the last event time.
  var times: EventTimes

  /// Nothing counted.
  init(_ plan: Plan) { self = plan.emptyCounts }

  /// Nothing counted of some signals.
  ///
  /// - Parameters:
  ///   - layout: The signals' places.
  ///   - width: The length of the array of counts.
  ///   - countsDistinct: Whether distinct numbers are counted.
  init(_ layout: SignalLayout, width: Int, countsDistinct: Bool) {
    self.init(
      SummaryColumns(layout, width: width),
      categories: layout.categoryCount,
      countsDistinct: countsDistinct
    )
  }

  /// Nothing counted, with room for what a layout holds.
  init(shapedAs layout: CountsLayout) {
    self.init(
      SummaryColumns(shapedAs: layout),
      categories: layout.categoryCount,
      countsDistinct: layout.countsDistinct
    )
  }

  private init(_ sums: SummaryColumns, categories: Int, countsDistinct: Bool) {
    self.sums = sums
    let numbers = sums.moments.count
    extremes = [Extremes](repeating: Extremes(), count: numbers)
    distinct = [DistinctCount](repeating: DistinctCount(), count: countsDistinct ? numbers : 0)
    unseen = [BottomHashRecord](repeating: BottomHashRecord(), count: categories)
    times = EventTimes()
  }

  /// The number of events.
  var events: UInt64 { sums.events }

  /// What of the counts contradicts the number of events; `nil` where they agree.
  ///
  /// Every event is in each signal once: a cell or category, *unseen*, missing or invalid; not those
  /// from before a signal that began anew. It is good, bad or nothing to each objective. Repeats that
  /// are dropped are in their own signal alone.
  func imbalance(_ plan: Plan) -> String? {
    let counts = sums.counts
    for signal in plan.signals {
      let sum = counts[signal.base..<signal.end].reduce(0, +)
      if sum > events, !(plan.dropsRepeats && signal.isCountedAtClose) {
        return "\(sum) values of \(signal.name) in \(events) events"
      }
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

  /// Counts values of a numeric signal.
  ///
  /// - Parameters:
  ///   - numbers: The values, finite.
  ///   - missing: How many events have none.
  ///   - invalid: How many events have one of another type.
  ///   - signal: The signal.
  ///   - index: Its index among the numeric ones.
  ///   - reference: Its cells.
  mutating func count(
    _ numbers: UnsafeBufferPointer<Double>,
    missing: UInt64,
    invalid: UInt64,
    of signal: Signal,
    _ index: Int,
    _ reference: NumericReference
  ) {
    var isInGap = false
    unsafe sums.counts.withUnsafeMutableBufferPointer { counts in
      guard let base = counts.baseAddress else { return }
      unsafe base[signal.missing] += missing
      unsafe base[signal.invalid] += invalid
      guard !signal.isInternal else { return }
      let cells = unsafe base + signal.bins.lowerBound
      let before = unsafe signal.gaps.total(of: cells)
      unsafe reference.grid.bins.count(numbers, into: cells)
      isInGap = unsafe signal.gaps.total(of: cells) != before
    }
    var batch = Extremes()
    unsafe batch.insert(contentsOf: numbers)
    extremes[index].merge(batch)
    unsafe sums.moments[index].insert(contentsOf: numbers)
    if let quantiles = signal.quantiles {
      unsafe sums.quantiles[quantiles].insert(contentsOf: numbers)
    }
    guard !signal.isInternal else { return }
    if !distinct.isEmpty { unsafe distinct[index].insert(contentsOf: numbers) }
    if isInGap { unsafe sums.unusual[index].insert(contentsOf: numbers, in: signal.gaps) }
    // The usual range lies within the reference's: of most batches nothing more is asked.
    guard batch.minimum < signal.usual.lowerBound || batch.maximum > signal.usual.upperBound else {
      return
    }
    unsafe sums.outer[index].insert(contentsOf: numbers, extremes: batch)
    unsafe sums.unusual[index].insert(contentsOf: numbers, outside: signal.usual)
  }

  /// Adds what was counted of other events.
  mutating func merge(_ other: GroupCounts) {
    sums.merge(other.sums)
    for index in extremes.indices { extremes[index].merge(other.extremes[index]) }
    for index in distinct.indices { distinct[index].merge(other.distinct[index]) }
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
