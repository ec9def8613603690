internal import Records
internal import Specification

/// The engine: panes in, verdicts out.
///
/// The commands differ in what feeds it.
/// A value without clock, thread or I/O. Panes are closed in order of event time; each window is
/// judged when the panes up to its end are closed. The same panes give the same output, however
/// they are handed over.
///
///     workers ─▶ queue ─▶ store ─▶ judges: windows, budgets, silence ─▶ desk ─▶ output
///
/// It goes in steps, each of them a pane or a boundary: whoever drives it hands out what was said
/// before there is too much of it, and hears a stop in between.
///
/// Its 10 properties are the stations of a pane's way, one each.
public struct Engine: Sendable {
  /// What is computed.
  public let plan: Plan
  private let measuring: Measuring

  var queue = PaneQueue()
  var store: PaneStore
  var windows: WindowBook
  var budgets: BudgetBook
  var silence: SilenceWatch
  /// `nil` where nobody asks which events came before.
  var duplicates: DuplicateBook?
  /// `nil` where the monitor reads no outcomes.
  var outcomes: OutcomeBook?
  var desk: AlertDesk

  /// An engine at the start of a stream.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - measuring: Which numbers are handed out, beside those that rules need.
  ///   - keepsNewest: Whether `newestWindows` says how each kind of window stands; of use with
  ///     numbers of the whole traffic.
  ///   - parts: What `trafficParts` says of versions and segments' values.
  ///   - pending: Where predictions wait that memory has no room for; `nil` where they cannot. It is
  ///     of this engine alone.
  public init(
    _ plan: Plan,
    measuring: Measuring,
    keepsNewest: Bool = false,
    parts: PartWatching = .none,
    pending: (any PendingStore)? = nil
  ) {
    self.plan = plan
    self.measuring = measuring
    store = PaneStore(plan)
    windows = WindowBook(plan, keepsNewest: keepsNewest, parts: parts)
    budgets = BudgetBook(plan)
    silence = SilenceWatch(plan.monitor)
    duplicates = DuplicateBook(plan)
    outcomes = OutcomeBook(plan, pending)
    desk = AlertDesk(plan.monitor)
  }

  // MARK: What comes in

  /// Takes what a worker counted of the panes that are complete; `step` judges them.
  ///
  /// - Parameters:
  ///   - counted: What each worker counted of them, in any order.
  ///   - last: The last complete pane.
  public mutating func enqueue(_ counted: [CountedPanes], through last: Int) {
    queue.append(counted, upTo: last + 1)
  }

  /// Ends the stream; `step` judges the windows that hold the last events, at their next boundaries.
  ///
  /// - Parameter counted: What each worker still held.
  public mutating func end(_ counted: [CountedPanes]) {
    queue.append(counted, upTo: nil)
    queue.end()
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
    for judgement in silence.noteSilence(since: last, until: time, plan) {
      settle(judgement, into: &output)
    }
  }

  /// Takes note that events may have come of which nothing is known.
  ///
  /// The process was away while its pipe went on: windows that reach into the time until the next
  /// event are cut.
  ///
  /// - Parameter last: The last event that was counted, in nanoseconds since 1970; `nil` without one.
  public mutating func noteHole(after last: Int64?) {
    store.interrupt(after: last.flatMap { plan.pane(of: $0) })
    silence.noteHole(after: last)
    budgets.forgetBeginning()
  }

  // MARK: What is judged

  /// Does the next of what is to be done: closes a pane, or judges a boundary.
  ///
  /// - Parameter output: Receives what follows.
  /// - Returns: Whether there may be more to do.
  public mutating func step(into output: inout EngineOutput) -> Bool {
    if outcomes?.hasRows == true {
      output.feedback += outcomes?.takeRows(limit: EngineOutput.noticeLimit, plan) ?? []
      return true
    }
    if let next = queue.nextPane {
      if let due = nextBoundary, due <= next {
        judge(boundary: due, into: &output)
      } else if let pane = queue.popFirst(plan) {
        close(pane, into: &output)
      }
      return true
    }
    if let limit = queue.limit {
      if let due = nextBoundary, due <= limit {
        judge(boundary: due, into: &output)
        return true
      }
      queue.reachLimit()
      letTimePass(toPane: limit, into: &output)
      store.forget(before: windows.oldestPane, plan)
    }
    guard queue.hasEnded, let lastPane = store.lastPane else { return false }
    silence.end()
    let budget = budgets.nextBoundary.flatMap { $0 <= lastPane + 1 ? $0 : nil }
    // Lines may have been refused when no event came any more.
    let end = max(lastPane, store.refused.lastPane ?? lastPane)
    let due = [windows.nextBoundary(endedAfter: end), budget, outcomes?.nextBoundary]
      .compactMap { $0 }.min()
    guard let due else { return false }
    judge(boundary: due, endedAfter: end, into: &output)
    return true
  }

  /// The next boundary at which anything is judged.
  private var nextBoundary: Int? {
    [windows.nextBoundary, budgets.nextBoundary, outcomes?.nextBoundary].compactMap { $0 }.min()
  }

  /// Judges everything whose next boundary this is.
  private mutating func judge(
    boundary: Int,
    endedAfter lastPane: Int? = nil,
    into output: inout EngineOutput
  ) {
    letTimePass(toPane: boundary, into: &output)
    let context = JudgingContext(
      plan: plan,
      measuring: measuring,
      store: store,
      endedAfter: lastPane
    )
    var judgement = Judgement()
    judgement.merge(windows.judge(at: boundary, context))
    judgement.merge(budgets.judge(at: boundary, context))
    if let judged = outcomes?.judge(at: boundary, context) { judgement.merge(judged) }
    settle(judgement, into: &output)
  }

  /// Hands out what was said, the alerts by way of the desk.
  mutating func settle(_ judgement: Judgement, into output: inout EngineOutput) {
    output.append(judgement.measured)
    output.windows += judgement.windows
    output.feedback += judgement.feedback
    desk.settle(judgement.reports, at: judgement.time, into: &output.notices)
  }
}

extension Engine {
  /// Does all that is to be done, whatever it gives.
  ///
  /// - Parameter output: Receives what follows.
  public mutating func drain(into output: inout EngineOutput) {
    while step(into: &output) {}
  }
}
