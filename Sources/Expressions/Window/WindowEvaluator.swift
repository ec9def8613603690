extension WindowCondition {
  /// The value of a condition.
  ///
  /// - Parameter lookup: The value of a statistic by its index among the expression's uses.
  /// - Returns: `nil` when it is unknown.
  func holds(_ lookup: (Int) -> Double?) -> Bool? {
    switch self {
    case .constant(let value): return value
    case .not(let operand): return operand.holds(lookup).map { !$0 }
    case .and(let left, let right):
      let one = left.holds(lookup)
      if one == false { return false }
      let other = right.holds(lookup)
      return other == false ? false : one == nil ? nil : other
    case .or(let left, let right):
      let one = left.holds(lookup)
      if one == true { return true }
      let other = right.holds(lookup)
      return other == true ? true : one == nil ? nil : other
    case .compare(let symbol, let left, let right):
      guard let one = left.value(lookup), let other = right.value(lookup) else { return nil }
      return symbol.compares(one, other)
    case .within(let operand, let items): return operand.value(lookup).map { items.contains($0) }
    case .isMissing(let operand): return operand.value(lookup) == nil
    }
  }
}

extension WindowNumber {
  /// The value of a number.
  ///
  /// - Parameter lookup: The value of a statistic by its index among the expression's uses.
  /// - Returns: `nil` when a part of it has none, or it leaves the doubles.
  func value(_ lookup: (Int) -> Double?) -> Double? {
    switch self {
    case .constant(let value): return value
    case .statistic(let index): return lookup(index).flatMap { $0.isNaN ? nil : $0 }
    case .negative(let operand): return operand.value(lookup).map { -$0 }
    case .absolute(let operand): return operand.value(lookup).map(\.magnitude)
    case .arithmetic(let symbol, let left, let right):
      guard let one = left.value(lookup), let other = right.value(lookup) else { return nil }
      let result = symbol.arithmetic(one, other)
      return result.isNaN ? nil : result
    case .change(let now, let before):
      guard let one = now.value(lookup), let other = before.value(lookup) else { return nil }
      let result = BinaryOperator.divide.arithmetic(one, other) - 1
      return result.isNaN ? nil : result
    }
  }
}
