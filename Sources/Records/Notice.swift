/// Something that goes out: a transition of an alert, or of an incident.
public enum Notice: Sendable, Equatable {
  /// A transition of an alert.
  case alert(Alert)
  /// What became of an incident.
  case incident(Incident)

  /// Writes the record as one line.
  public func write(to json: inout JSONWriter) {
    switch self {
    case .alert(let alert): alert.write(to: &json)
    case .incident(let incident): incident.write(to: &json)
    }
  }
}
