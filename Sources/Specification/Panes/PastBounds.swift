package import Expressions
internal import YAML

/// How many values of a window's past are kept: rules that need more are refused.
package enum PastBounds {
  /// The most values of one statistic in one part of the traffic: two weeks of minutes.
  package static let values = 20_160

  /// Whether values of a window so long ago can be kept.
  package static func canKeep(_ ago: TimeSpan, of window: WindowSpecification) -> Bool {
    guard ago <= ScalarReader.longestDuration else { return false }
    guard case .sliding(_, let slide) = window.kind else { return true }
    return ago.nanoseconds / slide.nanoseconds < values
  }
}
