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

  /// What is kept of an alert.
  fileprivate struct Place {
    /// Its index among those that are listed.
    var listing: Int?
    var cause: AlertCause
    var signal: String?
  }

  let id: String
  let model: String
  /// The first alerts, as many as a record lists.
  private var listed: [Incident.Member] = []
  /// How many came.
  private var alertCount = 0
  /// The alerts that are remembered.
  private var places: [String: Place] = [:]
  /// Those of them that are not listed and ended, the last one at the end.
  private var ended = NameQueue()
  private var tallies: [AlertCause: AlertTally] = [:]
  private var severity = ""
  private var since: Int64?
  private var waiting = WithheldAlerts()
  /// The alerts that fire now.
  private(set) var firing: Set<String> = []
  /// How many of those that fire withhold others.
  private var firingInhibitors = 0
  /// How many of those that fire are about each signal.
  private var firingSignals: [String: Int] = [:]
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
    let cause = places[name]?.cause ?? member.cause
    if firing.insert(name).inserted {
      if cause.inhibits { firingInhibitors += 1 }
      if let signal = member.signal { firingSignals[signal, default: 0] += 1 }
    }
    quietSince = nil
    lastNews = max(lastNews, time)
    waiting.remove(name)
    if let place = places[name] {
      if let index = place.listing {
        listed[index].endsAt = nil
        listed[index].isFlapping = listed[index].isFlapping || member.isFlapping
      }
      ended.remove(name)
      return false
    }
    let isWorse = alertCount == 0 || Self.isLess(severity, member.severity)
    if isWorse { severity = member.severity }
    since = min(since ?? member.startsAt, member.startsAt)
    tallies[cause, default: AlertTally()].insert(member)
    alertCount += 1
    let listing = listed.count < Incident.listed ? listed.count : nil
    if listing != nil { listed.append(member) }
    places[name] = Place(listing: listing, cause: cause, signal: member.signal)
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
    let place = places[fingerprint]
    if let index = place?.listing { listed[index].endsAt = time }
    if place?.listing == nil, place != nil { ended.append(fingerprint) }
    if firing.remove(fingerprint) != nil, let place {
      if place.cause.inhibits { firingInhibitors -= 1 }
      if let signal = place.signal {
        let left = (firingSignals[signal] ?? 0) - 1
        firingSignals[signal] = left > 0 ? left : nil
      }
    }
    guard firing.isEmpty else { return }
    quietSince = max(time, quietSince ?? time)
    lastNews = max(lastNews, time)
  }

  /// Forgets which alerts ended first, where they are more than the limit; amortised constant work.
  ///
  /// Of use once all that happened at a time has gone out: what ends names its incident.
  mutating func forgetEnded() {
    while ended.count > Self.endedLimit, let name = ended.popFirst() { places[name] = nil }
    waiting.forgetEnded(beyond: Self.endedLimit)
  }

  /// How many alerts are remembered one by one.
  var rememberedCount: Int { places.count + waiting.rememberedCount }

  /// Whether an alert is one of its own that is remembered.
  func holds(_ fingerprint: String) -> Bool { places[fingerprint] != nil }

  /// Whether an alert about a signal fires in it.
  func fires(on signal: String) -> Bool { firingSignals[signal] != nil }

  /// What its records list of an alert; `nil` of the later ones.
  func member(_ fingerprint: String) -> Incident.Member? {
    places[fingerprint]?.listing.map { listed[$0] }
  }

  /// Whether an alert waits in it.
  func withholds(_ fingerprint: String) -> Bool { waiting.contains(fingerprint) }

  /// Whether alerts that fire here withhold others.
  var hasBrokenData: Bool { firingInhibitors > 0 }

  /// The incident as a record.
  func record(_ state: Incident.State, at time: Int64) -> Incident {
    let cause = tallies.keys.min() ?? .value
    return Incident(
      id: id,
      state: state,
      time: time,
      model: model,
      title: title(cause),
      cause: cause,
      severity: severity,
      since: since ?? time,
      until: state == .closed ? quietSince : nil,
      alerts: listed,
      alertCount: alertCount,
      withheld: waiting.listed,
      withheldCount: waiting.count
    )
  }

  /// Severities as the language orders them.
  private static func isLess(_ left: String, _ right: String) -> Bool {
    let order = Severity.allCases.map(\.rawValue)
    return (order.firstIndex(of: left) ?? -1) < (order.firstIndex(of: right) ?? -1)
  }

  /// Words: what happened to what, and what came with it.
  private func title(_ cause: AlertCause) -> String {
    let leading = tallies[cause] ?? AlertTally()
    var title = cause.words
    if cause != .silence { title += ": " + leading.listing }
    if let part = leading.part { title += part }
    let others = AlertCause.allCases.compactMap { other -> String? in
      guard other != cause, let count = tallies[other]?.count else { return nil }
      return "\(count) \(other.rawValue) alert\(count == 1 ? "" : "s")"
    }
    if !others.isEmpty { title += "; also " + others.joined(separator: ", ") }
    if waiting.count > 0 { title += "; \(waiting.count) withheld" }
    return title
  }
}

extension AlertCause {
  /// What a title begins with.
  fileprivate var words: String {
    switch self {
    case .pipeline: "Missing or invalid values"
    case .silence: "Silence: no events"
    case .mix: "Traffic mix"
    case .drift: "Drift"
    case .value: "Beyond limits"
    case .budget: "Error budget"
    }
  }
}

extension OpenIncident: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(model)
    writer.write(listed)
    writer.write(varint: UInt64(alertCount))
    writer.write(places)
    writer.write(ended)
    writer.write(tallies)
    writer.write(severity)
    writer.write(since)
    writer.write(waiting)
    writer.write(firing.sorted())
    writer.write(quietSince)
    writer.write(lastNews)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    id = try reader.read()
    model = try reader.read()
    listed = try reader.read()
    alertCount = try reader.readCount(limit: AlertTally.countMax)
    let start = reader.offset
    places = try reader.read()
    guard places.values.allSatisfy({ $0.listing.map(listed.indices.contains) ?? true }) else {
      throw .invalid(offset: start)
    }
    ended = try reader.read()
    tallies = try reader.read()
    severity = try reader.read()
    since = try reader.read()
    waiting = try reader.read()
    let names: [String] = try reader.read()
    firing = Set(names)
    firingInhibitors = firing.count { places[$0]?.cause.inhibits == true }
    for name in firing {
      if let signal = places[name]?.signal { firingSignals[signal, default: 0] += 1 }
    }
    quietSince = try reader.read()
    lastNews = try reader.read()
  }
}

extension OpenIncident.Place: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(listing)
    writer.write(cause)
    writer.write(signal)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    listing = try reader.read()
    cause = try reader.read()
    signal = try reader.read()
  }
}
