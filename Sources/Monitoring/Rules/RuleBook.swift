internal import Events
internal import Expressions

/// The rules of a monitor and the state of all their alerts.
struct RuleBook: Sendable {
  /// What an alert is: a rule, a part of the traffic, a signal.
  private struct AlertKey: Hashable, Comparable {
    var rule: Int
    var view: ViewName
    var signal: String?

    static func < (left: AlertKey, right: AlertKey) -> Bool {
      if left.rule != right.rule { return left.rule < right.rule }
      if left.view != right.view { return left.view < right.view }
      return (left.signal ?? "") < (right.signal ?? "")
    }
  }

  private var states: [AlertKey: AlertState] = [:]

  /// Judges the rules of a window in one part of the traffic.
  ///
  /// - Returns: The transitions, in the order of the rules and of the plan's signals.
  mutating func judge(_ judged: JudgedView, _ plan: Plan) -> [Alert] {
    var alerts: [Alert] = []
    for (index, rule) in plan.monitor.rules.enumerated() {
      guard rule.window == judged.window.name, judged.isJudged(by: rule, plan) else { continue }
      for signal in plan.ruleSubjects[index] {
        let verdict = rule.expression.evaluate(signal: signal) { query in
          judged.lookUp(query, rule, plan)
        }
        let key = AlertKey(rule: index, view: judged.view.name, signal: signal)
        if let alert = evaluate(key, verdict, judged, plan) { alerts.append(alert) }
      }
    }
    return alerts
  }

  /// The parts of the traffic that a window's alerts are about.
  func views(in window: WindowSpecification, _ plan: Plan) -> Set<ViewName> {
    var views: Set<ViewName> = []
    for key in states.keys where plan.monitor.rules[key.rule].window == window.name {
      views.insert(key.view)
    }
    return views
  }

  /// Lets the alerts of a version or a segment's value end that is no longer in the window.
  ///
  /// Where nothing at all is in the window it is not judged, and everything stays as it is; but a
  /// version that others have replaced cannot drift, and nobody else would end its alerts.
  ///
  /// - Parameters:
  ///   - judged: The judgement of the empty part of the traffic.
  ///   - plan: What is computed.
  /// - Returns: The transitions, in a fixed order.
  mutating func end(_ judged: JudgedView, _ plan: Plan) -> [Alert] {
    let absent = states.keys.filter { key in
      key.view == judged.view.name && plan.monitor.rules[key.rule].window == judged.window.name
    }
    let ceased = WindowVerdict(holds: false, value: nil, threshold: nil)
    return absent.sorted().compactMap { evaluate($0, ceased, judged, plan) }
  }

  /// Moves one alert on.
  private mutating func evaluate(
    _ key: AlertKey,
    _ verdict: WindowVerdict,
    _ judged: JudgedView,
    _ plan: Plan
  ) -> Alert? {
    let rule = plan.monitor.rules[key.rule]
    let before = states[key] ?? AlertState()
    var state = before
    let entered = state.evaluate(
      holds: verdict.holds,
      at: judged.end,
      holdDuration: rule.holdDuration.nanoseconds,
      keepFiringFor: rule.keepFiringFor.nanoseconds
    )
    states[key] = state.phase == .inactive ? nil : state
    guard let entered else { return nil }
    let described = entered == .resolved ? before : state
    return judged.alert(rule, key.signal, entered, described, verdict, plan)
  }
}
