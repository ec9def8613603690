/// What a KPI's value is, as far as its confidence bounds go; measures are indices into the KPI's.
public enum KPIForm: Sendable, Equatable {
  /// The mean of a condition: the share of events for which it holds.
  case share(Int)
  /// The events for which a condition holds, of all events.
  case shareOfEvents(Int)
  /// The mean of a number.
  case mean(Int)
  /// A quotient of two sums or counts.
  case ratio(Int, to: Int)
  /// What grows with the events: a sum, a count, or such numbers joined.
  case total
  /// Anything else: an extreme, a quantile, other arithmetic.
  case other
}

extension KPIExpression {
  /// What the value is, as far as its bounds go.
  public var form: KPIForm {
    switch node {
    case .statistic(let index) where measures[index].aggregate == .mean:
      return measures[index].number.isIndicator ? .share(index) : .mean(index)
    case .arithmetic(.divide, .statistic(let above), .statistic(let below))
    where isTotal(above) && isTotal(below):
      let (one, other) = (measures[above], measures[below])
      let isShare =
        one.aggregate == .count && other.aggregate == .count && other.number.isOfEachEvent
      return isShare ? .shareOfEvents(above) : .ratio(above, to: below)
    default:
      let isOfTotals = measures.indices.allSatisfy(isTotal)
      return isOfTotals && growth == 1 ? .total : .other
    }
  }
}

extension EventNumber {
  /// Whether it is 1 or 0, for a condition that holds or does not.
  fileprivate var isIndicator: Bool {
    switch node {
    case .indicator: true
    case .filtered(.indicator, _): true
    default: false
    }
  }

  /// Whether each event has the number 1, as `count()` has it.
  fileprivate var isOfEachEvent: Bool { node == .constant(1) }
}
