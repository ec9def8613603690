internal import Events
public import Sketches
package import Specification

/// What is known of a source's stream before a batch: what placing its rows depends on.
///
/// It is handed from batch to batch in the order of the stream, whichever worker counts them, so
/// that which events are late does not depend on threads or batch sizes.
public struct StreamPosition: Sendable, Equatable {
  /// The time that the stream's events bear out.
  var streamClock = StreamClock()
  /// The lines before the batch.
  public internal(set) var lines = 0
  /// The predictions that were accepted.
  public internal(set) var events = 0
  /// The predictions that the stream's own clock does not call late, whatever became of them.
  public internal(set) var heard = 0
  /// The outcomes that have a time.
  public internal(set) var outcomesHeard = 0
  /// The last pane that was judged; an event in it or before it is late.
  ///
  /// The stream's own clock says so first, except where the stream was idle and did not hold it.
  public var closedPane: Int?
  /// The time of the prediction that was counted last, in the stream's order; `nil` before the first.
  var lastTime: Int64?
  /// The earliest time since `forgetEarliest` of an event that the stream's own clock does not
  /// call late; the greatest number without one.
  public private(set) var earliest = Int64.max

  /// The start of a stream.
  public init() {}

  /// The start of a stream that follows another one.
  ///
  /// - Parameters:
  ///   - events: How many predictions came before, where panes are so many events.
  ///   - closedPane: The last pane that was judged.
  public init(after events: Int, closedPane: Int?) {
    self.events = events
    self.closedPane = closedPane
  }

  /// The position of a pipe that another process goes on with: its lines are counted anew.
  public var ofNewPipe: StreamPosition {
    var position = self
    position.lines = 0
    return position
  }

  /// The position before a line whose number the stream says.
  ///
  /// - Parameter line: The number, from 0; `nil`: the lines are counted.
  /// - Returns: The same with that many lines before it.
  public func at(line: Int?) -> StreamPosition {
    var position = self
    position.lines = line ?? lines
    return position
  }

  /// The time that the stream's events bear out, in nanoseconds since 1970; `nil` until its first
  /// events agree.
  public var clock: Int64? { streamClock.time }

  /// Whether an event waits.
  var isWaiting: Bool { !streamClock.waiting.isEmpty }

  /// How many events wait.
  public var waitingEvents: Int { streamClock.waiting.count }

  /// The line of the first event that waits, from 0; `nil` when none does.
  public var firstWaitingLine: Int? { streamClock.waiting.first?.line }

  /// Where the clock would stand if the stream ended here; `nil` before the first event.
  public func endClock(_ plan: Plan) -> Int64? {
    var ended = streamClock
    _ = ended.finish(plan.clockRules)
    return ended.time
  }

  /// The event times that are counted, in nanoseconds since 1970: the years 1824 to 2116.
  ///
  /// Sums and differences of two of them are representable; others are `time_invalid`.
  public static let usableTimes: ClosedRange<Int64> = -(1 << 62)...(1 << 62) - 1

  /// The position as another monitor's panes have it.
  ///
  /// - Parameters:
  ///   - plan: What is computed now.
  ///   - former: The panes that it was told in.
  /// - Returns: The same place of the stream.
  package func inPanes(of plan: Plan, from former: PaneScheme) -> StreamPosition {
    var position = self
    position.closedPane = closedPane.flatMap { plan.panes.lastPane(through: $0, of: former) }
    return position
  }

  /// Begins to look for the earliest time anew.
  public mutating func forgetEarliest() { earliest = .max }

  /// Takes the time of the stream's next prediction.
  @inline(__always)
  mutating func take(_ time: Int64, _ rules: ClockRules) -> StreamClock.Verdict {
    let verdict = streamClock.take(time, rules)
    guard verdict != .late else { return .late }
    heard &+= 1
    if time < earliest { earliest = time }
    return verdict
  }

  /// The time before which no later event is due; `nil` before the clock is known.
  public func completion(_ rules: ClockRules) -> Int64? {
    clock.map { $0.saturatingSubtract(rules.patience) }
  }

  /// When an event is due that was taken last: what comes later is not due before it is complete.
  func due(_ time: Int64, _ rules: ClockRules) -> Int64 {
    max(time, completion(rules) ?? .min)
  }

