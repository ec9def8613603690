/// Judges a condition for one window and one signal.
struct WindowEvaluator {
  let uses: [StatisticUse]
  let signal: String?

  /// The value of a condition; `nil` when it is unknown.
  func holds(
    _ condition: WindowCondition,
    _ lookup: (StatisticQuery) -> Double?
  ) -> Bool? {
    switch condition {
    case .constant(let value): return value
    case .not(let operand): return holds(operand, lookup).map { !$0 }
    case .and(let left, let right):
      let one = holds(left, lookup)
      if one == false { return false }
      let other = holds(right, lookup)
      return other == false ? false : one == nil ? nil : other
    case .or(let left, let right):
      let one = holds(left, lookup)
      if one == true { return true }
      let other = holds(right, lookup)
      return other == true ? true : one == nil ? nil : other
    case .compare(let symbol, let left, let right):
      guard let one = value(left, lookup), let other = value(right, lookup) else { return nil }
      return symbol.compares(one, other)
    case .within(let operand, let items): return value(operand, lookup).map { items.contains($0) }
    case .isMissing(let operand): return value(operand, lookup) == nil
    }
  }

  /// The value of a number; `nil` when a part of it has none, or it leaves the doubles.
  func value(
    _ number: WindowNumber,
    _ lookup: (StatisticQuery) -> Double?
  ) -> Double? {
    switch number {
    case .constant(let value): return value
    case .statistic(let index):
      let use = uses[index]
      guard signal != nil || !use.selector.isWildcard else { return nil }
      return lookup(use.query(for: signal ?? "")).flatMap { $0.isNaN ? nil : $0 }
    case .negative(let operand): return value(operand, lookup).map { -$0 }
    case .absolute(let operand): return value(operand, lookup).map(\.magnitude)
    case .arithmetic(let symbol, let left, let right):
      guard let one = value(left, lookup), let other = value(right, lookup) else { return nil }
      let result = symbol.arithmetic(one, other)
      return result.isNaN ? nil : result
    case .change(let now, let before):
      guard let one = value(now, lookup), let other = value(before, lookup) else { return nil }
      let result = BinaryOperator.divide.arithmetic(one, other) - 1
      return result.isNaN ? nil : result
    }
  }
}
