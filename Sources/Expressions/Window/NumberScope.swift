import Events

/// A number with its type, which is not known after a mistake.
typealias Quantity = (node: WindowNumber, type: ValueType?)

/// Whoever checks numbers that signs, arithmetic and calls make of what a scope has: statistics of a
/// window, aggregates of its events, metrics of the agent.
///
/// What is the same for all is here. A scope says what its names and calls are, and what is wrong
/// with what is no number of it.
protocol NumberScope {
  /// What is wrong so far.
  var diagnostics: [ExpressionDiagnostic] { get set }

  /// The number that a name stands for.
  mutating func bareName(_ path: FieldPath, at span: SourceSpan) -> Quantity

  /// The number that a call stands for.
  mutating func call(
    _ name: Expression.CallName,
    _ arguments: [Expression],
    in whole: Expression
  ) -> Quantity

  /// What is wrong with an expression that is no number.
  func problem(ofNoNumber expression: Expression) -> String

  /// Sees whether the sides of a sum, a difference or a comparison go together, beyond their types.
  mutating func checkCounts(
    _ left: (written: Expression, read: WindowNumber),
    _ symbol: BinaryOperator,
    _ right: (written: Expression, read: WindowNumber)
  )
}

extension NumberScope {
  mutating func report(_ span: SourceSpan, _ message: String, _ suggestion: String? = nil) {
    diagnostics.append(ExpressionDiagnostic(span: span, message: message, suggestion: suggestion))
  }

  /// Reports a mistake where a number was wanted.
  mutating func refused(
    _ span: SourceSpan,
    _ message: String,
    _ suggestion: String? = nil
  ) -> Quantity {
    report(span, message, suggestion)
    return (.constant(0), nil)
  }

  mutating func checkCounts(
    _ left: (written: Expression, read: WindowNumber),
    _ symbol: BinaryOperator,
    _ right: (written: Expression, read: WindowNumber)
  ) {}

  /// Checks a number.
  mutating func number(_ expression: Expression) -> Quantity {
    if let constant = expression.constantNumber { return (.constant(constant), .number) }
    if let seconds = expression.constantSeconds { return (.constant(seconds), .duration) }
    switch expression.node {
    case .unary(.negate, let operand):
      let inner = number(operand)
      return (.negative(inner.node), inner.type)
    case .binary(let symbol, let left, let right)
    where !symbol.isComparison && !symbol.isLogical:
      return arithmetic(symbol, left, right, in: expression)
    case .call(let name, let arguments): return call(name, arguments, in: expression)
    case .path(let path): return bareName(path, at: expression.span)
    default: return refused(expression.span, problem(ofNoNumber: expression))
    }
  }

  /// Checks a sum, a difference, a product or a quotient.
  mutating func arithmetic(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    in whole: Expression
  ) -> Quantity {
    let (one, other) = (number(left), number(right))
    if symbol == .add || symbol == .subtract {
      checkCounts((left, one.node), symbol, (right, other.node))
    }
    let node = WindowNumber.arithmetic(symbol, one.node, other.node)
    guard let first = one.type, let second = other.type else { return (node, nil) }
    switch UnitAlgebra.outcome(symbol, (left, first), (right, second)) {
    case .type(let type): return (node, type)
    case .problem(let message): return refused(whole.span, message)
    }
  }
}

/// Whoever checks conditions on such numbers.
protocol ConditionScope: NumberScope {
  /// In what the first comparison is written; `nil` before it.
  var unit: ComparisonUnit? { get set }
  /// How many comparisons were read.
  var comparisons: Int { get set }

  /// What a duration, and what a number, is compared with in an example.
  static var examples: (duration: String, number: String) { get }

  /// A condition that only this scope has, or refuses in its own words; `nil` for any other.
  mutating func ownCondition(_ expression: Expression) -> WindowCondition?

  /// Reports a comparison of a duration with a number.
  mutating func mismatch(duration: Expression, number: Expression)
}

extension ConditionScope {
  /// Checks a condition.
  mutating func condition(_ expression: Expression) -> WindowCondition {
    if let own = ownCondition(expression) { return own }
    switch expression.node {
    case .literal(.boolean(let value)): return .constant(value)
    case .unary(.not, let operand): return .not(condition(operand))
    case .binary(.and, let left, let right): return .and(condition(left), condition(right))
    case .binary(.or, let left, let right): return .or(condition(left), condition(right))
    case .binary(let symbol, let left, let right) where symbol.isComparison:
      return comparison(symbol, left, right)
    default:
      let count = diagnostics.count
      let type = number(expression).type
      if diagnostics.count == count {
        let (duration, number) = Self.examples
        report(
          expression.span,
          "expected a condition, got the \(type?.rawValue ?? "number") \(expression): compare it, "
            + "such as \(expression) > \(type == .duration ? duration : number)"
        )
      }
      return .constant(false)
    }
  }

  private mutating func comparison(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression
  ) -> WindowCondition {
    let (one, other) = (number(left), number(right))
    switch (one.type, other.type) {
    case (.duration?, .number?): mismatch(duration: left, number: right)
    case (.number?, .duration?): mismatch(duration: right, number: left)
    default: break
    }
    checkCounts((left, one.node), symbol, (right, other.node))
    let isPercentage = left.isPercentage || right.isPercentage
    unit = unit ?? (one.type == .duration ? .duration : isPercentage ? .percentage : .number)
    defer { comparisons += 1 }
    return .compare(symbol, one.node, other.node, place: comparisons)
  }
}
