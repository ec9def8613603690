internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// The rules about the predictions' quality, and how their alerts stand.
struct QualityRules: Sendable {
  private(set) var alerts = AlertBook()

  /// Judges some rules in the newest window that they look at.
  ///
  /// - Parameters:
  ///   - all: The rules.
  ///   - parts: The figures of each part of the traffic.
  ///   - window: The window's start and end.
  ///   - time: When it is judged.
  ///   - plan: What is computed.
  /// - Returns: How the alerts stand, rule by rule.
  mutating func judge(
    _ all: [PlannedRule],
    _ parts: [(PartName, QualityFigures)],
    of window: Range<Int64>,
    at time: Int64,
    _ plan: Plan
  ) -> [AlertReport] {
    var reports: [AlertReport] = []
    for rule in all {
      let own = parts.filter { plan.judges($0.0, rule) }
      let stable = plan.monitor.canary.flatMap { plan.part(ofVersion: $0.stable) }
      let other = parts.first { $0.0 == stable }?.1
      let signals = plan.signals(of: rule)
      for (part, figures) in own {
        for signal in signals {
          var judged = JudgedQuality(rule: rule, part: part, figures: figures, window: window)
          judged.stable = other
          judged.bound = signal
          if let report = move(judged, judged.holds, at: time, plan) { reports.append(report) }
        }
      }
      // What is no longer in the traffic is neither good nor bad.
      let gone = alerts.parts(of: [rule.specification.alert]).subtracting(own.map(\.0))
      for part in gone.sorted() {
        for signal in signals {
          var judged = JudgedQuality(rule: rule, part: part, figures: nil, window: window)
          judged.bound = signal
          if let report = move(judged, false, at: time, plan) { reports.append(report) }
        }
      }
    }
    return reports
  }

  private mutating func move(
    _ judged: JudgedQuality,
    _ holds: Bool?,
    at time: Int64,
    _ plan: Plan
  ) -> AlertReport? {
    let rule = judged.rule.specification
    let key = AlertKey(rule: rule.alert, part: judged.part, signal: judged.signal)
    return alerts.evaluate(
      key,
      AlertScope(cause: .value, signals: .some([judged.signal])),
      holds: holds,
      at: time,
      AlertTiming(
        hold: rule.holdDuration.nanoseconds,
        keep: rule.keepFiringFor.nanoseconds
      )
    ) { phase, state in
      judged.alert(phase, state, at: time, plan)
    }
  }
}

extension QualityRules: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) { alerts.encode(into: &writer) }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let rules = Set(restoration.plan.qualityRules.map(\.specification.alert))
    try alerts.restore(from: &reader, restoration) { rules.contains($0.rule) }
  }
}

extension Plan {
  /// The part of the traffic that a version is; `nil` where events have none.
  func part(ofVersion version: String) -> PartName? {
    dimensions.firstIndex { $0.segment == nil }.map {
      .part(dimension: $0, .value(Array(version.utf8)))
    }
  }

  /// Whether a part of the traffic is a new version.
  func isCanary(_ part: PartName) -> Bool {
    monitor.canary?.canaries.contains { self.part(ofVersion: $0) == part } == true
  }

  /// What a rule on quality is judged for, one alert each: the signals that its wildcard stands for,
  /// else nothing in particular.
  fileprivate func signals(of rule: PlannedRule) -> [String?] {
    guard rule.specification.expression.bindingSelector != nil else { return [nil] }
    return monitor.qualityCriteria.leakage
  }

  /// Whether a rule on quality judges a part of the traffic.
  ///
  /// A rule that holds versions against each other judges the canaries; one on the verdict of several
  /// canaries judges each.
  fileprivate func judges(_ part: PartName, _ rule: PlannedRule) -> Bool {
    let expression = rule.specification.expression
    guard let canary = monitor.canary else { return rule.scope.contains(part) }
    let asks = expression.uses.contains { $0.selector == .named(canaryName) }
    guard expression.comparesVersions || asks && canary.areSeveral else {
      return rule.scope.contains(part)
    }
    // Of versions that are found those that are watched have a verdict, and no other part.
    return canary.share != nil ? part != .whole : isCanary(part)
  }
}

