import Events

/// Checks a condition on the agent, collects what is wrong, and notes the metrics that it uses.
struct AgentTypes {
  private(set) var diagnostics: [ExpressionDiagnostic] = []
  private(set) var uses: [AgentUse] = []
  /// In what the first comparison is written; `nil` before it.
  private(set) var unit: ComparisonUnit?
  /// How many comparisons were read.
  private var comparisons = 0

  /// A number with its type, which is not known after a mistake.
  private typealias Quantity = (node: WindowNumber, type: ValueType?)

  /// For how long a growth can be asked for.
  static let spans = TimeSpan(nanoseconds: 10_000_000_000)...TimeSpan.days(7)
  private static let example = "state_age > 5m"

  /// Checks a whole condition; `nil` when something is wrong.
  mutating func check(_ expression: Expression) -> WindowCondition? {
    let condition = condition(expression)
    if uses.isEmpty, diagnostics.isEmpty {
      report(
        expression.span,
        "the condition asks for no metric, so it never changes: write one, such as \(Self.example)"
      )
    }
    return diagnostics.isEmpty ? condition : nil
  }

  private mutating func report(
    _ span: SourceSpan,
    _ message: String,
    _ suggestion: String? = nil
  ) {
    diagnostics.append(ExpressionDiagnostic(span: span, message: message, suggestion: suggestion))
  }

  private mutating func refused(
    _ span: SourceSpan,
    _ message: String,
    _ suggestion: String? = nil
  ) -> Quantity {
    report(span, message, suggestion)
    return (.constant(0), nil)
  }

  // MARK: Conditions

  private mutating func condition(_ expression: Expression) -> WindowCondition {
    switch expression.node {
    case .literal(.boolean(let value)): return .constant(value)
    case .unary(.not, let operand): return .not(condition(operand))
    case .binary(.and, let left, let right): return .and(condition(left), condition(right))
    case .binary(.or, let left, let right): return .or(condition(left), condition(right))
    case .binary(let symbol, let left, let right) where symbol.isComparison:
      return comparison(symbol, left, right)
    case .membership, .absence, .filter:
      report(
        expression.span,
        "a metric is compared with a number or a duration, got \(expression): write \(Self.example)"
      )
    default:
      let count = diagnostics.count
      let type = number(expression).type
      guard diagnostics.count == count else { break }
      report(
        expression.span,
        "expected a condition, got the \(type?.rawValue ?? "number") \(expression): compare it, "
          + "such as \(expression) > \(type == .duration ? "5m" : "1000")"
      )
    }
    return .constant(false)
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
    let isPercentage = left.isPercentage || right.isPercentage
    unit = unit ?? (one.type == .duration ? .duration : isPercentage ? .percentage : .number)
    defer { comparisons += 1 }
    return .compare(symbol, one.node, other.node, place: comparisons)
  }

  private mutating func mismatch(duration: Expression, number: Expression) {
    let meant = number.constantNumber.flatMap { UnitAlgebra.duration(of: $0, in: .seconds) }
    report(
      number.span,
      "\(duration) is a duration, \(number) a number: write a duration, such as "
        + (meant.map { $0 == .zero ? "0s" : $0.description } ?? "5m")
    )
  }

  // MARK: Numbers

  private mutating func number(_ expression: Expression) -> Quantity {
    if let constant = expression.constantNumber { return (.constant(constant), .number) }
    if let seconds = expression.constantSeconds { return (.constant(seconds), .duration) }
    switch expression.node {
    case .unary(.negate, let operand):
      let inner = number(operand)
      return (.negative(inner.node), inner.type)
    case .binary(let symbol, let left, let right)
    where !symbol.isComparison && !symbol.isLogical:
      let (one, other) = (number(left), number(right))
      let node = WindowNumber.arithmetic(symbol, one.node, other.node)
      guard let first = one.type, let second = other.type else { return (node, nil) }
      switch UnitAlgebra.outcome(symbol, (left, first), (right, second)) {
      case .type(let type): return (node, type)
      case .problem(let message): return refused(expression.span, message)
      }
    case .path(let path): return metric(path.description, at: expression.span, over: nil)
    case .call(let name, let arguments): return growth(name, arguments, in: expression)
    default:
      return refused(
        expression.span,
        "expected a metric of the agent, got \(expression): write \(Self.example)"
      )
    }
  }

  private mutating func metric(
    _ name: String,
    at span: SourceSpan,
    over time: TimeSpan?
  ) -> Quantity {
    guard let metric = AgentMetric.all.first(where: { $0.name == name }) else {
      let known = AgentMetric.all.map(\.name)
      let suggestion = spellingSuggestion(for: name, among: known)
      let advice =
        suggestion.map { "did you mean \"\($0)\"?" }
        ?? "use one of " + known.filter { !$0.hasPrefix("refused_") }.joined(separator: ", ")
      return refused(span, "unknown metric of the agent \"\(name)\": \(advice)", suggestion)
    }
    if time != nil, metric.kind != .count {
      return refused(
        span,
        "\(name) goes up and down: increase is of counts; compare \(name) itself"
      )
    }
    let use = AgentUse(metric: metric, span: time)
    let place = uses.firstIndex(of: use) ?? uses.count
    if place == uses.count { uses.append(use) }
    return (.statistic(place), metric.kind == .age ? .duration : .number)
  }

  /// `increase(METRIC, SPAN)`.
  private mutating func growth(
    _ name: Expression.CallName,
    _ arguments: [Expression],
    in whole: Expression
  ) -> Quantity {
    let advice = "write increase(refused, 10m) > 100"
    guard name.text == "increase" else {
      return refused(
        name.span,
        "unknown function \"\(name.text)\": the only one of the agent's metrics is increase: \(advice)",
        spellingSuggestion(for: name.text, among: ["increase"])
      )
    }
    guard arguments.count == 2, case .path(let path) = arguments[0].node else {
      return refused(whole.span, "increase takes a metric and a duration, got \(whole): \(advice)")
    }
    guard case .literal(.duration(let span)) = arguments[1].node, Self.spans.contains(span) else {
      return refused(
        arguments[1].span,
        "increase takes a duration from \(Self.spans.lowerBound) to \(Self.spans.upperBound), got "
          + "\(arguments[1]): \(advice)"
      )
    }
    return metric(path.description, at: arguments[0].span, over: span)
  }
}
