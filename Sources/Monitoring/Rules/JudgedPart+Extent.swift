internal import Expressions
internal import Records
internal import Specification

/// What a window that is cut knows.
extension JudgedPart {
  /// What is known of a number that a rule asks for.
  func extent(of source: StatisticSource, _ plan: Plan) -> StatisticExtent {
    switch source {
    case .events(let statistic), .refused(let statistic, _):
      isCut ? statistic.measure.extentOfPart : .whole
    case .kpi(let index): extent(of: plan.kpis[index])
    case .signal(let index, let statistic):
      isCut || part.begun.contains(plan.signals[index].name)
        ? statistic.measure.extentOfPart : .whole
    case .difference(let source): extent(of: source, plan)
    // Values of the past and of the reference are those of whole windows.
    case .unknown, .past, .reference, .drift, .pValue, .distance: .whole
    }
  }

  /// What is known of a KPI.
  func extent(of kpi: PlannedKPI) -> StatisticExtent {
    let isPart = isCut || kpi.signals.contains { part.begun.contains($0.name) }
    return isPart ? kpi.specification.expression.extent : .whole
  }

  /// What is known of a value that is kept for later windows.
  func extent(of subject: PastSubject, _ plan: Plan) -> StatisticExtent {
    if let kpi = plan.kpis.first(where: { $0.name == subject.signal }), subject.statistic == .value
    {
      return extent(of: kpi)
    }
    let isPart = isCut || part.begun.contains(subject.signal)
    return isPart ? subject.statistic.measure.extentOfPart : .whole
  }
}
