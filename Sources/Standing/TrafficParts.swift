public import Records

/// The parts of the traffic beside each other: versions, and the values of each segment.
public struct TrafficParts: Sendable, Equatable {
  /// The name of the windows in which they are judged: `main`, else the first.
  public var window: String
  /// The predictions of all traffic.
  public var events = 0
  /// The predictions of the newest window.
  public var newestEvents = 0
  /// The end of the newest window, in nanoseconds since 1970; `nil` before the first.
  public var newestEnd: Int64?
  /// By dimension, versions first; the largest part of each first.
  public var dimensions: [Dimension] = []

  /// The parts that one field makes.
  public struct Dimension: Sendable, Equatable {
    /// The segment's field; `nil`: versions.
    public var segment: String?
    /// The parts, the largest first.
    public var parts: [TrafficPart]

    /// Makes a dimension.
    package init(segment: String?, parts: [TrafficPart]) {
      self.segment = segment
      self.parts = parts
    }
  }

  /// Parts of which nothing was judged yet.
  package init(window: String) { self.window = window }
}

/// One version, or one value of a segment.
public struct TrafficPart: Sendable, Equatable {
  /// The version, when the part is one.
  public var version: String?
  /// The segment as `field=value`, when the part is one.
  public var segment: String?
  /// The predictions that were counted.
  public var events: Int
  /// The predictions of the newest window.
  public var newestEvents: Int
  /// The surest drift of the newest window; `nil` where nothing is sure.
  public var newest: Drift?
  /// The surest drift of all windows.
  public var surest: Drift?
  /// Of versions what their newest window says of latency, failures and KPIs.
  public var numbers: [Measurement] = []
  /// The end of that window, in nanoseconds since 1970.
  public var numbersEnd: Int64 = 0

  /// The signal of a part that is furthest beyond its limit, by the lower bound.
  public struct Drift: Sendable, Equatable {
    /// The signal's name.
    public var signal: String
    /// The index with its bound and counts.
    public var drift: StatisticValue
    /// The largest population stability index that is tolerated.
    public var tolerance: Double
    /// The window's end, exclusive, in nanoseconds since 1970.
    public var end: Int64

    /// Makes a drift.
    package init(signal: String, drift: StatisticValue, tolerance: Double, end: Int64) {
      self.signal = signal
      self.drift = drift
      self.tolerance = tolerance
      self.end = end
    }

    /// The lower bound as a multiple of the tolerance.
    package var excess: Double { drift.driftBound / max(tolerance, 1e-9) }

    /// Whether it is beyond the limit.
    public var isBeyond: Bool { drift.driftBound > tolerance }
  }

  /// Makes a part.
  package init(
    version: String? = nil,
    segment: String? = nil,
    events: Int,
    newestEvents: Int,
    newest: Drift? = nil,
    surest: Drift? = nil
  ) {
    self.version = version
    self.segment = segment
    self.events = events
    self.newestEvents = newestEvents
    self.newest = newest
    self.surest = surest
  }

  /// Whether an alert is about this part.
  public func has(_ alert: Snapshot.StandingAlertLine) -> Bool {
    (version != nil || segment != nil) && alert.version == version && alert.segment == segment
  }
}
