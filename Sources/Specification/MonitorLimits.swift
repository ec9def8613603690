/// What the agent may hold at most; reaching a limit is counted and reported, never silent.
public struct MonitorLimits: Hashable, Sendable {
  /// The longest line, in bytes: longer ones are dead letters.
  public var lineBytes: Int = 1 << 20
  /// The deepest nesting of objects and arrays in an event.
  public var nesting: Int = 64
  /// The most signals of one model; a wildcard's further members are not counted.
  public var signals: Int = 1_024
  /// The most categories a signal of a profile; the rest is one `__other__`.
  public var categories: Int = 4_096
  /// The most values of one segment's field; the rest is one `__other__`.
  public var segmentValues: Int = 32
  /// The most predictions that wait for an outcome in memory, and the most outcomes that wait for a
  /// prediction.
  public var pending: Int = 1 << 20
  /// The most predictions that wait on the disk beyond those; of more the oldest windows are closed
  /// early.
  public var spilled: Int = 1 << 24
  /// The most versions at a time; the rest is one `__other__`.
  public var versions: Int = 16

  /// The defaults.
  public init() {}
}

/// What is written of events that cannot be used.
public struct DeadLetterOptions: Hashable, Sendable {
  /// Whether a dead letter holds the line's bytes, in base64.
  public var raw: Bool = true
  /// The most bytes of a line that a dead letter holds.
  public var rawBytes: Int = 4_096

  /// The defaults.
  public init() {}
}
