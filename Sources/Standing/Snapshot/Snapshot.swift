public import Records

/// How a monitor stands at one moment: what a screen shows, and a snapshot file holds.
///
/// A value; it comes from an engine beside it, by way of `Standing`, or from a file
/// (`Snapshot(decoding:)`), and a screen cannot tell which.
///
/// Its 17 properties are what a snapshot file has: the fields of its first line and a list for each
/// kind of record after it.
public struct Snapshot: Sendable, Equatable {
  /// The monitor's model.
  public var model: String
  /// The reference profile's content hash.
  public var reference: String
  /// Whether the streams have ended.
  public var hasEnded = false
  /// The latest event time, in nanoseconds since 1970; `nil` before two events agree on it.
  public var clock: Int64?
  /// Predictions that were counted.
  public var events = 0
  /// Events that the monitor's `when` does not take.
  public var ignored = 0
  /// Lines that could not be used.
  public var refused = 0
  /// That so many lines were refused that little can be told, in words; `nil` where few were.
  public var untold: String?
  /// Windows judged.
  public var windowsJudged = 0
  /// The incidents that are open, the oldest first, at most `incidentLimit`.
  public var incidents: [OpenIncident] = []
  /// How many incidents are open.
  public var incidentCount = 0
  /// The numbers of the newest windows, then those of the error budgets, then those of the newest
  /// quality window that rules look at.
  public private(set) var views: [MeasuredPart] = []
  /// What signals are compared with.
  public var comparisons: [Comparison] = []
  /// The alerts that fire, at most `alertLimit`.
  public var alerts: [StandingAlertLine] = []
  /// How many alerts fire.
  public var alertCount = 0
  /// Versions and segments' values in the newest window, the largest of each field first, at most
  /// `partLimit` a field.
  public var parts: [PartLine] = []
  /// How many parts there are.
  public var partCount = 0

  /// The most alerts that are listed; the others are counted.
  public static let alertLimit = 100
  /// The most incidents that are listed, the newest; the others are counted.
  public static let incidentLimit = 100
  /// The most parts of the traffic of one field that are listed, the largest; the others are counted.
  public static let partLimit = 20

  /// A snapshot of nothing yet.
  public init(model: String, reference: String) {
    self.model = model
    self.reference = reference
  }

  /// An incident that is open, in short.
  public struct OpenIncident: Sendable, Equatable {
    /// Its name in the records.
    public var id: String
    /// What it is, the cause first.
    public var title: String
    /// How bad its worst alert is.
    public var severity: String
    /// When its first alert began to fire, in nanoseconds since 1970.
    public var since: Int64
    /// How many alerts went out.
    public var alerts: Int
    /// How many were withheld.
    public var withheld: Int

    /// Makes an incident.
    package init(
      id: String,
      title: String,
      severity: String,
      since: Int64,
      alerts: Int,
      withheld: Int
    ) {
      self.id = id
      self.title = title
      self.severity = severity
      self.since = since
      self.alerts = alerts
      self.withheld = withheld
    }
  }

  /// How a signal's drift is judged in one window, and both histograms.
  public struct Comparison: Sendable, Equatable {
    /// The window's name.
    public var window: String
    /// The signal's name.
    public var signal: String
    /// The largest population stability index that is tolerated.
    public var tolerance: Double
    /// The confidence of its lower bound.
    public var confidence: Double
    /// The bins in their order; none without a reference.
    public var bins: [Evidence.BinShares]
    /// Why nothing can be told of the signal, with the share; `nil` where something can.
    public var untold: String?

    /// Makes a comparison.
    package init(
      window: String,
      signal: String,
      tolerance: Double,
      confidence: Double,
      bins: [Evidence.BinShares],
      untold: String? = nil
    ) {
      self.window = window
      self.signal = signal
      self.tolerance = tolerance
      self.confidence = confidence
      self.bins = bins
      self.untold = untold
    }
  }

  /// An alert that fires.
  public struct StandingAlertLine: Sendable, Equatable {
    /// The rule's name.
    public var alert: String
    /// The fingerprint of its transitions.
    public var fingerprint: String
    /// How bad it is.
    public var severity: String
    /// The signal, where it is about one.
    public var signal: String?
    /// The version that it is about alone.
    public var version: String?
    /// The segment that it is about alone, `field=value`.
    public var segment: String?
    /// When it began to fire, in nanoseconds since 1970.
    public var since: Int64
    /// The rule's summary, filled in.
    public var summary: String?

    /// Makes an alert's line.
    package init(
      alert: String,
      fingerprint: String,
      severity: String,
      signal: String? = nil,
      version: String? = nil,
      segment: String? = nil,
      since: Int64,
      summary: String? = nil
    ) {
      self.alert = alert
      self.fingerprint = fingerprint
      self.severity = severity
      self.signal = signal
      self.version = version
      self.segment = segment
      self.since = since
      self.summary = summary
    }
  }

  /// Adds numbers; those of one window that follow each other are one view.
  ///
  /// Keeps what a screen shows and what is a number.
  public mutating func append(_ view: MeasuredPart) {
    var kept = view
    kept.measurements = view.measurements.filter { measurement in
      measurement.value.value.isFinite
        && (view.stage != nil || measurement.signal.hasPrefix(Self.budgetPrefix)
          || Self.statistics.contains(measurement.statistic))
    }
    guard !kept.measurements.isEmpty else { return }
    if let last = views.indices.last, views[last].window == view.window,
      views[last].start == view.start, views[last].end == view.end,
      views[last].version == view.version, views[last].segment == view.segment
    {
      views[last].measurements += kept.measurements
    } else {
      views.append(kept)
    }
  }

  /// What the names of objectives begin with.
  package static let budgetPrefix = "slos."
  /// What the names of KPIs begin with.
  package static let kpiPrefix = "kpis."

  /// The statistics that a screen shows.
  private static let statistics: Set<String> = [
    "count", "missing", "invalid", "unusable", "unseen", "distinct", "mean", "std", "min", "p50",
    "p99", "max",
    "drift", "value", "rate", "change_1d", "change_1w",
  ]
}
