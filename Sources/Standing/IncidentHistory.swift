package import Records

/// The incidents of a stream: the first ones, each as it was told of last, and how many there were.
package struct IncidentHistory: Sendable {
  /// The first incidents, in the order in which they opened.
  package private(set) var incidents: [Incident] = []
  /// How many there were.
  package private(set) var count = 0
  private var places: [String: Int] = [:]
  private let limit: Int

  /// A history of nothing yet; at most `limit` incidents are kept, others are counted.
  package init(limit: Int) { self.limit = limit }

  /// Takes in the incidents that an earlier process left open; of use before any other.
  package mutating func resume(_ open: [Incident]) {
    for incident in open {
      count += 1
      guard incidents.count < limit else { continue }
      places[incident.id] = incidents.count
      incidents.append(incident)
    }
  }

  /// Takes in what became of an incident.
  package mutating func insert(_ incident: Incident) {
    if let place = places[incident.id] {
      incidents[place] = incident
    } else if incident.state == .opened {
      count += 1
      if incidents.count < limit {
        places[incident.id] = incidents.count
        incidents.append(incident)
      }
    }
  }
}
