import Events

/// Checks a condition on the agent, collects what is wrong, and notes the metrics that it uses.
struct AgentTypes: ConditionScope {
  var diagnostics: [ExpressionDiagnostic] = []
  private(set) var uses: [AgentUse] = []
  /// In what the first comparison is written; `nil` before it.
  var unit: ComparisonUnit?
  /// How many comparisons were read.
  var comparisons = 0

  static let examples = (duration: "5m", number: "1000")

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

  // MARK: Conditions

  /// Lists, absence and filters are of events alone.
  mutating func ownCondition(_ expression: Expression) -> WindowCondition? {
    switch expression.node {
    case .membership, .absence, .filter:
      report(
        expression.span,
        "a metric is compared with a number or a duration, got \(expression): write \(Self.example)"
      )
      return .constant(false)
    default: return nil
    }
  }

  mutating func mismatch(duration: Expression, number: Expression) {
    let meant = number.constantNumber.flatMap { UnitAlgebra.duration(of: $0, in: .seconds) }
    report(
      number.span,
      "\(duration) is a duration, \(number) a number: write a duration, such as "
        + (meant.map { $0 == .zero ? "0s" : $0.description } ?? "5m")
    )
  }

  // MARK: Metrics

  func problem(ofNoNumber expression: Expression) -> String {
    "expected a metric of the agent, got \(expression): write \(Self.example)"
  }

  mutating func bareName(_ path: FieldPath, at span: SourceSpan) -> Quantity {
    metric(path.description, at: span, over: nil)
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
  mutating func call(
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
