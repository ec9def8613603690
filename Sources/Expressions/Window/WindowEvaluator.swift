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

/// What a window that lacks a part of its time knows of a statistic.
public enum StatisticExtent: Sendable {
  /// Its value: a mean or a share of what was seen.
  case whole
  /// That it is no less: a count of what was seen.
  case atLeast
  /// Nothing: a sum of numbers of any sign.
  case unknown
}

extension WindowCondition {
  /// The value of a condition in a window that lacks a part of its time.
  ///
  /// What grows with time, such as a count, is not compared: only that it is more than a limit
  /// already is known. What does not, such as the quotient of two counts, is compared as ever.
  ///
  /// - Parameters:
  ///   - lookup: The value of a statistic by its index among the expression's uses.
  ///   - extent: What is known of it.
  /// - Returns: `nil` when it is unknown.
  func holds(_ lookup: (Int) -> Double?, knowing extent: (Int) -> StatisticExtent) -> Bool? {
    switch self {
    case .constant, .isMissing: return holds(lookup)
    case .not(let operand): return operand.holds(lookup, knowing: extent).map { !$0 }
    case .and(let left, let right):
      let one = left.holds(lookup, knowing: extent)
      if one == false { return false }
      let other = right.holds(lookup, knowing: extent)
      return other == false ? false : one == nil ? nil : other
    case .or(let left, let right):
      let one = left.holds(lookup, knowing: extent)
      if one == true { return true }
      let other = right.holds(lookup, knowing: extent)
      return other == true ? true : one == nil ? nil : other
    case .within(let operand, _): return operand.grows(extent) ? nil : holds(lookup)
    case .compare(let symbol, let left, let right):
      if !left.grows(extent), !right.grows(extent) { return holds(lookup) }
      let isMore =
        switch symbol {
        case .greater, .greaterOrEqual: left.isLeast(extent) && !right.grows(extent)
        case .less, .lessOrEqual: right.isLeast(extent) && !left.grows(extent)
        default: false
        }
      return isMore && holds(lookup) == true ? true : nil
    }
  }
}

extension WindowNumber {
  /// Whether the number is not what it would be with the window's missing time.
  fileprivate func grows(_ extent: (Int) -> StatisticExtent) -> Bool { growth(extent) != 0 }

  /// The power of time that the number grows with.
  private func growth(_ extent: (Int) -> StatisticExtent) -> Int {
    switch self {
    case .constant: 0
    case .statistic(let use): extent(use) == .whole ? 0 : 1
    case .negative(let operand), .absolute(let operand): operand.growth(extent)
    case .arithmetic(.multiply, let left, let right): left.growth(extent) + right.growth(extent)
    case .arithmetic(.divide, let left, let right): left.growth(extent) - right.growth(extent)
    case .arithmetic(_, let left, let right): max(left.growth(extent), right.growth(extent))
    case .change(let now, _): now.growth(extent)
    }
  }

  /// Whether the number can only be more with the window's missing time.
  fileprivate func isLeast(_ extent: (Int) -> StatisticExtent) -> Bool {
    if case .statistic(let use) = self { extent(use) == .atLeast } else { false }
  }

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
