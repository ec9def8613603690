import Events

/// Names, functions and signals.
extension WindowTypes {
  private static let plainSignals = [
    "score", "decision", "latency", "failure", "duplicate", "lookahead", "feature_age", "events",
    "refused",
  ]

  mutating func bareName(_ path: FieldPath, at span: SourceSpan) -> Quantity {
    let name = path.components.first ?? ""
    if path.components.count == 1, !path.isWildcard {
      if Self.functions.contains(name) {
        return refused(span, "\"\(name)\" needs a signal: write \(Self.example(name))")
      }
      if !Self.plainSignals.contains(name), let meant = familiarName(name) {
        return refused(span, "unknown name \"\(name)\": \(meant.advice)", meant.replacement)
      }
      if !Self.plainSignals.contains(name),
        let near = spellingSuggestion(for: name, among: Self.functions)
      {
        return refused(span, "unknown name \"\(name)\": did you mean \"\(near)\"?", near)
      }
    }
    let meant =
      switch name {
      case "kpis": "value(\(path))"
      case "events": "rate(\(path))"
      case "latency": "p99(\(path))"
      default: "mean(\(path))"
      }
    return refused(
      span,
      "\"\(path)\" is a signal, not a number: ask for a statistic of it, such as \(meant)"
    )
  }

  private static func example(_ name: String) -> String {
    switch name {
    case "value": "value(kpis.NAME)"
    case "rate": "rate(events)"
    case "delay", "delay_ks", "delay_drift", "observed_to_expected": "\(name)(labels)"
    case "prevalence", "imputed": "\(name)(corrected)"
    case "error_quantile": "\(name)(quality, 90%)"
    case let name where StatisticName(rawValue: name)?.takesTop == true: "\(name)(quality, 100)"
    case let name where StatisticName(rawValue: name)?.isOfQuality == true: "\(name)(quality)"
    case "before", "change": "\(name)(mean(score), 1d)"
    case "reference": "reference(mean(score))"
    case "share": "share(missing(score))"
    case "p_value": "p_value(ks(score))"
    case "compare": "compare(accuracy(quality))"
    default: "\(name)(score)"
    }
  }

  mutating func call(
    _ name: Expression.CallName,
    _ arguments: [Expression],
    in expression: Expression
  ) -> Quantity {
    let statistic = name.text == "verdict" ? nil : StatisticName(rawValue: name.text)
    guard statistic != nil || Self.functions.contains(name.text) else {
      return unknown(name)
    }
    let isTop = statistic?.takesTop == true
    let isPast = name.text == "before" || name.text == "change"
    guard let argument = arguments.first, arguments.count == (isTop || isPast ? 2 : 1) else {
      let wanted =
        isTop
        ? "a signal and \(statistic?.takesCount == true ? "how many predictions" : "a percentage")"
        : isPast ? "a number and a duration" : "one argument"
      return refused(
        expression.span,
        "\(name.text) takes \(wanted), got \(arguments.count): write \(Self.example(name.text))"
      )
    }
    if let statistic, isTop { return self.top(statistic, of: argument, arguments[1], name) }
    if let statistic { return use(statistic, of: argument, at: name.span) }
    switch name.text {
    case "abs":
      let inner = number(argument)
      return (.absolute(inner.node), inner.type)
    case "reference": return reference(argument, at: name.span)
    case "share": return share(argument, at: name.span)
    case "p_value": return pValue(argument, at: name.span)
    case "compare": return compare(argument, at: name.span)
    default: return past(name, argument, arguments[1])
    }
  }

  /// A statistic of the predictions with the greatest scores.
  private mutating func top(
    _ statistic: StatisticName,
    of argument: Expression,
    _ size: Expression,
    _ name: Expression.CallName
  ) -> Quantity {
    guard case .literal(let literal) = size.node, let top = TopPredictions(literal),
      top.count == nil ? statistic.takesPercentage : statistic.takesCount
    else {
      let wanted =
        switch (statistic.takesCount, statistic.takesPercentage) {
        case (false, _): "the part of the predictions as a percentage"
        case (true, false): "how many predictions as a whole number"
        case (true, true): "how many predictions as a whole number or a percentage"
        }
      return refused(
        size.span,
        "\(name.text) takes \(wanted), got \(size): write \(Self.example(name.text))"
      )
    }
    return use(statistic, of: argument, top: top, at: name.span)
  }

