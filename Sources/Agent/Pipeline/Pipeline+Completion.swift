internal import Expressions
internal import Ingest
internal import Monitoring
internal import Specification

/// How far all is read that can be in a window; of use between rounds.
extension Pipeline {
  /// How far no stream can add anything any more, as ``Plan/completion(_:)`` has it.
  ///
  /// Streams that have ended or are quiet do not hold it. When all are quiet, the agent's clock says
  /// which panes are over, as far as windows with events or refused lines reach: what comes after a
  /// longer gap counts, also where old events are read. And no pane is over before that clock says so.
  func completion(_ now: AgentTime?) -> Int64? {
    let (open, quiet) = openStreams(now)
    let positions = crew.positions
    var holding = open.filter { !quiet.contains($0) }
    if holding.isEmpty { holding = open }
    if holding.isEmpty, ends.mayGoOn {
      // Topics and logs that grow have no end: the slowest goes on, too, in whichever process.
      if crew.marks.contains(where: { $0.kind.isEndless }) { return nil }
      // All have ended, and may go on in another process: what the furthest of them says is over.
      return positions.compactMap { plan.completion($0) }.max()
    }
    var end: Int64?
    for index in holding {
      guard let complete = plan.completion(positions[index]) else {
        end = nil
        break
      }
      end = min(end ?? complete, complete)
    }
    guard let now, !plan.countsEvents else { return end }
    if !open.isEmpty, open.count == quiet.count, positions.contains(where: { $0.heard > 0 }) {
      var time = now.wall - deliveries.allowance(of: quiet)
      if let endOfWindows { time = min(time, endOfWindows) }
      end = max(end ?? .min, plan.completion(at: time))
    }
    return end.map { min($0, now.wall) }
  }

  /// When every window is complete that holds an event, or a line that was refused when none came.
  var endOfWindows: Int64? {
    var last: Int?
    crew.visit { worker in last = [last, worker.counter.lastRefusedPane].compactMap { $0 }.max() }
    return [latestTime.map(plan.endOfWindows(after:)), last.flatMap(plan.endOfWindows(holding:))]
      .compactMap { $0 }.max()
  }

  /// The lines that were refused when no event came any more, so that no pane of theirs was taken.
  func takeRefused() -> [CountedPanes] {
    guard let closed = crew.positions.compactMap(\.closedPane).max() else { return [] }
    var counted: [CountedPanes] = []
    crew.visit { worker in counted.append(worker.counter.takeRefused(through: closed + 1)) }
    return counted
  }

  func takePanes(through last: Int?) -> [CountedPanes] {
    var counted: [CountedPanes] = []
    crew.visit { worker in counted.append(worker.counter.take(through: last)) }
    return counted
  }
}
