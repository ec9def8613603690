internal import Events
internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// One part of the traffic in one window, with the statistics that were worked out.
///
/// Its 13 properties are what a condition, a metric record or the words of an alert may ask of a
/// part; none changes once it is judged.
struct JudgedPart {
  /// The index of the window.
  let windowIndex: Int
  let window: WindowSpecification
  let part: WindowPart
  let history: PaneHistory
  let start: Int64
  let end: Int64
  /// The statistics by signal, in the plan's order.
  let values: [[(StatisticName, StatisticValue)]]
  /// The drifts that the window's rules ask for, in the plan's order.
  ///
  /// `nil` where they do not ask, and where there is no number. One without a bound is below all
  /// that matters to any rule.
  let drifts: [StatisticValue?]
  /// What rules and metrics may compare with: values of earlier ends of the window.
  let past: [PastQuery: Estimate]
  /// How counts, sums and rates varied in earlier windows, where rules have bounds on them.
  let spreads: [PastSubject: WindowSpread]
  /// The lines that were refused, by reason; of a part of the traffic nobody knows them.
  var refused: [Refusal: Int] = [:]
  /// Whether events of the window's time may be missing: it was not watched from its start to its
  /// end.
  var isCut = false
  /// The version in use, beside which rules hold this one; one at most.
  var comparison: [VersionComparison] = []

  /// Every statistic that was worked out, as it goes out.
  func measured(isOpen: Bool, _ plan: Plan) -> MeasuredPart {
    let names = plan.names(of: part.name)
    var measurements: [Measurement] = []
    measurements.reserveCapacity(values.reduce(2) { $0 + $1.count })
    measurements += eventMeasurements(plan) + refusedMeasurements(plan)
    for (signal, values) in zip(plan.signals, values) {
      for (name, value) in values {
        measurements.append(
          Measurement(signal: signal.name, statistic: name.rawValue, value: value)
        )
      }
    }
    for kpi in plan.kpis { measurements += self.measurements(of: kpi, plan) }
    // A window of events ends at its last one, which may be of the same time as its first.
    assert(
      start < end || start == end && plan.panes.areOfEvents,
      "a part from \(start) to \(end)"
    )
    for measured in measurements {
      assert(measured.isWithinBounds, "\(measured) is outside its own bounds")
    }
    return MeasuredPart(
      model: plan.monitor.model,
      window: window.name,
      start: start,
      end: end,
      version: names.version,
      segment: names.segment,
      isCut: isCut,
      isOpen: isOpen,
      measurements: measurements
    )
  }

  /// What is known of a window in which all lines were refused, as it goes out.
  func measuredRefused(isOpen: Bool, _ plan: Plan) -> MeasuredPart {
    MeasuredPart(
      model: plan.monitor.model,
      window: window.name,
      start: start,
      end: end,
      version: nil,
      segment: nil,
      isCut: isCut,
      isOpen: isOpen,
      measurements: eventMeasurements(plan) + refusedMeasurements(plan)
    )
  }

  /// A statistic as rules see it: of `drift` the lower confidence bound.
  ///
  /// - Parameters:
  ///   - source: Where it stands.
  ///   - isExact: Whether the number goes out. If not, a drift that is below all that matters may be
  ///     given by its index, which is below it, too.
  ///   - plan: What is computed.
  /// - Returns: `nil` where there is none.
  func lookUp(_ source: StatisticSource, isExact: Bool, _ plan: Plan) -> Double? {
    switch source {
    case .unknown: return nil
    case .past(let query): return past[query]?.value
    case .reference(let value): return value
    case .events(let statistic): return statistic.measure.ofEvents?(self, plan)?.value
    case .refused(let statistic, let signal): return value(statistic, of: signal)?.value
    case .kpi(let index): return plan.kpis[index].value(part, history, plan)?.value
    case .drift(let place):
      guard let drift = drifts[place] else { return nil }
      if drift.psi != nil || !isExact { return drift.value }
      let planned = plan.windows[windowIndex].drifts[place]
      return self.drift(of: planned.signal, planned.criterion, plan)?.value
    case .pValue(let index, let statistic):
      return value(statistic, of: index, DriftCriterion(), plan)?.pValue
    case .distance(let index, let statistic, let criterion):
      return distance(statistic, of: index, criterion, plan)?.value
    case .difference(let source):
      return difference(of: source, tail: 1 - RuleSpecification.defaultConfidence, plan)?.value
    case .signal(let index, let statistic):
      return value(statistic, of: index, DriftCriterion(), plan)?.value
    }
  }