  private mutating func unknown(_ name: Expression.CallName) -> Quantity {
    if let meant = familiarName(name.text) {
      return refused(
        name.span,
        "unknown function \"\(name.text)\": \(meant.advice)",
        meant.replacement
      )
    }
    if Aggregate(rawValue: name.text) != nil || name.text == "ratio" {
      return refused(
        name.span,
        "\"\(name.text)\" is of events, not of a signal: write it in kpis, "
          + "and ask for value(kpis.NAME)"
      )
    }
    let suggestion = spellingSuggestion(for: name.text, among: Self.functions)
    let advice =
      suggestion.map { "did you mean \"\($0)\"?" }
      ?? "use one of \(Self.functions.joined(separator: " "))"
    return refused(name.span, "unknown function \"\(name.text)\": \(advice)", suggestion)
  }

  private mutating func reference(_ argument: Expression, at span: SourceSpan) -> Quantity {
    if isInReference {
      return refused(span, "reference stands inside another reference: remove one")
    }
    if ago != nil {
      return refused(span, "the reference has no past: write reference outside of before or change")
    }
    isInReference = true
    defer { isInReference = false }
    let before = diagnostics.count
    let number = number(argument)
    if number.node.firstStatistic == nil, diagnostics.count == before {
      return refused(
        argument.span,
        "reference takes a statistic, got \(argument): write reference(mean(score))"
      )
    }
    return number
  }

  /// `before(x, 1d)` and `change(x, 1d)`.
  private mutating func past(
    _ name: Expression.CallName,
    _ argument: Expression,
    _ length: Expression
  ) -> Quantity {
    if isInReference {
      return refused(
        name.span,
        "the reference has no past: write \(name.text) outside of reference"
      )
    }
    if ago != nil {
      return refused(name.span, "\(name.text) stands inside another before or change: remove one")
    }
    guard case .literal(.duration(let span)) = length.node, span > .zero else {
      return refused(
        length.span,
        "\(name.text) takes how long ago as a duration, got \(length): write it like 1d"
      )
    }
    let count = diagnostics.count
    let now = name.text == "change" ? number(argument) : (.constant(0), nil)
    guard diagnostics.count == count else { return now }
    ago = span
    defer { ago = nil }
    let before = number(argument)
    if before.node.firstStatistic == nil, diagnostics.count == count {
      return refused(
        argument.span,
        "\(name.text) takes a statistic, got \(argument): write \(Self.example(name.text))"
      )
    }
    guard name.text == "change" else { return before }
    return (.change(now: now.node, before: before.node), .number)
  }

  // MARK: Signals

  /// Why a statistic has no meaning for a signal; `nil` when it has one.
  func problem(_ statistic: StatisticName, of selector: SignalSelector) -> String? {
    let isEvents = selector.isEvents
    let isKPI =
      switch selector {
      case .named(let name): (try? FieldPath(parsing: name))?.components.first == "kpis"
      case .members(let path): path.components.first == "kpis"
      case .all: false
      }
    let isRefused = selector.isRefused
    switch statistic {
    case .mean where isRefused, .rate where isRefused: return nil
    case _ where isRefused && statistic != .count:
      return "\(selector) has count, rate and mean, its share of the lines: write mean(\(selector))"
    case .value where !isKPI:
      return "value is of a KPI, got \(selector): write value(kpis.NAME)"
    case .rate where !isEvents:
      return "rate is of the stream of events, got \(selector): write rate(events)"
    case .count, .rate: return nil
    case .invalid where isEvents: return nil
    case _ where selector.isLeakage && statistic != .rocAUC:
      return "\(selector) has roc_auc and count: write roc_auc(\(selector))"
    case _ where statistic.isOfQuality && !selector.isQuality && !selector.isClass:
      return "\(statistic.rawValue) is of the predictions' quality, got \(selector): write "
        + "\(statistic.rawValue)(quality)"
    default:
      return isEvents
        ? "events have no \(statistic.rawValue): write rate(events), count(events) or invalid(events)"
        : nil
    }
  }

  mutating func selector(_ argument: Expression) -> SignalSelector? {
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
    case .filter:
      report(
        argument.span,
        "a statistic of a signal takes no \"where\": write the aggregate in kpis, "
          + "and ask for value(kpis.NAME)"
      )
      return nil
    default:
      report(
        argument.span,
        "expected a signal, got \(argument): name one, such as score or features.*"
      )
      return nil
    }
  }
}
