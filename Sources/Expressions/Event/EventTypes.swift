import Events

/// Infers the types of an event condition's fields from their use, and collects what is wrong.
///
/// Each field begins without a type. A use that needs one gives it; a use that needs another is an
/// error at that use. `a == b` of two fields without a type waits until the rest has been seen.
struct EventTypes {
  private(set) var diagnostics: [ExpressionDiagnostic] = []
  private(set) var fields: [EventField] = []
  private var firstUses: [SourceSpan] = []
  private var waiting: [(left: Int, right: Int, Expression)] = []
  /// Fields that count as numbers or as conditions, whichever they turn out to be.
  private var countable: [(field: Int, SourceSpan)] = []
  private(set) var isInAggregate = false
  let roles: EventRoles

  init(roles: EventRoles) { self.roles = roles }

  /// The functions of this scope.
  static let functions = ["exists", "abs"]

  /// Checks a whole condition.
  mutating func check(_ expression: Expression) {
    condition(expression)
    settleAll()
  }

  /// Checks the number of an aggregate, or a condition that counts as 0 or 1, and its filter.
  mutating func checkNumber(_ number: Expression?, where filter: Expression?) {
    isInAggregate = true
    if let number { counted(number) }
    if let filter { condition(filter) }
    settleAll()
    for (field, span) in countable where fields[field].type == .string {
      assign(.number, to: field, at: span)
    }
  }

  private mutating func counted(_ expression: Expression) {
    switch (expression.node, type(of: expression)) {
    case (.path(let path), let type) where type != .duration:
      guard let field = field(path, at: expression.span) else { return }
      countable.append((field, expression.span))
    case (_, .boolean?): condition(expression)
    case (_, .duration?): value(expression, as: .duration)
    default: value(expression, as: .number)
    }
  }

  private mutating func settleAll() {
    // Each round settles at least one comparison, or none of the rest can be settled.
    var before = waiting.count + 1
    while waiting.count < before {
      before = waiting.count
      let round = waiting
      waiting = []
      for (left, right, comparison) in round { settle(left, right, comparison) }
    }
  }

  /// Gives a field without a type that of the field it is compared with; waits when both have none.
  private mutating func settle(_ left: Int, _ right: Int, _ comparison: Expression) {
    switch (fields[left].type, fields[right].type) {
    case (let type?, nil): assign(type, to: right, at: comparison.span)
    case (nil, let type?): assign(type, to: left, at: comparison.span)
    case (let one?, let other?) where one != other:
      report(comparison.span, "cannot compare a \(one.rawValue) with a \(other.rawValue)")
    case (_?, _?): break
    case (nil, nil): waiting.append((left, right, comparison))
    }
  }

  mutating func report(_ span: SourceSpan, _ message: String, _ suggestion: String? = nil) {
    diagnostics.append(
      ExpressionDiagnostic(span: span, message: message, suggestion: suggestion)
    )
  }

  /// The index of a field, which is noted at its first use.
  mutating func field(_ path: FieldPath, at span: SourceSpan) -> Int? {
    guard !path.isWildcard else {
      let reader = isInAggregate ? "an aggregate" : "a condition on an event"
      report(span, "\"\(path)\" names many fields: \(reader) reads one, name it")
      return nil
    }
    guard !roles.isLabel(path) else {
      report(span, "\"label\" is an outcome's, which comes in a line of its own: leave it out")
      return nil
    }
    let path = roles.field(path)
    if let index = fields.firstIndex(where: { $0.path == path }) { return index }
    fields.append(EventField(path: path, form: .value, type: nil))
    firstUses.append(span)
    return fields.count - 1
  }

  private mutating func assign(_ type: ValueType, to field: Int, at span: SourceSpan) {
    guard let known = fields[field].type else {
      fields[field].type = type
      return
    }
    guard known != type else { return }
    report(
      span,
      "\"\(fields[field].path)\" is used as a \(type.rawValue), got a \(known.rawValue) "
        + "at column \(firstUses[field].offset + 1) of the expression: one field has one type"
    )
  }

  // MARK: Conditions

  private mutating func condition(_ expression: Expression) {
    switch expression.node {
    case .literal(.boolean): break
    case .path(let path): typed(path, as: .boolean, at: expression.span)
    case .unary(.not, let operand): condition(operand)
    case .binary(let symbol, let left, let right) where symbol.isLogical:
      condition(left)
      condition(right)
    case .binary(let symbol, let left, let right) where symbol.isComparison:
      comparison(symbol, left, right, in: expression)
    case .membership(let operand, let items, _): membership(operand, items)
    case .absence(let operand, _): presence(operand)
    case .call(let name, let arguments) where name.text == "exists":
      guard let argument = arguments.first, arguments.count == 1 else {
        return report(expression.span, "exists takes one field, got \(arguments.count): name one")
      }
      presence(argument)
    case .call(let name, _) where name.text != "abs": unknown(name)
    default:
      report(
        expression.span,
        "expected a condition, got a \(type(of: expression)?.rawValue ?? "value"): compare it"
      )
    }
  }

