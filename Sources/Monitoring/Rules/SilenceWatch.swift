internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// Watches for stretches of event time without events.
///
/// A gap is known when an event comes after it, or when somebody who has a clock says that nothing
/// came. Its alert begins at the last event's time plus the rule's silence, and ends with the first
/// event after it. A gap takes no time however long it is. At the end of a stream nothing is silent.
///
/// Times are nanoseconds since 1970.
struct SilenceWatch: Sendable {
  /// A moment at which an alert changes.
  struct Due {
    var time: Int64
    fileprivate var rule: Int
    fileprivate var holds: Bool
  }

  private var alerts = AlertBook()
  /// The last event before the silence of each rule, while there is one; in the monitor's order.
  private var silentSince: [Int64?]
  private var lastEvent: Int64?
  /// The last event before a time of which nothing is known; `nil` once one came after it.
  private var holeAfter: Int64?
  private var hasEnded = false

  init(_ monitor: Monitor) {
    silentSince = monitor.silenceRules.map { _ in nil }
  }

  /// The next moment at which an alert changes unless an event comes.
  func nextDue(_ plan: Plan) -> Due? {
    var first: Due?
    for (index, rule) in plan.monitor.silenceRules.enumerated() {
      for due in [end(index, rule), start(index, rule, after: lastEvent)] {
        if let due, due.time < first?.time ?? .max { first = due }
      }
    }
    return first
  }

  private func start(_ index: Int, _ rule: SilenceRule, after last: Int64?) -> Due? {
    guard !hasEnded, silentSince[index] == nil, let last else { return nil }
    return Due(time: last + rule.silence.nanoseconds, rule: index, holds: true)
  }

  private func end(_ index: Int, _ rule: SilenceRule) -> Due? {
    alerts[rule.key]?.keepFiringSince.map {
      Due(time: $0 + rule.keepFiringFor.nanoseconds, rule: index, holds: false)
    }
  }

  /// Does what is due.
  mutating func take(_ due: Due, _ plan: Plan) -> Judgement {
    if due.holds { silentSince[due.rule] = lastEvent }
    let report = evaluate(due.rule, holds: due.holds, at: due.time, plan)
    return Judgement(time: due.time, reports: [report].compactMap { $0 })
  }

  /// Takes note of a pane's events.
  ///
  /// - Returns: The time at which events were back, and the alerts that it changes.
  mutating func observe(_ times: EventTimes, _ plan: Plan) -> Judgement {
    var judgement = Judgement(time: times.first)
    for (index, rule) in plan.monitor.silenceRules.enumerated() {
      // Panes that were open when the silence was told of are closed after it.
      guard let since = silentSince[index], times.last > since else { continue }
      if times.first <= since { judgement.time = times.last }
      judgement.time = max(judgement.time, alerts[rule.key]?.firedAt ?? judgement.time)
      silentSince[index] = nil
      let report = evaluate(index, holds: false, at: judgement.time, plan)
      if let report { judgement.reports.append(report) }
    }
    // Whether events came in a hole is not known: nothing is silent until one comes after it.
    if let hole = holeAfter, times.last <= hole { return judgement }
    holeAfter = nil
    lastEvent = max(lastEvent ?? times.last, times.last)
    return judgement
  }

  /// Takes the word of somebody with a clock that no event has come.
  ///
  /// - Parameters:
  ///   - last: The last event.
  ///   - time: The time until which none came.
  ///   - plan: What is computed.
  /// - Returns: The alerts that begin, each with its time, in order of time.
  mutating func noteSilence(
    since last: Int64,
    until time: Int64,
    _ plan: Plan
  ) -> [Judgement] {
    let dues = plan.monitor.silenceRules.enumerated().compactMap { index, rule in
      start(index, rule, after: max(last, lastEvent ?? last))
    }
    return dues.filter { $0.time <= time }.sorted { ($0.time, $0.rule) < ($1.time, $1.rule) }
      .map { due in
        silentSince[due.rule] = last
        let report = evaluate(due.rule, holds: true, at: due.time, plan)
        return Judgement(time: due.time, reports: [report].compactMap { $0 })
      }
  }

  /// Ends the stream: nothing is silent after its last event.
  mutating func end() {
    hasEnded = true
  }

  private mutating func evaluate(
    _ index: Int,
    holds: Bool,
    at time: Int64,
    _ plan: Plan
  ) -> AlertReport? {
    let rule = plan.monitor.silenceRules[index]
    let last = silentSince[index] ?? lastEvent ?? time
    return alerts.evaluate(
      rule.key,
      AlertScope(cause: .silence, signals: .all),
      holds: holds,
      at: time,
      AlertTiming(hold: 0, keep: rule.keepFiringFor.nanoseconds)
    ) { phase, state in
      plan.alert(rule, phase, state, from: last, at: time)
    }
  }

  /// The signal that silence is about: the events themselves.
  static let signal = "events"
}

extension SilenceRule {
  /// Its one alert.
  fileprivate var key: AlertKey {
    AlertKey(rule: alert, part: .whole, signal: SilenceWatch.signal)
  }
}

extension Plan {
  /// Puts an alert of silence into words and numbers.
  fileprivate func alert(
    _ rule: SilenceRule,
    _ phase: AlertState.Phase,
    _ state: AlertState,
    from last: Int64,
    at time: Int64
  ) -> Alert {
    let evidence = Evidence(
      statistic: "silence",
      value: Double(time - last) / 1e9,
      threshold: Double(rule.silence.nanoseconds) / 1e9,
      n: 0,
      window: rule.silence.description,
      start: last,
      end: time,
      since: state.activeAt ?? time,
      histogram: [],
      moved: [],
      unseen: []
    )
    let subject = AlertComposer.Subject(
      rule: rule.alert,
      severity: rule.severity,
      labels: rule.labels,
      annotations: rule.annotations,
      signal: SilenceWatch.signal,
      kindLabels: [:],
      form: .duration,
      evidence: evidence
    )
    return AlertComposer(plan: self).alert(
      subject,
      phase,
      start: state.firedAt ?? time,
      time: time
    )
  }
}

extension SilenceWatch: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    alerts.encode(into: &writer)
    let silences = zip(plan.monitor.silenceRules.map(\.alert), silentSince)
    writer.write(Dictionary(silences) { first, _ in first }.compactMapValues { $0 })
    writer.write(lastEvent)
    writer.write(holeAfter)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let rules = restoration.plan.monitor.silenceRules
    try alerts.restore(from: &reader, restoration) { rules.map(\.key).contains($0) }
    let silences: [String: Int64] = try reader.read()
    silentSince = rules.map { silences[$0.alert] }
    lastEvent = try reader.read()
    holeAfter = try reader.read()
  }

  /// Takes note that events may have come after one of which nothing is known.
  mutating func noteHole(after last: Int64?) {
    holeAfter = [last, lastEvent].compactMap { $0 }.max()
    lastEvent = nil
  }
}
