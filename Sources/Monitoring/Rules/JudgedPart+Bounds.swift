internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// The confidence bounds of what rules compare with constants.
extension JudgedPart {
  /// The bounds of the number that one of a rule's comparisons asks for.
  ///
  /// - Parameters:
  ///   - place: The comparison's place in the condition.
  ///   - rule: The rule.
  ///   - subject: What its wildcard stands for.
  ///   - plan: What is computed.
  /// - Returns: `nil` where it is compared as it is.
  func bounds(
    ofComparison place: Int,
    _ rule: PlannedRule,
    _ subject: RuleSubject,
    _ plan: Plan
  ) -> ClosedRange<Double>? {
    guard case .bounded(let number)? = rule.bounds[safe: place] else { return nil }
    let tail = 1 - rule.specification.confidence
    return bounded(number, rule, subject, tail: tail, plan)?.bounds
  }

  /// A number and its bounds.
  private func bounded(
    _ number: BoundedNumber,
    _ rule: PlannedRule,
    _ subject: RuleSubject,
    tail: Double,
    _ plan: Plan
  ) -> (value: Double, bounds: ClosedRange<Double>)? {
    func inner(
      _ number: BoundedNumber,
      _ tail: Double
    ) -> (value: Double, bounds: ClosedRange<Double>)? {
      bounded(number, rule, subject, tail: tail, plan)
    }
    switch number {
    case .statistic(let use):
      let estimate = estimate(subject.sources[use], plan)
      return estimate.flatMap { estimate in
        estimate.bounds(tail: tail).map { (estimate.value, $0) }
      }
    case .share(let uses, let all):
      let hits = uses.map { lookUp(subject.sources[$0], isExact: false, plan) }
      guard let n = lookUp(subject.sources[all], isExact: false, plan), n > 0,
        !hits.contains(nil)
      else { return nil }
      let share = Estimate(hits.compactMap(\.self).reduce(0, +) / n, .share(of: Int(n)))
      return share.bounds(tail: tail).map { (share.value, $0) }
    case .change(let now, let before):
      guard let one = inner(now, tail), let other = inner(before, tail), other.value != 0 else {
        return nil
      }
      let ratio = ratioBounds(one, to: other)
      return (one.value / other.value - 1, ratio.lowerBound - 1...ratio.upperBound - 1)
    case .scaled(let number, let factor):
      return inner(number, tail).map { ($0.value * factor, $0.bounds.scaled(by: factor)) }
    case .shifted(let number, let offset):
      return inner(number, tail).map {
        ($0.value + offset, $0.bounds.lowerBound + offset...$0.bounds.upperBound + offset)
      }
    case .absolute(let number):
      // Either side may be the one that is beyond a limit, so each has half of the probability.
      return inner(number, tail / 2).map { ($0.value.magnitude, $0.bounds.magnitude) }
    }
  }

  /// A number that a rule asks for, with what its bounds are made of.
  private func estimate(_ source: StatisticSource, _ plan: Plan) -> Estimate? {
    switch source {
    case .unknown, .reference, .drift: return nil
    case .past(let query):
      guard var estimate = past[query] else { return nil }
      if let spread = spreads[query.subject] { estimate.basis = .spread(spread) }
      return estimate
    case .events(let statistic): return estimate(statistic, of: eventsName, plan)
    case .kpi(let index): return estimate(.value, of: plan.kpis[index].name, plan)
    case .signal(let index, let statistic):
      return estimate(statistic, of: plan.signals[index].name, plan)
    }
  }

  /// A statistic of a signal, of a KPI or of the events, with what its bounds are made of.
  func estimate(_ statistic: StatisticName, of name: String, _ plan: Plan) -> Estimate? {
    guard let value = value(statistic, name, nil, plan)?.value else { return nil }
    return Estimate(value, basis(statistic, of: name, plan))
  }

  private func basis(_ statistic: StatisticName, of name: String, _ plan: Plan) -> Estimate.Basis {
    let subject = PastSubject(signal: name, statistic: statistic, criterion: nil)
    if let spread = spreads[subject] { return .spread(spread) }
    if statistic == .value {
      let kpi = plan.kpis.first { $0.name == name }
      return kpi.map { $0.basis(part, history, plan) } ?? .none
    }
    guard let basis = statistic.measure.basis, let index = plan.signalIndices[name] else {
      return .none
    }
    return basis(statistics(index, plan))
  }
}

extension ClosedRange<Double> {
  fileprivate func scaled(by factor: Double) -> ClosedRange<Double> {
    // An infinite end times 0 is no number.
    guard factor != 0 else { return 0...0 }
    let (one, other) = (lowerBound * factor, upperBound * factor)
    return Swift.min(one, other)...Swift.max(one, other)
  }

  /// The magnitudes of the numbers within.
  fileprivate var magnitude: ClosedRange<Double> {
    let (one, other) = (lowerBound.magnitude, upperBound.magnitude)
    let least = contains(0) ? 0 : Swift.min(one, other)
    return least...Swift.max(one, other)
  }
}
