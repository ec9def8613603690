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

  /// The KPI's value in one view; `nil` where an aggregate in it has none.
  func value(_ view: View, _ history: PaneHistory, _ plan: Plan) -> StatisticValue? {
    let measures = specification.expression.measures
    let parts = zip(measures, signals).map { measure, signal in
      SignalStatistics(plan, signal, view, history).aggregate(measure.aggregate)
    }
    guard let value = specification.expression.evaluate({ parts[$0]?.value }) else { return nil }
    var result = StatisticValue(value: value, n: view.events)
    if specification.expression.isSingle, let part = parts.first ?? nil { result = part }
    return result
  }
}

extension SignalStatistics {
  /// One aggregate of the signal's values; the sum of no values is 0, the mean of none is absent.
  func aggregate(_ aggregate: Aggregate) -> StatisticValue? {
    guard case .number(let index, _) = signal.kind else { return nil }
    switch aggregate {
    case .sum: return StatisticValue(value: view.sums.moments[index].total, n: present)
    case .count: return StatisticValue(value: Double(present), n: view.events)
    case .mean: return moment(.mean)
    case .min: return moment(.min)
    case .max: return moment(.max)
    case .p50: return quantile(0.5)
    case .p90: return quantile(0.9)
    case .p95: return quantile(0.95)
    case .p99: return quantile(0.99)
    }
  }
}

extension View {
  /// How many events a second there were.
  ///
  /// - Parameters:
  ///   - start: The window's start, in nanoseconds since 1970; of a window of events its first.
  ///   - end: The window's end; of a window of events its last event.
  /// - Returns: `nil` where the window spans no time.
  func rate(from start: Int64, to end: Int64) -> StatisticValue? {
    guard end > start else { return nil }
    return StatisticValue(value: Double(events) / (Double(end - start) / 1e9), n: events)
  }
}
