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
  /// most often, and an hour at least.
  ///
  /// - Parameter windows: The monitor's windows.
  public init(windows: [WindowSpecification] = []) {
    let slides = windows.compactMap { window in
      if case .sliding(_, let slide) = window.kind { slide.nanoseconds } else { nil }
    }
    guard let slide = slides.min() else { return }
    quiet = max(quiet, .seconds(2 * slide / 1_000_000_000))
  }
}
