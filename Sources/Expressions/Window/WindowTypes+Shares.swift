/// Shares of events, and p-values.
extension WindowTypes {
  /// `share(missing(x))`: a count divided by the events that it is of.
  mutating func share(_ argument: Expression, at span: SourceSpan) -> Quantity {
    let before = diagnostics.count
    let hits = number(argument)
    guard diagnostics.count == before else { return hits }
    let counted = hits.node.hits(uses)
    guard let counted, let first = counted.first,
      counted.allSatisfy({ uses[$0].countsSameEvents(as: uses[first]) })
    else {
      let isShare = hits.node.firstStatistic.map { uses[$0].statistic == .unusable } ?? false
      return refused(
        argument.span,
        isShare
          ? "\(argument) is a share already: compare it as it is"
          : "share takes how many events something is true of, got \(argument): "
            + "write share(missing(score))"
      )
    }
    var all = uses[first]
    all.statistic = .count
    return (.arithmetic(.divide, hits.node, .statistic(place(of: all))), .number)
  }

  /// `p_value(ks(x))`: how probable so great a distance is without any drift.
  mutating func pValue(_ argument: Expression, at span: SourceSpan) -> Quantity {
    guard case .call(let name, _) = argument.node, ["ks", "chi2"].contains(name.text) else {
      return refused(
        argument.span,
        "p_value takes ks or chi2 of a signal, got \(argument): write p_value(ks(score)); "
          + "drift(score) > 0.1 has its confidence"
      )
    }
    if ago != nil {
      return refused(span, "no p-value is kept of earlier windows: write p_value(ks(score)) alone")
    }
    isInPValue = true
    defer { isInPValue = false }
    return number(argument)
  }

  /// `compare(accuracy(quality))`: the canary's value less the stable version's; of a distance such as
  /// `compare(drift(x))` that of the canary's values from the stable version's.
  mutating func compare(_ argument: Expression, at span: SourceSpan) -> Quantity {
    let advice = "write compare(accuracy(quality))"
    if isInReference || ago != nil || isInComparison {
      return refused(span, "compare stands inside of nothing: \(advice)")
    }
    isInComparison = true
    defer { isInComparison = false }
    let before = diagnostics.count
    let number = number(argument)
    guard diagnostics.count == before else { return number }
    guard case .statistic(let place) = number.node, uses[place].isComparable else {
      return refused(
        argument.span,
        "compare takes a measure of the predictions' quality, or a mean, unusable, a KPI's value, or "
          + "a distance of a signal, got \(argument): write compare(mean(latency))"
      )
    }
    return number
  }

  /// Reports a percentage that a count of events is compared with, or that is added to one.
  mutating func checkCounts(
    _ left: (written: Expression, read: WindowNumber),
    _ symbol: BinaryOperator,
    _ right: (written: Expression, read: WindowNumber)
  ) {
    let (one, other) = (left.written, right.written)
    if other.isPercentage, left.read.isCounted(uses) {
      report(other, beside: one, left.read, "share(\(one)) \(symbol.rawValue) \(other)")
    } else if one.isPercentage, right.read.isCounted(uses) {
      report(one, beside: other, right.read, "\(one) \(symbol.rawValue) share(\(other))")
    }
  }

  private mutating func report(
    _ percentage: Expression,
    beside count: Expression,
    _ number: WindowNumber,
    _ written: String
  ) {
    var advice = "write a whole number"
    if number.hits(uses) != nil, let first = number.firstStatistic {
      advice = "write \(written), which divides it by count(\(uses[first].selector))"
      if case .statistic(let use) = number, !uses[use].ofReference {
        advice = "write \(written), which is \(count) / count(\(uses[first].selector))"
      }
    }
    report(
      percentage.span,
      "\(count) is a count, got the percentage \(percentage): \(advice)"
    )
  }
}

extension StatisticUse {
  /// Whether versions can be held against each other by it: by its interval, or as the distance of
  /// the one's values from the other's.
  fileprivate var isComparable: Bool {
    if statistic.isOfQuality { return selector.isQuality }
    let isOfValues = statistic == .mean || statistic == .unusable || statistic.isDistance
    return isOfValues && !selector.isEvents && !selector.isRefused || statistic == .value
  }

  /// Whether another count is of the same events.
  fileprivate func countsSameEvents(as other: StatisticUse) -> Bool {
    selector == other.selector && ofReference == other.ofReference && ago == other.ago
  }
}

extension StatisticName {
  /// Whether it is a number of events or of values, which no percentage is.
  var isCount: Bool { isPartOfEvents || isConfusionCount || self == .count || self == .distinct }
}

extension WindowNumber {
  /// Whether it is a count, or counts joined so that they stay one.
  func isCounted(_ uses: [StatisticUse]) -> Bool {
    switch self {
    case .constant, .change: false
    case .statistic(let use): uses[use].statistic.isCount
    case .negative(let operand), .absolute(let operand): operand.isCounted(uses)
    case .arithmetic(.add, let left, let right), .arithmetic(.subtract, let left, let right):
      left.isCounted(uses) || right.isCounted(uses)
    case .arithmetic: false
    }
  }

  /// The counts of a sum, each of which is a part of the events; `nil` where it is anything else.
  fileprivate func hits(_ uses: [StatisticUse]) -> [Int]? {
    switch self {
    case .statistic(let use):
      let statistic = uses[use].statistic
      let isPart = statistic.isPartOfEvents && !uses[use].selector.isEvents
      return isPart || statistic.isConfusionCount ? [use] : nil
    case .arithmetic(.add, let left, let right):
      guard let one = left.hits(uses), let other = right.hits(uses) else { return nil }
      return one + other
    default: return nil
    }
  }
}
