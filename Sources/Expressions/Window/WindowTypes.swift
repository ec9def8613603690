import Events

/// Checks a window condition, collects what is wrong, and notes the statistics that it uses.
///
/// Its 10 properties are what was found so far, and where in the condition the reading stands.
struct WindowTypes {
  private(set) var diagnostics: [ExpressionDiagnostic] = []
  private(set) var bindingSelector: SignalSelector?
  /// In what the first comparison is written; `nil` before it.
  private(set) var unit: ComparisonUnit?
  var uses: [StatisticUse] = []
  var isInReference = false
  /// Whether the p-value of the statistic that is being read is meant.
  var isInPValue = false
  /// Whether the canary's value less the stable version's of what is being read is meant.
  var isInComparison = false
  /// How many comparisons were read.
  private var comparisons = 0
  /// How long ago the statistics that are being read are asked of.
  var ago: TimeSpan?
  /// The signals whose values are durations.
  let durations: Set<String>

  /// A number with its type, which is not known after a mistake.
  typealias Quantity = (node: WindowNumber, type: ValueType?)

  /// The functions of this scope, statistics included.
  static let functions =
    StatisticName.allCases.filter { $0 != .verdict }.map(\.rawValue) + [
      "reference", "before", "change", "abs", "share", "p_value",
      "compare",
    ]

  init(durations: Set<String>) { self.durations = durations }

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

  /// Reports a mistake where a number was wanted.
  mutating func refused(
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
    case .membership(let operand, let items, let negated):
      let within = membership(operand, items)
      return negated ? .not(within) : within
    case .absence(let operand, let negated):
      let missing = WindowCondition.isMissing(number(operand).node)
      return negated ? .not(missing) : missing
    default:
      let count = diagnostics.count
      let type = number(expression).type
      if diagnostics.count == count {
        report(
          expression.span,
          "expected a condition, got the \(type?.rawValue ?? "number") \(expression): compare it, "
            + "such as \(expression) > \(type == .duration ? "200ms" : "0.1")"
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
    if let verdict = verdict(symbol, left, right, place: comparisons) {
      comparisons += 1
      unit = unit ?? .number
      return verdict
    }
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

  private mutating func membership(
    _ operand: Expression,
    _ items: [Expression]
  ) -> WindowCondition {
    let subject = number(operand)
    unit = unit ?? (subject.type == .duration ? .duration : .number)
    var list: [Double] = []
    for item in items {
      switch (item.constantNumber, item.constantSeconds, subject.type) {
      case (let value?, _, .number?), (let value?, _, nil): list.append(value)
      case (_, let value?, .duration?), (_, let value?, nil): list.append(value)
      case (_?, _, .duration?): mismatch(duration: operand, number: item)
      case (_, _?, .number?): mismatch(duration: item, number: operand)
      default:
        report(
          item.span,
          "expected a \(subject.type?.rawValue ?? "number") in the list, got \(item): "
            + "statistics are numbers or durations"
        )
      }
    }
    return .within(subject.node, list)
  }

  /// Reports a comparison of a duration with a number, at the side that is a constant.
  private mutating func mismatch(duration: Expression, number: Expression) {
    if let value = number.constantNumber {
      let meant =
        value == 0 ? "0s" : UnitAlgebra.duration(of: value, in: .milliseconds)?.description
      return report(
        number.span,
        "\(duration) is a duration, got the number \(number): write a duration, "
          + "such as \(meant ?? "200ms")"
      )
    }
    if duration.constantSeconds != nil {
      return report(
        duration.span,
        "expected a number, got the duration \(duration): \(number) has no unit of time"
      )
    }
    report(
      number.span,
      "\(duration) is a duration, got the number \(number): compare two of one type, "
        + "or take the seconds as \(duration) / 1s"
    )
  }

  // MARK: Numbers

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
    case .literal(.string(let text)):
      return refused(
        expression.span,
        "expected a number, got the text \"\(text)\": ask for a statistic, such as count(score)"
      )
    case .literal(.number), .literal(.percentage):
      return refused(expression.span, "the number is beyond a double: write a smaller one")
    default:
      return refused(
        expression.span,
        "expected a number, got the condition \(expression): compare numbers"
      )
    }
  }

  private mutating func arithmetic(
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

  // MARK: Statistics

  mutating func use(
    _ statistic: StatisticName,
    of argument: Expression,
    top: TopPredictions? = nil,
    at span: SourceSpan
  ) -> Quantity {
    guard let selector = selector(argument) else { return (.constant(0), nil) }
    if let problem = problem(statistic, of: selector) { return refused(argument.span, problem) }
    if isInReference, statistic.comparesWithReference, statistic != .unseen {
      return refused(
        span,
        "\"\(statistic.rawValue)\" compares with the reference and has no value within it: "
          + "ask for it outside of reference(...)"
      )
    }
    if isInReference, selector.isRefused {
      return refused(argument.span, "the reference knows of no refused lines: write a number")
    }
    if selector.isWildcard {
      if let bound = bindingSelector, bound != selector {
        return refused(
          argument.span,
          "one rule has one wildcard, got \(selector) after \(bound): write two rules"
        )
      }
      bindingSelector = selector
    }
    let use = StatisticUse(
      statistic: statistic,
      selector: selector,
      ofReference: isInReference,
      ago: ago,
      top: top,
      isPValue: isInPValue,
      isCompared: isInComparison,
      selectorSpan: argument.span
    )
    let isDuration =
      statistic.isDuration
      || statistic.keepsUnit && durations.contains(selector.description)
    return (.statistic(place(of: use)), isDuration ? .duration : .number)
  }

  /// The place of a statistic among those that are asked for, which is added where it is new.
  mutating func place(of use: StatisticUse) -> Int {
    if let known = uses.firstIndex(of: use) { return known }
    uses.append(use)
    return uses.count - 1
  }
}
