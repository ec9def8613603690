public import Monitoring
internal import Records
internal import Specification

/// Follows an engine and says how it stands.
///
/// It keeps the alerts that fire and the incident that is open; all else is the engine's.
public struct SnapshotCollector: Sendable {
  private var firing: [String: Alert] = [:]
  private var incident: Incident?
  private var windows = 0

  /// A collector at the start of a stream.
  public init() {}

  /// Takes in what a round gave.
  public mutating func insert(_ output: EngineOutput) {
    windows += output.windows
    for alert in output.alerts {
      switch alert.state {
      case .firing: firing[alert.fingerprint] = alert
      case .resolved: firing[alert.fingerprint] = nil
      case .inactive, .pending: break
      }
    }
    for notice in output.incidents { incident = notice.state == .closed ? nil : notice }
  }

  /// How the engine stands.
  ///
  /// - Parameter engine: The engine; one that keeps its newest windows.
  /// - Returns: The snapshot, without what only the pipeline knows: clock and counts.
  public func snapshot(_ engine: Engine) -> Snapshot {
    var snapshot = Snapshot(
      model: engine.plan.monitor.model,
      reference: engine.plan.profile.contentHash
    )
    snapshot.windowsJudged = windows
    for window in engine.newestWindows {
      snapshot.append(window.measured)
      snapshot.comparisons += window.comparisons.map {
        Snapshot.Comparison(
          window: window.measured.window,
          signal: $0.signal,
          tolerance: $0.tolerance,
          confidence: $0.confidence,
          bins: $0.histogram
        )
      }
    }
    for view in engine.newestBudgets { snapshot.append(view) }
    let standing = firing.values.sorted {
      ($0.startsAt, $0.fingerprint) < ($1.startsAt, $1.fingerprint)
    }
    snapshot.alertCount = standing.count
    snapshot.alerts = standing.suffix(Snapshot.alertLimit).map { Snapshot.StandingAlertLine($0) }
    snapshot.incident = incident.map { Snapshot.OpenIncident($0) }
    return snapshot
  }
}

extension Snapshot.StandingAlertLine {
  init(_ alert: Alert) {
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
