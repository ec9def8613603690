internal import Expressions
internal import Records
internal import Specification
internal import Statistics

/// One window as it is watched: where it stands, and what it is compared with.
struct WatchedWindow: Sendable {
  /// Its place among the monitor's windows.
  let index: Int
  /// The sums of its panes.
  var state: WindowState
  /// The counts that it is compared with.
  var reference: WindowReference
  /// Values of its earlier ends.
  var past: PastValues
  /// The whole traffic as it was judged last, where that is kept.
  var newest: JudgedPart?

  init(_ index: Int, _ plan: Plan) {
    let specification = plan.monitor.windows[index]
    self.index = index
    let zone = plan.monitor.zone
    state = WindowState(specification, panes: plan.panes, zone: zone)
    reference = WindowReference(plan.monitor.reference, zone: zone)
    past = PastValues(specification, zone: zone)
  }

  /// Finds what the window is compared with where it stands.
  mutating func moveReference(_ store: PaneStore, _ plan: Plan) {
    guard plan.monitor.reference != ReferenceSpecification() else { return }
    let bounds = state.bounds(store.history)
    var occupied = bounds.start..<bounds.end
    let panes = store.history.panes(in: state.panes)
    if let width = plan.paneWidth, let first = panes.first, let last = panes.last {
      occupied = Int64(first.index) * width..<Int64(last.index + 1) * width
    }
    reference.move(to: bounds.start, occupied: occupied, store.hours, plan)
  }

  /// Works out a part of the traffic where the window stands.
  ///
  /// - Parameters:
  ///   - part: The part.
  ///   - wanted: The statistics of the signals that are wanted; `nil` for none.
  ///   - store: The closed panes.
  ///   - plan: What is computed.
  /// - Returns: The part with its statistics.
  func judgement(
    of part: WindowPart,
    _ wanted: WantedStatistics?,
    _ store: PaneStore,
    _ plan: Plan
  ) -> JudgedPart {
    var part = part
    part.begun = store.coverage.begun(in: state.panes)
    part.reference = ReferenceCounts(reference, part, plan)
    let bounds = state.bounds(store.history)
    var earlier: [PastQuery: Estimate] = [:]
    var spreads: [PastSubject: WindowSpread] = [:]
    for use in plan.pastUses[index] {
      for ago in use.ages {
        let query = PastQuery(subject: use.subject, ago: ago)
        earlier[query] = past.estimate(query, in: part.name, at: bounds.end)
      }
      guard let windows = use.spread else { continue }
      spreads[use.subject] = past.spread(windows, of: use.subject, in: part.name, at: bounds.end)
    }
    var values: [[(StatisticName, StatisticValue)]] = plan.signals.indices.map { _ in [] }
    if let wanted, !wanted.isEmpty {
      for (index, criterion) in plan.windows[index].criteria.enumerated() {
        let signal = plan.signals[index]
        values[index] = SignalStatistics(plan, signal, part, store.history)
          .values(wanted.of(signal), criterion)
      }
    }
    return JudgedPart(
      windowIndex: index,
      window: state.specification,
      part: part,
      history: store.history,
      start: bounds.start,
      end: bounds.end,
      values: values,
      drifts: plan.windows[index].drifts(of: part, beside: values, plan),
      past: earlier,
      spreads: spreads,
      refused: part.name == .whole ? store.refused.sum(in: state.panes) : [:]
    )
  }

  /// Keeps the values that later windows are compared with.
  mutating func remember(_ judged: JudgedPart, _ context: JudgingContext) {
    let plan = context.plan
    for use in plan.pastUses[index]
    where use.isAsked(in: judged.part.name, context.measuring, plan.windows[index]) {
      past.record(
        judged.pastValue(of: use, plan),
        of: use.subject,
        in: judged.part.name,
        at: judged.end,
        longest: use.longest
      )
    }
  }

  /// Forgets the values of parts of the traffic that have not been seen for long.
  mutating func forgetPast(_ store: PaneStore, _ plan: Plan) {
    guard let longest = plan.pastUses[index].map(\.longest).max() else { return }
    past.forget(silentSince: state.bounds(store.history).end.saturatingSubtract(2 * longest))
  }
}
