public import Events

/// The names that stand for a mapped field, whatever that field is called in the events.
///
/// `score`, `decision`, `version` and `latency` are names of a role where the monitor maps one; a
/// role wins over a field of the same name. Where a role is not mapped, its name is a field.
public struct EventRoles: Sendable, Equatable {
  /// Where an event's latency stands, and in which unit.
  public struct Latency: Sendable, Equatable {
    /// The field.
    public var path: FieldPath
    /// The unit of its numbers.
    public var unit: DurationUnit

    /// Makes a mapping.
    public init(path: FieldPath, unit: DurationUnit) {
      self.path = path
      self.unit = unit
    }
  }

  /// The field of the score.
  public var score: FieldPath?
  /// The field of the decision.
  public var decision: FieldPath?
  /// The field of the model's version.
  public var version: FieldPath?
  /// The field of the latency: a duration.
  public var latency: Latency?
  /// Whether the names of roles mean something, `label` included.
  let areNamed: Bool

  /// Makes the roles of a monitor; `label` is refused, because an outcome has a line of its own.
  public init(
    score: FieldPath? = nil,
    decision: FieldPath? = nil,
    version: FieldPath? = nil,
    latency: Latency? = nil
  ) {
    self.init(areNamed: true)
    self.score = score
    self.decision = decision
    self.version = version
    self.latency = latency
  }

  private init(areNamed: Bool) { self.areNamed = areNamed }

  /// No roles: every name is a field, as in `when`.
  public static let none = EventRoles(areNamed: false)

  /// The field that a name stands for; a name that is no role stands for itself.
  func field(_ path: FieldPath) -> FieldPath {
    guard areNamed, !path.isWildcard, path.components.count == 1 else { return path }
    switch path.components[0] {
    case "score": return score ?? path
    case "decision": return decision ?? path
    case "version": return version ?? path
    case "latency": return latency?.path ?? path
    default: return path
    }
  }

  /// The unit of the mapped latency, when the path is its name.
  func durationUnit(of path: FieldPath) -> DurationUnit? {
    guard areNamed, let latency, path == FieldPath(["latency"]) else { return nil }
    return latency.unit
  }

  /// Whether the path is the name of an outcome's label, which no event has yet.
  func isLabel(_ path: FieldPath) -> Bool { areNamed && path == FieldPath(["label"]) }
}

/// The unit in which a field counts time.
public enum DurationUnit: String, CaseIterable, Sendable, Hashable {
  /// Seconds.
  case seconds = "s"
  /// Milliseconds.
  case milliseconds = "ms"
  /// Microseconds.
  case microseconds = "us"
  /// Nanoseconds.
  case nanoseconds = "ns"

  /// How many make a second: a power of ten, exact.
  public var perSecond: Double {
    switch self {
    case .seconds: 1
    case .milliseconds: 1e3
    case .microseconds: 1e6
    case .nanoseconds: 1e9
    }
  }
}
