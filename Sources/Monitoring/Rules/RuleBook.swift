internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// The rules of a monitor that have a condition, and their alerts.
struct RuleBook: Sendable {
  /// How the alerts stand.
  private(set) var alerts = AlertBook()

  /// Judges the rules of a window in all parts of the traffic.
  ///
  /// - Parameters:
  ///   - parts: The parts that are looked at, in their order, judged at one time.
  ///   - plan: What is computed.
  ///   - isJudged: Which of the rules are judged.
  /// - Returns: How the alerts stand: by part, in the order of the rules and of the plan's signals.
  mutating func judge(
    _ parts: [JudgedPart],
    _ plan: Plan,
    only isJudged: (PlannedRule) -> Bool = { _ in true }
  ) -> [AlertReport] {
    guard let window = parts.first?.windowIndex else { return [] }
    var reports: [AlertReport] = []
    let rules = plan.windows[window].rules
    let families = rules.map { rule in
      rule.specification.falseDiscoveryRate.map { DriftFamily(rule, rate: $0, parts) }
    }
    let comparesVersions = rules.contains(where: \.comparesVersions)
    let stable = comparesVersions ? plan.stable(among: parts) : nil
    for (part, judged) in parts.enumerated() {
      let isCanary = comparesVersions && plan.isCanary(judged.part.name)
      let compared = isCanary ? stable.map { judged.compared(with: $0, plan) } ?? judged : judged
      for (rule, family) in zip(rules, families)
      where rule.scope.contains(judged.part.name) && isJudged(rule) {
        guard rule.comparesVersions else {
          judge(judged, at: part, rule, family, plan, into: &reports)
          continue
        }
        if isCanary { judge(compared, at: part, rule, family, plan, into: &reports) }
      }
    }
    return reports
  }

  /// Judges one rule in one part of the traffic.
  private mutating func judge(
    _ judged: JudgedPart,
    at part: Int,
    _ rule: PlannedRule,
    _ family: DriftFamily?,
    _ plan: Plan,
    into reports: inout [AlertReport]
  ) {
    // Nearly always there is none: then it is not looked for signal by signal.
    let hasAlerts = alerts.hasAlerts(of: rule.specification.alert, in: judged.part.name)
    for (index, subject) in rule.subjects.enumerated() {
      let mayBeChance = family?.mayBeChance(part: part, subject: index) ?? false
      let holds = judged.holds(rule, subject, mayBeChance: mayBeChance, isExact: false, plan)
      guard holds == true || hasAlerts && alerts[judged.key(rule, subject)] != nil else {
        continue
      }
      let report = evaluate(rule, subject, holds, judged, plan) {
        judged.verdict(rule, subject, mayBeChance: mayBeChance, plan)
      } family: {
        family?.size
      }
      if let report { reports.append(report) }
    }
  }

  /// The parts of the traffic that a window's alerts are about.
  func parts(in window: Int, _ plan: Plan) -> Set<PartName> {
    alerts.parts(of: Set(plan.windows[window].rules.map(\.specification.alert)))
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
  mutating func end(_ judged: JudgedPart, _ plan: Plan) -> [AlertReport] {
    let ceased = WindowVerdict(holds: false, value: nil, threshold: nil)
    var reports: [AlertReport] = []
    for rule in plan.windows[judged.windowIndex].rules
    where alerts.hasAlerts(of: rule.specification.alert, in: judged.part.name) {
      for subject in rule.subjects.sorted(by: { $0.signal ?? "" < $1.signal ?? "" })
      where alerts[judged.key(rule, subject)] != nil {
        let report = evaluate(rule, subject, false, judged, plan) {
          ceased
        } family: {
          nil
        }
        if let report { reports.append(report) }
      }
    }
    return reports
  }

  /// Moves one alert on.
  ///
  /// - Returns: How it stands; `nil` when it is inactive and was.
  private mutating func evaluate(
    _ rule: PlannedRule,
    _ subject: RuleSubject,
    _ holds: Bool?,
    _ judged: JudgedPart,
    _ plan: Plan,
    verdict: @escaping () -> WindowVerdict,
    family: @escaping () -> Int?
  ) -> AlertReport? {
    let specification = rule.specification
    let signal = subject.signal
    return alerts.evaluate(
      judged.key(rule, subject),
      plan.scope(
        of: specification,
        signal,
        isAboutMix: judged.isAboutMix(specification, signal, plan)
      ),
      holds: holds,
      at: judged.end,
      AlertTiming(
        hold: specification.holdDuration.nanoseconds,
        keep: specification.keepFiringFor.nanoseconds
      )
    ) { phase, state in
      judged.alert(
        specification,
        signal,
        phase,
        state,
        verdict(),
        plan,
        bounds: specification.expression.subjectPlace.flatMap {
          judged.bounds(ofComparison: $0, rule, subject, plan)
        },
        family: family()
      )
    }
  }
}

extension JudgedPart {
  /// The alert of a rule on what its wildcard stands for.
  fileprivate func key(_ rule: PlannedRule, _ subject: RuleSubject) -> AlertKey {
    AlertKey(rule: rule.specification.alert, part: part.name, signal: subject.signal)
  }

