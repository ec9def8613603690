package import Events
package import Expressions

/// How the stream is cut into panes, the pieces that windows are made of.
///
/// A pane is a stretch of event time, `[index · width, (index + 1) · width)`, or so many events.
package enum PaneScheme: Sendable, Equatable {
  /// Panes of so many nanoseconds, counted from 1970.
  case time(width: Int64)
  /// Panes of so many events, counted from the stream's start.
  case events(Int)

  /// Whether panes are counted in events.
  package var areOfEvents: Bool { if case .events = self { true } else { false } }

  /// The last pane that is over where panes of another scheme are.
  ///
  /// - Parameters:
  ///   - last: The last one of the other scheme that is over.
  ///   - other: The other scheme.
  /// - Returns: The same pane where the schemes are one; `nil` where one of them counts events.
  package func lastPane(through last: Int, of other: PaneScheme) -> Int? {
    if self == other { return last }
    guard case .time(let own) = self, case .time(let width) = other else { return nil }
    let (end, isOverflown) = (Int64(last) + 1).multipliedReportingOverflow(by: width)
    return isOverflown ? nil : Int(floorDivide(end, own)) - 1
  }

  /// The widest panes that all windows of a monitor are made of, no wider than its silences.
  ///
  /// Beside objectives they are no wider than the slide: budgets are judged at every slide, however
  /// rarely windows move.
  package init(_ monitor: Monitor) {
    let silences = monitor.silenceRules.map(\.silence)
    let slides = monitor.slos.isEmpty ? [] : [monitor.slide]
    self.init(
      windows: monitor.windows,
      silences: silences + slides,
      days: Self.days(in: monitor.zone, slide: monitor.slide),
      isSeasonal: monitor.reference.isSeasonal
    )
  }

  /// What days are made of panes of.
  ///
  /// - Parameters:
  ///   - zone: By whose clocks days begin; `nil` for UTC.
  ///   - slide: The monitor's, at a multiple of which each day of the zone begins.
  /// - Returns: A day of UTC, which panes of a day are; elsewhere none begins where a day does.
  package static func days(in zone: CivilZone?, slide: TimeSpan) -> TimeSpan {
    zone == nil ? .days(1) : slide
  }

  /// The widest panes that windows are made of, no wider than silences.
  ///
  /// Of a pane the first and the last event's times are known: a gap that is at least a pane long
  /// lies between two panes.
  ///
  /// - Parameters:
  ///   - windows: The monitor's windows.
  ///   - silences: Lengths than which panes are no longer.
  ///   - days: Of what length panes make up the days of a calendar.
  ///   - isSeasonal: Whether hours of the week are told apart.
  package init(
    windows: [WindowSpecification],
    silences: [TimeSpan],
    days: TimeSpan,
    isSeasonal: Bool = false
  ) {
    var width: Int64 = 0
    var events = 0
    for window in windows {
      switch window.kind {
      case .sliding(let size, let slide):
        width = greatestCommonDivisor(width, size.nanoseconds)
        width = greatestCommonDivisor(width, slide.nanoseconds)
      case .calendar:
        width = greatestCommonDivisor(width, days.nanoseconds)
      case .events(let count):
        events = Int(greatestCommonDivisor(Int64(events), Int64(count)))
      }
    }
    // Hours of the week can be told apart only where no pane reaches from one into the next.
    if isSeasonal {
      width = greatestCommonDivisor(width, TimeSpan.hours(1).nanoseconds)
    }
    for silence in silences where silence.nanoseconds < width {
      width = greatestCommonDivisor(width, silence.nanoseconds)
    }
    self = events > 0 ? .events(events) : .time(width: width)
  }
}

/// Euclid's algorithm; the divisor of 0 and n is n.
private func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
  var (a, b) = (left, right)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
