/// New versions that are held against the one in use.
///
/// Its 9 properties are the keys of `canary`, and which part of the risk is spent.
public struct CanarySpecification: Sendable, Equatable {
  /// How outcomes of both versions are paired.
  public enum Pairs: String, Sendable, CaseIterable {
    /// Each event goes to one version, by chance or by a hash.
    case split
    /// Both versions answer the same events.
    case shadow
  }

  /// What a prediction loses, as a part of the greatest loss.
  public enum Measure: String, Sendable, CaseIterable {
    /// A wrong decision, or the error of a number.
    case error
    /// The squared distance of score and outcome.
    case brier
    /// What the decision cost beyond the cheapest, by the framing's costs.
    case cost
  }

  /// The version in use; empty where versions are found.
  public var stable: String
  /// The new versions; one at least, but where versions are found.
  public var canaries: [String]
  /// The least share of the predictions with which a version counts, in (0, 1), where the versions are
  /// found by their shares; `nil` where they are named.
  public var share: Double?
  /// What they are held against each other by; one at least.
  public var measures: [Measure] = [.error]
  /// How much worse a new version may be, in units of the greatest loss, in (0, 1).
  public var margin: Double
  /// The greatest loss of a prediction; 1 of a decision, which is right or wrong.
  public var bound: Double
  /// The probability of a false rollback, and that of a false promotion: of all measures and all new
  /// versions together.
  public var risk: Double
  /// How outcomes are paired.
  public var pairs: Pairs

  /// The part of the risk that these versions have, in (0, 1].
  package var riskShare = 1.0

  /// The risk of one measure of one new version.
  package var riskOfEach: Double { risk * riskShare / Double(canaries.count * measures.count) }
  /// Whether each new version is judged by itself, as there may be several.
  package var areSeveral: Bool { share != nil || canaries.count > 1 }

  /// What stands for a specification where there is none.
  package static let unread = CanarySpecification(
    stable: "",
    canaries: [""],
    margin: defaultMargin,
    bound: 1,
    risk: defaultRisk,
    pairs: .split
  )

  /// The most new versions at a time.
  public static let canariesLimit = 8
  /// The margin unless the file says otherwise.
  public static let defaultMargin = 0.02
  /// The risk unless the file says otherwise.
  public static let defaultRisk = 0.05
}