  /// What a rule says of the window.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - subject: What its wildcard stands for.
  ///   - mayBeChance: Whether its drift is to be taken as none, because so many were judged.
  ///   - plan: What is computed.
  /// - Returns: The verdict, with the numbers as they were measured.
  func verdict(
    _ rule: PlannedRule,
    _ subject: RuleSubject,
    mayBeChance: Bool,
    _ plan: Plan
  ) -> WindowVerdict {
    var verdict = rule.specification.expression.evaluate({
      lookUp(subject.sources[$0], isExact: true, plan)
    })
    verdict.holds = holds(rule, subject, mayBeChance: mayBeChance, isExact: true, plan)
    return verdict
  }

  /// Whether a rule's condition holds.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - subject: What its wildcard stands for.
  ///   - mayBeChance: Whether its drift is to be taken as none, because so many were judged.
  ///   - isExact: Whether a drift's bound is worked out even where it changes nothing.
  ///   - plan: What is computed.
  /// - Returns: `nil` when it is unknown.
  func holds(
    _ rule: PlannedRule,
    _ subject: RuleSubject,
    mayBeChance: Bool,
    isExact: Bool,
    _ plan: Plan
  ) -> Bool? {
    let expression = rule.specification.expression
    let holds = ask(rule, subject, plan) { lookUp(subject.sources[$0], isExact: isExact, plan) }
    guard mayBeChance, holds == true, let tolerance = expression.driftTolerance else {
      return holds
    }
    // The condition may hold without its drift: it is asked again, as if there were none.
    return ask(rule, subject, plan) { index in
      let value = lookUp(subject.sources[index], isExact: isExact, plan)
      let isDrift = expression.uses[index].statistic == .drift
      return isDrift ? value.map { min($0, tolerance.nextDown) } : value
    }
  }

  /// Asks a rule's condition, of what a window that is cut knows.
  private func ask(
    _ rule: PlannedRule,
    _ subject: RuleSubject,
    _ plan: Plan,
    _ lookUp: (Int) -> Double?
  ) -> Bool? {
    let expression = rule.specification.expression
    func bounds(_ place: Int) -> ClosedRange<Double>? {
      self.bounds(ofComparison: place, rule, subject, plan)
    }
    if !isCut, part.begun.isEmpty { return expression.holds(lookUp, bounds: bounds) }
    return expression.holds(
      knowing: { extent(of: subject.sources[$0], plan) },
      lookUp,
      bounds: bounds
    )
  }
}

extension Plan {
  /// The version in use, where it is among the parts of a window.
  fileprivate func stable(among parts: [JudgedPart]) -> JudgedPart? {
    let name = monitor.canary.flatMap { part(ofVersion: $0.stable) }
    return name.flatMap { name in parts.first { $0.part.name == name } }
  }

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
  fileprivate var isOfPipeline: Bool {
    countsEvents || self == .missing || self == .invalid || self == .unusable
  }
}

extension RuleBook: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) { alerts.encode(into: &writer) }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    var signals: [String: Set<String?>] = [:]
    for rule in restoration.plan.windows.flatMap(\.rules) {
      signals[rule.specification.alert] = Set(rule.subjects.map(\.signal))
    }
    try alerts.restore(from: &reader, restoration) { key in
      signals[key.rule]?.contains(key.signal) ?? false
    }
  }
}
