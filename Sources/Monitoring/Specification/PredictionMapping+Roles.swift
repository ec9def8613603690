public import Expressions

extension PredictionMapping {
  /// The names that stand for mapped fields in conditions on an event.
  public var roles: EventRoles {
    EventRoles(score: score, decision: decision, version: version)
  }
}
