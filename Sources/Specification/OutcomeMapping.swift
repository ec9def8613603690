public import Events
public import Expressions

/// Where an outcome's parts stand in an event: what turned out of a prediction, told later.
public struct OutcomeMapping: Sendable, Equatable {
  /// Which events are outcomes; all that are no predictions without a condition.
  public var when: EventPredicate?
  /// The id of the prediction that it is of.
  public var id: FieldPath
  /// The version whose prediction it is of; without one it is of every version's with the id.
  public var version: FieldPath?
  /// When the outcome was known.
  public var time: FieldPath
  /// How its times are written.
  public var timeForm: TimeForm
  /// What turned out: a class or a number.
  public var label: FieldPath
  /// Where it stands who says so; `nil` where each outcome is the system's.
  public var votes: Votes?

  /// Where it stands who says what turned out.
  public struct Votes: Sendable, Equatable {
    /// Who voted: one vote each, the latest.
    public var annotator: FieldPath?
    /// Whether who was asked gave no answer.
    public var skipped: FieldPath?
    /// Whether a person, the system or a judge says so.
    public var source: FieldPath?
    /// Who says so where the outcome does not.
    public var standard: OutcomeSource
  }
}
