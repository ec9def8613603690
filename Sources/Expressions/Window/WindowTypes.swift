import Events

/// Checks a window condition, collects what is wrong, and notes the statistics that it uses.
///
/// Its 10 properties are what was found so far, and where in the condition the reading stands.
struct WindowTypes: ConditionScope {
  var diagnostics: [ExpressionDiagnostic] = []
  private(set) var bindingSelector: SignalSelector?
  /// In what the first comparison is written; `nil` before it.
  var unit: ComparisonUnit?
  var uses: [StatisticUse] = []
  var isInReference = false
  /// Whether the p-value of the statistic that is being read is meant.
  var isInPValue = false
  /// Whether the canary's value less the stable version's of what is being read is meant.
  var isInComparison = false
  /// How many comparisons were read.
  var comparisons = 0
  /// How long ago the statistics that are being read are asked of.
  var ago: TimeSpan?
  /// The signals whose values are durations.
  let durations: Set<String>

  static let examples = (duration: "200ms", number: "0.1")

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

  // MARK: Conditions

  /// Verdicts, lists and absence.
  mutating func ownCondition(_ expression: Expression) -> WindowCondition? {
    switch expression.node {
    case .binary(let symbol, let left, let right) where symbol.isComparison:
      guard let verdict = verdict(symbol, left, right, place: comparisons) else { return nil }
      comparisons += 1
      unit = unit ?? .number
      return verdict
    case .membership(let operand, let items, let negated):
      let within = membership(operand, items)
      return negated ? .not(within) : within
    case .absence(let operand, let negated):
      let missing = WindowCondition.isMissing(number(operand).node)
      return negated ? .not(missing) : missing
    default: return nil
    }
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
  mutating func mismatch(duration: Expression, number: Expression) {
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

  func problem(ofNoNumber expression: Expression) -> String {
    switch expression.node {
    case .literal(.string(let text)):
      "expected a number, got the text \"\(text)\": ask for a statistic, such as count(score)"
    case .literal(.number), .literal(.percentage):
      "the number is beyond a double: write a smaller one"
    default: "expected a number, got the condition \(expression): compare numbers"
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
