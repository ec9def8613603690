internal import Events

/// What is known of an incident: alerts of one model that began soon after each other.
///
/// One for all of them, so that one cause is one line.
///
/// Its 13 properties are the fields of an incident record, as docs/outputs.md lists them.
public struct Incident: Sendable, Equatable {
  /// What became of it.
  public enum State: String, Sendable {
    /// The first alert fired.
    case opened
    /// Further alerts fired, or were withheld.
    case updated
    /// Nothing has fired for `incidents.quiet`.
    case closed
  }

  /// An alert of an incident.
  ///
  /// Its 10 properties are what an incident record lists of an alert.
  public struct Member: Sendable, Equatable {
    /// The rule's name.
    public var alert: String
    /// The alert's fingerprint.
    public var fingerprint: String
    /// The signal, where it is about one.
    public var signal: String?
    /// The version that it is about alone.
    public var version: String?
    /// The segment that it is about alone, `field=value`.
    public var segment: String?
    /// How bad it is.
    public var severity: String
    /// What it tells of.
    public var cause: AlertCause
    /// When it began to fire, in nanoseconds since 1970.
    public var startsAt: Int64
    /// When it ended, in nanoseconds since 1970; `nil` while it fires.
    public var endsAt: Int64?
    /// Whether it fires on and off and is kept firing.
    public var isFlapping: Bool

    /// Makes a member.
    package init(
      alert: String,
      fingerprint: String,
      signal: String?,
      version: String?,
      segment: String?,
      severity: String,
      cause: AlertCause,
      startsAt: Int64,
      endsAt: Int64?,
      isFlapping: Bool
    ) {
      self.alert = alert
      self.fingerprint = fingerprint
      self.signal = signal
      self.version = version
      self.segment = segment
      self.severity = severity
      self.cause = cause
      self.startsAt = startsAt
      self.endsAt = endsAt
      self.isFlapping = isFlapping
    }
  }

  /// The same in all records of one incident, and in every run: 16 hex digits.
  public var id: String
  /// What became of it.
  public var state: State
  /// When, in event time, in nanoseconds since 1970.
  public var time: Int64
  /// The model.
  public var model: String
  /// What it is, the cause first.
  public var title: String
  /// What its first cause is among those of its alerts.
  public var cause: AlertCause
  /// How bad its worst alert is.
  public var severity: String
  /// When its first alert began to fire, in nanoseconds since 1970.
  public var since: Int64
  /// When its last alert ended, in nanoseconds since 1970; `nil` until it is closed.
  public var until: Int64?
  /// The alerts that went out, in order; at most `listed` of them.
  public var alerts: [Member]
  /// How many went out.
  public var alertCount: Int
  /// The alerts that were withheld because the data they read are broken, or because the same fires
  /// for the whole traffic; at most `listed` of them.
  public var withheld: [Member]
  /// How many were withheld.
  public var withheldCount: Int

  /// The most alerts that a record lists; the first ones.
  package static let listed = 50

  /// Makes a record.
  package init(
    id: String,
    state: State,
    time: Int64,
    model: String,
    title: String,
    cause: AlertCause,
    severity: String,
    since: Int64,
    until: Int64?,
    alerts: [Member],
    alertCount: Int,
    withheld: [Member],
    withheldCount: Int
  ) {
    self.id = id
    self.state = state
    self.time = time
    self.model = model
    self.title = title
    self.cause = cause
    self.severity = severity
    self.since = since
    self.until = until
    self.alerts = alerts
    self.alertCount = alertCount
    self.withheld = withheld
    self.withheldCount = withheldCount
  }
}

extension Incident {
  /// Writes the record as one line.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "incident")
    json.member("incident", id)
    json.member("state", state.rawValue)
    json.member("time", Timestamp.format(time))
    json.member("model", model)
    json.member("title", title)
    json.member("cause", cause.rawValue)
    json.member("severity", severity)
    json.member("since", Timestamp.format(since))
    json.member("until", until.map { Timestamp.format($0) })
    json.member("alert_count", alertCount)
    write("alerts", alerts, to: &json)
    json.member("withheld_count", withheldCount)
    write("withheld", withheld, to: &json)
    json.endObject()
    json.endLine()
  }

  private func write(_ name: String, _ members: [Member], to json: inout JSONWriter) {
    json.name(name)
    json.beginArray()
    for member in members {
      json.beginObject()
      json.member("alert", member.alert)
      json.member("fingerprint", member.fingerprint)
      json.member("signal", member.signal)
      json.member("version", member.version)
      json.member("segment", member.segment)
      json.member("severity", member.severity)
      json.member("cause", member.cause.rawValue)
      json.member("starts_at", Timestamp.format(member.startsAt))
      json.member("ends_at", member.endsAt.map { Timestamp.format($0) })
      json.name("flapping")
      json.value(member.isFlapping)
      json.endObject()
    }
    json.endArray()
  }
}

extension Incident.Member {
  /// An alert that fires, as its incident lists it.
  package init(_ alert: Alert, _ cause: AlertCause) {
    self.init(
      alert: alert.name,
      fingerprint: alert.fingerprint,
      signal: alert.labels["signal"],
      version: alert.labels["version"],
      segment: alert.labels["segment"],
      severity: alert.labels["severity"] ?? "",
      cause: cause,
      startsAt: alert.startsAt,
      endsAt: nil,
      isFlapping: alert.isFlapping
    )
  }

  /// The part of the traffic in words; empty for all of it.
  package var part: String {
    version.map { " in version \($0)" } ?? segment.map { " in \($0)" } ?? ""
  }
}