/// One rule on the quality of one part of the traffic.
private struct JudgedQuality {
  let rule: PlannedRule
  let part: PartName
  /// `nil` where the part is gone.
  let figures: QualityFigures?
  /// The window's start and end.
  let window: Range<Int64>
  /// Those of the version in use, where there is one that others are held against.
  var stable: QualityFigures?
  /// What the rule's wildcard stands for; `nil` without one.
  var bound: String?

  /// The signal that the rule is about.
  var signal: String {
    bound ?? rule.specification.expression.subject?.selector.description ?? qualityName
  }

  /// Whether the condition holds; `nil` when it is unknown.
  var holds: Bool? {
    rule.specification.expression.holds({ value($0)?.value }, bounds: bounds)
  }

  private func value(_ use: Int) -> StatisticValue? {
    value(use, confidence: QualityFigures.confidence)
  }

  private func value(_ use: Int, confidence: Double) -> StatisticValue? {
    let use = rule.specification.expression.uses[use]
    func value(_ figures: QualityFigures?) -> StatisticValue? {
      let signal = use.selector.isWildcard ? bound : use.selector.description
      guard let signal else { return nil }
      return figures?.value(use.measure, of: signal, confidence: confidence)
    }
    guard use.isCompared else { return value(figures) }
    guard let one = value(figures), let other = value(stable) else { return nil }
    return StatisticValue(one, less: other)
  }

  /// The bounds of what a comparison asks for; `nil` where it is compared as it is.
  private func bounds(_ place: Int) -> ClosedRange<Double>? {
    guard case .bounded(let number)? = rule.bounds[safe: place] else { return nil }
    let tail = 1 - rule.specification.confidence
    return number.bounds(tail: tail) {
      value($0)?.value
    } statistic: { use, tail in
      guard let value = value(use, confidence: 1 - 2 * tail), let low = value.low,
        let high = value.high
      else { return nil }
      return (value.value, low...high)
    }?.bounds
  }

  func alert(
    _ phase: AlertState.Phase,
    _ state: AlertState,
    at time: Int64,
    _ plan: Plan
  ) -> Alert {
    let specification = rule.specification
    let expression = specification.expression
    let verdict = expression.evaluate({ value($0)?.value }, bounds: bounds)
    var evidence = Evidence(
      value: verdict.value,
      threshold: verdict.threshold,
      n: figures?.labelled ?? 0,
      window: qualityName,
      start: window.lowerBound,
      end: window.upperBound,
      since: state.activeAt ?? time,
      histogram: [],
      moved: [],
      unseen: []
    )
    if let subject = expression.subject, let place = expression.uses.firstIndex(of: subject),
      let value = value(place), value.value == verdict.value
    {
      evidence.statistic = subject.recordName
      evidence.n = value.n
    }
    if let place = expression.subjectPlace, let bounds = bounds(place) {
      evidence.low = bounds.lowerBound.isFinite ? bounds.lowerBound : nil
      evidence.high = bounds.upperBound.isFinite ? bounds.upperBound : nil
      evidence.confidence = specification.confidence
    }
    let subject = AlertComposer.Subject(
      rule: specification.alert,
      severity: specification.severity,
      labels: specification.labels,
      annotations: specification.annotations,
      part: part,
      signal: signal,
      kindLabels: ["window": qualityName],
      form: TemplateForm(expression.unit),
      evidence: evidence
    )
    return AlertComposer(plan: plan).alert(
      subject,
      phase,
      start: (phase == .pending ? state.activeAt : state.firedAt) ?? time,
      time: time
    )
  }
}
