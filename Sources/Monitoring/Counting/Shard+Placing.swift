internal import Events
internal import Specification

/// Where a chunk stands.
public struct ChunkPlace: Sendable {
  /// The chunk's number over all streams.
  public var order: Int
  /// Its first byte in its stream.
  public var offset: Int
  /// The lines of its stream before it.
  public var line: Int

  /// A place.
  public init(order: Int, offset: Int, line: Int) {
    self.order = order
    self.offset = offset
    self.line = line
  }
}

extension Shard {
  /// Decides, in the stream's order, which rows are counted and in which panes.
  ///
  /// What becomes of events that wait is kept for `takeSettled`.
  ///
  /// - Parameters:
  ///   - position: What came before; receives what comes after.
  ///   - chunk: The bytes that were decoded.
  ///   - place: Where the chunk stands.
  public mutating func place(
    after position: inout StreamPosition,
    in chunk: UnsafeRawBufferPointer,
    at place: ChunkPlace
  ) {
    let decoded = refused.count
    let rules = plan.clockRules
    ignored = 0
    rowCount = 0
    isOnePane = true
    var stretch = PaneStretch(plan)
    for row in 0..<columns.rowCount {
      guard unsafe scratch.mask[row] == 1 else {
        ignored += 1
        continue
      }
      let time = unsafe scratch.times[row]
      guard StreamPosition.usableTimes.contains(time) else {
        let isMissing = time == Timestamp.missing
        refused.append(columns.refusing(isMissing ? .timeMissing : .timeInvalid, row: row))
        continue
      }
      let verdict = position.take(time, rules)
      if verdict == .waits {
        unsafe position.streamClock.hold(waitingEvent(row, at: time, chunk, place))
      }
      if position.isWaiting {
        settle(at: unsafe place.line + Int(columns.lineNumbers[row]), &position)
      }
      guard verdict == .counted else {
        if verdict == .late { refused.append(columns.refusing(.late, row: row)) }
        continue
      }
      let pane = stretch.pane(of: time, position)
      if let closed = position.closedPane, stretch.isOfTime, pane <= closed {
        refused.append(columns.refusing(.late, row: row))
        continue
      }
      unsafe scratch.rows[rowCount] = UInt32(truncatingIfNeeded: row)
      unsafe scratch.panes[rowCount] = pane
      if unsafe pane != scratch.panes[0] { isOnePane = false }
      rowCount &+= 1
      position.events &+= 1
    }
    isContiguous = rowCount == columns.rowCount
    position.lines += columns.linesSeen
    if position.isWaiting { settle(at: position.lines - 1, &position) }
    if refused.count > decoded { refused.sort { $0.line < $1.line } }
  }

  /// Decides on events that wait, as of a line.
  private mutating func settle(at line: Int, _ position: inout StreamPosition) {
    guard position.streamClock.canSettle(at: line, plan.clockRules) else { return }
    let decided = position.settle(at: line, plan)
    settled.counted += decided.counted
    settled.refused += decided.refused
  }

  private func waitingEvent(
    _ row: Int,
    at time: Int64,
    _ chunk: UnsafeRawBufferPointer,
    _ place: ChunkPlace
  ) -> WaitingEvent {
    let offset = unsafe Int(columns.lineOffsets[row])
    let length = unsafe Int(columns.lineLengths[row])
    return WaitingEvent(
      time: time,
      line: unsafe place.line + Int(columns.lineNumbers[row]),
      offset: place.offset + offset,
      order: place.order,
      bytes: unsafe Array(UnsafeRawBufferPointer(rebasing: chunk[offset..<offset + length]))
    )
  }

  /// Hands over what was decided on events that waited.
  ///
  /// Of use at a chunk's end: to count them, their lines are decoded again.
  public mutating func takeSettled() -> SettledEvents {
    defer { settled = SettledEvents() }
    return settled
  }

  /// Counts events that waited.
  ///
  /// - Parameter events: Events with panes, as a position's `finish` or `settle` returns them.
  public mutating func count(_ events: [WaitingEvent]) {
    guard !events.isEmpty else { return }
    var bytes: [UInt8] = []
    for event in events {
      bytes += event.bytes
      bytes.append(0x0a)
    }
    let length = bytes.count
    bytes += [UInt8](repeating: 0, count: EventDecoder.padding)
    unsafe bytes.withUnsafeBytes { all in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: all[..<length])
      var offset = 0
      var done = 0
      while offset < length {
        offset = unsafe decode(chunk, from: offset, atStreamStart: true)
        let rows = columns.rowCount
        precondition(done + rows <= events.count, "\(rows) rows of lines that had \(events.count)")
        for row in 0..<rows {
          unsafe scratch.rows[row] = UInt32(truncatingIfNeeded: row)
          unsafe scratch.panes[row] = events[done + row].pane
        }
        isOnePane = events[done..<done + rows].allSatisfy { $0.pane == events[done].pane }
        isContiguous = true
        rowCount = rows
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
