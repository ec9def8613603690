internal import Expressions
internal import Specification

/// What is worked out of versions and segments' values, beside what rules and metrics need.
public enum PartWatching: Sendable {
  /// Nothing.
  case none
  /// How they stand: they are judged in each window called `main`, or of the first kind, for those who
  /// look while it happens.
  case newest
  /// What became of them over the stream, at a small part of a replay's time: they are judged in
  /// windows that follow each other, of the longest kind of at most a day. Parts are smaller than the
  /// whole, and in a longer window more of them is sure.
  case surest

  /// The window in which parts are judged, by its index among the monitor's.
  func window(of monitor: Monitor) -> Int {
    let main = monitor.windows.firstIndex { $0.name == "main" } ?? 0
    guard case .surest = self else { return main }
    let lengths = monitor.windows.map(\.kind.length)
    let day = 86_400_000_000_000 as Int64
    let short = lengths.indices.filter { lengths[$0].map { $0 <= day } ?? false }
    let longest = short.max { (lengths[$0] ?? 0, $1) < (lengths[$1] ?? 0, $0) }
    return longest ?? lengths.indices.min { (lengths[$0] ?? 0) < (lengths[$1] ?? 0) } ?? main
  }
}

extension WindowSpecification.Kind {
  /// How long the window is at least, in nanoseconds; `nil` where it is of events.
  fileprivate var length: Int64? {
    switch self {
    case .sliding(let size, _): size.nanoseconds
    case .calendar(.day): 86_400_000_000_000
    case .calendar(.week): 7 * 86_400_000_000_000
    case .calendar(.month): 28 * 86_400_000_000_000
    case .events: nil
    }
  }
}
