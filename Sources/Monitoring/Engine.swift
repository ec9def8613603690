internal import Events
internal import Expressions
public import Records
internal import Specification

/// What the engine says when panes close.
public struct EngineOutput: Sendable {
  /// Every number of every part of the traffic, in order of time; empty unless they are wanted.
  public var measured: [MeasuredView] = []
  /// Transitions of alerts, and what becomes of incidents, in the order in which they go out.
  public var notices: [Notice] = []
  /// Windows judged.
  public var windows = 0

  /// Nothing said.
  public init() {}

  /// The transitions of alerts among the notices.
  public var alerts: [Alert] {
    notices.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
  }

  /// What became of incidents, among the notices.
  public var incidents: [Incident] {
    notices.compactMap { if case .incident(let incident) = $0 { incident } else { nil } }
  }
}

/// The engine: panes in, verdicts out.
///
/// The commands differ in what feeds it.
/// A value without clock, thread or I/O. Panes are closed in order of event time; each window is
/// judged when the panes up to its end are closed. The same panes give the same output, however
/// they are handed over.
public struct Engine: Sendable {
  /// What is computed.
  public let plan: Plan
  /// How far each signal moved in each window, for the summary.
  public private(set) var movements: MovementTable
  /// Events that a dimension's limit put into `__other__`, by dimension, in panes closed so far.
  public private(set) var overflowedPanes: [String: Int] = [:]

  private let measuring: Measuring
  private let keepsNewest: Bool
  /// The whole traffic in the newest window of each kind, where it is kept.
  var newest: [JudgedView?]
  private var history = PaneHistory()
  private var windows: [WindowState]
  private var rules = RuleBook()
  private var silence: SilenceWatch
  var desk: AlertDesk
  private(set) var budgets: BudgetBook
  private var admission: Admission
  private var lastPane: Int?
  private var hours = PastHours()
  private var references: [WindowReference]
  /// The values of the strata's field that were in a window and in no reference, by name.
  public private(set) var unmatchedStrata: Set<String> = []
  /// Values of earlier ends, by window.
  private var past: [PastValues]

  /// An engine at the start of a stream.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - measuring: Which numbers are handed out, beside those that rules need.
  ///   - keepsNewest: Whether `newestWindows` says how each kind of window stands; of use with
  ///     numbers of the whole traffic.
  public init(_ plan: Plan, measuring: Measuring, keepsNewest: Bool = false) {
    self.plan = plan
    self.measuring = measuring
    self.keepsNewest = keepsNewest
    newest = plan.monitor.windows.map { _ in nil }
    windows = plan.monitor.windows.map { WindowState($0, panes: plan.panes) }
    budgets = BudgetBook(plan)
    admission = Admission(plan)
    past = plan.monitor.windows.map { PastValues($0) }
    silence = SilenceWatch(plan.monitor)
    desk = AlertDesk(plan.monitor)
    movements = MovementTable(plan)
    references = plan.monitor.windows.map { _ in WindowReference(plan.monitor.reference) }
  }

  /// Takes what a worker counted of the panes that are complete.
  ///
  /// - Parameters:
  ///   - counted: What each worker counted of them, in any order.
  ///   - last: The last complete pane.
  ///   - output: Receives what follows.
  public mutating func close(
    _ counted: [CountedPanes],
    through last: Int,
    into output: inout EngineOutput
  ) {
    take(counted, into: &output)
    judge(upTo: last + 1, into: &output)
    letTimePass(toPane: last + 1, into: &output)
    forget()
  }

  /// Lets time move on without events: judges what an event of that time would let be judged.
  ///
  /// What workers counted of panes that are complete by then is handed over by `close` first;
  /// `Plan.lastCompletePane(at:)` names the last of them. An event that comes later and is in a pane
  /// that was judged is to be refused as late. Where windows count events nothing happens.
  ///
  /// - Parameters:
  ///   - time: The clock, in nanoseconds since 1970; one that is earlier than before does nothing.
  ///   - output: Receives what follows.
  /// - Complexity: O(windows that still hold events), however long the time.
  public mutating func advance(to time: Int64, into output: inout EngineOutput) {
    guard let last = plan.lastCompletePane(at: time) else { return }
    judge(upTo: last + 1, into: &output)
    letTimePass(toPane: last + 1, into: &output)
    forget()
  }

  /// Takes the word of a caller with a clock that no event has come; rules about silence alert.
  ///
  /// No pane is closed: a backlog that comes later is not late for it.
  ///
  /// - Parameters:
  ///   - last: The last event that was counted, also if its pane is not closed yet, in nanoseconds
  ///     since 1970.
  ///   - time: Until when none came, in event time.
  ///   - output: Receives what follows.
  public mutating func noteSilence(
    since last: Int64,
    until time: Int64,
    into output: inout EngineOutput
  ) {
    for (time, report) in silence.noteSilence(since: last, until: time, plan) {
      desk.settle([report], at: time, into: &output.notices)
    }
  }

