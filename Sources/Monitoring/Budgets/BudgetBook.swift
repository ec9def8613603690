internal import Expressions

/// The objectives of a monitor, and the alerts of their burn rules.
///
/// Judged at the end of every pane that has events, and at every later boundary at which a window
/// loses some: between those nothing changes, however long a gap is.
struct BudgetBook: Sendable {
  /// What an alert is: a rule and a level of its objective, or the absence of events.
  private struct AlertKey: Hashable {
    var rule: Int
    /// `nil` for the absence of events.
    var level: Int?
  }

  private(set) var meters: [BudgetMeter]
  private var states: [AlertKey: AlertState] = [:]
  private let paneWidth: Int64
  /// The boundary at which the objectives are judged next; `nil` while nothing can change.
  private(set) var nextBoundary: Int?

  init(_ plan: Plan) {
    guard case .time(let width) = plan.panes else {
      meters = []
      paneWidth = 1
      return
    }
    paneWidth = width
    meters = zip(plan.monitor.slos, plan.budgets).map {
      BudgetMeter($0, $1, paneWidth: width)
    }
  }

  /// Takes in a closed pane; panes come in increasing order.
  mutating func add(_ pane: PaneCounts) {
    guard !meters.isEmpty else { return }
    for index in meters.indices { meters[index].add(pane) }
    nextBoundary = min(nextBoundary ?? Int.max, pane.index + 1)
  }

  /// Judges every objective at a pane boundary.
  ///
  /// - Parameters:
  ///   - boundary: The boundary; all panes before it are closed.
  ///   - wantsMetrics: Whether the numbers go out, too.
  ///   - plan: What is computed.
  ///   - output: Receives numbers and alerts.
  mutating func judge(
    at boundary: Int,
    wantsMetrics: Bool,
    _ plan: Plan,
    into output: inout EngineOutput
  ) {
    for index in meters.indices {
      meters[index].advance(to: boundary)
      if wantsMetrics { output.measured += meters[index].measured(plan) }
    }
    var next: [Int] = meters.compactMap(\.nextChange)
    for (index, rule) in plan.monitor.burnRules.enumerated() {
      guard let meter = meters.first(where: { $0.specification.name == rule.slo }) else { continue }
      for (position, level) in meter.specification.levels.enumerated() {
        let key = AlertKey(rule: index, level: position)
        let holds = meter.holds(level)
        let context = BudgetAlert(rule: rule, level: level, meter: meter)
        if let alert = evaluate(key, holds, context, plan, &next) { output.alerts.append(alert) }
      }
      guard meter.specification.noData == .alert else { continue }
      let key = AlertKey(rule: index, level: nil)
      let context = BudgetAlert(rule: rule, level: nil, meter: meter)
      if let alert = evaluate(key, meter.hasNoData, context, plan, &next) {
        output.alerts.append(alert)
      }
    }
    nextBoundary = next.filter { $0 > boundary }.min()
  }

  /// Moves one alert on.
  private mutating func evaluate(
    _ key: AlertKey,
    _ holds: Bool?,
    _ context: BudgetAlert,
    _ plan: Plan,
    _ next: inout [Int]
  ) -> Alert? {
    let before = states[key] ?? AlertState()
    var state = before
    let hold = max(context.rule.holdDuration, context.level?.holdDuration ?? .zero).nanoseconds
    let keep = context.rule.keepFiringFor.nanoseconds
    let entered = state.evaluate(
      holds: holds,
      at: context.meter.end,
      holdDuration: hold,
      keepFiringFor: keep
    )
    states[key] = state.phase == .inactive ? nil : state
    // Time alone moves an alert that holds to firing, and one that has ceased to its end.
    if state.phase == .pending, holds == true, let since = state.activeAt {
      next.append(boundary(atOrAfter: since + hold))
    }
    if holds == false, let since = state.keepFiringSince {
      next.append(boundary(atOrAfter: since + keep))
    }
    guard let entered else { return nil }
    return context.alert(entered, entered == .resolved ? before : state, plan)
  }

  private func boundary(atOrAfter time: Int64) -> Int {
    Int(floorDivide(time + paneWidth - 1, paneWidth))
  }
}
