internal import Events
internal import Expressions
internal import Specification

extension Plan {
  /// The width of a pane in nanoseconds; `nil` where panes are so many events.
  package var paneWidth: Int64? {
    if case .time(let width) = panes { width } else { nil }
  }

  /// Whether panes are so many events.
  public var countsEvents: Bool { paneWidth == nil }

  /// How far a stream is complete that stands where it does: a time before which no event of it is
  /// due, in nanoseconds since 1970, or a number of events where panes are so many.
  ///
  /// - Returns: `nil` when nothing is complete.
  public func completion(_ position: StreamPosition) -> Int64? {
    if countsEvents { return Int64(position.events) }
    return position.completion(clockRules)
  }

  /// The last pane that takes no more events once all is complete up to there.
  public func lastPane(completeTo end: Int64) -> Int {
    switch panes {
    case .time(let width): Self.lastPane(endedBy: end, width: width)
    case .events(let size): Int(end) / size - 1
    }
  }

  /// The last pane that takes no more events when a source stands where it does.
  ///
  /// - Returns: `nil` when no pane is complete.
  public func lastCompletePane(_ position: StreamPosition) -> Int? {
    completion(position).map { lastPane(completeTo: $0) }
  }

  /// The last pane that takes no more events when a caller's clock stands at a time.
  ///
  /// - Parameter time: The clock, in nanoseconds since 1970.
  /// - Returns: `nil` where panes are so many events, whatever the time.
  public func lastCompletePane(at time: Int64) -> Int? { lastPane(endedBy: completion(at: time)) }

  /// How far all is complete when a caller's clock stands at a time, both in nanoseconds since 1970.
  public func completion(at time: Int64) -> Int64 {
    time.saturatingSubtract(monitor.lateness.nanoseconds)
  }

  /// The last pane that is over at a time.
  ///
  /// - Parameter time: In nanoseconds since 1970.
  /// - Returns: `nil` where panes are so many events, whatever the time.
  public func lastPane(endedBy time: Int64) -> Int? {
    paneWidth.map { Self.lastPane(endedBy: time, width: $0) }
  }

  /// The pane of a time.
  ///
  /// - Parameter time: In nanoseconds since 1970.
  /// - Returns: `nil` where panes are so many events, whatever the time.
  public func pane(of time: Int64) -> Int? {
    paneWidth.map { Int(floorDivide(time, $0)) }
  }

  /// The time at which every window that holds an event of a time is complete.
  ///
  /// - Parameter time: In nanoseconds since 1970.
  /// - Returns: The time, in nanoseconds since 1970.
  public func endOfWindows(after time: Int64) -> Int64 {
    let lengths = monitor.windows.map { window in
      switch window.kind {
      case .sliding(let size, _): size.nanoseconds
      case .calendar: CivilCalendar(zone: monitor.zone).longestMonth
      case .events: Int64(0)
      }
    }
    let (end, isOverflown) = time.addingReportingOverflow(
      (lengths.max() ?? 0) + monitor.lateness.nanoseconds + (paneWidth ?? 0)
    )
    return isOverflown ? .max : end
  }

  /// The time at which every window that holds a pane is complete.
  ///
  /// - Parameter pane: Its index.
  /// - Returns: The time, in nanoseconds since 1970; `nil` where panes are so many events.
  public func endOfWindows(holding pane: Int) -> Int64? {
    paneWidth.map { endOfWindows(after: Int64(pane) * $0) }
  }

  private static func lastPane(endedBy time: Int64, width: Int64) -> Int {
    Int(floorDivide(time, width)) - 1
  }
}

extension Int64 {
  /// The difference; the least number where it is not representable.
  func saturatingSubtract(_ other: Int64) -> Int64 {
    let (difference, isOverflown) = subtractingReportingOverflow(other)
    return isOverflown ? .min : difference
  }
}