  /// A statistic of a signal, of a KPI or of the events; drift as a rule judges it.
  func value(
    _ statistic: StatisticName,
    _ name: String,
    _ rule: RuleSpecification?,
    _ plan: Plan
  ) -> StatisticValue? {
    let measure = statistic.measure
    if name == eventsName { return measure.ofEvents?(self, plan) }
    if let signal = RefusedSignal(name) { return value(statistic, of: signal) }
    if let ofKPI = measure.ofKPI {
      return plan.kpis.first { $0.name == name }.flatMap { ofKPI($0, self, plan) }
    }
    guard let index = plan.signalIndices[name] else { return nil }
    let criterion = plan.windows[windowIndex].criteria[index]
    return value(statistic, of: index, rule?.criterion(criterion) ?? criterion, plan)
  }

  /// A statistic of a signal, worked out unless it is known; drift as the criterion says.
  func value(
    _ statistic: StatisticName,
    of signal: Int,
    _ criterion: DriftCriterion,
    _ plan: Plan
  ) -> StatisticValue? {
    if statistic == .drift { return drift(of: signal, criterion, plan) }
    if let known = values[signal].first(where: { $0.0 == statistic }) { return known.1 }
    return statistics(signal, plan).values([statistic], criterion).first?.1
  }

  /// Drift of a signal with its bound, worked out unless it is known.
  private func drift(
    of signal: Int,
    _ criterion: DriftCriterion,
    _ plan: Plan
  ) -> StatisticValue? {
    if criterion == plan.windows[windowIndex].criteria[signal],
      let known = values[signal].first(where: { $0.0 == .drift })
    {
      return known.1
    }
    return part.driftBins(of: signal, plan)?.drift(criterion)
  }

  /// Puts an alert into words and numbers.
  func alert(
    _ rule: RuleSpecification,
    _ signal: String?,
    _ entered: AlertState.Phase,
    _ state: AlertState,
    _ verdict: WindowVerdict,
    _ plan: Plan,
    bounds: ClosedRange<Double>?,
    family: Int?
  ) -> Alert {
    let since = state.activeAt ?? end
    var evidence = evidence(rule, signal, since: since, verdict, plan)
    if let family {
      evidence.falseDiscoveryRate = rule.falseDiscoveryRate
      evidence.family = family
    }
    if let bounds {
      // A mean of one value has a bound that is nowhere.
      evidence.low = bounds.lowerBound.isFinite ? bounds.lowerBound : nil
      evidence.high = bounds.upperBound.isFinite ? bounds.upperBound : nil
      evidence.confidence = rule.confidence
    }
    var kindLabels = ["window": window.name]
    if isAboutMix(rule, signal, plan) { kindLabels["cause"] = "mix" }
    let subject = AlertComposer.Subject(
      rule: rule.alert,
      severity: rule.severity,
      labels: rule.labels,
      annotations: rule.annotations,
      part: part.name,
      signal: signal,
      kindLabels: kindLabels,
      form: TemplateForm(rule.expression.unit),
      evidence: evidence
    )
    return AlertComposer(plan: plan).alert(
      subject,
      entered,
      start: (entered == .pending ? state.activeAt : state.firedAt) ?? end,
      time: end
    )
  }

  private func evidence(
    _ rule: RuleSpecification,
    _ name: String?,
    since: Int64,
    _ verdict: WindowVerdict,
    _ plan: Plan
  ) -> Evidence {
    var evidence = Evidence(
      value: verdict.value,
      threshold: verdict.threshold,
      n: part.events,
      window: window.name,
      start: start,
      end: end,
      since: since,
      histogram: [],
      moved: [],
      unseen: []
    )
    let subject = rule.expression.subject
    let judged = subject?.isCompared == true ? comparison.first?.canary ?? self : self
    let shown = name ?? subject.map(\.selector.description)
    if let index = shown.flatMap({ plan.signalIndices[$0] }) {
      let statistics = judged.statistics(index, plan)
      let compared = subject?.statistic ?? .psi
      (evidence.histogram, evidence.moved, evidence.unseen) = statistics.comparison(for: compared)
      if !evidence.histogram.isEmpty {
        evidence.reference = statistics.referenceName(for: compared)
      }
    }
    guard let shown, let subject, subject.ago == nil else { return evidence }
    if subject.isCompared, !subject.statistic.isDistance {
      // A difference of versions has the bounds that the rule goes by.
      evidence.statistic = subject.recordName
      evidence.referenceN = comparison.first?.stable.part.events
      return evidence
    }
    guard let value = judged.value(subject.statistic, shown, rule, plan) else { return evidence }
    evidence.n = value.n
    evidence.referenceN = value.referenceN
    // A rule about more than one statistic, such as a ratio, has a value but no bounds.
    guard value.value == verdict.value else { return evidence }
    evidence.statistic = subject.recordName
    evidence.value = value.value
    evidence.psi = value.psi
    evidence.low = value.low
    evidence.high = value.high
    evidence.pValue = value.pValue
    if subject.statistic == .drift { evidence.confidence = rule.confidence }
    return evidence
  }
}
