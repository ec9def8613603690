internal import Events
internal import Expressions
internal import Records

/// The rules of a monitor that have a condition, and the state of all their alerts.
struct RuleBook: Sendable {
  private var states: [AlertKey: AlertState] = [:]

  /// Judges the rules of a window in all parts of the traffic.
  ///
  /// - Parameters:
  ///   - views: The parts that are looked at, in their order, judged at one time.
  ///   - plan: What is computed.
  /// - Returns: How the alerts stand: by part, in the order of the rules and of the plan's signals.
  mutating func judge(_ views: [JudgedView], _ plan: Plan) -> [AlertReport] {
    var reports: [AlertReport] = []
    var families: [Int: DriftFamily] = [:]
    for (index, rule) in plan.monitor.rules.enumerated()
    where rule.window == views.first?.window.name {
      guard let rate = rule.falseDiscoveryRate else { continue }
      families[index] = DriftFamily(rule, rate: rate, plan.ruleSubjects[index], views, plan)
    }
    for (view, judged) in views.enumerated() {
      for (index, rule) in plan.monitor.rules.enumerated()
      where rule.window == judged.window.name && judged.isJudged(by: rule, plan) {
        for (subject, signal) in plan.ruleSubjects[index].enumerated() {
          let member = DriftFamily.Member(view: view, subject: subject)
          let mayBeChance = families[index]?.mayBeChance(member) ?? false
          let verdict = judged.verdict(rule, signal, mayBeChance: mayBeChance, plan)
          let key = AlertKey(rule: rule.alert, view: judged.view.name, signal: signal)
          let family = families[index]?.size
          if let report = evaluate(key, rule, verdict, judged, plan, family: family) {
            reports.append(report)
          }
        }
      }
    }
    return reports
  }

  /// The parts of the traffic that a window's alerts are about.
  func views(in window: WindowSpecification, _ plan: Plan) -> Set<ViewName> {
    let rules = Set(plan.monitor.rules.filter { $0.window == window.name }.map(\.alert))
    return Set(states.keys.filter { rules.contains($0.rule) }.map(\.view))
  }

  /// Lets the alerts of a version or a segment's value end that is no longer in the window.
  ///
  /// Where nothing at all is in the window it is not judged, and everything stays as it is; but a
  /// version that others have replaced cannot drift, and nobody else would end its alerts.
  ///
  /// - Parameters:
  ///   - judged: The judgement of the empty part of the traffic.
  ///   - plan: What is computed.
  /// - Returns: How the alerts stand, in a fixed order.
  mutating func end(_ judged: JudgedView, _ plan: Plan) -> [AlertReport] {
    let ceased = WindowVerdict(holds: false, value: nil, threshold: nil)
    var reports: [AlertReport] = []
    for rule in plan.monitor.rules where rule.window == judged.window.name {
      let absent = states.keys.filter { $0.rule == rule.alert && $0.view == judged.view.name }
      for key in absent.sorted() {
        if let report = evaluate(key, rule, ceased, judged, plan, family: nil) {
          reports.append(report)
        }
      }
    }
    return reports
  }

  /// Moves one alert on; `nil` when it is inactive and was.
  private mutating func evaluate(
    _ key: AlertKey,
    _ rule: RuleSpecification,
    _ verdict: WindowVerdict,
    _ judged: JudgedView,
    _ plan: Plan,
    family: Int?
  ) -> AlertReport? {
    let before = states[key] ?? AlertState()
    var state = before
    let entered = state.evaluate(
      holds: verdict.holds,
      at: judged.end,
      holdDuration: rule.holdDuration.nanoseconds,
      keepFiringFor: rule.keepFiringFor.nanoseconds
    )
    states[key] = state.phase == .inactive ? nil : state
    guard before.phase != .inactive || state.phase != .inactive else { return nil }
    let after = state
    return AlertReport(
      key: key,
      scope: plan.scope(
        of: rule,
        key.signal,
        isAboutMix: judged.isAboutMix(rule, key.signal, plan)
      ),
      entered: entered,
      phase: state.phase
    ) { phase in
      let described = phase == .resolved ? before : after
      return judged.alert(rule, key.signal, phase, described, verdict, plan, family: family)
    }
  }
}

extension JudgedView {
  /// What a rule says of the window.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - signal: The signal that its wildcard stands for.
  ///   - mayBeChance: Whether its drift is to be taken as none, because so many were judged.
  ///   - plan: What is computed.
  /// - Returns: The verdict, with the numbers as they were measured.
  func verdict(
    _ rule: RuleSpecification,
    _ signal: String?,
    mayBeChance: Bool,
    _ plan: Plan
  ) -> WindowVerdict {
    var verdict = rule.expression.evaluate(signal: signal) { lookUp($0, rule, plan) }
    guard mayBeChance, verdict.holds == true, let tolerance = rule.expression.driftTolerance else {
      return verdict
    }
    // The condition may hold without its drift: it is asked again, as if there were none.
    let again = rule.expression.evaluate(signal: signal) { query in
      let value = lookUp(query, rule, plan)
      return query.statistic == .drift ? value.map { min($0, tolerance.nextDown) } : value
    }
    verdict.holds = again.holds
    return verdict
  }
}

extension Plan {
  /// What an alert of a rule is about.
  func scope(of rule: RuleSpecification, _ signal: String?, isAboutMix: Bool) -> AlertScope {
    let uses = rule.expression.uses
    let compares = uses.contains { $0.ofReference || $0.statistic.comparesWithReference }
    let isMix = isAboutMix || uses.contains { $0.statistic == .mix }
    var cause = isMix ? AlertCause.mix : compares ? .drift : .value
    // How many events there are is the same whatever the signal; only silence explains it.
    if uses.allSatisfy({ $0.statistic.countsEvents }) {
      return AlertScope(cause: cause, signals: .some([]))
    }
    if uses.allSatisfy({ $0.statistic.isOfPipeline }) { cause = .pipeline }
    let named = signal.map { [$0] } ?? rule.expression.selectors.map(\.description)
    return AlertScope(cause: cause, signals: .some(named))
  }
}

extension StatisticName {
  /// Whether the statistic is of the events, whatever their values.
  fileprivate var countsEvents: Bool { self == .count || self == .rate }

  /// Whether the statistic tells of the data's way here, not of what they are about.
  fileprivate var isOfPipeline: Bool { countsEvents || self == .missing || self == .invalid }
}
