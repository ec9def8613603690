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

  /// The last pane that takes no more events when a source stands where it does.
  ///
  /// - Returns: `nil` when no pane is complete.
  public func lastCompletePane(_ position: StreamPosition) -> Int? {
    switch panes {
    case .time(let width):
      guard let clock = position.clock else { return nil }
      return Self.lastPane(endedBy: clock.saturatingSubtract(clockRules.patience), width: width)
    case .events(let size):
      return position.events / size - 1
    }
  }

  /// The last pane that takes no more events when a caller's clock stands at a time.
  ///
  /// - Parameter time: The clock, in nanoseconds since 1970.
  /// - Returns: `nil` where panes are so many events, whatever the time.
  public func lastCompletePane(at time: Int64) -> Int? {
    lastPane(endedBy: time.saturatingSubtract(monitor.lateness.nanoseconds))
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
