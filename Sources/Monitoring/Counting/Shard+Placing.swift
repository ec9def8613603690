internal import Events
internal import Specification

extension Shard {
  /// Decides, in the stream's order, which rows are counted and in which panes.
  public mutating func place(
    after position: inout StreamPosition,
    in chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin
  ) {
    let decoded = placed.refused.count
    placed.ignored = 0
    placed.outcomes = 0
    placed.count = 0
    placed.isOnePane = true
    placed.dues.removeAll(keepingCapacity: true)
    var stretch = PaneStretch(plan)
    var row = 0
    // Where a refused line stands among the events tells which window it is in.
    for index in 0..<decoded {
      let line = placed.refused[index]
      var next = row
      while next < batch.columns.rowCount,
        unsafe batch.columns.lineOffsets[next] < line.offset
      {
        next += 1
      }
      unsafe placeNoting(row..<next, &position, &stretch, chunk, origin)
      row = next
      noteRefused(line.reason, position)
    }
    unsafe placeNoting(row..<batch.columns.rowCount, &position, &stretch, chunk, origin)
    if placed.isLastBatch, let rewritten = origin.rewritten {
      noteRefused(of: rewritten, before: .max, position)
    }
    placed.isContiguous = placed.count == batch.columns.rowCount
    position.lines = origin.nextLine ?? position.lines + batch.columns.linesSeen
    if position.isWaiting { settle(at: position.lines - 1, &position) }
    if placed.refused.count > decoded { placed.refused.sort { $0.line < $1.line } }
  }

  /// Decides on rows, and counts the lines among them of which no row was made.
  private mutating func placeNoting(
    _ rows: Range<Int>,
    _ position: inout StreamPosition,
    _ stretch: inout PaneStretch,
    _ chunk: UnsafeRawBufferPointer,
    _ origin: ChunkOrigin
  ) {
    guard let rewritten = origin.rewritten, !rewritten.refused.isEmpty else {
      return unsafe place(rows, &position, &stretch, chunk, origin)
    }
    for row in rows {
      let made = unsafe rewritten.place(at: Int(batch.columns.lineOffsets[row]))
      noteRefused(of: rewritten, before: made?.offset ?? .max, position)
      unsafe place(row..<row + 1, &position, &stretch, chunk, origin)
    }
  }

  /// Decides on rows between which no line was refused when it was decoded.
  private mutating func place(
    _ rows: Range<Int>,
    _ position: inout StreamPosition,
    _ stretch: inout PaneStretch,
    _ chunk: UnsafeRawBufferPointer,
    _ origin: ChunkOrigin
  ) {
    let rules = plan.clockRules
    let dropsRepeats = plan.dropsRepeats
    for row in rows {
      guard unsafe batch.kinds[row] == EventKind.prediction.rawValue else {
        unsafe placeOther(row, &position, chunk, origin)
        continue
      }
      if let reason = batch.refusal(ofTimeAt: row) {
        refuse(row, reason, position)
        continue
      }
      let time = unsafe batch.times[row]
      let verdict = position.take(time, rules)
      if verdict == .waits {
        unsafe position.streamClock.hold(waitingEvent(row, at: time, chunk, origin))
      }
      if position.isWaiting {
        settle(at: line(of: row, origin), &position)
      }
      guard verdict == .counted else {
        if verdict == .late { refuse(row, .late, position) }
        continue
      }
      let pane = stretch.pane(of: time, position)
      if let closed = position.closedPane, stretch.isOfTime, pane <= closed {
        refuse(row, .late, position)
        continue
      }
      unsafe scratch.rows[placed.count] = UInt32(truncatingIfNeeded: row)
      unsafe scratch.panes[placed.count] = pane
      if unsafe pane != scratch.panes[0] { placed.isOnePane = false }
      placed.count &+= 1
      if dropsRepeats { placed.dues.append(position.due(time, rules)) }
      position.events &+= 1
      position.lastTime = time
    }
  }

  private mutating func refuse(_ row: Int, _ reason: Refusal, _ position: StreamPosition) {
    placed.refused.append(batch.columns.refusing(reason, row: row))
    noteRefused(reason, position)
  }

  /// Counts a line that is refused in the pane of the event before it.
  private mutating func noteRefused(_ reason: Refusal, _ position: StreamPosition) {
    guard let pane = position.paneOfLastEvent(plan) else { return }
    counted.refused.insert(reason, pane: pane)
  }

  /// Counts lines of which no row was made, as they stand among the rows.
  ///
  /// - Parameters:
  ///   - rewritten: The rows of a chunk, with the lines of which none was made.
  ///   - offset: Those before this byte of the chunk.
  ///   - position: What came before.
  private mutating func noteRefused(
    of rewritten: RewrittenLines,
    before offset: Int,
    _ position: StreamPosition
  ) {
    while placed.refusedLinesNoted < rewritten.refused.count {
      let refusal = rewritten.refused[placed.refusedLinesNoted]
      guard refusal.offset < offset else { return }
      noteRefused(refusal.reason, position)
      placed.refusedLinesNoted += 1
    }
  }