  /// Takes the time of the stream's next prediction where the order does not matter.
  ///
  /// - Returns: When it is due.
  mutating func takeUnordered(_ time: Int64, _ rules: ClockRules) -> Int64 {
    _ = streamClock.take(time, rules)
    return due(time, rules)
  }

  /// Takes the time of the stream's next outcome, which is never late.
  mutating func takeOutcome(_ time: Int64, _ rules: ClockRules) -> StreamClock.Verdict {
    outcomesHeard &+= 1
    return streamClock.take(time, rules)
  }

  /// The pane of the event that was counted last, or of the clock of those that still wait; `nil`
  /// before the first.
  func paneOfLastEvent(_ plan: Plan) -> Int? {
    switch plan.panes {
    case .events(let size): return events / size
    case .time(let width):
      guard let time = lastTime ?? endClock(plan) else { return nil }
      return max(Int(floorDivide(time, width)), closedPane.map { $0 + 1 } ?? .min)
    }
  }

  /// The pane that an outcome is joined in: its own, or the first that is not complete.
  func pane(ofOutcomeAt time: Int64, _ plan: Plan) -> Int {
    var pane = plan.pane(of: time) ?? 0
    if let complete = plan.lastCompletePane(self) { pane = max(pane, complete + 1) }
    if let closedPane { pane = max(pane, closedPane + 1) }
    return pane
  }

  /// Ends the stream: decides on the events that wait.
  ///
  /// - Returns: What became of them.
  public mutating func finish(_ plan: Plan) -> SettledEvents {
    let settled = streamClock.finish(plan.clockRules)
    return place(settled, plan)
  }

  /// Counts the events that wait and that, by a caller's clock, are not ahead.
  ///
  /// - Parameters:
  ///   - time: That clock, in nanoseconds since 1970.
  ///   - plan: What is computed.
  /// - Returns: What became of them.
  public mutating func settle(upTo time: Int64, _ plan: Plan) -> SettledEvents {
    let settled = streamClock.settle(upTo: time)
    return place(settled, plan)
  }

  /// Decides on the events that wait and can be decided on.
  mutating func settle(at line: Int, _ plan: Plan) -> SettledEvents {
    let settled = streamClock.settle(at: line, plan.clockRules)
    return place(settled, plan)
  }

  /// Gives the events that count their panes; those whose panes were judged are late.
  private mutating func place(_ settled: SettledEvents, _ plan: Plan) -> SettledEvents {
    var placed = SettledEvents()
    placed.refused = settled.refused
    for var event in settled.counted {
      switch plan.panes {
      case .time(let width):
        event.pane = Int(floorDivide(event.time, width))
        if event.isOutcome {
          event.pane = pane(ofOutcomeAt: event.time, plan)
          placed.counted.append(event)
          continue
        }
        if let closedPane, event.pane <= closedPane {
          placed.refused.append(RefusedWaiting(event: event, reason: .late))
          continue
        }
      case .events(let size): event.pane = events / size
      }
      events += 1
      lastTime = event.time
      event.due = due(event.time, plan.clockRules)
      placed.counted.append(event)
    }
    return placed
  }
}

extension StreamPosition: ByteCodable {
  /// Appends all that placing later rows depends on, the events that wait among it.
  public func encode(into writer: inout ByteWriter) {
    writer.write(streamClock)
    writer.write(lines)
    writer.write(events)
    writer.write(heard)
    writer.write(outcomesHeard)
    writer.write(closedPane)
    writer.write(lastTime)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    streamClock = try reader.read()
    lines = try Self.readCount(&reader)
    events = try Self.readCount(&reader)
    heard = try Self.readCount(&reader)
    outcomesHeard = try Self.readCount(&reader)
    closedPane = try reader.read()
    lastTime = try reader.read()
  }

  /// A number of lines or of events: as many as can be counted on from.
  private static func readCount(_ reader: inout ByteReader) throws(CodingError) -> Int {
    let start = reader.offset
    let count: Int = try reader.read()
    guard (0...Int.max / 2).contains(count) else { throw .invalid(offset: start) }
    return count
  }
}
