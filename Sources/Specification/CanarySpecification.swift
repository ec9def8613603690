/// A new version that is held against the one in use.
public struct CanarySpecification: Sendable, Equatable {
  /// How outcomes of both versions are paired.
  public enum Pairs: String, Sendable, CaseIterable {
    /// Each event goes to one version, by chance or by a hash.
    case split
    /// Both versions answer the same events.
    case shadow
  }

  /// The version in use.
  public var stable: String
  /// The new version.
  public var canary: String
  /// How much worse the new version may be, in units of the greatest loss, in (0, 1).
  public var margin: Double
  /// The greatest loss of a prediction; 1 of a decision, which is right or wrong.
  public var bound: Double
  /// The probability of a false rollback, and that of a false promotion.
  public var risk: Double
  /// How outcomes are paired.
  public var pairs: Pairs

  /// What stands for a specification where there is none.
  package static let unread = CanarySpecification(
    stable: "",
    canary: "",
    margin: defaultMargin,
    bound: 1,
    risk: defaultRisk,
    pairs: .split
  )

  /// The margin unless the file says otherwise.
  public static let defaultMargin = 0.02
  /// The risk unless the file says otherwise.
  public static let defaultRisk = 0.05
}
