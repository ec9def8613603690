internal import Expressions
internal import Records
internal import Specification

extension Plan {
  /// The names that metric records have, each kind in the order in which they come.
  package var metricNames: (signals: [String], statistics: [String], windows: [String]) {
    (
      [eventsName, refusedName] + signals.filter { !$0.isInternal }.map(\.name) + kpis.map(\.name)
        + monitor.slos.map(\.signal) + monitor.qualities.filter { $0 != claimName },
      StatisticName.allCases.filter { !$0.takesTop }.map(\.rawValue)
        + qualityTops.map(\.name) + MeasuredChange.allCases.map(\.rawValue)
        + BudgetStatisticName.allCases.map(\.rawValue),
      monitor.windows.map(\.name) + (outcomes == nil ? [] : [qualityName])
        + monitor.slos.flatMap { $0.windowLengths.map(\.description) }
    )
  }

  /// The measures of the predictions with the greatest scores.
  private var qualityTops: [QualityMeasure] {
    monitor.qualityCriteria.measures.filter { $0.top != nil }
  }
}
