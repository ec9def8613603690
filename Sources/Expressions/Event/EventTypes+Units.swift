import Events

/// Durations, and the messages about what is of another type or scope.
extension EventTypes {
  /// The type of a name: a duration for the role of the latency, else what its use has shown.
  func pathType(_ path: FieldPath) -> ValueType? {
    if roles.durationUnit(of: path) != nil { return .duration }
    let path = roles.field(path)
    return fields.first { $0.path == path }?.type
  }

  /// The type that arithmetic shows; what has no type yet is taken for a number.
  func arithmeticType(
    _ symbol: BinaryOperator,
    _ left: ValueType?,
    _ right: ValueType?
  ) -> ValueType {
    switch (symbol, left == .duration, right == .duration) {
    case (.divide, _, true), (_, false, false): .number
    default: .duration
    }
  }

  mutating func arithmetic(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    as wanted: ValueType,
    in whole: Expression
  ) {
    let one: ValueType = type(of: left) == .duration ? .duration : .number
    let other: ValueType = type(of: right) == .duration ? .duration : .number
    switch UnitAlgebra.outcome(symbol, (left, one), (right, other)) {
    case .problem(let message): report(whole.span, message)
    case .type(let type) where type != wanted: mismatch(whole, wanted)
    case .type:
      value(left, as: one)
      value(right, as: other)
    }
  }

  /// Reports a value of another type than its place asks for.
  mutating func mismatch(_ expression: Expression, _ wanted: ValueType) {
    let found = type(of: expression)
    var advice = "write a \(wanted.rawValue)"
    if wanted == .number, found == .duration {
      advice = "divide it by 1s for its seconds"
    } else if wanted == .number, found == .boolean, isInAggregate {
      advice = "choose the events with where, such as sum(features.amount where \(expression))"
    }
    report(
      expression.span,
      "expected a \(wanted.rawValue), got a \(found?.rawValue ?? "value"): \(advice)"
    )
  }

  /// Reports a comparison of a duration with something else.
  mutating func mismatch(duration: Expression, with other: Expression) {
    if case .path(let path) = duration.node, let unit = roles.durationUnit(of: path),
      let number = other.constantNumber
    {
      let meant = UnitAlgebra.duration(of: number, in: unit)?.description
      return report(
        other.span,
        "\"\(path)\" is a duration, got the number \(other): write \(meant ?? "one, such as 200ms")",
        meant
      )
    }
    guard case .path(let path) = other.node else {
      let found = type(of: other)?.rawValue ?? "value"
      return report(
        other.span,
        "a duration is compared with a duration, got the \(found) \(other): "
          + "write one, such as 200ms"
      )
    }
    let advice =
      if path == FieldPath(["latency"]) {
        roles.areNamed
          ? "map it as events.prediction.latency: {field: latency, unit: ms}"
          : "write a plain number in its unit; the role latency has one in failure, good and kpis"
      } else if duration.constantSeconds == nil {
        "divide the duration by the field's unit, such as \(duration) / 1ms"
      } else {
        "write a plain number in its unit"
      }
    report(
      duration.span,
      "a field has no unit of time, got the duration \(duration): \(advice)"
    )
  }

  mutating func unknown(_ name: Expression.CallName) {
    if let message = windowFunctionMessage(name.text) { return report(name.span, message) }
    let suggestion = spellingSuggestion(for: name.text, among: Self.functions)
    let advice = suggestion.map { "did you mean \"\($0)\"?" } ?? "use exists or abs"
    report(name.span, "unknown function \"\(name.text)\": \(advice)", suggestion)
  }

  /// Why a function of a window cannot stand here; `nil` when the name is none.
  private func windowFunctionMessage(_ name: String) -> String? {
    if Aggregate(rawValue: name) != nil, isInAggregate {
      return "the aggregate \"\(name)\" stands inside another, which takes a number of each event: "
        + "join two aggregates by arithmetic instead"
    }
    if Aggregate(rawValue: name) != nil || name == "ratio" {
      return "\"\(name)\" is of many events, not of one: use it in kpis, or in a rule's expr"
    }
    guard WindowTypes.functions.contains(name) else { return nil }
    return "the statistic \"\(name)\" is of a window, not of an event: use it in a rule's expr"
  }
}
