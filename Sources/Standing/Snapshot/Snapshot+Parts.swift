internal import Records

extension Snapshot {
  /// A version or a segment's value in the newest window.
  ///
  /// Its 9 properties are the fields of a part's line in a snapshot file.
  public struct PartLine: Sendable, Equatable {
    /// The window's name.
    public var window: String
    /// The version, when the part is one.
    public var version: String?
    /// The segment as `field=value`, when the part is one.
    public var segment: String?
    /// The predictions of the window.
    public var events: Int
    /// Their share of all of the window's.
    public var share: Double
    /// The signal of which most is sure; `nil` where nothing is.
    public var signal: String?
    /// The lower bound of its population stability index.
    public var low: Double?
    /// What is tolerated of it.
    public var tolerance: Double?
    /// How many alerts fire that are about the part.
    public var alerts: Int

    /// Makes a line.
    package init(
      window: String,
      version: String? = nil,
      segment: String? = nil,
      events: Int,
      share: Double,
      signal: String? = nil,
      low: Double? = nil,
      tolerance: Double? = nil,
      alerts: Int
    ) {
      self.window = window
      self.version = version
      self.segment = segment
      self.events = events
      self.share = share
      self.signal = signal
      self.low = low
      self.tolerance = tolerance
      self.alerts = alerts
    }

    /// Whether its bound is beyond the limit.
    package var hasDrifted: Bool { (low ?? 0) > tolerance ?? .infinity }
  }

  /// Takes in the parts that are in the newest window, as many as are listed.
  package mutating func insert(_ table: TrafficParts, firing: some Collection<StandingAlertLine>) {
    for dimension in table.dimensions {
      let present = dimension.parts.enumerated().filter { $0.element.newestEvents > 0 }
      let sorted = present.sorted { a, b in
        (b.element.newestEvents, a.offset) < (a.element.newestEvents, b.offset)
      }
      partCount += sorted.count
      parts += sorted.prefix(Self.partLimit).map { _, part in
        PartLine(
          window: table.window,
          version: part.version,
          segment: part.segment,
          events: part.newestEvents,
          share: Double(part.newestEvents) / Double(max(1, table.newestEvents)),
          signal: part.newest?.signal,
          low: part.newest?.drift.driftBound,
          tolerance: part.newest?.tolerance,
          alerts: firing.count(where: part.has)
        )
      }
    }
  }

  func write(_ part: PartLine, to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "part")
    json.member("window", part.window)
    json.member("version", part.version)
    json.member("segment", part.segment)
    json.member("events", part.events)
    json.member("share", part.share)
    json.member("signal", part.signal)
    json.member("low", part.low)
    json.member("tolerance", part.tolerance)
    json.member("alerts", part.alerts)
    json.endObject()
    json.endLine()
  }

  /// Takes in a record of a part; says whether it is as it should be.
  mutating func insertPart(_ record: FlatRecord) -> Bool {
    guard let window = record.text("window"), let events = record.count("events"),
      let share = record.number("share"), let alerts = record.count("alerts"),
      record.text("version") != nil || record.text("segment") != nil
    else { return false }
    parts.append(
      PartLine(
        window: window,
        version: record.text("version"),
        segment: record.text("segment"),
        events: events,
        share: share,
        signal: record.text("signal"),
        low: record.number("low"),
        tolerance: record.number("tolerance"),
        alerts: alerts
      )
    )
    return true
  }
}
