import Events

/// Checks a window condition, collects what is wrong, and notes the statistics that it uses.
struct WindowTypes {
  private(set) var diagnostics: [ExpressionDiagnostic] = []
  private(set) var uses: [StatisticUse] = []
  private(set) var bindingSelector: SignalSelector?
  private var isInReference = false

  /// The functions of this scope, statistics included.
  static let functions = StatisticName.allCases.map(\.rawValue) + ["reference", "abs"]

  /// Checks a whole condition; `nil` when something is wrong.
  mutating func check(_ expression: Expression) -> WindowCondition? {
    let condition = condition(expression)
    if uses.isEmpty, diagnostics.isEmpty {
      report(
        expression.span,
        "the condition asks for no statistic, so it never changes: write one, "
          + "such as drift(features.*) > 0.1"
      )
    }
    return diagnostics.isEmpty ? condition : nil
  }

  mutating func report(_ span: SourceSpan, _ message: String, _ suggestion: String? = nil) {
    diagnostics.append(
      ExpressionDiagnostic(span: span, message: message, suggestion: suggestion)
    )
  }

  // MARK: Conditions

  private mutating func condition(_ expression: Expression) -> WindowCondition {
    switch expression.node {
    case .literal(.boolean(let value)): return .constant(value)
    case .unary(.not, let operand): return .not(condition(operand))
    case .binary(.and, let left, let right): return .and(condition(left), condition(right))
    case .binary(.or, let left, let right): return .or(condition(left), condition(right))
    case .binary(let symbol, let left, let right) where symbol.isComparison:
      return .compare(symbol, number(left), number(right))
    case .membership(let operand, let items, let negated):
      let list = items.compactMap { item -> Double? in
        guard let value = item.constantNumber else {
          report(item.span, "expected a number in the list, got \(item): statistics are numbers")
          return nil
        }
        return value
      }
      let within = WindowCondition.within(number(operand), list)
      return negated ? .not(within) : within
    case .absence(let operand, let negated):
      let missing = WindowCondition.isMissing(number(operand))
      return negated ? .not(missing) : missing
    default:
      let count = diagnostics.count
      _ = number(expression)
      if diagnostics.count == count {
        report(
          expression.span,
          "expected a condition, got the number \(expression): compare it, "
            + "such as \(expression) > 0.1"
        )
      }
      return .constant(false)
    }
  }

  // MARK: Numbers

  private mutating func number(_ expression: Expression) -> WindowNumber {
    if let constant = expression.constantNumber { return .constant(constant) }
    switch expression.node {
    case .unary(.negate, let operand): return .negative(number(operand))
    case .binary(let symbol, let left, let right)
    where !symbol.isComparison && !symbol.isLogical:
      return .arithmetic(symbol, number(left), number(right))
    case .call(let name, let arguments): return call(name, arguments, in: expression)
    case .path(let path): bareName(path, at: expression.span)
    case .literal(.duration(let length)):
      report(
        expression.span,
        "expected a number, got the duration \(length): statistics have no unit of time"
      )
    case .literal(.string(let text)):
      report(
        expression.span,
        "expected a number, got the text \"\(text)\": ask for a statistic, such as count(score)"
      )
    case .literal(.number), .literal(.percentage):
      report(expression.span, "the number is beyond a double: write a smaller one")
    default:
      report(expression.span, "expected a number, got the condition \(expression): compare numbers")
    }
    return .constant(0)
  }

  private mutating func bareName(_ path: FieldPath, at span: SourceSpan) {
    let name = path.components.first ?? ""
    if path.components.count == 1, !path.isWildcard, Self.functions.contains(name) {
      return report(span, "\"\(name)\" needs a signal: write \(name)(score)")
    }
    if path.components.count == 1, !path.isWildcard, !["score", "prediction"].contains(name),
      let near = spellingSuggestion(for: name, among: Self.functions)
    {
      return report(span, "unknown name \"\(name)\": did you mean \"\(near)\"?", near)
    }
    report(
      span,
      "\"\(path)\" is a signal, not a number: ask for a statistic of it, such as mean(\(path))"
    )
  }

  private mutating func call(
    _ name: Expression.CallName,
    _ arguments: [Expression],
    in expression: Expression
  ) -> WindowNumber {
    let statistic = StatisticName(rawValue: name.text)
    guard statistic != nil || Self.functions.contains(name.text) else {
      let suggestion = spellingSuggestion(for: name.text, among: Self.functions)
      let advice =
        suggestion.map { "did you mean \"\($0)\"?" }
        ?? "use one of \(Self.functions.joined(separator: " "))"
      report(name.span, "unknown function \"\(name.text)\": \(advice)", suggestion)
      return .constant(0)
    }
    guard let argument = arguments.first, arguments.count == 1 else {
      report(
        expression.span,
        "\(name.text) takes one argument, got \(arguments.count): write \(name.text)(score)"
      )
      return .constant(0)
    }
    if let statistic { return use(statistic, of: argument, at: name.span) }
    if name.text == "abs" { return .absolute(number(argument)) }
    return reference(argument, at: name.span)
  }

  private mutating func reference(_ argument: Expression, at span: SourceSpan) -> WindowNumber {
    if isInReference {
      report(span, "reference stands inside another reference: remove one")
      return .constant(0)
    }
    isInReference = true
    defer { isInReference = false }
    let before = diagnostics.count
    let number = number(argument)
    if number.firstStatistic == nil, diagnostics.count == before {
      report(
        argument.span,
        "reference takes a statistic, got \(argument): write reference(mean(score))"
      )
    }
    return number
  }

  private mutating func use(
    _ statistic: StatisticName,
    of argument: Expression,
    at span: SourceSpan
  ) -> WindowNumber {
    guard let selector = selector(argument) else { return .constant(0) }
    if isInReference, statistic.comparesWithReference {
      report(
        span,
        "\"\(statistic.rawValue)\" compares with the reference and has no value within it: "
          + "ask for it outside of reference(...)"
      )
      return .constant(0)
    }
    if selector.isWildcard {
      if let bound = bindingSelector, bound != selector {
        report(
          argument.span,
          "one rule has one wildcard, got \(selector) after \(bound): write two rules"
        )
        return .constant(0)
      }
      bindingSelector = selector
    }
    let use = StatisticUse(
      statistic: statistic,
      selector: selector,
      ofReference: isInReference,
      selectorSpan: argument.span
    )
    if let index = uses.firstIndex(of: use) { return .statistic(index) }
    uses.append(use)
    return .statistic(uses.count - 1)
  }

  private mutating func selector(_ argument: Expression) -> SignalSelector? {
    switch argument.node {
    case .path(let path) where path.isWildcard:
      return path.components.isEmpty ? .all : .members(path)
    case .path(let path): return .named(path.description)
    case .literal(.string(let text)):
      // The written form of a path, or plain keys with dots between them.
      if let path = try? FieldPath(parsing: text), !path.isWildcard {
        return .named(path.description)
      }
      let keys = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard !keys.contains(""), !keys.contains("*") else {
        report(
          argument.span,
          "not a signal, got \"\(text)\": name one, or write a wildcard without quotes"
        )
        return nil
      }
      return .named(FieldPath(keys).description)
    default:
      report(
        argument.span,
        "expected a signal, got \(argument): name one, such as score or features.*"
      )
      return nil
    }
  }
}
