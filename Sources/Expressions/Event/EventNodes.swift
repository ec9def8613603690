/// A condition over the columns of a batch; fields are indices into the predicate's fields.
indirect enum EventCondition: Sendable, Equatable {
  case constant(Bool)
  case field(Int)
  case exists(Int)
  case not(EventCondition)
  case and(EventCondition, EventCondition)
  case or(EventCondition, EventCondition)
  case compareNumbers(BinaryOperator, EventNumber, EventNumber)
  case compareTexts(BinaryOperator, EventText, EventText)
  case sameTruth(EventCondition, EventCondition)
  /// Two fields of any type: equal when both are of one type and equal.
  case sameValue(Int, Int)
  case numberIn(EventNumber, [Double])
  case textIn(EventText, [[UInt8]])
}

/// A number over the columns of a batch.
indirect enum EventNumber: Sendable, Equatable {
  case constant(Double)
  case field(Int)
  case negative(EventNumber)
  case absolute(EventNumber)
  case arithmetic(BinaryOperator, EventNumber, EventNumber)
}

/// A text over the columns of a batch.
enum EventText: Sendable, Equatable {
  case constant([UInt8])
  case field(Int)
}
