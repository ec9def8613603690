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
  /// One rule's alert.
  fileprivate struct Watched: Sendable {
    var state = AlertState()
    /// The last event before the silence, while there is one.
    var silentSince: Int64?
  }

  /// A moment at which an alert changes.
  struct Due {
    var time: Int64
    fileprivate var rule: Int
    fileprivate var holds: Bool
  }

  private var watched: [Watched]
  private var lastEvent: Int64?
  /// The last event before a time of which nothing is known; `nil` once one came after it.
  private var holeAfter: Int64?
  private var hasEnded = false

  init(_ monitor: Monitor) {
    watched = monitor.silenceRules.map { _ in Watched() }
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
    guard !hasEnded, watched[index].silentSince == nil, let last else { return nil }
    return Due(time: last + rule.silence.nanoseconds, rule: index, holds: true)
  }

  private func end(_ index: Int, _ rule: SilenceRule) -> Due? {
    watched[index].state.keepFiringSince.map {
      Due(time: $0 + rule.keepFiringFor.nanoseconds, rule: index, holds: false)
    }
  }

  /// Does what is due.
  mutating func take(_ due: Due, _ plan: Plan) -> AlertReport {
    if due.holds { watched[due.rule].silentSince = lastEvent }
    return evaluate(due.rule, holds: due.holds, at: due.time, plan)
  }

  /// Takes note of a pane's events.
  ///
  /// - Returns: The time at which events were back, and the alerts that it changes.
  mutating func observe(_ times: EventTimes, _ plan: Plan) -> (time: Int64, reports: [AlertReport])
  {
    var back = times.first
    var reports: [AlertReport] = []
    for index in watched.indices {
      // Panes that were open when the silence was told of are closed after it.
      guard let since = watched[index].silentSince, times.last > since else { continue }
      if times.first <= since { back = times.last }
      back = max(back, watched[index].state.firedAt ?? back)
      watched[index].silentSince = nil
      reports.append(evaluate(index, holds: false, at: back, plan))
    }
    // Whether events came in a hole is not known: nothing is silent until one comes after it.
    if let hole = holeAfter, times.last <= hole { return (back, reports) }
    holeAfter = nil
    lastEvent = max(lastEvent ?? times.last, times.last)
    return (back, reports)
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
  ) -> [(time: Int64, report: AlertReport)] {
    let dues = plan.monitor.silenceRules.enumerated().compactMap { index, rule in
      start(index, rule, after: max(last, lastEvent ?? last))
    }
    return dues.filter { $0.time <= time }.sorted { ($0.time, $0.rule) < ($1.time, $1.rule) }
      .map { due in
        watched[due.rule].silentSince = last
        return (due.time, evaluate(due.rule, holds: true, at: due.time, plan))
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
  ) -> AlertReport {
    let rule = plan.monitor.silenceRules[index]
    let last = watched[index].silentSince ?? lastEvent ?? time
    return AlertReport(
      moving: &watched[index].state,
      AlertKey(rule: rule.alert, part: .whole, signal: Self.signal),
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
    let rules = plan.monitor.silenceRules.map(\.alert)
    writer.write(Dictionary(zip(rules, watched)) { first, _ in first })
    writer.write(lastEvent)
    writer.write(holeAfter)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let named: [String: Watched] = try reader.read()
    lastEvent = try reader.read()
    holeAfter = try reader.read()
    for (index, rule) in restoration.plan.monitor.silenceRules.enumerated() {
      if let own = named[rule.alert] { watched[index] = own }
    }
  }

  /// Takes note that events may have come after one of which nothing is known.
  mutating func noteHole(after last: Int64?) {
    holeAfter = [last, lastEvent].compactMap { $0 }.max()
    lastEvent = nil
  }
}

extension SilenceWatch.Watched: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(state)
    writer.write(silentSince)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    state = try reader.read()
    silentSince = try reader.read()
  }
}
