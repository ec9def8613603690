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
      isSeasonal: monitor.reference.isSeasonal
    )
  }

  /// The widest panes that windows are made of, no wider than silences.
  ///
  /// Of a pane the first and the last event's times are known: a gap that is at least a pane long
  /// lies between two panes.
  package init(windows: [WindowSpecification], silences: [TimeSpan], isSeasonal: Bool = false) {
    var width: Int64 = 0
    var events = 0
    for window in windows {
      switch window.kind {
      case .sliding(let size, let slide):
        width = greatestCommonDivisor(width, size.nanoseconds)
        width = greatestCommonDivisor(width, slide.nanoseconds)
      case .calendar:
        width = greatestCommonDivisor(width, TimeSpan.days(1).nanoseconds)
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
