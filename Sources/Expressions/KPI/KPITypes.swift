import Events

/// Checks a KPI, collects what is wrong, and notes the aggregates that it asks for.
struct KPITypes: NumberScope {
  var diagnostics: [ExpressionDiagnostic] = []
  private(set) var measures: [KPIExpression.Measure] = []
  private let roles: EventRoles

  /// The functions of this scope.
  static let functions = Aggregate.allCases.map(\.rawValue) + ["ratio", "abs"]

  init(roles: EventRoles) { self.roles = roles }

  /// Checks a whole KPI; `nil` when something is wrong.
  mutating func check(_ expression: Expression) -> Quantity? {
    let quantity = number(expression)
    if measures.isEmpty, diagnostics.isEmpty {
      report(
        expression.span,
        "the KPI asks for no aggregate, so it never changes: write one, "
          + "such as sum(features.amount)"
      )
    }
    return diagnostics.isEmpty ? quantity : nil
  }

  func problem(ofNoNumber expression: Expression) -> String {
    switch expression.node {
    case .literal(.string(let text)): "a KPI is a number, got the text \"\(text)\": remove it"
    case .literal(.number), .literal(.percentage):
      "the number is beyond a double: write a smaller one"
    default:
      "a KPI is a number, got the condition \(expression): "
        + "write mean(...) for the share of events for which a condition holds"
    }
  }

  mutating func bareName(_ path: FieldPath, at span: SourceSpan) -> Quantity {
    let name = path.components.first ?? ""
    if path.components.count == 1, !path.isWildcard, Self.functions.contains(name) {
      return refused(span, "\"\(name)\" needs parentheses: write \(Self.example(name))")
    }
    return refused(
      span,
      "\"\(path)\" is of one event, a KPI is of many: aggregate it, such as sum(\(path))"
    )
  }

  private static func example(_ name: String) -> String {
    switch name {
    case "count": "count() or count(where flagged)"
    case "ratio": "ratio(sum(features.a), sum(features.b))"
    case "abs": "abs(sum(features.a))"
    default: "\(name)(features.amount)"
    }
  }

  mutating func call(
    _ name: Expression.CallName,
    _ arguments: [Expression],
    in whole: Expression
  ) -> Quantity {
    if let aggregate = Aggregate(rawValue: name.text) {
      return self.aggregate(aggregate, arguments, in: whole)
    }
    switch (name.text, arguments.count) {
    case ("ratio", 2): return arithmetic(.divide, arguments[0], arguments[1], in: whole)
    case ("abs", 1):
      let inner = number(arguments[0])
      return (.absolute(inner.node), inner.type)
    case ("ratio", let count), ("abs", let count):
      let wanted = name.text == "abs" ? "one argument" : "two arguments"
      return refused(
        whole.span,
        "\(name.text) takes \(wanted), got \(count): write \(Self.example(name.text))"
      )
    default: break
    }
    return refused(unknown: name, in: whole)
  }

  private mutating func refused(
    unknown name: Expression.CallName,
    in whole: Expression
  ) -> Quantity {
    let functions = Self.functions.joined(separator: " ")
    if WindowTypes.functions.contains(name.text) {
      return refused(
        name.span,
        "\"\(name.text)\" is of a signal, not of events: use it in a rule's expr, "
          + "or write one of \(functions)"
      )
    }
    if EventTypes.functions.contains(name.text) {
      return refused(
        name.span,
        "\"\(name.text)\" is of one event, a KPI is of many: write count(where \(whole))"
      )
    }
    if let meant = familiarName(name.text), meant.isAggregate {
      return refused(
        name.span,
        "unknown function \"\(name.text)\": \(meant.advice)",
        meant.replacement
      )
    }
    let suggestion = spellingSuggestion(for: name.text, among: Self.functions)
    let advice = suggestion.map { "did you mean \"\($0)\"?" } ?? "use one of \(functions)"
    return refused(name.span, "unknown function \"\(name.text)\": \(advice)", suggestion)
  }

  // MARK: Aggregates

  private mutating func aggregate(
    _ aggregate: Aggregate,
    _ arguments: [Expression],
    in whole: Expression
  ) -> Quantity {
    guard arguments.count <= 1 else {
      return refused(
        whole.span,
        "\(aggregate.rawValue) takes one argument, got \(arguments.count): "
          + "write \(Self.example(aggregate.rawValue))"
      )
    }
    var number = arguments.first
    var filter: Expression?
    if case .filter(let operand, let condition)? = number?.node {
      (number, filter) = (operand, condition)
    }
    if aggregate == .count, let number { return counted(number, where: filter) }
    guard number != nil || aggregate == .count else {
      return refused(
        whole.span,
        "\(aggregate.rawValue) takes a number of each event: "
          + "write \(Self.example(aggregate.rawValue))"
      )
    }
    var types = EventTypes(roles: roles)
    types.checkNumber(number, where: filter)
    guard types.diagnostics.isEmpty else {
      diagnostics += types.diagnostics
      return (.constant(0), nil)
    }
    let measure = KPIExpression.Measure(
      aggregate: aggregate,
      number: EventNumber(of: number, where: filter, types, roles)
    )
    let known = measures.firstIndex(of: measure)
    if known == nil { measures.append(measure) }
    let type = aggregate == .count ? .number : measure.number.type
    return (.statistic(known ?? measures.count - 1), type)
  }

  /// Refuses `count(x)`, which could mean the events with an `x` or those for which it holds.
  private mutating func counted(_ number: Expression, where filter: Expression?) -> Quantity {
    var meant = "count(where \(number))"
    if case .path(let path) = number.node {
      meant =
        path.isWildcard ? "count()" : "count(where \(number)) or count(where exists(\(number)))"
    }
    if filter != nil { meant = "count(where \(number) and ...)" }
    return refused(
      number.span,
      "count takes no number, got \(number): write count() for all events, or \(meant)"
    )
  }
}
