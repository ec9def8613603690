/// What an alert is doing.
public enum AlertPhase: String, Sendable {
  /// The condition does not hold.
  case inactive
  /// The condition holds, for less than the hold duration so far.
  case pending
  /// The alert has been sent and is not over.
  case firing
  /// The transition back to inactive from firing; only transitions carry it.
  case resolved
}