  /// Ends the stream: judges the windows that hold the last events, at their next boundaries.
  ///
  /// - Parameters:
  ///   - counted: What each worker still held.
  ///   - output: Receives what follows.
  public mutating func finish(_ counted: [CountedPanes], into output: inout EngineOutput) {
    take(counted, into: &output)
    silence.end()
    guard let lastPane else { return }
    while true {
      var due = windows.filter { $0.panes.upperBound <= lastPane }.compactMap(\.nextBoundary)
      // Budgets end with the last events: what time alone would change is not known.
      due += [budgets.nextBoundary].compactMap { $0 }.filter { $0 <= lastPane + 1 }
      guard let due = due.min() else { break }
      judge(boundary: due, onlyBehind: lastPane, into: &output)
    }
    forget()
  }

  private mutating func take(_ counted: [CountedPanes], into output: inout EngineOutput) {
    var merged: [Int: PaneCounts] = [:]
    for pane in counted.flatMap(\.panes) {
      if merged[pane.index] == nil {
        merged[pane.index] = pane
      } else {
        merged[pane.index]?.merge(pane, plan: plan)
      }
    }
    for index in merged.keys.sorted() {
      guard let pane = merged[index] else { continue }
      judge(upTo: index, into: &output)
      let admitted = admission.admit(pane, oldestPane: oldestPane, plan: plan)
      for (dimension, overflowed) in zip(plan.dimensions, admitted.overflowed) where overflowed {
        overflowedPanes[dimension.name, default: 0] += 1
      }
      for window in windows.indices { windows[window].begin(at: index) }
      let closed = history.close(admitted, plan: plan)
      if plan.monitor.reference.period != nil, case .time(let width) = plan.panes {
        hours.add(closed, width: width, plan)
      }
      budgets.add(admitted)
      letTimePass(to: closed.times.first, into: &output)
      let (time, reports) = silence.observe(closed.times, plan)
      desk.settle(reports, at: time, into: &output.notices)
      lastPane = index
    }
  }

  private var oldestPane: Int { windows.map(\.oldestPane).min() ?? Int.max }

  private mutating func forget() {
    history.drop(before: oldestPane)
    guard case .time(let width) = plan.panes, let lastPane else { return }
    hours.drop(before: plan.oldestHour(after: lastPane, width: width))
  }

  /// Does what is due before a time at which an event may have come.
  private mutating func letTimePass(to time: Int64, into output: inout EngineOutput) {
    while let due = silence.nextDue(plan), due.time < time {
      desk.settle([silence.take(due, plan)], at: due.time, into: &output.notices)
    }
    desk.advance(to: time, into: &output.notices)
  }

  private mutating func letTimePass(toPane pane: Int, into output: inout EngineOutput) {
    guard case .time(let width) = plan.panes else { return }
    letTimePass(to: Int64(pane) * width, into: &output)
  }

  /// Judges every window that ends at or before a pane boundary, in order of time.
  private mutating func judge(upTo limit: Int, into output: inout EngineOutput) {
    while let next = nextBoundary, next <= limit {
      judge(boundary: next, onlyBehind: nil, into: &output)
    }
  }

  private var nextBoundary: Int? {
    (windows.map(\.nextBoundary) + [budgets.nextBoundary]).compactMap { $0 }.min()
  }

  private mutating func judge(
    boundary: Int,
    onlyBehind lastPane: Int?,
    into output: inout EngineOutput
  ) {
    letTimePass(toPane: boundary, into: &output)
    var reports: [AlertReport] = []
    var time = Int64.min
    for index in windows.indices where windows[index].nextBoundary == boundary {
      if let lastPane, windows[index].panes.upperBound > lastPane { continue }
      windows[index].advance(history, plan: plan)
      if windows[index].isEmpty {
        if history.panes(in: boundary..<Int.max).isEmpty {
          windows[index].sleep()
          continue
        }
      } else {
        let isCut = windows[index].isCut(after: lastPane)
        reports += judge(window: index, isCut: isCut, into: &output)
        time = max(time, windows[index].bounds(history).end)
      }
      windows[index].step()
    }
    if budgets.nextBoundary == boundary, lastPane.map({ boundary <= $0 + 1 }) ?? true {
      let judged = budgets.judge(
        at: boundary,
        wantsMetrics: measuring.includes(.whole),
        plan
      )
      output.measured += judged.measured
      reports += judged.reports
      time = max(time, judged.time)
    }
    desk.settle(reports, at: time, into: &output.notices)
  }

