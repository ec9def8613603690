public import Expressions

/// What the model is for, so that it can be found not to serve it.
public struct FramingSpecification: Sendable, Equatable {
  /// What is decided, in words.
  public var decision: String?
  /// What a decision is worth by its outcome.
  public var cost: Cost?
  /// What was promised of the model.
  public var claim: Claim?
  /// The KPI that the model is to serve; one of the monitor's.
  public var kpi: String?

  /// A framing that says nothing.
  package init() {}

  /// What a decision costs by its outcome; a gain is a cost below 0.
  public struct Cost: Sendable, Equatable {
    /// Of a positive decision with a negative outcome.
    public var falsePositive: Double
    /// Of a negative decision with a positive outcome.
    public var falseNegative: Double
    /// Of a positive decision with a positive outcome.
    public var truePositive: Double
    /// Of a negative decision with a negative outcome.
    public var trueNegative: Double
    /// The unit: EUR.
    public var unit: String
  }

  /// A promise that outcomes can refute.
  public struct Claim: Sendable, Equatable {
    /// What it is of.
    public var measure: ClaimMeasure
    /// The least value of the measure, or of an error the greatest, in (0, 1).
    public var limit: Double
    /// How much of the predictions' time it is of.
    public var over: TimeSpan
    /// The probability of a false *fails* over the claim's life, and that of a false *holds*.
    public var risk: Double

    /// The risk unless the file says otherwise.
    public static let defaultRisk = 0.05
  }
}

/// A measure that a claim can be of: a mean over predictions, so that it can be looked at all the time.
public enum ClaimMeasure: String, Sendable, CaseIterable {
  /// The share of decisions that are right.
  case accuracy
  /// The share of positive decisions whose outcome is positive.
  case precision
  /// The share of positive outcomes whose decision is positive.
  case recall
  /// The share of negative outcomes whose decision is negative.
  case specificity
  /// The mean squared distance of score and outcome.
  case brier

  /// Whether less of it is better.
  public var isError: Bool { self == .brier }
}

/// A rule that decides on the same events, to hold the model against.
public struct BaselineSpecification: Sendable, Equatable {
  /// The name, unique in the file.
  public var name: String
  /// 1 where it decides positively, 0 where it does not.
  public var decision: EventNumber
}
