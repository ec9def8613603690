package import Records

/// How a monitor stands at one moment: what fires, what is open, what was measured last.
///
/// It follows the notices, once for everyone who says how things stand; what a stream has been
/// through is a history's, such as `IncidentHistory`.
package struct Standing: Sendable, Equatable {
  /// The alerts that fire, by their fingerprints.
  package private(set) var firing: [String: Snapshot.StandingAlertLine] = [:]
  /// The incidents that are open, each as it was told of last, in the order in which they opened.
  package private(set) var incidents: [Incident] = []
  /// Windows judged.
  package var windowsJudged = 0
  /// The whole traffic in the newest window of each kind.
  package var newestWindows: [NewestWindow] = []
  /// The numbers of the error budgets, as metric records have them.
  package var newestBudgets: [MeasuredPart] = []
  /// The newest quality window that rules look at; `nil` before the first.
  package var newestQuality: MeasuredPart?
  /// Versions and segments' values beside each other; `nil` where nobody looks at them.
  package var parts: TrafficParts?
  /// How the objectives stand.
  package var budgets: [BudgetStanding] = []

  /// How things stand at the start of a stream.
  package init() {}

  /// How things stand where an earlier process left them: its notices are not heard again.
  ///
  /// - Parameters:
  ///   - firing: The alerts that fire.
  ///   - incidents: The incidents that are open, in the order in which they opened.
  package init(firing: [Snapshot.StandingAlertLine], incidents: [Incident]) {
    for line in firing { self.firing[line.fingerprint] = line }
    self.incidents = incidents
  }

  /// Takes in what went out, in its order.
  package mutating func insert(_ notices: [Notice]) {
    for notice in notices {
      switch notice {
      case .alert(let alert): insert(alert)
      case .incident(let incident): insert(incident)
      }
    }
  }

  private mutating func insert(_ alert: Alert) {
    switch alert.state {
    case .firing: firing[alert.fingerprint] = Snapshot.StandingAlertLine(alert)
    case .resolved: firing[alert.fingerprint] = nil
    case .inactive, .pending: break
    }
  }

  private mutating func insert(_ incident: Incident) {
    let place = incidents.firstIndex { $0.id == incident.id }
    switch (incident.state, place) {
    case (.closed, let place?): incidents.remove(at: place)
    case (.closed, nil): break
    case (_, let place?): incidents[place] = incident
    case (_, nil): incidents.append(incident)
    }
  }
}
