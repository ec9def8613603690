internal import Events
internal import Expressions
internal import Records

/// One part of the traffic in one window, with the statistics that were worked out.
struct JudgedView {
  let window: WindowSpecification
  let view: View
  let history: PaneHistory
  let start: Int64
  let end: Int64
  /// The statistics by signal, in the plan's order.
  let values: [[(StatisticName, StatisticValue)]]
  /// What rules and metrics may compare with: values of earlier ends of the window.
  let past: [PastQuery: Double]

  /// Every statistic that was worked out, as it goes out.
  func measured(isCut: Bool, _ plan: Plan) -> MeasuredView {
    let names = plan.names(of: view.name)
    var measurements: [Measurement] = []
    measurements.reserveCapacity(values.reduce(2) { $0 + $1.count })
    measurements += eventMeasurements
    for (signal, values) in zip(plan.signals, values) {
      for (name, value) in values {
        measurements.append(
          Measurement(signal: signal.name, statistic: name.rawValue, value: value)
        )
      }
    }
    for kpi in plan.kpis { measurements += self.measurements(of: kpi, plan) }
    return MeasuredView(
      model: plan.monitor.model,
      window: window.name,
      start: start,
      end: end,
      version: names.version,
      segment: names.segment,
      isCut: isCut,
      measurements: measurements
    )
  }

  /// Whether a rule asks for this part of the traffic.
  func isJudged(by rule: RuleSpecification, _ plan: Plan) -> Bool {
    rule.judges(view.name, plan)
  }

  /// A statistic as rules see it: of `drift` the lower confidence bound.
  func lookUp(
    _ query: StatisticQuery,
    _ rule: RuleSpecification,
    _ plan: Plan
  ) -> Double? {
    if let ago = query.ago {
      let criterion = plan.signalIndices[query.signal].map {
        rule.criterion(plan.criterion(of: $0, window: window.name))
      }
      let subject = PastSubject(
        signal: query.signal,
        statistic: query.statistic,
        criterion: query.statistic == .drift ? criterion : nil
      )
      return past[PastQuery(subject: subject, ago: ago.nanoseconds)]
    }
    if query.ofReference {
      guard let index = plan.signalIndices[query.signal] else { return nil }
      return plan.signals[index].profile.value(of: query.statistic)
    }
    let value = value(query.statistic, query.signal, rule, plan)
    return query.statistic == .drift ? value?.low : value?.value
  }

  /// A statistic of a signal, of a KPI or of the events; drift as a rule judges it.
  func value(
    _ statistic: StatisticName,
    _ name: String,
    _ rule: RuleSpecification?,
    _ plan: Plan
  ) -> StatisticValue? {
    if name == eventsName {
      return eventMeasurements.first { $0.statistic == statistic.rawValue }?.value
    }
    if statistic == .value {
      return plan.kpis.first { $0.name == name }?.value(view, history, plan)
    }
    guard let index = plan.signalIndices[name] else { return nil }
    let criterion = plan.criterion(of: index, window: window.name)
    let wanted = rule?.criterion(criterion) ?? criterion
    if statistic != .drift || wanted == criterion,
      let known = values[index].first(where: { $0.0 == statistic })
    {
      return known.1
    }
    return statistics(index, plan).values([statistic], wanted).first?.1
  }

