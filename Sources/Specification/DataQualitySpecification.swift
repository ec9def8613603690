public import Events
public import Expressions

/// How events that come twice are found: the same id and version again, within a horizon.
public struct DuplicateSpecification: Sendable, Equatable {
  /// How long after the first event of an id a further one is its duplicate.
  public var horizon: TimeSpan
  /// Whether duplicates are left out of all counts but their own.
  public var drops = false
  /// Where the version stands, where it is no dimension of the predictions.
  public var version: FieldPath?

  /// How long unless the file says otherwise.
  public static let defaultHorizon = TimeSpan.hours(1)

  /// That duplicates are dropped; `nil` where they are counted.
  public var sentence: String? {
    drops
      ? "duplicates: events whose id and version came within \(horizon) before are dropped" : nil
  }
}

/// When a feature was known, by a field of the event.
public struct FeatureTime: Sendable, Hashable {
  /// The field.
  public var path: FieldPath
  /// How its times are written.
  public var form: TimeForm
}
