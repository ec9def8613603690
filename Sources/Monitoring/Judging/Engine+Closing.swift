internal import Records
internal import Specification

extension Engine {
  /// Closes a pane: hands what was found in it to all who judge.
  mutating func close(_ pane: PaneQueue.Pane, into output: inout EngineOutput) {
    store.insert(pane.refused)
    var admitted: PaneCounts?
    if var counts = pane.counts {
      duplicates?.count(pane.join, into: &counts, plan)
      admitted = close(counts, into: &output)
    } else if !pane.refused.isEmpty {
      windows.wake(at: pane.index, plan)
    }
    guard outcomes != nil, var join = pane.join else { return }
    join.sort(admitting: plan.admitted(admitted))
    if admitted == nil { letTimePass(toPane: join.index, into: &output) }
    let raised = raisedParts
    outcomes?.add(join, raising: raised, plan)
    output.feedback += outcomes?.takeRequests() ?? []
  }

  private mutating func close(_ pane: PaneCounts, into output: inout EngineOutput) -> PaneCounts {
    let closed = store.close(pane, oldestPane: windows.oldestPane, plan)
    windows.add(closed.counts)
    windows.countParts(closed.counts, plan)
    budgets.add(closed.counts)
    letTimePass(to: closed.times.first, into: &output)
    settle(silence.observe(closed.times, plan), into: &output)
    return closed.counts
  }

  /// By how much alerts that fire raise the chance of parts of the traffic to be asked for.
  private var raisedParts: [PartName: Double] {
    var raised: [PartName: Double] = [:]
    for rule in plan.monitor.rules {
      guard let factor = rule.relabel else { continue }
      let books = [windows.rules.alerts, outcomes?.rules.alerts].compactMap { $0 }
      for part in books.flatMap({ $0.firingParts(of: rule.alert) }) where part != .whole {
        raised[part] = max(raised[part] ?? 1, factor)
      }
    }
    return raised
  }

  /// Does what is due before a time at which an event may have come.
  private mutating func letTimePass(to time: Int64, into output: inout EngineOutput) {
    while let due = silence.nextDue(plan), due.time < time {
      settle(silence.take(due, plan), into: &output)
    }
    desk.advance(to: time, into: &output.notices)
  }

  mutating func letTimePass(toPane pane: Int, into output: inout EngineOutput) {
    guard let width = plan.paneWidth else { return }
    letTimePass(to: Int64(pane) * width, into: &output)
  }
}

extension Plan {
  /// The values of each dimension that a pane counts on their own.
  fileprivate func admitted(_ counts: PaneCounts?) -> [Set<DimensionValue>] {
    dimensions.indices.map { dimension in
      Set((counts?.keys ?? []).map { $0.values[dimension] })
    }
  }
}
