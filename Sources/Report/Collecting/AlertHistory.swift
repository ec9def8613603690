internal import Monitoring
internal import Records
internal import Standing

/// One alert from firing to its end.
struct Episode: Sendable {
  /// The alert as it fired.
  var alert: Alert
  /// When it was resolved, in nanoseconds since 1970; `nil` while it fires.
  var resolved: Int64?

  /// What it is about.
  var line: Snapshot.StandingAlertLine { Snapshot.StandingAlertLine(alert) }
}

extension Snapshot.StandingAlertLine {
  /// Whether it wakes people: `page` is what budgets call it.
  var isCritical: Bool { ["critical", "page"].contains(severity) }

  /// The part of the traffic, where it is not all of it.
  var part: String? { segment ?? version.map { "version \($0)" } }

  /// The signal, and the part of the traffic where it is not all of it.
  var subject: String {
    let signal = signal ?? ""
    guard let part else { return signal }
    return signal.isEmpty ? part : "\(signal) (\(part))"
  }
}

/// The alerts that fired, in order of time.
struct AlertHistory: Sendable {
  /// The first alerts that fired.
  private(set) var episodes: [Episode] = []
  /// How many fired in all.
  private(set) var fired = 0
  /// How many were resolved.
  private(set) var ended = 0
  private var standing = Standing()
  private var history = IncidentHistory(limit: AlertHistory.limit)
  private var places: [String: Int] = [:]

  /// The most episodes, and the most incidents, that are kept and written; others are counted.
  static let limit = 200

  /// The first incidents, each as its last record has it.
  var incidents: [Incident] { history.incidents }
  /// How many incidents there were.
  var incidentCount: Int { history.count }

  mutating func insert(_ alert: Alert) {
    standing.insert([.alert(alert)])
    switch alert.state {
    case .firing:
      fired += 1
      if episodes.count < Self.limit {
        places[alert.fingerprint] = episodes.count
        episodes.append(Episode(alert: alert))
      }
    case .resolved:
      ended += 1
      if let place = places.removeValue(forKey: alert.fingerprint) {
        episodes[place].resolved = alert.time
      }
    case .inactive, .pending: break
    }
  }

  /// The number of each of those incidents, by its name: 1 is the first of the stream.
  var incidentNumbers: [String: Int] {
    Dictionary(uniqueKeysWithValues: zip(incidents.map(\.id), 1...))
  }

  /// Takes over what an earlier process left firing and open.
  mutating func resume(_ engine: Engine) {
    standing = Standing(resuming: engine)
    history.resume(engine.openIncidents)
  }

  mutating func insert(_ incident: Incident) { history.insert(incident) }

  /// What fires at the end, the most severe and the oldest first.
  var firing: [Snapshot.StandingAlertLine] {
    standing.firing.values.sorted { a, b in
      a.isCritical == b.isCritical
        ? (a.since, a.fingerprint) < (b.since, b.fingerprint) : a.isCritical
    }
  }
}
