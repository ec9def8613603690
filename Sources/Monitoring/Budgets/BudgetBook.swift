internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// The objectives of a monitor, and the alerts of their burn rules.
///
/// Judged at the end of every pane that has events, and at every later boundary at which a window
/// loses some: between those nothing changes, however long a gap is.
struct BudgetBook: Sendable, Judge {
  private(set) var meters: [BudgetMeter]
  private var alerts = AlertBook()
  private let paneWidth: Int64
  /// The boundary at which the objectives are judged next; `nil` while nothing can change.
  private(set) var nextBoundary: Int?
  /// The last pane that was taken in; `nil` before it.
  private var lastPane: Int?

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
    assert(
      lastPane.map { $0 < pane.index } ?? true,
      "pane \(pane.index) is added after pane \(lastPane ?? 0)"
    )
    lastPane = pane.index
    for index in meters.indices { meters[index].add(pane) }
    nextBoundary = min(nextBoundary ?? Int.max, pane.index + 1)
  }

  /// Forgets since when the stream is watched.
  mutating func forgetBeginning() {
    for index in meters.indices { meters[index].forgetBeginning() }
  }

  mutating func judge(at boundary: Int, _ context: JudgingContext) -> Judgement {
    guard nextBoundary == boundary else { return Judgement() }
    // Budgets end with the last events: what time alone would change is not known.
    if let lastPane = context.endedAfter, boundary > lastPane + 1 { return Judgement() }
    let plan = context.plan
    var judgement = Judgement(time: Int64(boundary) * paneWidth)
    for index in meters.indices {
      meters[index].advance(to: boundary)
      if context.measuring.includes(.whole) { judgement.measured += meters[index].measured(plan) }
    }
    var next: [Int] = meters.compactMap(\.nextChange)
    for rule in plan.monitor.burnRules {
      guard let meter = meters.first(where: { $0.specification.name == rule.slo }) else { continue }
      for (position, alarm) in meter.specification.alarms.enumerated() {
        let alert = BudgetAlert(rule: rule, alarm: alarm, meter: meter)
        let name = "\(meter.specification.signal)/\(position)"
        let report = evaluate(name, meter.holds(alarm), alert, plan, &next)
        if let report { judgement.reports.append(report) }
      }
      guard meter.specification.noData == .alert else { continue }
      let alert = BudgetAlert(rule: rule, alarm: nil, meter: meter)
      let name = "\(meter.specification.signal)/no_data"
      let report = evaluate(name, meter.hasNoData, alert, plan, &next)
      if let report { judgement.reports.append(report) }
    }
    nextBoundary = next.filter { $0 > boundary }.min()
    return judgement
  }

  /// Moves one alert on; `nil` when it is inactive and was.
  ///
  /// - Parameters:
  ///   - name: Tells the alerts of one rule apart.
  ///   - holds: Whether its alarm holds.
  ///   - alert: What it is about.
  ///   - plan: What is computed.
  ///   - next: Receives the boundary at which time alone moves it.
  /// - Returns: How it stands.
  private mutating func evaluate(
    _ name: String,
    _ holds: Bool?,
    _ alert: BudgetAlert,
    _ plan: Plan,
    _ next: inout [Int]
  ) -> AlertReport? {
    let key = AlertKey(rule: alert.rule.alert, part: .whole, signal: name)
    let timing = AlertTiming(
      hold: max(alert.rule.holdDuration, alert.alarm?.holdDuration ?? .zero).nanoseconds,
      keep: alert.rule.keepFiringFor.nanoseconds
    )
    let report = alerts.evaluate(
      key,
      AlertScope(cause: .budget, signals: .some([alert.meter.specification.signal])),
      holds: holds,
      at: alert.meter.end,
      timing
    ) { phase, state in
      alert.alert(phase, state, plan)
    }
    // Time alone moves an alert that holds to firing, and one that has ceased to its end.
    let state = alerts[key]
    if state?.phase == .pending, holds == true, let since = state?.activeAt {
      next.append(boundary(atOrAfter: since + timing.hold))
    }
    if holds == false, let since = state?.keepFiringSince {
      next.append(boundary(atOrAfter: since + timing.keep))
    }
    return report
  }

  private func boundary(atOrAfter time: Int64) -> Int {
    Int(floorDivide(time + paneWidth - 1, paneWidth))
  }
}

extension BudgetBook: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(varint: UInt64(meters.count))
    for meter in meters {
      writer.write(meter.specification.signal)
      meter.encode(into: &writer)
    }
    alerts.encode(into: &writer)
    writer.write(nextBoundary)
    writer.write(lastPane)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    var kept: Set<String> = []
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let name: String = try reader.read()
      let index = meters.firstIndex { $0.specification.signal == name }
      // A meter of the same windows reads what is not wanted.
      guard var own = index.map({ meters[$0] }) ?? meters.first else {
        throw .invalid(offset: reader.offset)
      }
      let isWhole = try own.restore(from: &reader)
      guard let index, isWhole, restoration.mapping.keepsWidth, restoration.mapping.keeps(name)
      else {
        restoration.note("\(name) is gone or defined anew: its budget begins anew")
        continue
      }
      meters[index] = own
      kept.insert(name)
    }
    let keepsWidth = restoration.mapping.keepsWidth
    try alerts.restore(from: &reader, restoration) { key in
      guard let name = key.signal?.split(separator: "/").first else { return false }
      return keepsWidth && kept.contains(String(name))
    }
    let next: Int? = try reader.read()
    lastPane = try reader.read()
    if keepsWidth { nextBoundary = next } else { lastPane = nil }
  }
}
