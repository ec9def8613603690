internal import Events
internal import Specification

extension Shard {
  /// Why an outcome cannot be joined; `nil` where it can.
  func refusal(ofOutcomeAt row: Int, _ chunk: UnsafeRawBufferPointer) -> Refusal? {
    unsafe plan.outcomes?.refusal(ofOutcomeAt: row, batch.columns, chunk)
  }

  /// Takes an outcome in, into a pane.
  mutating func join(outcomeAt row: Int, pane: Int, _ chunk: UnsafeRawBufferPointer) {
    let time = unsafe batch.times[row]
    guard let outcome = unsafe plan.outcomes?.outcome(at: row, time, batch.columns, chunk) else {
      return
    }
    let place = joinPosition(of: pane)
    counted.joins[place].append(outcome)
  }

  /// Takes the predictions of a run in.
  mutating func join(_ run: CountingRun, _ chunk: UnsafeRawBufferPointer) {
    guard let outcomes = plan.outcomes else { return }
    let place = joinPosition(of: counted.open[run.pane].index)
    let key = counted.joins[place].place(of: counted.open[run.pane].keys[run.group])
    for index in run.rows {
      let row = unsafe Int(scratch.order[index])
      let time = unsafe batch.times[row]
      if let prediction = unsafe outcomes.prediction(at: row, time, key, batch.columns, chunk) {
        counted.joins[place].append(prediction)
      } else {
        counted.joins[place].countUnnamed()
      }
    }
  }

  private mutating func joinPosition(of pane: Int) -> Int {
    if let position = counted.joins.lastIndex(where: { $0.index == pane }) { return position }
    counted.joins.append(JoinPane(index: pane))
    return counted.joins.count - 1
  }
}
