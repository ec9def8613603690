internal import Events
internal import Expressions
internal import Records
internal import Statistics

/// What an alert of a burn rule is about, for words and numbers.
struct BudgetAlert {
  let rule: BurnRule
  /// `nil` for the absence of events.
  let level: BurnLevel?
  let meter: BudgetMeter

  private var slo: SLOSpecification { meter.specification }

  /// The most urgent severity of the objective: that of the absence of events, too.
  private var severity: Severity { (level ?? slo.levels[0]).severity }

  /// The alert of a transition.
  func alert(_ entered: AlertState.Phase, _ state: AlertState, _ plan: Plan) -> Alert {
    let evidence = evidence(since: state.activeAt ?? meter.end)
    var labels = plan.monitor.labels
    let fixed = labels
    for (name, template) in rule.labels {
      labels[name] = render(template, fixed, evidence, plan)
    }
    labels["alertname"] = rule.alert
    labels["model"] = plan.monitor.model
    labels["slo"] = slo.name
    if level == nil { labels["cause"] = "no_data" }
    if let condition = level?.condition { labels["condition"] = condition }
    // An objective's page and ticket are one group: they tell of the same budget.
    let group = Alert.fingerprint(labels)
    labels["severity"] = severity.rawValue
    return Alert(
      name: rule.alert,
      state: entered,
      fingerprint: Alert.fingerprint(labels),
      group: group,
      labels: labels,
      annotations: rule.annotations.mapValues { render($0, labels, evidence, plan) },
      startsAt: (entered == .pending ? state.activeAt : state.firedAt) ?? meter.end,
      time: meter.end,
      evidence: evidence
    )
  }

  private func evidence(since: Int64) -> Evidence {
    let condition = meter.shown(level ?? slo.levels[0])
    let long = meter.reading(condition.long)
    let interval = long.interval
    return Evidence(
      statistic: "burn",
      value: long.burnRate,
      low: interval.map { $0.lower / slo.budget.share },
      high: interval.map { $0.upper / slo.budget.share },
      threshold: condition.burnRate,
      confidence: BurnGuard.confidence,
      n: long.counts.events,
      window: condition.long.description,
      start: long.start,
      end: meter.end,
      since: since,
      histogram: [],
      moved: [],
      unseen: [],
      budget: BudgetEvidence(
        slo: slo.name,
        objective: slo.objective,
        long: window(long),
        short: window(meter.reading(condition.short)),
        badShare: long.counts.events > 0
          ? Double(long.counts.bad) / Double(long.counts.events) : nil,
        badShareLow: interval?.lower,
        budgetLeft: meter.period.budgetLeft,
        timeToExhaustion: meter.timeToExhaustion(long)
      )
    )
  }

  private func window(_ reading: BurnReading) -> BudgetEvidence.Window {
    BudgetEvidence.Window(
      window: reading.window.description,
      burnRate: reading.burnRate,
      n: reading.counts.events,
      bad: reading.counts.bad,
      unjudged: reading.counts.unjudged
    )
  }

  private func render(
    _ template: AnnotationTemplate,
    _ labels: [String: String],
    _ evidence: Evidence,
    _ plan: Plan
  ) -> String {
    template.render { variable in
      switch variable {
      case .label(let name): labels[name]
      case .value(let value): text(of: value, evidence, plan)
      }
    }
  }

  private func text(of value: AlertValue, _ evidence: Evidence, _ plan: Plan) -> String? {
    switch value {
    case .value: evidence.value.map(shortNumber)
    case .low: evidence.low.map(shortNumber)
    case .high: evidence.high.map(shortNumber)
    case .n: evidence.n.description
    case .bad: evidence.budget?.long.bad.description
    case .window: evidence.window
    case .model: plan.monitor.model
    case .severity: severity.rawValue
    case .since: Timestamp.format(evidence.since)
    case .threshold: evidence.threshold.map(shortNumber)
    case .slo: slo.name
    case .objective: percentText(slo.objective)
    case .budgetLeft: evidence.budget?.budgetLeft.map(percentText)
    case .exhaustion: evidence.budget?.timeToExhaustion.map(durationText)
    default: nil
    }
  }
}
