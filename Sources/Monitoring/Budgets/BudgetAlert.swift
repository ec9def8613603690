internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// What an alert of a burn rule is about, for words and numbers.
struct BudgetAlert {
  let rule: BurnRule
  /// `nil` for the absence of events.
  let alarm: BurnAlarm?
  let meter: BudgetMeter

  private var slo: SLOSpecification { meter.specification }

  /// The most urgent severity of the objective: that of the absence of events, too.
  private var severity: Severity { (alarm ?? slo.alarms[0]).severity }

  /// The alert of a transition.
  func alert(_ entered: AlertState.Phase, _ state: AlertState, _ plan: Plan) -> Alert {
    var kindLabels = ["slo": slo.name]
    if alarm == nil { kindLabels["cause"] = "no_data" }
    if let condition = alarm?.condition { kindLabels["condition"] = condition }
    let subject = AlertComposer.Subject(
      rule: rule.alert,
      severity: severity,
      labels: rule.labels,
      annotations: rule.annotations,
      kindLabels: kindLabels,
      // An objective's page and ticket are one group: they tell of the same budget.
      groupsSeverities: true,
      evidence: evidence(since: state.activeAt ?? meter.end)
    )
    return AlertComposer(plan: plan).alert(
      subject,
      entered,
      start: (entered == .pending ? state.activeAt : state.firedAt) ?? meter.end,
      time: meter.end
    )
  }

  private func evidence(since: Int64) -> Evidence {
    let condition = meter.shown(alarm ?? slo.alarms[0])
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
}
