extension WindowCondition {
  /// The value of a condition.
  ///
  /// - Parameters:
  ///   - lookup: The value of a statistic by its index among the expression's uses.
  ///   - bounds: The confidence bounds of the number that a comparison asks for, by the comparison's
  ///     place; `nil` where it is compared as it is.
  ///   - isNegated: Whether the condition stands within an odd number of `not`: it is then the other
  ///     bound that has to prove that a comparison does not hold.
  /// - Returns: `nil` when it is unknown, also where a number is beyond a limit and its bound is not:
  ///   no alert begins by that, and none ends.
  func holds(
    _ lookup: (Int) -> Double?,
    _ bounds: (Int) -> ClosedRange<Double>?,
    isNegated: Bool = false
  ) -> Bool? {
    switch self {
    case .constant(let value): return value
    case .not(let operand):
      return operand.holds(lookup, bounds, isNegated: !isNegated).map { !$0 }
    case .and(let left, let right):
      let one = left.holds(lookup, bounds, isNegated: isNegated)
      if one == false { return false }
      let other = right.holds(lookup, bounds, isNegated: isNegated)
      return other == false ? false : one == nil ? nil : other
    case .or(let left, let right):
      let one = left.holds(lookup, bounds, isNegated: isNegated)
      if one == true { return true }
      let other = right.holds(lookup, bounds, isNegated: isNegated)
      return other == true ? true : one == nil ? nil : other
    case .compare(let symbol, let left, let right, let place):
      guard let one = left.value(lookup), let other = right.value(lookup) else { return nil }
      let holds = symbol.compares(one, other)
      // What would begin an alert has to be proved; what ends one has not.
      guard holds != isNegated, let range = bounds(place) else { return holds }
      let isProved: Bool
      if case .constant = left {
        let turned = symbol.mirrored ?? symbol
        isProved = symbol.compares(one, turned.end(of: range, isNegated) ?? other) == holds
      } else {
        isProved = symbol.compares(symbol.end(of: range, isNegated) ?? one, other) == holds
      }
      return isProved ? holds : nil
    case .within(let operand, let items): return operand.value(lookup).map { items.contains($0) }
    case .isMissing(let operand): return operand.value(lookup) == nil
    }
  }
}

extension BinaryOperator {
  /// The bound on whose side a comparison must be proved; `nil` where it is of equality.
  fileprivate func end(of range: ClosedRange<Double>, _ isNegated: Bool) -> Double? {
    switch self {
    case .greater, .greaterOrEqual: isNegated ? range.upperBound : range.lowerBound
    case .less, .lessOrEqual: isNegated ? range.lowerBound : range.upperBound
    default: nil
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
  ///   - bounds: The confidence bounds, as above.
  ///   - extent: What is known of it.
  ///   - isNegated: As above.
  /// - Returns: `nil` when it is unknown.
  func holds(
    _ lookup: (Int) -> Double?,
    _ bounds: (Int) -> ClosedRange<Double>?,
    knowing extent: (Int) -> StatisticExtent,
    isNegated: Bool = false
  ) -> Bool? {
    switch self {
    case .constant, .isMissing: return holds(lookup, bounds)
    case .not(let operand):
      return operand.holds(lookup, bounds, knowing: extent, isNegated: !isNegated).map { !$0 }
    case .and(let left, let right):
      let one = left.holds(lookup, bounds, knowing: extent, isNegated: isNegated)
      if one == false { return false }
      let other = right.holds(lookup, bounds, knowing: extent, isNegated: isNegated)
      return other == false ? false : one == nil ? nil : other
    case .or(let left, let right):
      let one = left.holds(lookup, bounds, knowing: extent, isNegated: isNegated)
      if one == true { return true }
      let other = right.holds(lookup, bounds, knowing: extent, isNegated: isNegated)
      return other == true ? true : one == nil ? nil : other
    case .within(let operand, _): return operand.grows(extent) ? nil : holds(lookup, bounds)
    case .compare(let symbol, let left, let right, _):
      let holds = holds(lookup, bounds, isNegated: isNegated)
      if !left.grows(extent), !right.grows(extent) { return holds }
      let isMore =
        switch symbol {
        case .greater, .greaterOrEqual: left.isLeast(extent) && !right.grows(extent)
        case .less, .lessOrEqual: right.isLeast(extent) && !left.grows(extent)
        default: false
        }
      return isMore && holds == true ? true : nil
    }
  }
}

extension WindowNumber {
  /// Whether the number is not what it would be with the window's missing time.
  fileprivate func grows(_ extent: (Int) -> StatisticExtent) -> Bool { growth(extent) != 0 }

  /// The power of time that the number grows with.
  func growth(_ extent: (Int) -> StatisticExtent) -> Int {
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
