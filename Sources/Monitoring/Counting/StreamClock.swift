internal import Events
internal import Sketches

/// The clock of one stream: the time that its events bear out.
///
/// No single producer moves it far. The further a time is ahead of the clock, the more events must
/// have reached it before the clock goes there:
///
///     within the lateness   that one event
///     within `future`       24 in a row
///     beyond `future`       171 of the last 256
///
/// An event that is ahead does not have to be held back to be counted: it goes to its own pane.
/// Only one that is ahead by more than `future`, and the first 24 of a stream, which has no clock
/// before them, wait, and count as soon as the clock is near enough. One that the clock does not come
/// near to within 256 events is refused.
///
/// A value: what it says depends on the times that it was given, in their order, and nothing else.
struct StreamClock: Sendable, Equatable {
  /// What becomes of an event.
  enum Verdict: Sendable, Equatable {
    /// It counts in its pane.
    case counted
    /// It is to be handed to `hold`.
    case waits
    /// Its pane is complete.
    case late
  }

  /// The clock, in nanoseconds since 1970; `nil` until the stream's first events are agreed.
  private(set) var time: Int64?
  /// The times of the last events that were not late.
  private(set) var recent = RecentTimes()
  /// The events that wait, in the order in which they came.
  private(set) var waiting: [WaitingEvent] = []
  /// The bytes of their lines.
  private var waitingBytes = 0
  /// The earliest of their times.
  private var earliestWaiting = Int64.max
  /// Whether an event was refused because the others did not follow it.
  private(set) var hasRefused = false

  /// How many events in a row move the clock within `future`, and are waited for at the start.
  ///
  /// Where every third producer is ahead and they take turns by chance, so many of theirs in a row
  /// have a probability of 4·10⁻¹².
  static let agreeing = 24
  /// How many of the last 256 events move the clock beyond `future`.
  ///
  /// Two thirds: producers that are ahead may be every second one, and clocks that stand still every
  /// fourth.
  static let quorum = RecentTimes.capacity * 2 / 3 + 1
  /// Once producers with a fast clock are known, so many at a stream's end must agree.
  static let agreeingAtEnd = 4

  /// Takes the next event's time.
  @inline(__always)
  mutating func take(_ time: Int64, _ rules: ClockRules) -> Verdict {
    guard let clock = self.time else {
      recent.append(time)
      return .waits
    }
    if time <= clock {
      if rules.isOver(time, at: clock) { return .late }
      recent.append(time)
      return .counted
    }
    recent.append(time)
    if time - clock <= rules.reach {
      self.time = time
      return .counted
    }
    let moved = advance(for: time, from: clock, rules)
    return time - moved <= rules.future ? .counted : .waits
  }

  /// Moves the clock as far as events bear out, for one that is beyond its reach.
  private mutating func advance(
    for time: Int64,
    from clock: Int64,
    _ rules: ClockRules
  ) -> Int64 {
    var moved = clock
    if let quorum = recent.reached(by: Self.quorum, beyond: clock) { moved = quorum }
    if let least = recent.least(ofLast: Self.agreeing), least > moved {
      moved =
        least - moved <= rules.future
        ? least : recent.climb(from: moved, to: least, step: rules.future)
    }
    if time > moved, time - moved <= rules.reach { moved = time }
    self.time = moved
    return moved
  }

  /// Keeps the event that was just taken until it can be decided on.
  mutating func hold(_ event: WaitingEvent) {
    var event = event
    event.number = recent.total - 1
    waiting.append(event)
    waitingBytes += event.bytes.count
    earliestWaiting = min(earliestWaiting, event.time)
  }

  /// Whether `settle` would decide on an event now, the stream's newest line being of a number.
  func canSettle(at line: Int, _ rules: ClockRules) -> Bool {
    guard let first = waiting.first else { return false }
    if waitingBytes > WaitingEvent.byteLimit || line - first.line > WaitingEvent.lineLimit {
      return true
    }
    guard let time else { return recent.total >= Self.agreeing }
    return earliestWaiting - time <= rules.future
      || recent.total - first.number > WaitingEvent.followerLimit
  }

  /// Decides on the events that can be decided on, the stream's newest line being of a number.
  mutating func settle(at line: Int, _ rules: ClockRules) -> SettledEvents {
    var settled = SettledEvents()
    if time == nil, recent.total >= Self.agreeing { start(rules, into: &settled) }
    if let time {
      let oldest = recent.total - WaitingEvent.followerLimit
      settle(into: &settled) { event in
        if event.time - time <= rules.future { return .counted }
        return event.number < oldest ? .refused : .waits
      }
    }
    while let first = waiting.first,
      waitingBytes > WaitingEvent.byteLimit || line - first.line > WaitingEvent.lineLimit
    {
      let isCounted = isBorneOut(first.time, first.number, rules)
      settle(into: &settled) {
        $0.number != first.number ? .waits : isCounted ? .counted : .refused
      }
    }
    return settled
  }

