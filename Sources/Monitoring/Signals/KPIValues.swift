internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// A KPI with the signals that its measures are read from.
struct PlannedKPI: Sendable {
  let specification: KPISpecification
  /// One a measure of the expression.
  let signals: [Signal]

  var name: String { specification.signalName }

  /// The KPI's value in one part; `nil` where an aggregate in it has none.
  func value(_ part: WindowPart, _ history: PaneHistory, _ plan: Plan) -> StatisticValue? {
    let measures = specification.expression.measures
    let parts = zip(measures, signals).map { measure, signal in
      SignalStatistics(plan, signal, part, history).aggregate(measure.aggregate)
    }
    guard let value = specification.expression.evaluate({ parts[$0]?.value }) else { return nil }
    var result = StatisticValue(value: value, n: part.events)
    if specification.expression.isSingle, let only = parts.first ?? nil { result = only }
    return result
  }
}

extension Measure {
  static let value = Measure(
    extentOfPart: .unknown,
    ofKPI: { kpi, judged, plan in kpi.value(judged.part, judged.history, plan) }
  )
}

extension SignalStatistics {
  /// One aggregate of the signal's values; the sum of no values is 0, the mean of none is absent.
  fileprivate func aggregate(_ aggregate: Aggregate) -> StatisticValue? {
    guard case .number(let index, _) = signal.kind else { return nil }
    switch aggregate {
    case .sum: return StatisticValue(value: part.sums.moments[index].total, n: present)
    case .count: return StatisticValue(value: Double(present), n: part.events)
    case .mean: return value(.mean)
    case .min: return value(.min)
    case .max: return value(.max)
    case .p50: return value(.p50)
    case .p90: return value(.p90)
    case .p95: return value(.p95)
    case .p99: return value(.p99)
    }
  }

  /// A statistic that compares nothing.
  private func value(_ measure: Measure) -> StatisticValue? {
    assert(measure.needs.isEmpty, "a measure that compares \(measure.needs)")
    return measure.ofSignal?(self, Sides(criterion: DriftCriterion()))
  }
}
