internal import Events
internal import Expressions

/// The rules of a monitor and the state of all their alerts.
struct RuleBook: Sendable {
  /// What an alert is: a rule, a part of the traffic, a signal.
  private struct AlertKey: Hashable {
    var rule: Int
    var view: ViewName
    var signal: String?
  }

  private var states: [AlertKey: AlertState] = [:]

  /// The alerts that are pending or firing.
  var active: Int { states.count }

  /// Judges the rules of a window in one part of the traffic.
  ///
  /// - Returns: The transitions, in the order of the rules and of the plan's signals.
  mutating func judge(_ judged: JudgedView, _ plan: Plan) -> [Alert] {
    var alerts: [Alert] = []
    for (index, rule) in plan.monitor.rules.enumerated() {
      guard rule.window == judged.window.name, judged.isJudged(by: rule, plan) else { continue }
      for signal in plan.ruleSubjects[index] {
        let verdict = rule.expression.evaluate(signal: signal) { statistic, name, ofReference in
          judged.lookUp(statistic, name, ofReference, rule, plan)
        }
        let key = AlertKey(rule: index, view: judged.view.name, signal: signal)
        var state = states[key] ?? AlertState()
        let before = state
        let entered = state.evaluate(
          holds: verdict.holds,
          at: judged.end,
          holdDuration: rule.holdDuration.nanoseconds,
          keepFiringFor: rule.keepFiringFor.nanoseconds
        )
        states[key] = state.phase == .inactive ? nil : state
        guard let entered else { continue }
        let described = entered == .resolved ? before : state
        alerts.append(
          judged.alert(rule, signal, entered, described, verdict, plan)
        )
      }
    }
    return alerts
  }
}
