public import Expressions

/// When alerts are one incident, and when an alert flaps.
public struct IncidentOptions: Sendable, Equatable {
  /// How long nothing may fire before an incident is closed, and before a flapping alert ends.
  public var quiet = TimeSpan.hours(1)
  /// How often an alert fires within `within` before it is said to flap; `nil`: none ever flaps.
  public var flapping: Int? = 3
  /// The time in which firings are counted.
  public var within = TimeSpan.days(1)

  /// What holds unless the file says otherwise.
  ///
  /// What is judged once a day has news once a day: quiet is two slides of the window that moves
  /// most often, a calendar window's slide being its length, and an hour at least.
  ///
  /// - Parameter windows: The monitor's windows.
  public init(windows: [WindowSpecification] = []) {
    let slides: [Int64] = windows.compactMap { window in
      switch window.kind {
      case .sliding(_, let slide): slide.nanoseconds
      case .calendar: window.longestNanoseconds
      case .events: nil
      }
    }
    guard let slide = slides.min() else { return }
    quiet = max(quiet, .seconds(2 * slide / 1_000_000_000))
  }
}
