public import Events
public import Expressions

/// With whose counts a window is compared, beside the profile's.
///
/// Bins and categories are always the profile's.
public struct ReferenceSpecification: Hashable, Sendable {
  /// A stretch of the stream's own past.
  public enum Period: Hashable, Sendable {
    /// All of the time so long before the window's start.
    case rolling(TimeSpan)
    /// The window's hours of the week, in so many weeks before its start.
    case sameHour(TimeSpan)

    /// How far back it reaches.
    public var length: TimeSpan {
      switch self {
      case .rolling(let length), .sameHour(let length): length
      }
    }
  }

  /// The past that windows are compared with; `nil` for the profile's period.
  public var period: Period?
  /// The segment's field within whose values drift is judged; `nil` for none.
  public var strata: FieldPath?

  /// The profile alone.
  public init() {}

  /// Whether the hours of the week are told apart.
  public var isSeasonal: Bool {
    if case .sameHour = period { true } else { false }
  }

  /// Whether the profile must hold counts by combination of segment values.
  public var needsTable: Bool {
    if case .rolling = period { return false }
    return isSeasonal || strata != nil
  }
}
