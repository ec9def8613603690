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
  public init() {}
}
