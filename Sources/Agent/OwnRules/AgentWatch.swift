internal import Events
internal import Expressions
internal import Ingest
internal import Monitoring
internal import Records
internal import Specification

/// Judges the rules on the agent itself, once a second, by the agent's own clocks.
///
/// Its alerts belong to no incident, and no replay has them.
package struct AgentWatch: Sendable {
  /// What an alert is about: a rule, and the monitor where the rule is about monitors.
  private struct Key: Hashable {
    let rule: String
    let model: String?
  }

  /// How an alert stands: on the monotonic clock, by the time of day, and what was last said of it.
  private struct Standing {
    var state = AlertState()
    /// When the condition began to hold, and when the alert began to fire; in nanoseconds since 1970.
    var since: Int64?
    var firedAt: Int64?
    var said: Alert?
  }

  private struct GrowthKey: Hashable {
    let use: AgentUse
    let model: String?
  }

  private var rules: [AgentRule]
  private var instance: String
  private var standings: [Key: Standing] = [:]
  private var growths: [GrowthKey: MetricGrowth] = [:]
  private var judgedAt: Int64?

  /// How often the rules are judged, in nanoseconds.
  static let interval: Int64 = 1_000_000_000

  /// Rules of which none was judged yet.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - instance: What the agent is called in its alerts.
  package init(_ rules: [AgentRule], instance: String) {
    self.rules = rules
    self.instance = instance
  }

  /// Whether the rules are to be judged, or what fires is to end.
  func isDue(now: Int64) -> Bool {
    let hasWork = !rules.isEmpty || !standings.isEmpty
    return hasWork && now - (judgedAt ?? .min / 2) >= Self.interval
  }

  // MARK: What outlives the process

  /// The alerts that fire, as they were last said.
  var firing: [Alert] {
    standings.values.filter { $0.state.phase == .firing }.compactMap(\.said)
      .sorted { $0.fingerprint < $1.fingerprint }
  }

  /// Takes up alerts that fired when another process ended; of use before anything was judged.
  ///
  /// - Parameters:
  ///   - alerts: As that process last said them.
  ///   - now: The clocks.
  mutating func resume(_ alerts: [Alert], _ now: AgentTime) {
    for alert in alerts {
      let (since, firedAt) = (alert.evidence.since, alert.startsAt)
      func monotonic(_ time: Int64) -> Int64 { now.monotonic - max(now.wall - time, 0) }
      standings[Key(rule: alert.name, model: alert.labels["model"])] = Standing(
        state: AlertState(
          activeAt: min(monotonic(since), monotonic(firedAt)),
          firedAt: monotonic(firedAt)
        ),
        since: since,
        firedAt: firedAt,
        said: alert
      )
    }
  }

  // MARK: Other rules

  /// Goes on by the rules and the name of another watch, with what was seen so far.
  ///
  /// A rule whose condition is as it was keeps all. Of one with another condition what is pending is
  /// forgotten, and what fires goes on until the rule says that it does not: as in a monitor.
  ///
  /// - Parameters:
  ///   - other: The watch that has the rules and the name.
  ///   - now: The clocks.
  /// - Returns: That the alerts of rules which are gone are over.
  mutating func goOn(by other: AgentWatch, _ now: AgentTime) -> [Alert] {
    let (old, new) = (conditions, other.conditions)
    rules = other.rules
    instance = other.instance
    for (key, standing) in standings
    where standing.state.phase != .firing && old[key.rule] != new[key.rule] {
      standings[key] = nil
    }
    let uses = Set(rules.flatMap(\.expression.uses))
    growths = growths.filter { uses.contains($0.key.use) }
    // They are judged at once; what was counted before was not watched for rules that are new.
    judgedAt = now.monotonic - Self.interval
    return end(now) { new[$0.rule] == nil }
  }

  /// The condition of each rule, as it is written.
  private var conditions: [String: String] {
    Dictionary(rules.map { ($0.alert, "\($0.expression.expression)") }) { first, _ in first }
  }

  // MARK: Judging

  /// Judges all rules.
  ///
  /// - Parameters:
  ///   - figures: What is known.
  ///   - now: The clocks.
  /// - Returns: The alerts that began or ended, in the rules' order.
  mutating func judge(_ figures: AgentFigures, _ now: AgentTime) -> [Alert] {
    let now = now.inMilliseconds
    note(figures, now.monotonic)
    judgedAt = now.monotonic
    var alerts: [Alert] = []
    var known: Set<Key> = []
    for rule in rules {
      let subjects: [(model: String?, list: FigureList)] =
        rule.expression.isOfMonitors
        ? figures.monitors.map { ($0.model, $0.list.merging(figures.own)) }
        : [(nil, figures.own)]
      for subject in subjects {
        known.insert(Key(rule: rule.alert, model: subject.model))
        alerts += judge(rule, subject, now)
      }
    }
    return alerts + end(now) { !known.contains($0) }
  }

  /// Ends what fires, because nobody judges it any more.
  ///
  /// - Parameter now: The clocks.
  /// - Returns: That it is over.
  mutating func end(_ now: AgentTime) -> [Alert] { end(now) { _ in true } }

  private mutating func end(_ now: AgentTime, where isOver: (Key) -> Bool) -> [Alert] {
    let over = standings.filter { isOver($0.key) }
    for key in over.keys { standings[key] = nil }
    return over.values.filter { $0.state.phase == .firing }.compactMap(\.said)
      .sorted { $0.fingerprint < $1.fingerprint }
      .map { $0.ended(now) }
  }

  /// Takes note of the counts whose growth is asked for.
  private mutating func note(_ figures: AgentFigures, _ time: Int64) {
    let isFirst = judgedAt == nil
    for use in Set(rules.flatMap(\.expression.uses)) {
      guard let span = use.span?.nanoseconds else { continue }
      let lists: [(model: String?, list: FigureList)] =
        use.metric.scope == .monitor
        ? figures.monitors.map { ($0.model, $0.list) } : [(nil, figures.own)]
      for (model, list) in lists {
        guard let value = list[use.metric] else { continue }
        // The process began with nothing counted.
        let fresh = MetricGrowth(over: span, base: isFirst ? 0 : nil)
        growths[GrowthKey(use: use, model: model), default: fresh].note(value, at: time)
      }
    }
  }

  private mutating func judge(
    _ rule: AgentRule,
    _ subject: (model: String?, list: FigureList),
    _ now: AgentTime
  ) -> [Alert] {
    let expression = rule.expression
    let values = expression.uses.map { use -> (value: Double, isWhole: Bool)? in
      guard use.span != nil else {
        return subject.list[use.metric].map { (use.metric.number($0), true) }
      }
      let model = use.metric.scope == .monitor ? subject.model : nil
      return growths[GrowthKey(use: use, model: model)]?.value.map {
        (Double($0.growth), $0.isWhole)
      }
    }
    let verdict = expression.evaluate(
      knowing: { values[$0]?.isWhole ?? true ? .whole : .atLeast },
      { values[$0]?.value }
    )
    return judge(Key(rule: rule.alert, model: subject.model), rule, verdict, now)
  }

  /// Lets an alert go on by what its condition says now.
  ///
  /// - Returns: What it entered. One that fires by other labels than the rule's, because those have
  ///   changed, is over, and fires by them.
  private mutating func judge(
    _ key: Key,
    _ rule: AgentRule,
    _ verdict: WindowVerdict,
    _ now: AgentTime
  ) -> [Alert] {
    var standing = standings[key] ?? Standing()
    let labels = rule.labels(instance: instance, model: key.model)
    let stale = standing.said.flatMap { $0.state == .firing && $0.labels != labels ? $0 : nil }
    var over = stale.map { [$0.ended(now)] } ?? []
    let entered = standing.state.evaluate(
      holds: verdict.holds,
      at: now.monotonic,
      holdDuration: rule.holdDuration.nanoseconds,
      keepFiringFor: rule.keepFiringFor.nanoseconds
    )
    if standing.state.phase == .inactive, stale != nil || entered == nil {
      standings[key] = nil
      return over
    }
    guard let phase = entered ?? (stale == nil ? nil : .firing) else {
      standings[key] = standing
      return []
    }
    let since = standing.since ?? now.wall
    let firedAt = phase == .pending ? since : standing.firedAt ?? now.wall
    let alert = AgentAlert(
      rule: rule,
      instance: instance,
      model: key.model,
      verdict: verdict,
      since: since
    ).alert(phase, start: firedAt, time: now.wall)
    standing.since = since
    if phase == .firing { standing.firedAt = firedAt }
    standing.said = alert
    standings[key] = phase == .resolved ? nil : standing
    over.append(alert)
    return over
  }
}

extension Alert {
  /// The same, when nobody judges it any more.
  fileprivate func ended(_ now: AgentTime) -> Alert {
    var alert = self
    alert.state = .resolved
    alert.time = now.inMilliseconds.wall
    return alert
  }
}

extension AgentTime {
  /// The same with the time of day in whole milliseconds.
  fileprivate var inMilliseconds: AgentTime {
    AgentTime(monotonic: monotonic, wall: floorDivide(wall, 1_000_000) * 1_000_000)
  }
}

extension AgentMetric {
  /// A number of the metric as conditions have it: of ages seconds.
  fileprivate func number(_ value: Int64) -> Double {
    kind == .age ? Double(value) / 1e9 : Double(value)
  }
}
