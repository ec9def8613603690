/// A condition over the columns of a batch; fields are indices into the predicate's fields.
indirect enum EventCondition: Sendable, Hashable {
  case constant(Bool)
  case field(Int)
  case exists(Int)
  case not(EventCondition)
  case and(EventCondition, EventCondition)
  case or(EventCondition, EventCondition)
  case compareNumbers(BinaryOperator, EventNumberNode, EventNumberNode)
  case compareTexts(BinaryOperator, EventText, EventText)
  case sameTruth(EventCondition, EventCondition)
  /// Two fields of any type: equal when both are of one type and equal.
  case sameValue(Int, Int)
  case numberIn(EventNumberNode, [Double])
  case textIn(EventText, [[UInt8]])
}

/// A number over the columns of a batch.
indirect enum EventNumberNode: Sendable, Hashable {
  case constant(Double)
  case field(Int)
  case negative(EventNumberNode)
  case absolute(EventNumberNode)
  case arithmetic(BinaryOperator, EventNumberNode, EventNumberNode)
  /// A duration in seconds: a field, and how many of its units make a second.
  case seconds(Int, perSecond: Double)
  /// A field that counts as it is, or as 0 or 1 where it is a boolean.
  case countable(Int)
  /// 1 where a condition holds, 0 where it does not.
  case indicator(EventCondition)
  /// A number where a condition holds; elsewhere it has no value.
  case filtered(EventNumberNode, EventCondition)
}

/// A text over the columns of a batch.
enum EventText: Sendable, Hashable {
  case constant([UInt8])
  case field(Int)
}
