public import Expressions

/// One window: a name, and what it spans.
public struct WindowSpecification: Hashable, Sendable {
  /// What a window spans.
  public enum Kind: Hashable, Sendable {
    /// The last `size`, moved on every `slide`; `size` is a multiple of `slide`.
    case sliding(size: TimeSpan, slide: TimeSpan)
    /// One day, week (from Monday) or month of the zone after the other.
    case calendar(CalendarUnit)
    /// So many events, one window after the other.
    case events(Int)
  }

  /// The name that rules use.
  public var name: String
  /// What the window spans.
  public var kind: Kind

  /// Makes a window.
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

extension WindowSpecification {
  /// Whether the window counts events instead of time.
  var countsEvents: Bool { if case .events = kind { true } else { false } }

  /// The longest that the window can be, in nanoseconds; 0 for a window of events.
  package var longestNanoseconds: Int64 {
    switch kind {
    case .sliding(let size, _): size.nanoseconds
    case .calendar(.day): TimeSpan.days(1).nanoseconds
    case .calendar(.week): TimeSpan.days(7).nanoseconds
    case .calendar(.month): TimeSpan.days(31).nanoseconds
    case .events: 0
    }
  }
}

/// A unit of the calendar, in the monitor's zone.
public enum CalendarUnit: String, Sendable, CaseIterable {
  /// From midnight to midnight.
  case day
  /// From Monday's midnight, as ISO 8601 counts weeks.
  case week
  /// From the first of a month.
  case month
}