  /// Counts the events that wait and that a caller's clock says are not ahead.
  mutating func settle(upTo time: Int64) -> SettledEvents {
    var settled = SettledEvents()
    settle(into: &settled) { $0.time <= time ? .counted : .waits }
    return settled
  }

  /// Ends the stream: decides on all that wait, and lets the clock go where the last events say.
  mutating func finish(_ rules: ClockRules) -> SettledEvents {
    var settled = SettledEvents()
    if time == nil, recent.total > 0 { start(rules, into: &settled) }
    guard let clock = time else { return settled }
    let ahead = recent.numbers.filter { recent[$0] > clock }
    let borneOut = ahead.filter { isBorneOut(recent[$0], $0, rules) }
    // How far producers are ahead whom the others did not follow.
    let known = ahead.filter { isContradicted(recent[$0], $0, rules) }.map { recent[$0] - clock }
    let suspect = min(known.min() ?? .max, hasRefused ? rules.future : .max) / 2
    var end = clock
    for number in borneOut where recent[number] > end {
      let isSuspect = recent[number] - end >= max(suspect, rules.reach)
      if isSuspect, !isAgreed(recent[number], number, rules) { continue }
      end = recent[number]
    }
    settle(into: &settled) { $0.time - end <= rules.future ? .counted : .refused }
    time = end
    return settled
  }

  /// Whether most of what followed an event has reached its time.
  private func isBorneOut(_ time: Int64, _ number: Int, _ rules: ClockRules) -> Bool {
    let followers = recent.followers(of: number, reaching: time - rules.reach)
    return followers.others <= followers.reaching + 1
  }

  /// Whether more than a quarter of an event and those that followed have not reached its time.
  private func isContradicted(_ time: Int64, _ number: Int, _ rules: ClockRules) -> Bool {
    let followers = recent.followers(of: number, reaching: time - rules.reach)
    return followers.others >= 2 && 3 * followers.others > followers.reaching + 1
  }

  /// Whether so many events agree with one that it is believed at the end of a stream some of
  /// whose producers are known to be far ahead.
  private func isAgreed(_ time: Int64, _ number: Int, _ rules: ClockRules) -> Bool {
    let followers = recent.followers(of: number, reaching: time - rules.reach)
    return followers.reaching + 1 >= Self.agreeingAtEnd
      && 3 * followers.others <= followers.reaching + 1
  }

  /// Begins: the clock is where three quarters of the first events have come to.
  ///
  /// The events are judged in their order, as if the clock had been known.
  private mutating func start(_ rules: ClockRules, into settled: inout SettledEvents) {
    let count = recent.numbers.count
    guard let start = recent.reached(by: (3 * count + 3) / 4, beyond: .min) else { return }
    var latest: Int64?
    settle(into: &settled) { event in
      let clock = max(start, latest ?? start)
      if event.time - clock > rules.future { return .waits }
      if let latest, rules.isOver(event.time, at: latest) { return .late }
      if event.time - clock <= rules.reach { latest = max(latest ?? event.time, event.time) }
      return .counted
    }
    time = max(start, latest ?? start)
  }

  private enum Decision {
    case counted, refused, late, waits
  }

  private mutating func settle(
    into settled: inout SettledEvents,
    _ decide: (WaitingEvent) -> Decision
  ) {
    var kept: [WaitingEvent] = []
    for event in waiting {
      switch decide(event) {
      case .counted: settled.counted.append(event)
      // An outcome counts whenever it comes.
      case .late where event.isOutcome: settled.counted.append(event)
      case .late: settled.refused.append(RefusedWaiting(event: event, reason: .late))
      case .refused:
        hasRefused = true
        settled.refused.append(RefusedWaiting(event: event, reason: .farFuture))
      case .waits: kept.append(event)
      }
    }
    waiting = kept
    waitingBytes = kept.reduce(0) { $0 + $1.bytes.count }
    earliestWaiting = kept.map(\.time).min() ?? .max
  }
}

extension StreamClock: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(time)
    writer.write(recent)
    writer.write(waiting)
    writer.write(hasRefused)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    time = try reader.read()
    recent = try reader.read()
    waiting = try reader.read()
    hasRefused = try reader.read()
    waitingBytes = waiting.reduce(0) { $0 + $1.bytes.count }
    earliestWaiting = waiting.map(\.time).min() ?? .max
  }
}
