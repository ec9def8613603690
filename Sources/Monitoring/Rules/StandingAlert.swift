/// An alert that is pending or fires, or would if it were not withheld.
public struct StandingAlert: Sendable, Equatable {
  /// The rule's name.
  public var name: String
  /// The signal that it is about; `nil` where the rule names its signals itself.
  public var signal: String?
  /// The version that it is about alone.
  public var version: String?
  /// The segment that it is about alone, as `field=value`.
  public var segment: String?
  /// Pending or firing, as receivers know it; inactive when it is withheld.
  public var phase: AlertState.Phase
  /// Whether it is kept from receivers because an alert on the same data says that they are broken.
  public var isWithheld: Bool
}

extension Engine {
  /// How the alerts stand now, those that are inactive left out, in a fixed order.
  public var standingAlerts: [StandingAlert] {
    desk.standing.map { key, phase, isWithheld in
      let names = plan.names(of: key.view)
      return StandingAlert(
        name: key.rule,
        signal: key.signal,
        version: names.version,
        segment: names.segment,
        phase: phase,
        isWithheld: isWithheld
      )
    }
  }
}
