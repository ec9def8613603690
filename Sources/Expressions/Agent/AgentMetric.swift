public import Events

/// A number that an agent knows of itself, by the name that conditions and SIGUSR1 have for it.
public struct AgentMetric: Hashable, Sendable {
  /// How a metric moves with time.
  public enum Kind: Sendable {
    /// It begins at 0 with the process, and grows.
    case count
    /// It goes up and down.
    case level
    /// A length of time, in nanoseconds.
    case age
  }

  /// Whose a metric is.
  public enum Scope: Sendable {
    /// The process'; there is one.
    case agent
    /// A monitor's; each has its own.
    case monitor
  }

  /// What must be there for the process to know a metric at all.
  public enum Need: String, Sendable {
    /// A state that is kept.
    case state = "--state"
    /// Topics that are read.
    case topics = "a source of topics"
  }

  /// Its name.
  public let name: String
  /// How it moves.
  public let kind: Kind
  /// Whose it is.
  public let scope: Scope
  /// What it needs; `nil` for nothing.
  public let need: Need?

  private init(_ name: String, _ kind: Kind, _ scope: Scope, needs need: Need? = nil) {
    self.name = name
    self.kind = kind
    self.scope = scope
    self.need = need
  }

  /// Lines that were read, blank ones included.
  public static let lines = AgentMetric("lines", .count, .monitor)
  /// Bytes that were read, after unpacking.
  public static let bytes = AgentMetric("bytes", .count, .monitor)
  /// Predictions that were counted.
  public static let events = AgentMetric("events", .count, .monitor)
  /// Outcomes that were taken in.
  public static let outcomes = AgentMetric("outcomes", .count, .monitor)
  /// Events that no `when` takes.
  public static let ignored = AgentMetric("ignored", .count, .monitor)
  /// Predictions that wait until others bear out their time.
  public static let waiting = AgentMetric("waiting", .level, .monitor)
  /// Lines that could not be used.
  public static let refused = AgentMetric("refused", .count, .monitor)
  /// How far the event time is behind this machine's clock.
  public static let clockAge = AgentMetric("clock_age", .age, .monitor)
  /// Predictions that wait for their outcome on the disk.
  public static let onDisk = AgentMetric("on_disk", .level, .monitor)
  /// Records that wait for a cluster to acknowledge them.
  public static let unacknowledged = AgentMetric("unacknowledged", .level, .agent)
  /// How long ago the state was written.
  public static let stateAge = AgentMetric("state_age", .age, .agent, needs: .state)
  /// The state's length in bytes.
  public static let stateBytes = AgentMetric("state_bytes", .level, .agent, needs: .state)
  /// Partitions that are read.
  public static let partitions = AgentMetric("partitions", .level, .agent, needs: .topics)
  /// Records of them that were not read yet, as far as the brokers have said.
  public static let lag = AgentMetric("lag", .level, .agent, needs: .topics)
  /// Records that were deleted before they were read.
  public static let deleted = AgentMetric("deleted", .count, .agent, needs: .topics)
  /// How often a log ended before our place in it.
  public static let regressions = AgentMetric("regressions", .count, .agent, needs: .topics)
  /// Records that came again and were passed over.
  public static let repeated = AgentMetric("repeated", .count, .agent, needs: .topics)
  /// Records without a value, or with an empty one.
  public static let empty = AgentMetric("empty", .count, .agent, needs: .topics)
  /// How often the group has shared its partitions out.
  public static let rebalances = AgentMetric("rebalances", .count, .agent, needs: .topics)
  /// The process' memory, in bytes.
  public static let memory = AgentMetric("memory", .level, .agent)
  /// How long the process has been there.
  public static let uptime = AgentMetric("uptime", .age, .agent)

  /// Lines that could not be used for one reason.
  public static func refused(_ reason: Refusal) -> AgentMetric {
    AgentMetric("refused_\(reason.rawValue)", .count, .monitor)
  }

  /// All of them, in the order in which they are written.
  public static let all: [AgentMetric] =
    [lines, bytes, events, outcomes, ignored, waiting, refused]
    + Refusal.allCases.map { refused($0) }
    + [
      clockAge, onDisk, unacknowledged, stateAge, stateBytes, partitions, lag, deleted,
      regressions, repeated, empty, rebalances, memory, uptime,
    ]
}
