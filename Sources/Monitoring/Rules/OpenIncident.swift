internal import Events
internal import Records
internal import Specification

/// An incident that is not closed.
struct OpenIncident: Equatable {
  let id: String
  let model: String
  private(set) var alerts: [Incident.Member] = []
  private(set) var withheld: [Incident.Member] = []
  private var alertIndices: [String: Int] = [:]
  private var withheldNames: Set<String> = []
  /// The alerts that fire now.
  private(set) var firing: Set<String> = []
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
    firing.insert(member.fingerprint)
    quietSince = nil
    lastNews = max(lastNews, time)
    if withheldNames.remove(member.fingerprint) != nil {
      withheld.removeAll { $0.fingerprint == member.fingerprint }
    }
    if let index = alertIndices[member.fingerprint] {
      alerts[index].endsAt = nil
      alerts[index].isFlapping = alerts[index].isFlapping || member.isFlapping
      return false
    }
    alertIndices[member.fingerprint] = alerts.count
    alerts.append(member)
    return true
  }

  /// Takes in an alert that is withheld.
  ///
  /// - Returns: Whether it is a new one.
  mutating func withhold(_ member: Incident.Member) -> Bool {
    guard withheldNames.insert(member.fingerprint).inserted else { return false }
    withheld.append(member)
    return true
  }

  /// Notes that an alert ended.
  mutating func end(_ fingerprint: String, at time: Int64) {
    if let index = alertIndices[fingerprint] { alerts[index].endsAt = time }
    firing.remove(fingerprint)
    guard firing.isEmpty else { return }
    quietSince = max(time, quietSince ?? time)
    lastNews = max(lastNews, time)
  }

  /// Whether an alert is one of its own.
  func holds(_ fingerprint: String) -> Bool { alertIndices[fingerprint] != nil }

  /// Whether an alert waits in it.
  func withholds(_ fingerprint: String) -> Bool { withheldNames.contains(fingerprint) }

  /// Whether alerts that fire here withhold others.
  var hasBrokenData: Bool {
    alerts.contains { $0.cause.inhibits && firing.contains($0.fingerprint) }
  }

  /// The incident as a record.
  func record(_ state: Incident.State, at time: Int64) -> Incident {
    let cause = alerts.map(\.cause).min() ?? .value
    return Incident(
      id: id,
      state: state,
      time: time,
      model: model,
      title: title(cause),
      cause: cause,
      severity: alerts.map(\.severity).max(by: Self.isLess) ?? "",
      since: alerts.map(\.startsAt).min() ?? time,
      until: state == .closed ? quietSince : nil,
      alerts: Array(alerts.prefix(Incident.listed)),
      alertCount: alerts.count,
      withheld: Array(withheld.prefix(Incident.listed)),
      withheldCount: withheld.count
    )
  }

  /// Severities as the language orders them.
  private static func isLess(_ left: String, _ right: String) -> Bool {
    let order = Severity.allCases.map(\.rawValue)
    return (order.firstIndex(of: left) ?? -1) < (order.firstIndex(of: right) ?? -1)
  }

  /// Words: what happened to what, and what came with it.
  private func title(_ cause: AlertCause) -> String {
    let leading = alerts.filter { $0.cause == cause }
    var title = cause.words
    if cause != .silence { title += ": " + Self.listing(leading) }
    let parts = Set(leading.map(\.part))
    if let part = parts.first, parts.count == 1 { title += part }
    let others = AlertCause.allCases.compactMap { other -> String? in
      let count = alerts.count { $0.cause == other }
      guard other != cause, count > 0 else { return nil }
      return "\(count) \(other.rawValue) alert\(count == 1 ? "" : "s")"
    }
    if !others.isEmpty { title += "; also " + others.joined(separator: ", ") }
    if !withheld.isEmpty { title += "; \(withheld.count) withheld" }
    return title
  }

  /// The first three signals by name, those without one by their rules.
  private static func listing(_ members: [Incident.Member]) -> String {
    var names: [String] = []
    for member in members where !names.contains(member.signal ?? member.alert) {
      names.append(member.signal ?? member.alert)
    }
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return names.prefix(3).joined(separator: ", ") + more
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
