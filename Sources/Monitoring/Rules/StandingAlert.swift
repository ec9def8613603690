public import Records

/// An alert that is pending or fires, or would if it were not withheld.
public struct StandingAlert: Sendable, Equatable {
  /// The rule's name.
  public var name: String
  /// The fingerprint of its transitions.
  public var fingerprint: String
  /// The phase as receivers know it; inactive or pending when it is withheld.
  public var phase: AlertState.Phase
  /// Whether it is kept from receivers because an alert on the same data says that they are broken.
  public var isWithheld: Bool
}

extension Engine {
  /// How the alerts stand now, those that are inactive left out, in a fixed order.
  public var standingAlerts: [StandingAlert] { desk.standing }
}
