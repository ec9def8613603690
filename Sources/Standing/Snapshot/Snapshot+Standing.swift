package import Records

extension Snapshot {
  /// How a monitor stands, without what only its reader of events knows: clock and counts.
  ///
  /// - Parameters:
  ///   - standing: What fires, what is open, and what was measured last.
  ///   - model: The monitor's model.
  ///   - reference: The reference profile's content hash.
  package init(_ standing: Standing, model: String, reference: String) {
    self.init(model: model, reference: reference)
    windowsJudged = standing.windowsJudged
    for window in standing.newestWindows {
      append(window.measured)
      comparisons += window.comparisons.map {
        Snapshot.Comparison(
          window: window.measured.window,
          signal: $0.signal,
          tolerance: $0.tolerance,
          confidence: $0.confidence,
          bins: $0.histogram,
          untold: $0.untold
        )
      }
    }
    for view in standing.newestBudgets { append(view) }
    if let quality = standing.newestQuality { append(quality) }
    let firing = standing.firing.values.sorted {
      ($0.since, $0.fingerprint) < ($1.since, $1.fingerprint)
    }
    alertCount = firing.count
    alerts = Array(firing.suffix(Snapshot.alertLimit))
    if let parts = standing.parts { insert(parts, firing: firing) }
    incidentCount = standing.incidents.count
    incidents = standing.incidents.suffix(Snapshot.incidentLimit).map { Snapshot.OpenIncident($0) }
  }
}

extension Snapshot.StandingAlertLine {
  /// An alert that fires.
  package init(_ alert: Alert) {
    self.init(
      alert: alert.name,
      fingerprint: alert.fingerprint,
      severity: alert.labels["severity"] ?? "",
      signal: alert.labels["signal"],
      version: alert.labels["version"],
      segment: alert.labels["segment"],
      since: alert.startsAt,
      summary: alert.annotations["summary"]
    )
  }
}

extension Snapshot.OpenIncident {
  init(_ incident: Incident) {
    self.init(
      id: incident.id,
      title: incident.title,
      severity: incident.severity,
      since: incident.since,
      alerts: incident.alertCount,
      withheld: incident.withheldCount
    )
  }
}