  private mutating func presence(_ operand: Expression) {
    guard case .path(let path) = operand.node else {
      return report(operand.span, "only a field can be missing: name one")
    }
    _ = field(path, at: operand.span)
  }

  private mutating func comparison(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    in whole: Expression
  ) {
    let isOrder = symbol != .equal && symbol != .notEqual
    switch (type(of: left), type(of: right)) {
    case (.duration?, .duration?):
      value(left, as: .duration)
      value(right, as: .duration)
    case (.duration?, _): mismatch(duration: left, with: right)
    case (_, .duration?): mismatch(duration: right, with: left)
    case (let one?, let other?) where one != other:
      if case .path(let path) = left.node { return typed(path, as: other, at: left.span) }
      if case .path(let path) = right.node { return typed(path, as: one, at: right.span) }
      report(
        whole.span,
        "cannot compare a \(one.rawValue) with a \(other.rawValue): use two of one type"
      )
    case (.boolean?, _) where isOrder, (_, .boolean?) where isOrder:
      report(whole.span, "true and false have no order, got \"\(symbol.rawValue)\": use == or !=")
    case (let type?, _), (nil, let type?):
      value(left, as: type)
      value(right, as: type)
    case (nil, nil) where isOrder:
      value(left, as: .number)
      value(right, as: .number)
    case (nil, nil):
      guard case .path(let first) = left.node, case .path(let second) = right.node else {
        // An unknown function stands on one side, which is found here.
        value(left, as: .number)
        return value(right, as: .number)
      }
      guard let one = field(first, at: left.span), let other = field(second, at: right.span) else {
        return
      }
      waiting.append((one, other, whole))
    }
  }

  private mutating func membership(_ operand: Expression, _ items: [Expression]) {
    let types = items.map { type(of: $0) }
    guard let first = types.first.flatMap({ $0 }) else {
      return report(items[0].span, "expected numbers or texts in the list, got \(items[0])")
    }
    if (first == .duration) != (type(of: operand) == .duration) {
      return first == .duration
        ? mismatch(duration: items[0], with: operand)
        : mismatch(duration: operand, with: items[0])
    }
    for (item, type) in zip(items, types) {
      switch type {
      case first?: value(item, as: first)
      default:
        report(
          item.span,
          "a list holds one type, got a \(type?.rawValue ?? "value") after a \(first.rawValue)"
        )
      }
    }
    value(operand, as: first)
  }

  // MARK: Values

  /// The type that an expression shows by itself; `nil` for a field without one yet.
  func type(of expression: Expression) -> ValueType? {
    switch expression.node {
    case .literal(let literal): literal.type
    case .path(let path): pathType(path)
    case .unary(.negate, let operand): type(of: operand) == .duration ? .duration : .number
    case .binary(let symbol, let left, let right)
    where !symbol.isComparison && !symbol.isLogical:
      arithmeticType(symbol, type(of: left), type(of: right))
    case .call(let name, let arguments) where name.text == "abs":
      arguments.first.flatMap { type(of: $0) } == .duration ? .duration : .number
    case .call(let name, _): name.text == "exists" ? .boolean : nil
    case .unary, .binary, .membership, .absence: .boolean
    case .filter: nil
    }
  }

  private mutating func typed(_ path: FieldPath, as type: ValueType, at span: SourceSpan) {
    guard let field = field(path, at: span) else { return }
    guard roles.durationUnit(of: path) != nil else { return assign(type, to: field, at: span) }
    guard type != .duration else { return assign(.number, to: field, at: span) }
    report(
      span,
      "\"\(path)\" is a duration, expected a \(type.rawValue): compare it with one, such as 200ms, "
        + "or divide it by 1s for its seconds"
    )
  }

  mutating func value(_ expression: Expression, as wanted: ValueType) {
    switch (expression.node, wanted) {
    case (.path(let path), _): typed(path, as: wanted, at: expression.span)
    case (_, .boolean): condition(expression)
    case (.literal(let literal), _) where literal.type == wanted: break
    case (.unary(.negate, let operand), .number), (.unary(.negate, let operand), .duration):
      value(operand, as: wanted)
    case (.call(let name, let arguments), .number) where name.text == "abs",
      (.call(let name, let arguments), .duration) where name.text == "abs":
      guard arguments.count == 1 else {
        return report(expression.span, "abs takes one number, got \(arguments.count): give one")
      }
      value(arguments[0], as: wanted)
    case (.binary(let symbol, let left, let right), .number)
    where !symbol.isComparison && !symbol.isLogical,
      (.binary(let symbol, let left, let right), .duration)
    where !symbol.isComparison && !symbol.isLogical:
      arithmetic(symbol, left, right, as: wanted, in: expression)
    case (.call(let name, _), _) where !Self.functions.contains(name.text): unknown(name)
    default:
      mismatch(expression, wanted)
    }
  }
}