  /// Judges one window where it stands.
  ///
  /// - Parameters:
  ///   - index: The window.
  ///   - isCut: Whether the stream ended before the window: it says nothing of the whole period,
  ///     so that the summary leaves it out.
  ///   - output: Receives what was measured.
  /// - Returns: How the alerts stand.
  private mutating func judge(
    window index: Int,
    isCut: Bool,
    into output: inout EngineOutput
  ) -> [AlertReport] {
    let window = windows[index]
    output.windows += 1
    moveReference(ofWindow: index)
    let parts = window.parts(plan)
    var views: [JudgedView] = []
    for (name, keys) in parts {
      guard let wanted = wantedStatistics(in: index, name) else { continue }
      let judged = judgement(of: window.view(name, keys, plan), wanted, index)
      remember(judged, window: index)
      if measuring.includes(name) {
        output.measured.append(judged.measured(isCut: isCut, plan))
      }
      if name == .whole {
        unmatchedStrata.formUnion(judged.view.reference.unmatched.map(\.name))
      }
      if name == .whole, !isCut { movements.insert(judged, plan) }
      if keepsNewest, name == .whole, !isCut || newest[index] == nil { newest[index] = judged }
      views.append(judged)
    }
    var reports = rules.judge(views, plan)
    let absent = rules.views(in: index, plan).subtracting(parts.map(\.name))
    for name in absent.sorted() {
      let judged = judgement(of: window.view(name, [], plan), [], index)
      reports += rules.end(judged, plan)
    }
    if let longest = plan.pastUses[index].map(\.longest).max() {
      let oldest = window.bounds(history).end.saturatingSubtract(2 * longest)
      past[index].forget(silentSince: oldest)
    }
    return reports
  }

  /// Finds what a window is compared with where it stands.
  private mutating func moveReference(ofWindow index: Int) {
    guard plan.monitor.reference != ReferenceSpecification() else { return }
    let window = windows[index]
    let bounds = window.bounds(history)
    var occupied = bounds.start..<bounds.end
    let panes = history.panes(in: window.panes)
    if case .time(let width) = plan.panes, let first = panes.first, let last = panes.last {
      occupied = Int64(first.index) * width..<Int64(last.index + 1) * width
    }
    references[index].move(to: bounds.start, occupied: occupied, hours, plan)
  }

  private func judgement(
    of part: View,
    _ wanted: [StatisticName],
    _ index: Int
  ) -> JudgedView {
    let window = windows[index]
    var view = part
    view.reference = ReferenceCounts(references[index], view, plan)
    let bounds = window.bounds(history)
    var earlier: [PastQuery: Double] = [:]
    for use in plan.pastUses[index] {
      for ago in use.ages {
        let query = PastQuery(subject: use.subject, ago: ago)
        earlier[query] = past[index].value(query, in: view.name, at: bounds.end)
      }
    }
    var values: [[(StatisticName, StatisticValue)]] = plan.signals.indices.map { _ in [] }
    if !wanted.isEmpty {
      for (signal, criterion) in plan.windows[index].criteria.enumerated() {
        values[signal] = SignalStatistics(plan, plan.signals[signal], view, history)
          .values(wanted, criterion)
      }
    }
    return JudgedView(
      windowIndex: index,
      window: window.specification,
      view: view,
      history: history,
      start: bounds.start,
      end: bounds.end,
      values: values,
      drifts: plan.windows[index].drifts(of: view, beside: values, plan),
      past: earlier
    )
  }

  /// Keeps the values that later windows are compared with.
  private mutating func remember(_ judged: JudgedView, window index: Int) {
    for use in plan.pastUses[index]
    where use.isAsked(in: judged.view.name, measuring, plan.windows[index]) {
      past[index].record(
        judged.pastValue(of: use, plan),
        of: use.subject,
        in: judged.view.name,
        at: judged.end,
        longest: use.longest
      )
    }
  }

  /// The statistics that are worked out for a part of the traffic; `nil` when nobody asks for it.
  private func wantedStatistics(in window: Int, _ view: ViewName) -> [StatisticName]? {
    if measuring.includes(view) { return measuring.statistics }
    if view == .whole { return [.drift] }
    return plan.windows[window].rules.contains { $0.scope.contains(view) } ? [] : nil
  }
}

/// What one worker counted of some panes.
public struct CountedPanes: Sendable {
  let panes: [PaneCounts]

  /// The events in them.
  public var events: Int {
    panes.reduce(0) { $0 + $1.groups.reduce(0) { $0 + Int($1.events) } }
  }
}

extension Shard {
  /// Hands over what was counted of the panes up to an index, and forgets it.
  ///
  /// - Parameter last: The last pane; `nil` for all.
  /// - Returns: The counts.
  public mutating func take(through last: Int?) -> CountedPanes {
    CountedPanes(panes: takePanes(through: last))
  }
}
