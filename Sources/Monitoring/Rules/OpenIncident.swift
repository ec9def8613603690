internal import Events
internal import Records
internal import Sketches
internal import Specification

/// An incident that is not closed.
///
/// It may stay open for as long as the stream lasts, and take in alerts without end. So nothing
/// walks over all of them: what a record says of them is kept up to date, and which they were is
/// remembered of those that are listed, of those that fire and of the last `endedLimit` that ended.
/// The others are counted. Neither what a notice costs nor the memory depends on how many came
/// before.
struct OpenIncident {
  /// The most alerts that are known again after their end, beside those that a record lists.
  ///
  /// As many again are known of those that were withheld. One that ended before them counts as a
  /// new one when it fires again.
  static let endedLimit = 1_024

  let id: String
  let model: String
  private var alerts = RememberedAlerts()
  private var summary = IncidentSummary()
  private var waiting = WithheldAlerts()
  private(set) var firing = FiringAlerts()
  /// Since when nothing fires; `nil` while something does.
  private(set) var quietSince: Int64?
  /// When its last alert began, or the last one that fired ended: what fires soon after belongs to
  /// it, what fires long after is news of its own, even while something here still fires.
  private(set) var lastNews = Int64.min

  /// An incident that an alert opens.
  init(openedBy alert: Alert, model: String) {
    self.model = model
    id = Alert.fingerprint([
      "model": model, "alert": alert.fingerprint, "time": Timestamp.format(alert.startsAt),
    ])
  }

  /// Takes in an alert that fires.
  ///
  /// - Returns: Whether it is none of those that are remembered.
  mutating func insert(_ member: Incident.Member, at time: Int64) -> Bool {
    let name = member.fingerprint
    let place = alerts[name] ?? RememberedAlerts.Place(cause: member.cause, signal: member.signal)
    firing.insert(name, place)
    quietSince = nil
    lastNews = max(lastNews, time)
    waiting.remove(name)
    guard alerts.insert(member) else { return false }
    summary.insert(member)
    return true
  }

  /// Takes in an alert that is withheld.
  ///
  /// - Returns: Whether it is none of those that are remembered.
  mutating func withhold(_ member: Incident.Member) -> Bool { waiting.insert(member) }

  /// Notes that an alert is no longer withheld and does not fire.
  mutating func endWaiting(_ fingerprint: String) { waiting.end(fingerprint) }

  /// Notes that an alert ended.
  mutating func end(_ fingerprint: String, at time: Int64) {
    let place = alerts.end(fingerprint, at: time)
    firing.remove(fingerprint, place)
    guard firing.isEmpty else { return }
    quietSince = max(time, quietSince ?? time)
    lastNews = max(lastNews, time)
  }

  /// Forgets which alerts ended first, where they are more than the limit; amortised constant work.
  ///
  /// Of use once all that happened at a time has gone out: what ends names its incident.
  mutating func forgetEnded() {
    alerts.forgetEnded(beyond: Self.endedLimit)
    waiting.forgetEnded(beyond: Self.endedLimit)
  }

  /// How many alerts are remembered one by one.
  var rememberedCount: Int { alerts.count + waiting.rememberedCount }

  /// Whether an alert is one of its own that is remembered.
  func holds(_ fingerprint: String) -> Bool { alerts[fingerprint] != nil }

  /// Whether an alert about a signal fires in it.
  func fires(on signal: String) -> Bool { firing.isAny(on: signal) }

  /// What its records list of an alert; `nil` of the later ones.
  func member(_ fingerprint: String) -> Incident.Member? { alerts.member(fingerprint) }

  /// Whether an alert waits in it.
  func withholds(_ fingerprint: String) -> Bool { waiting.contains(fingerprint) }

  /// Whether alerts that fire here withhold others.
  var hasBrokenData: Bool { firing.inhibit }

  /// The incident as a record.
  func record(_ state: Incident.State, at time: Int64) -> Incident {
    Incident(
      id: id,
      state: state,
      time: time,
      model: model,
      title: summary.title(withheld: waiting.count),
      cause: summary.cause,
      severity: summary.severity,
      since: summary.since ?? time,
      until: state == .closed ? quietSince : nil,
      alerts: alerts.listed,
      alertCount: alerts.totalCount,
      withheld: waiting.listed,
      withheldCount: waiting.count
    )
  }
}

extension OpenIncident: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(model)
    writer.write(alerts)
    writer.write(summary)
    writer.write(waiting)
    writer.write(firing.names.sorted())
    writer.write(quietSince)
    writer.write(lastNews)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    id = try reader.read()
    model = try reader.read()
    alerts = try reader.read()
    summary = try reader.read()
    waiting = try reader.read()
    let names: [String] = try reader.read()
    for name in names { firing.insert(name, alerts[name]) }
    quietSince = try reader.read()
    lastNews = try reader.read()
  }
}
