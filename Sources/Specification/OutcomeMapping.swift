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
  /// The unit of numeric times.
  public var timeUnit: TimeUnit
  /// What turned out: a class or a number.
  public var label: FieldPath
}
