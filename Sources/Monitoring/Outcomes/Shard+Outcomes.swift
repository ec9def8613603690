internal import Events
internal import Specification

extension Shard {
  /// The outcome of a row, or why it cannot be joined.
  func readOutcome(
    at row: Int,
    _ outcomes: OutcomePlan,
    _ chunk: UnsafeRawBufferPointer
  ) -> ReadOutcome {
    unsafe outcomes.read(at: row, batch.times[row], batch.columns, batch.text(of: chunk))
  }

  /// Takes an outcome in, into a pane.
  mutating func join(_ outcome: OutcomeRow, pane: Int) {
    let place = joinPosition(of: pane)
    counted.joins[place].append(outcome)
  }

  /// Takes the predictions of a run in.
  mutating func join(_ run: CountingRun, _ chunk: UnsafeRawBufferPointer) {
    guard let identity = plan.identity else { return }
    let place = joinPosition(of: counted.open[run.pane].index)
    let key = counted.joins[place].place(of: counted.open[run.pane].keys[run.group])
    for index in run.rows {
      let row = unsafe Int(scratch.order[index])
      let time = unsafe batch.times[row]
      let named = unsafe identity.prediction(at: row, time, key, batch.columns, chunk)
      guard var prediction = named else {
        counted.joins[place].countUnnamed()
        continue
      }
      guard let outcomes = plan.outcomes else {
        counted.joins[place].append(prediction)
        continue
      }
      unsafe outcomes.complete(&prediction, at: row, batch.columns, chunk)
      prediction.baselines = baselines(outcomes, row)
      let kept = unsafe payload(outcomes, row, chunk)
      if outcomes.leakage.isEmpty {
        counted.joins[place].append(prediction, payload: kept)
      } else {
        let traits = outcomes.leakage.map { batch.columns.cell(slot: $0, row: row).trait }
        counted.joins[place].append(prediction, payload: kept ?? [], traits: traits)
      }
    }
  }

  /// What is kept beside a row: the scores of its classes, or what may leave of it; `nil` where
  /// nothing is.
  private func payload(
    _ outcomes: OutcomePlan,
    _ row: Int,
    _ chunk: UnsafeRawBufferPointer
  ) -> [UInt8]? {
    if let scores = outcomes.kinds?.scores { return scores.kept(at: row, batch.columns) }
    guard let payload = outcomes.payload, let identity = plan.identity else { return nil }
    if let consent = payload.consent {
      let cell = unsafe Cell(bits: scratch.derived[consent * scratch.capacity + row])
      guard cell.isNumber, cell.number == 1 else { return nil }
    }
    return unsafe payload.payload(
      at: row,
      id: identity.idSlot,
      version: identity.versionSlot,
      batch.columns,
      chunk
    )
  }

  /// What the baselines decide of a row.
  private func baselines(_ outcomes: OutcomePlan, _ row: Int) -> UInt8 {
    var bits: UInt8 = 0
    for (place, index) in outcomes.baselines.enumerated() {
      let cell = unsafe Cell(bits: scratch.derived[index * scratch.capacity + row])
      guard cell.isNumber else { continue }
      bits |= (cell.number == 0 ? 1 : 3) << (2 * UInt8(place))
    }
    return bits
  }

  private mutating func joinPosition(of pane: Int) -> Int {
    if let position = counted.joins.lastIndex(where: { $0.index == pane }) { return position }
    counted.joins.append(JoinPane(index: pane))
    return counted.joins.count - 1
  }
}

extension Cell {
  /// A feature as a number that outcomes are held against; a NaN where it is none.
  fileprivate var trait: Float {
    if isNumber { return Float(number) }
    return self == .true ? 1 : self == .false ? 0 : .nan
  }
}
