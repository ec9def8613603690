import Events

/// Turns a checked condition into nodes over columns.
///
/// It is called for expressions without diagnostics only; what cannot occur in them becomes a
/// condition that never holds, or a number without a value.
struct EventCompiler {
  let fields: [EventField]
  let roles: EventRoles

  func condition(_ expression: Expression) -> EventCondition {
    switch expression.node {
    case .literal(.boolean(let value)): .constant(value)
    case .path(let path): .field(index(path))
    case .unary(.not, let operand): .not(condition(operand))
    case .binary(.and, let left, let right): .and(condition(left), condition(right))
    case .binary(.or, let left, let right): .or(condition(left), condition(right))
    case .binary(let symbol, let left, let right): comparison(symbol, left, right)
    case .membership(let operand, let items, let negated):
      negated ? .not(membership(operand, items)) : membership(operand, items)
    case .absence(let operand, let negated):
      negated ? exists([operand]) : .not(exists([operand]))
    case .call(_, let arguments): exists(arguments)
    case .literal, .unary, .filter: .constant(false)
    }
  }

  private func index(_ path: FieldPath) -> Int {
    fields.firstIndex { $0.path == roles.field(path) } ?? 0
  }

  private func exists(_ arguments: [Expression]) -> EventCondition {
    guard let operand = arguments.first, case .path(let path) = operand.node else {
      return .constant(false)
    }
    return .exists(index(path))
  }

  private func type(of expression: Expression) -> ValueType? {
    switch expression.node {
    case .literal(let literal): literal.type
    case .path(let path):
      roles.durationUnit(of: path) == nil ? fields[index(path)].type : .duration
    case .unary(.negate, _): .number
    case .binary(let symbol, _, _) where !symbol.isComparison && !symbol.isLogical: .number
    case .call(let name, _) where name.text == "abs": .number
    case .unary, .binary, .membership, .absence, .call, .filter: .boolean
    }
  }

  private func comparison(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression
  ) -> EventCondition {
    switch type(of: left) ?? type(of: right) {
    case .number, .duration: .compareNumbers(symbol, number(left), number(right))
    case .string: texts(symbol, text(left), text(right))
    case .boolean: signed(symbol, .sameTruth(condition(left), condition(right)))
    case nil: sameValue(symbol, left, right)
    }
  }

  /// Equality is judged mostly by length, so that inequality is its negation, and the constant
  /// stands on the right.
  private func texts(
    _ symbol: BinaryOperator,
    _ left: EventText,
    _ right: EventText
  ) -> EventCondition {
    switch (symbol, left) {
    case (.notEqual, _): .not(texts(.equal, left, right))
    case (.equal, .constant): .compareTexts(.equal, right, left)
    default: .compareTexts(symbol, left, right)
    }
  }

  private func sameValue(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression
  ) -> EventCondition {
    guard case .path(let one) = left.node, case .path(let other) = right.node else {
      return .constant(false)
    }
    return signed(symbol, .sameValue(index(one), index(other)))
  }

  private func signed(_ symbol: BinaryOperator, _ equality: EventCondition) -> EventCondition {
    symbol == .notEqual ? .not(equality) : equality
  }

  private func membership(_ operand: Expression, _ items: [Expression]) -> EventCondition {
    switch items.first.flatMap({ type(of: $0) }) {
    case .string: .textIn(text(operand), items.compactMap { constantText($0) })
    case .boolean:
      items.dropFirst().reduce(.sameTruth(condition(operand), condition(items[0]))) { found, item in
        .or(found, .sameTruth(condition(operand), condition(item)))
      }
    default: .numberIn(number(operand), items.compactMap { constantNumber($0) })
    }
  }

  private func constantText(_ expression: Expression) -> [UInt8]? {
    guard case .literal(.string(let text)) = expression.node else { return nil }
    return Array(text.utf8)
  }

  private func text(_ expression: Expression) -> EventText {
    if case .path(let path) = expression.node { return .field(index(path)) }
    return .constant(constantText(expression) ?? [])
  }

  /// A constant of either kind; a duration's is its seconds.
  private func constantNumber(_ expression: Expression) -> Double? {
    expression.constantNumber ?? expression.constantSeconds
  }

  /// A number, or a condition or boolean field that counts as 0 or 1.
  func countable(_ expression: Expression) -> EventNumberNode {
    if case .path(let path) = expression.node, roles.durationUnit(of: path) == nil {
      return .countable(index(path))
    }
    return type(of: expression) == .boolean ? .indicator(condition(expression)) : number(expression)
  }

  private func number(_ expression: Expression) -> EventNumberNode {
    if let constant = constantNumber(expression) { return .constant(constant) }
    switch expression.node {
    case .path(let path):
      guard let unit = roles.durationUnit(of: path) else { return .field(index(path)) }
      return .seconds(index(path), perSecond: unit.perSecond)
    case .unary(_, let operand): return .negative(number(operand))
    case .binary(let symbol, let left, let right):
      return .arithmetic(symbol, number(left), number(right))
    case .call(_, let arguments):
      return arguments.first.map { .absolute(number($0)) } ?? .constant(.nan)
    case .literal, .membership, .absence, .filter: return .constant(.nan)
    }
  }
}
