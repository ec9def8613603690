public import Expressions
internal import Records

extension RuleSpecification {
  /// What each comparison of the condition goes by, in their order; `bound: none` takes the bounds
  /// away.
  public var comparisonBounds: [ComparisonBound] {
    guard !isBoundless else { return [] }
    return expression.comparisonBounds
  }

  /// Whether a comparison goes by a bound with the rule's confidence, that of drift apart.
  var hasBounds: Bool {
    comparisonBounds.contains { if case .bounded = $0 { true } else { false } }
  }

  /// What the rule's comparisons go by, in one sentence without a full stop.
  ///
  /// - Parameter kpis: The monitor's KPIs.
  /// - Returns: Such as `a share goes by its Wilson bound (99 %)`.
  public func boundSentence(_ kpis: [KPISpecification]) -> String {
    var parts: [String] = []
    for bound in isBoundless ? expression.comparisonBounds : comparisonBounds {
      let part =
        switch bound {
        case .drift: "drift goes by its lower bound"
        case .bounded(let number) where !isBoundless: words(number, kpis)
        case .enough where !isBoundless: "a count goes as it is, for it asks for events enough"
        case .none, .enough, .bounded: "it goes as it is"
        }
      if !parts.contains(part) { parts.append(part) }
    }
    if parts.isEmpty { parts = ["it goes as it is"] }
    return parts.joined(separator: "; ")
  }

  private func words(_ number: BoundedNumber, _ kpis: [KPISpecification]) -> String {
    switch number {
    case .share: return "a share goes by its Wilson bound"
    case .change(let now, _):
      guard isBounded(now, kpis) else { return "it goes as it is" }
      return "a change goes by the bounds of both windows"
    case .scaled(let inner, _), .shifted(let inner, _), .absolute(let inner):
      return words(inner, kpis)
    case .statistic(let use) where expression.uses[use].isCompared:
      return "a difference of versions goes by the bounds of both"
    case .statistic(let use) where expression.uses[use].statistic.isOfQuality:
      return "quality goes by its confidence interval"
    case .statistic(let use):
      switch kind(expression.uses[use], kpis) {
      case .share, .shareOfEvents: return "a share goes by its Wilson bound"
      case .mean: return "a mean goes by its t bound"
      case .ratio: return "a ratio goes by the bound of both sums"
      case .total: return "a count goes by the spread of earlier windows"
      case .other: return "it goes as it is"
      }
    }
  }

  private func isBounded(_ number: BoundedNumber, _ kpis: [KPISpecification]) -> Bool {
    number.statistics.allSatisfy { kind(expression.uses[$0], kpis) != .other }
  }

  /// What a statistic is, as a KPI of the same kind would be.
  private func kind(_ use: StatisticUse, _ kpis: [KPISpecification]) -> KPIForm {
    switch use.statistic {
    case .mean:
      flagNames.contains(use.selector.description)
        || RefusedSignal(use.selector.description) != nil
        ? .share(0) : .mean(0)
    case .value:
      kpis.first { use.selector == .named($0.signalName) }?.expression.form
        ?? .mean(0)
    case .unusable: .share(0)
    default: .total
    }
  }
}
