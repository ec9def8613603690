internal import Events
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
    return number.bounds(tail: tail) {
      lookUp(subject.sources[$0], isExact: false, plan)
    } statistic: { use, tail in
      bounded(subject.sources[use], tail: tail, plan)
    }?.bounds
  }

  /// A number with its bounds.
  ///
  /// - Parameters:
  ///   - source: Where it stands.
  ///   - tail: The probability that it is beyond one of them, in (0, ½).
  ///   - plan: What is computed.
  /// - Returns: `nil` where they are not known.
  func bounded(
    _ source: StatisticSource,
    tail: Double,
    _ plan: Plan
  ) -> BoundedNumber.Bounded? {
    if case .difference(let source) = source {
      return difference(of: source, tail: tail, plan).flatMap { value in
        guard let low = value.low, let high = value.high else { return nil }
        return (value.value, low...high)
      }
    }
    let estimate = estimate(source, plan)
    return estimate.flatMap { estimate in
      estimate.bounds(tail: tail).map { (estimate.value, $0) }
    }
  }

  /// A number that a rule asks for, with what its bounds are made of.
  private func estimate(_ source: StatisticSource, _ plan: Plan) -> Estimate? {
    switch source {
    case .unknown, .reference, .drift, .pValue, .distance, .difference: return nil
    case .past(let query):
      guard var estimate = past[query] else { return nil }
      if let spread = spreads[query.subject] { estimate.basis = .spread(spread) }
      return estimate
    case .events(let statistic): return estimate(statistic, of: eventsName, plan)
    case .refused(let statistic, let signal):
      let name = signal.reason.map { "\(refusedName).\($0.rawValue)" } ?? refusedName
      return estimate(statistic, of: name, plan)
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
    if let signal = RefusedSignal(name) {
      let lines = value(statistic, of: signal)?.n
      return statistic == .mean ? lines.map { .share(of: $0) } ?? .none : .none
    }
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
