internal import Expressions
internal import Sketches
internal import Specification
internal import Statistics

/// One objective as it moves over the panes: its windows, and what they say.
struct BudgetMeter: Sendable {
  let specification: SLOSpecification
  /// Where its counts stand in a pane's.
  private let counting: BudgetCounting
  private let paneWidth: Int64
  /// The windows, each length once, the shortest first; the last one is the period's where none
  /// is longer.
  private(set) var lengths: [TimeSpan]
  private var windows: [BudgetWindow]
  /// The first pane of the stream; `nil` before it.
  private var firstPane: Int?
  /// The boundary of the last `advance`.
  private(set) var boundary = 0

  init(_ specification: SLOSpecification, _ counting: BudgetCounting, paneWidth: Int64) {
    self.specification = specification
    self.counting = counting
    self.paneWidth = paneWidth
    lengths = specification.windowLengths
    windows = lengths.map { BudgetWindow(panes: Int($0.nanoseconds / paneWidth)) }
  }

  /// Takes in a pane of the stream, whether the objective has events in it or not.
  mutating func add(_ pane: PaneCounts) {
    if firstPane == nil { firstPane = pane.index }
    var counts = BudgetCounts()
    for group in pane.groups {
      counts += BudgetCounts(
        good: Int(group.sums.counts[counting.good]),
        bad: Int(group.sums.counts[counting.bad]),
        unjudged: Int(group.sums.counts[counting.unjudged])
      )
    }
    for index in windows.indices { windows[index].add(counts, pane: pane.index) }
  }

  /// Forgets since when the stream is watched: events that are absent may have come.
  mutating func forgetBeginning() { firstPane = nil }

  /// Moves all windows to end at a pane boundary.
  mutating func advance(to boundary: Int) {
    self.boundary = boundary
    for index in windows.indices { windows[index].advance(to: boundary) }
  }

  /// The next boundary at which a window loses events, or has become old enough to lack some.
  var nextChange: Int? {
    let departures = windows.compactMap(\.nextDeparture)
    guard let maturity, boundary < maturity else { return departures.min() }
    return min(departures.min() ?? maturity, maturity)
  }

  /// The boundary from which an empty watched window means that events are absent: not because the
  /// stream has only begun.
  private var maturity: Int? { firstPane.map { $0 + window(watched).size } }

  /// The shortest long window: the one whose emptiness is absence.
  private var watched: TimeSpan {
    specification.alarms.flatMap(\.tiers).map(\.long).min() ?? specification.period
  }

  /// Whether the objective has had no events for the shortest long window.
  var hasNoData: Bool {
    guard let maturity else { return false }
    return boundary >= maturity && window(watched).sums.events == 0
  }

  /// The end of the windows, in nanoseconds since 1970.
  var end: Int64 { Int64(boundary) * paneWidth }

  /// What is in a window of one of `lengths`.
  func reading(_ length: TimeSpan) -> BurnReading {
    let window = window(length)
    return BurnReading(
      window: length,
      start: Int64(window.start(of: boundary)) * paneWidth,
      counts: window.sums,
      budget: specification.budget
    )
  }

  /// What is in the window whose burn rate tells the time to exhaustion where no alert says which.
  var recent: BurnReading { reading(watched) }

  /// What is in the period.
  var period: BurnReading { reading(specification.period) }

  /// Seconds until the budget is spent at the burn rate of a window; `nil` when it is not.
  func timeToExhaustion(_ reading: BurnReading) -> Double? {
    guard let left = period.budgetLeft, let burnRate = reading.burnRate else { return nil }
    return ErrorBudget.timeToExhaustion(
      left: left,
      burnRate: burnRate,
      period: Double(specification.period.nanoseconds) / 1e9
    )
  }

  private func window(_ length: TimeSpan) -> BudgetWindow {
    guard let index = lengths.firstIndex(of: length) else {
      preconditionFailure("\(length) is no window of \(specification.name)")
    }
    return windows[index]
  }
}

/// The events of an objective in one window.
struct BurnReading: Sendable, Equatable {
  let window: TimeSpan
  /// The window's start, in nanoseconds since 1970.
  let start: Int64
  let counts: BudgetCounts
  let budget: ErrorBudget

  /// `nil` without events.
  var burnRate: Double? { budget.burnRate(bad: counts.bad, of: counts.events) }
  var budgetLeft: Double? { budget.left(bad: counts.bad, of: counts.events) }
  /// Of the bad share; `nil` without events.
  var interval: WilsonInterval? { BurnGuard.interval(bad: counts.bad, of: counts.events) }
}

extension BudgetMeter {
  /// Whether a condition holds; `nil` where that is open.
  ///
  /// It holds when both windows exceed the limit and the long one does so with confidence. Where
  /// the long window exceeds it with too few events to be sure, the answer is open: the guard of
  /// low traffic decides whether an alert begins, and does not end one. So it is where a window has
  /// no events, unless the objective says that no data resolves.
  func holds(_ condition: BurnTier) -> Bool? {
    let ofNothing: Bool? = specification.noData == .resolve ? false : nil
    let long = reading(condition.long)
    guard let longRate = long.burnRate else { return ofNothing }
    guard condition.isExceeded(by: longRate) else { return false }
    guard let shortRate = reading(condition.short).burnRate else { return ofNothing }
    guard condition.isExceeded(by: shortRate) else { return false }
    guard long.counts.events >= specification.minimumEvents else { return nil }
    let isConfirmed = BurnGuard.confirms(
      bad: long.counts.bad,
      of: long.counts.events,
      beyond: condition.burnRate,
      budget: specification.budget
    )
    return isConfirmed ? true : nil
  }

  /// Whether one of an alarm's tiers holds, by Kleene's `or`.
  func holds(_ alarm: BurnAlarm) -> Bool? {
    let verdicts = alarm.tiers.map { holds($0) }
    if verdicts.contains(true) { return true }
    return verdicts.contains(nil) ? nil : false
  }

  /// The tier that an alert is about: the first that holds, else the one nearest
  /// to it.
  func shown(_ alarm: BurnAlarm) -> BurnTier {
    let tiers = alarm.tiers
    if let holding = tiers.first(where: { holds($0) == true }) { return holding }
    var nearest = (condition: tiers[0], ratio: -1.0)
    for condition in tiers {
      let ratio = (reading(condition.long).burnRate ?? 0) / condition.burnRate
      if ratio > nearest.ratio { nearest = (condition, ratio) }
    }
    return nearest.condition
  }
}

extension BurnTier {
  func isExceeded(by rate: Double) -> Bool { isInclusive ? rate >= burnRate : rate > burnRate }
}

extension BudgetMeter {
  /// Writes the windows, each under its length.
  func encode(into writer: inout ByteWriter) {
    writer.write(firstPane)
    writer.write(boundary)
    writer.write(varint: UInt64(lengths.count))
    for (length, window) in zip(lengths, windows) {
      writer.write(length.nanoseconds)
      window.encode(into: &writer)
    }
  }

  /// Takes over the windows that `encode` wrote and that this meter has.
  ///
  /// - Returns: Whether it has all of its windows now.
  mutating func restore(from reader: inout ByteReader) throws(CodingError) -> Bool {
    firstPane = try reader.read()
    boundary = try reader.read()
    var found = 0
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let length: Int64 = try reader.read()
      var unwanted = BudgetWindow(panes: 1)
      if let index = lengths.firstIndex(where: { $0.nanoseconds == length }) {
        try windows[index].restore(from: &reader)
        found += 1
      } else {
        try unwanted.restore(from: &reader)
      }
    }
    return found == windows.count
  }
}
