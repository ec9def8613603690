internal import Events
internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// What a part says of its events and of the KPIs.
extension JudgedPart {
  /// The count of the events, how many a second there were, and where there are any how many values
  /// were of another type than they should be.
  func eventMeasurements(_ plan: Plan) -> [Measurement] {
    StatisticName.ofEvents.compactMap { statistic in
      guard let value = statistic.measure.ofEvents?(self, plan),
        statistic != .invalid || value.value > 0
      else { return nil }
      return Measurement(signal: eventsName, statistic: statistic.rawValue, value: value)
    }
  }

  /// How many values of features, scores and decisions were of another type than they should be.
  func typeViolations(_ plan: Plan) -> StatisticValue {
    let counted = plan.signals.filter {
      $0.isFeature || [scoreName, decisionName].contains($0.name)
    }
    let all = counted.reduce(0) { $0 + Int(part.sums.counts[$1.invalid]) }
    return StatisticValue(value: Double(all), n: part.events)
  }

  /// A statistic of the lines that were refused; `nil` of a part of the traffic.
  ///
  /// The mean is their share of the window's lines: of its events and of all that was refused.
  func value(_ statistic: StatisticName, of signal: RefusedSignal) -> StatisticValue? {
    guard part.name == .whole else { return nil }
    let all = refused.values.reduce(0, +)
    let count = signal.reason.map { refused[$0] ?? 0 } ?? all
    let lines = part.events + all
    switch statistic {
    case .count: return StatisticValue(value: Double(count), n: lines)
    case .mean:
      return lines > 0 ? StatisticValue(value: Double(count) / Double(lines), n: lines) : nil
    case .rate:
      guard end > start else { return nil }
      return StatisticValue(value: Double(count) / (Double(end - start) / 1e9), n: lines)
    default: return nil
    }
  }

  /// How many lines were refused and which share they are, of each reason that there was; nothing in
  /// a window without any, and where no rule asks for them.
  func refusedMeasurements(_ plan: Plan) -> [Measurement] {
    guard part.name == .whole, !refused.isEmpty, !Plan.refusedNames(plan.monitor).isEmpty else {
      return []
    }
    let names = [refusedName] + refused.keys.map { "\(refusedName).\($0.rawValue)" }.sorted()
    return names.flatMap { name -> [Measurement] in
      guard let signal = RefusedSignal(name) else { return [] }
      return [StatisticName.count, .mean].compactMap { statistic in
        value(statistic, of: signal).map {
          Measurement(signal: name, statistic: statistic.rawValue, value: $0)
        }
      }
    }
  }

  /// The value of a KPI, and how it changed against the same window a day and a week ago.
  func measurements(of kpi: PlannedKPI, _ plan: Plan) -> [Measurement] {
    guard let value = kpi.value(part, history, plan) else { return [] }
    var measurements = [
      Measurement(signal: kpi.name, statistic: StatisticName.value.rawValue, value: value)
    ]
    // What a part of the window has is no change against a whole one.
    guard extent(of: kpi) == .whole else { return measurements }
    let subject = PastSubject(signal: kpi.name, statistic: .value, criterion: nil)
    for change in MeasuredChange.allCases {
      let query = PastQuery(subject: subject, ago: change.ago.nanoseconds)
      guard let before = past[query]?.value, before != 0 else { continue }
      let relative = value.value / before - 1
      guard relative.isFinite else { continue }
      measurements.append(
        Measurement(
          signal: kpi.name,
          statistic: change.rawValue,
          value: StatisticValue(value: relative, n: value.n)
        )
      )
    }
    return measurements
  }

  /// What is to be kept of this part for later windows.
  func pastValue(of use: PastUse, _ plan: Plan) -> Estimate? {
    guard extent(of: use.subject, plan) == .whole else { return nil }
    guard use.subject.statistic == .drift else {
      return estimate(use.subject.statistic, of: use.subject.signal, plan)
    }
    let rule = use.rules.first.map { plan.monitor.rules[$0] }
    let value = value(use.subject.statistic, use.subject.signal, rule, plan)
    return value.map { Estimate($0.value) }
  }
}

extension PastUse {
  /// Whether a value of this part of the traffic is asked for.
  func isAsked(in part: PartName, _ measuring: Measuring, _ window: PlannedWindow) -> Bool {
    if isMeasured, measuring.includes(part) { return true }
    return window.rules.contains { rules.contains($0.index) && $0.scope.contains(part) }
  }
}
