internal import Expressions
internal import Records
internal import Sketches
internal import Specification
internal import Statistics

extension SignalStatistics {
  /// What the bounds of the mean are made of: of values that are 0 or 1 those of a share.
  var meanBasis: Estimate.Basis {
    guard case .number(let index, _) = signal.kind else { return .none }
    let moments = part.sums.moments[index]
    guard let mean = moments.mean, let deviation = moments.standardDeviation else { return .none }
    if isOfConditions(mean, deviation) { return .share(of: Int(moments.count)) }
    return Estimate(mean: mean, deviation: deviation, count: Int(moments.count)).basis
  }

  /// Whether all values are 0 or 1: none is outside, and their variance is that of a share.
  private func isOfConditions(_ mean: Double, _ deviation: Double) -> Bool {
    let spread = deviation * deviation
    guard (0...1).contains(mean), abs(spread - mean * (1 - mean)) < 1e-9, let extremes else {
      return false
    }
    return extremes.minimum >= 0 && extremes.maximum <= 1
  }

  /// The mean and the population standard deviation over all events of the part, where one without a
  /// value counts as 0.
  fileprivate func overAllEvents(
    _ aggregate: Aggregate
  ) -> (mean: Double, deviation: Double)? {
    guard case .number(let index, _) = signal.kind, part.events > 0 else { return nil }
    let (moments, events) = (part.sums.moments[index], Double(part.events))
    let share = Double(moments.count) / events
    guard aggregate != .count else { return (share, (share * (1 - share)).squareRoot()) }
    guard let mean = moments.mean, let deviation = moments.standardDeviation else { return (0, 0) }
    // The variance within those with a value, and that between them and the others.
    let variance = share * deviation * deviation + share * (1 - share) * mean * mean
    return (share * mean, variance.squareRoot())
  }
}

extension PlannedKPI {
  /// What the bounds of the KPI's value are made of; a total's come from earlier windows.
  func basis(_ part: WindowPart, _ history: PaneHistory, _ plan: Plan) -> Estimate.Basis {
    func statistics(_ measure: Int) -> SignalStatistics {
      SignalStatistics(plan, signals[measure], part, history)
    }
    switch specification.expression.form {
    case .share(let index): return .share(of: statistics(index).present)
    case .shareOfEvents: return .share(of: part.events)
    case .mean(let index): return statistics(index).meanBasis
    case .ratio(let above, let below):
      let measures = specification.expression.measures
      guard let one = statistics(above).overAllEvents(measures[above].aggregate),
        let other = statistics(below).overAllEvents(measures[below].aggregate), other.mean != 0
      else { return .none }
      return Estimate(ratioOf: one, to: other, count: part.events).basis
    case .total, .other: return .none
    }
  }
}