  /// Puts an alert into words and numbers.
  func alert(
    _ rule: RuleSpecification,
    _ signal: String?,
    _ entered: AlertState.Phase,
    _ state: AlertState,
    _ verdict: WindowVerdict,
    _ plan: Plan,
    family: Int? = nil
  ) -> Alert {
    let since = state.activeAt ?? end
    var evidence = evidence(rule, signal, since: since, verdict, plan)
    if let family {
      evidence.falseDiscoveryRate = rule.falseDiscoveryRate
      evidence.family = family
    }
    var labels = plan.monitor.labels
    let texts = AlertTexts(
      severity: rule.severity,
      signal: signal,
      view: view.name,
      evidence: evidence,
      plan: plan,
      fixed: labels
    )
    for (name, template) in rule.labels { labels[name] = texts.render(template, labels) }
    labels["alertname"] = rule.alert
    labels["model"] = plan.monitor.model
    labels["severity"] = rule.severity.rawValue
    labels["window"] = window.name
    let names = plan.names(of: view.name)
    if let version = names.version { labels["version"] = version }
    if let segment = names.segment { labels["segment"] = segment }
    if isAboutMix(rule, signal, plan) { labels["cause"] = "mix" }
    let group = Alert.fingerprint(labels)
    if let signal { labels["signal"] = signal }
    return Alert(
      name: rule.alert,
      state: entered,
      fingerprint: Alert.fingerprint(labels),
      group: group,
      labels: labels,
      annotations: rule.annotations.mapValues { texts.render($0, labels) },
      startsAt: (entered == .pending ? state.activeAt : state.firedAt) ?? end,
      time: end,
      evidence: evidence
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
      n: view.events,
      window: window.name,
      start: start,
      end: end,
      since: since,
      histogram: [],
      moved: [],
      unseen: []
    )
    let subject = rule.expression.subject
    let shown = name ?? subject.map(\.selector.description)
    if let index = shown.flatMap({ plan.signalIndices[$0] }) {
      let statistics = statistics(index, plan)
      let compared = subject?.statistic ?? .psi
      (evidence.histogram, evidence.moved, evidence.unseen) = statistics.comparison(for: compared)
      if !evidence.histogram.isEmpty {
        evidence.reference = statistics.referenceName(for: compared)
      }
    }
    guard let shown, let subject, subject.ago == nil,
      let value = value(subject.statistic, shown, rule, plan)
    else { return evidence }
    evidence.n = value.n
    evidence.referenceN = value.referenceN
    // A rule about more than one statistic, such as a ratio, has a value but no bounds.
    let judged = subject.statistic == .drift ? value.low : value.value
    guard judged == verdict.value else { return evidence }
    evidence.statistic = subject.statistic.rawValue
    evidence.value = value.value
    evidence.low = value.low
    evidence.high = value.high
    evidence.pValue = value.pValue
    if subject.statistic == .drift { evidence.confidence = rule.confidence }
    return evidence
  }
}

extension RuleSpecification {
  /// Whether the rule asks for a part of the traffic.
  func judges(_ view: ViewName, _ plan: Plan) -> Bool {
    switch view {
    case .whole:
      by.contains(.whole)
    case .part(let dimension, _):
      by.contains { by in
        switch by {
        case .whole: false
        case .version: plan.dimensions[dimension].segment == nil
        case .segment(let path): plan.dimensions[dimension].name == path.description
        }
      }
    }
  }
}

/// Fills the templates of one alert.
struct AlertTexts {
  let severity: Severity
  let signal: String?
  let view: ViewName
  let evidence: Evidence
  let plan: Plan
  let fixed: [String: String]

  func render(_ template: AnnotationTemplate, _ labels: [String: String]) -> String {
    template.render { variable in
      switch variable {
      case .label(let name): labels[name] ?? fixed[name]
      case .value(let value): text(of: value)
      }
    }
  }

  private func text(of value: AlertValue) -> String? {
    switch value {
    case .signal: signal
    case .value: evidence.value.map(shortNumber)
    case .low: evidence.low.map(shortNumber)
    case .high: evidence.high.map(shortNumber)
    case .n: evidence.n.description
    case .referenceN: evidence.referenceN?.description
    case .reference: evidence.reference ?? plan.monitor.profile
    case .window: evidence.window
    case .model: plan.monitor.model
    case .severity: severity.rawValue
    case .version: part(ofVersion: true)
    case .segment: part(ofVersion: false)
    case .since: Timestamp.format(evidence.since)
    case .threshold: evidence.threshold.map(shortNumber)
    case .slo, .objective, .bad, .budgetLeft, .exhaustion: nil
    }
  }

  private func part(ofVersion: Bool) -> String? {
    guard case .part(let dimension, let value) = view else { return nil }
    guard (plan.dimensions[dimension].segment == nil) == ofVersion else { return nil }
    return value.name
  }
}
