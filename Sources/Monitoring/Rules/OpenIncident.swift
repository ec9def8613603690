internal import Events
internal import Records
internal import Sketches
internal import Specification

/// An incident that is not closed.
///
/// It may stay open for as long as the stream lasts, and take in alerts without end. So nothing
/// walks over all of them: what a record says of them is kept up to date, and of each only what
/// it takes to know it again. What a notice costs does not depend on how many came before.
struct OpenIncident {
  /// What is kept of an alert.
  fileprivate struct Place {
    /// Its index in the order in which they came.
    var index: Int
    var cause: AlertCause
    var signal: String?
  }

  let id: String
  let model: String
  /// The first alerts, as many as a record lists.
  private var listed: [Incident.Member] = []
  private var places: [String: Place] = [:]
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
  /// - Returns: Whether it is a new one.
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
      if place.index < listed.count {
        listed[place.index].endsAt = nil
        listed[place.index].isFlapping = listed[place.index].isFlapping || member.isFlapping
      }
      return false
    }
    let isWorse = places.isEmpty || Self.isLess(severity, member.severity)
    if isWorse { severity = member.severity }
    since = min(since ?? member.startsAt, member.startsAt)
    tallies[cause, default: AlertTally()].insert(member)
    if listed.count < Incident.listed { listed.append(member) }
    places[name] = Place(index: places.count, cause: cause, signal: member.signal)
    return true
  }

  /// Takes in an alert that is withheld.
  ///
  /// - Returns: Whether it is a new one.
  mutating func withhold(_ member: Incident.Member) -> Bool { waiting.insert(member) }

  /// Notes that an alert ended.
  mutating func end(_ fingerprint: String, at time: Int64) {
    let place = places[fingerprint]
    if let place, place.index < listed.count { listed[place.index].endsAt = time }
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

  /// Whether an alert is one of its own.
  func holds(_ fingerprint: String) -> Bool { places[fingerprint] != nil }

  /// Whether an alert about a signal fires in it.
  func fires(on signal: String) -> Bool { firingSignals[signal] != nil }

  /// What its records list of an alert; `nil` of the later ones.
  func member(_ fingerprint: String) -> Incident.Member? {
    guard let place = places[fingerprint], place.index < listed.count else { return nil }
    return listed[place.index]
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
      alertCount: places.count,
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
    writer.write(places)
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
    places = try reader.read()
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
    writer.write(index)
    writer.write(cause)
    writer.write(signal)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    index = try reader.read()
    cause = try reader.read()
    signal = try reader.read()
  }
}
