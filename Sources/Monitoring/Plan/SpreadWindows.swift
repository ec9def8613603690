internal import Expressions
internal import Specification
internal import Statistics

/// Which earlier windows tell how much a number varies from window to window.
///
/// Those of the same hours of earlier days, once enough of them are known; until then the last whole
/// ones, none of which overlaps another.
struct SpreadWindows: Sendable, Equatable {
  /// How long ago those of the same hours ended, in nanoseconds, increasing.
  private let sameHours: [Int64]
  /// How long ago the last ones ended that do not overlap.
  private let whole: [Int64]

  /// The most days of which the same hours are asked: two weeks hold each weekday twice.
  static let daysLimit = 14
  /// The most windows that are gone back for whole ones, as some may be cut or without events.
  private static let wholeLimit = 2 * WindowSpread.fewestWindows

  /// The earlier windows that can be kept; `nil` where they are too few, and of windows of events,
  /// which come at no time in particular.
  init?(_ window: WindowSpecification) {
    let length: TimeSpan
    switch window.kind {
    case .sliding(let size, _): length = size
    case .calendar(.day): length = .days(1)
    case .calendar(.week): length = .days(7)
    case .calendar(.month): length = .days(31)
    case .events: return nil
    }
    let fewest = WindowSpread.fewestWindows
    let days =
      length < .days(1)
      ? (1...Self.daysLimit).map { TimeSpan.days(Int64($0)) }
        .filter { PastBounds.canKeep($0, of: window) } : []
    sameHours = days.count < fewest ? [] : days.map(\.nanoseconds)
    whole = (1...Self.wholeLimit).compactMap { index in
      let (ago, overflows) = length.nanoseconds.multipliedReportingOverflow(by: Int64(index))
      guard !overflows else { return nil }
      return PastBounds.canKeep(TimeSpan(nanoseconds: ago), of: window) ? ago : nil
    }
    guard whole.count >= fewest || !sameHours.isEmpty else { return nil }
  }

  /// The longest time back.
  var longest: Int64 { max(sameHours.last ?? 0, whole.last ?? 0) }

  /// The spread of the earlier windows' values.
  ///
  /// - Parameter value: The value so long ago; `nil` where none is kept.
  /// - Returns: `nil` while there are too few.
  func spread(_ value: (Int64) -> Double?) -> WindowSpread? {
    if let spread = WindowSpread(sameHours.compactMap(value)) { return spread }
    var last: [Double] = []
    for ago in whole where last.count < WindowSpread.fewestWindows {
      if let value = value(ago) { last.append(value) }
    }
    return WindowSpread(last)
  }
}
