/// What an alert tells of, from cause to symptom: an incident is named after the first.
public enum AlertCause: String, Sendable, CaseIterable, Comparable {
  /// Values are missing or invalid: the data are broken.
  case pipeline
  /// No events come.
  case silence
  /// The composition of the traffic changed.
  case mix
  /// A distribution moved away from its reference.
  case drift
  /// A value is beyond its limit.
  case value
  /// An error budget burns.
  case budget

  /// Causes before symptoms.
  public static func < (left: AlertCause, right: AlertCause) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
