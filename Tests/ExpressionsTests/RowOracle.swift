import Events

@testable import Expressions

/// A value of a field as an event has it.
enum RowValue: Equatable {
  case number(Double)
  case text(String)
  case boolean(Bool)
  case null
  case missing
}

/// What an expression is worth for one row: the simplest reading of docs/language.md, row by row
/// over the tree, with `nil` for unknown.
struct RowOracle {
  let row: [String: RowValue]
  /// How many units of the field `took` make a second; the role of the latency.
  let perSecond: Double

  func value(_ path: FieldPath) -> RowValue { row[path.description] ?? .missing }

  func number(_ expression: Expression) -> Double? {
    switch expression.node {
    case .literal(.number(let value)): return value
    case .literal(.percentage(let value)): return value / 100
    case .literal(.duration(let length)): return Double(length.nanoseconds) / 1e9
    case .path(FieldPath(["latency"])):
      guard case .number(let value) = value(FieldPath(["took"])) else { return nil }
      return value / perSecond
    case .path(let path):
      guard case .number(let value) = value(path) else { return nil }
      return value
    case .unary(.negate, let operand): return number(operand).map { -$0 }
    case .call(let name, let arguments) where name.text == "abs":
      return arguments.first.flatMap { number($0) }.map { abs($0) }
    case .binary(let symbol, let left, let right) where !symbol.isComparison && !symbol.isLogical:
      guard let one = number(left), let other = number(right) else { return nil }
      let result =
        switch symbol {
        case .add: one + other
        case .subtract: one - other
        case .multiply: one * other
        default: one / other
        }
      return result.isFinite ? result : nil
    default: return nil
    }
  }

  private func text(_ expression: Expression) -> String? {
    switch expression.node {
    case .literal(.string(let text)): return text
    case .path(let path):
      guard case .text(let text) = value(path) else { return nil }
      return text
    default: return nil
    }
  }

  /// Whether a condition holds; texts are those of fields and literals named `s…`.
  func holds(_ expression: Expression) -> Bool? {
    switch expression.node {
    case .literal(.boolean(let value)): return value
    case .path(let path):
      guard case .boolean(let value) = value(path) else { return nil }
      return value
    case .unary(.not, let operand): return holds(operand).map { !$0 }
    case .binary(.and, let left, let right):
      let (one, other) = (holds(left), holds(right))
      return one == false || other == false ? false : one == nil || other == nil ? nil : true
    case .binary(.or, let left, let right):
      let (one, other) = (holds(left), holds(right))
      return one == true || other == true ? true : one == nil || other == nil ? nil : false
    case .binary(let symbol, let left, let right) where symbol.isComparison:
      return compare(symbol, left, right)
    case .membership(let operand, let items, let negated):
      let found: Bool?
      if case .literal(.string) = items[0].node {
        found = text(operand).map { text in items.contains { self.text($0) == text } }
      } else {
        found = number(operand).map { value in items.contains { number($0) == value } }
      }
      return found.map { $0 != negated }
    case .absence(let operand, let negated): return isThere(operand) == negated
    case .call(let name, let arguments) where name.text == "exists":
      return arguments.first.map { isThere($0) }
    default: return nil
    }
  }

  private func isThere(_ expression: Expression) -> Bool {
    guard case .path(let path) = expression.node else { return false }
    let value = value(path == FieldPath(["latency"]) ? FieldPath(["took"]) : path)
    return value != .missing && value != .null
  }

  private func compare(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression
  ) -> Bool? {
    func outcome<Value: Comparable>(_ one: Value?, _ other: Value?) -> Bool? {
      guard let one, let other else { return nil }
      return switch symbol {
      case .equal: one == other
      case .notEqual: one != other
      case .less: one < other
      case .lessOrEqual: one <= other
      case .greater: one > other
      default: one >= other
      }
    }
    if case .literal(.string) = right.node { return outcome(text(left), text(right)) }
    return outcome(number(left), number(right))
  }

  /// The KPI of several rows, its aggregates taken one after the other from all of them.
  static func kpi(_ expression: Expression, _ rows: [RowOracle]) -> Double? {
    switch expression.node {
    case .unary(_, let operand): return kpi(operand, rows).map { -$0 }
    case .binary(let symbol, let left, let right):
      return arithmetic(symbol, kpi(left, rows), kpi(right, rows))
    case .call(let name, let arguments) where name.text == "ratio":
      return arithmetic(.divide, kpi(arguments[0], rows), kpi(arguments[1], rows))
    case .call(let name, let arguments):
      var (operand, filter) = (arguments.first, Expression?.none)
      if case .filter(let inner, let condition)? = operand?.node {
        (operand, filter) = (inner, condition)
      }
      let chosen = rows.filter { row in filter.map { row.holds($0) == true } ?? true }
      let numbers = chosen.compactMap { row in operand.map { row.counted($0) } ?? 1 }
      return aggregate(numbers, name.text)
    default: return rows.first?.number(expression)
    }
  }

  private static func arithmetic(
    _ symbol: BinaryOperator,
    _ left: Double?,
    _ right: Double?
  ) -> Double? {
    guard let left, let right else { return nil }
    let result =
      switch symbol {
      case .add: left + right
      case .subtract: left - right
      case .multiply: left * right
      default: left / right
      }
    return result.isFinite ? result : nil
  }

  /// A number, or a condition as 0 or 1.
  private func counted(_ expression: Expression) -> Double? {
    if let number = number(expression) { return number }
    return holds(expression).map { $0 ? 1 : 0 }
  }

  /// The aggregate of the numbers of the events that count.
  static func aggregate(_ numbers: [Double], _ name: String) -> Double? {
    switch name {
    case "count": Double(numbers.count)
    case "sum": numbers.reduce(0, +)
    case "mean": numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    case "min": numbers.min()
    default: numbers.max()
    }
  }
}