  /// Decides on a row that is no prediction.
  private mutating func placeOther(
    _ row: Int,
    _ position: inout StreamPosition,
    _ chunk: UnsafeRawBufferPointer,
    _ origin: ChunkOrigin
  ) {
    guard let outcomes = plan.outcomes,
      unsafe batch.kinds[row] == EventKind.outcome.rawValue
    else {
      placed.ignored += 1
      return
    }
    if let reason = batch.refusal(ofTimeAt: row) {
      refuse(row, reason, position)
      return
    }
    let outcome: OutcomeRow
    switch unsafe readOutcome(at: row, outcomes, chunk) {
    case .joinable(let row): outcome = row
    case .refused(let reason):
      refuse(row, reason, position)
      return
    }
    let time = outcome.time
    let verdict = position.takeOutcome(time, plan.clockRules)
    if verdict == .waits {
      var event = unsafe waitingEvent(row, at: time, chunk, origin)
      event.isOutcome = true
      position.streamClock.hold(event)
    }
    if position.isWaiting {
      settle(at: line(of: row, origin), &position)
    }
    guard verdict != .waits else { return }
    placed.outcomes += 1
    join(outcome, pane: position.pane(ofOutcomeAt: time, plan))
  }

  /// Decides on events that wait, as of a line.
  private mutating func settle(at line: Int, _ position: inout StreamPosition) {
    guard position.streamClock.canSettle(at: line, plan.clockRules) else { return }
    let decided = position.settle(at: line, plan)
    settled.counted += decided.counted
    settled.refused += decided.refused
    for refusal in decided.refused { noteRefused(refusal.reason, position) }
  }

  /// The number in its stream of a row's line.
  private func line(of row: Int, _ origin: ChunkOrigin) -> Int {
    unsafe origin.place(
      line: Int(batch.columns.lineNumbers[row]),
      offset: Int(batch.columns.lineOffsets[row])
    ).line
  }

  private func waitingEvent(
    _ row: Int,
    at time: Int64,
    _ chunk: UnsafeRawBufferPointer,
    _ origin: ChunkOrigin
  ) -> WaitingEvent {
    let offset = unsafe Int(batch.columns.lineOffsets[row])
    let length = unsafe Int(batch.columns.lineLengths[row])
    let line = unsafe Array(UnsafeRawBufferPointer(rebasing: chunk[offset..<offset + length]))
    let place = unsafe origin.place(line: Int(batch.columns.lineNumbers[row]), offset: offset)
    var event = WaitingEvent(
      time: time,
      line: place.line,
      offset: place.offset,
      order: origin.order,
      bytes: plan.monitor.pii?.key.sealed(line) ?? line
    )
    event.place = origin.formerPlace(line: place.line, offset: place.offset)
    return event
  }

  /// Hands over what was decided on events that waited.
  public mutating func takeSettled() -> SettledEvents {
    defer { settled = SettledEvents() }
    return settled
  }

  /// The lines of events that waited: whoever takes a state up sees to it that the key is the same.
  private func opened(_ events: [WaitingEvent]) -> [(event: WaitingEvent, line: [UInt8])] {
    guard let key = plan.monitor.pii?.key else { return events.map { ($0, $0.bytes) } }
    return events.compactMap { event in key.opened(event.bytes).map { (event, $0) } }
  }

  /// Counts events that waited.
  public mutating func count(_ events: [WaitingEvent]) {
    let opened = opened(events)
    let (events, lines) = (opened.map(\.event), opened.map(\.line))
    guard !events.isEmpty else { return }
    unsafe withChunk(of: lines) { chunk in
      var offset = 0
      var done = 0
      while offset < chunk.count {
        offset = unsafe decode(chunk, from: offset, atStreamStart: true)
        let rows = batch.columns.rowCount
        precondition(done + rows <= events.count, "\(rows) rows of lines that had \(events.count)")
        placed.count = 0
        placed.isOnePane = true
        placed.dues.removeAll(keepingCapacity: true)
        for row in 0..<rows {
          let event = events[done + row]
          if event.isOutcome {
            if let outcomes = plan.outcomes,
              case .joinable(let outcome) = unsafe readOutcome(at: row, outcomes, chunk)
            {
              join(outcome, pane: event.pane)
            }
            continue
          }
          unsafe scratch.rows[placed.count] = UInt32(truncatingIfNeeded: row)
          unsafe scratch.panes[placed.count] = event.pane
          if unsafe event.pane != scratch.panes[0] { placed.isOnePane = false }
          placed.count += 1
          placed.dues.append(event.due)
        }
        placed.isContiguous = placed.count == rows
        unsafe count(chunk)
        done += rows
      }
    }
  }
}

/// The pane of the last time, and the times that are of it, too.
private struct PaneStretch {
  private let scheme: PaneScheme
  private var pane: Int64 = 0
  private var start = Int64.max
  private var end = Int64.min
  /// Whether panes are stretches of time.
  let isOfTime: Bool

  init(_ plan: Plan) {
    scheme = plan.panes
    isOfTime = !plan.countsEvents
  }

  /// The pane of the next event that counts.
  @inline(__always)
  mutating func pane(of time: Int64, _ position: borrowing StreamPosition) -> Int {
    switch scheme {
    case .time(let width):
      if time < start || time >= end {
        pane = floorDivide(time, width)
        start = pane * width
        end = start + width
      }
      return Int(pane)
    case .events(let size): return position.events / size
    }
  }
}
