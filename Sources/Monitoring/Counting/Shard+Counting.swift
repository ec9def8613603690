internal import Events
internal import Sketches

/// A stretch of a batch's rows that are counted under one key of one pane.
struct CountingRun {
  /// The position of the pane among the open ones.
  var pane: Int
  /// The position of the key in the pane.
  var group: Int
  /// The rows, as a range of `scratch.order`.
  var rows: Range<Int>
}

extension Shard {
  /// Counts the rows that `place` kept.
  public mutating func count(_ chunk: UnsafeRawBufferPointer) {
    guard placed.count > 0 else { return }
    let chunk = unsafe batch.text(of: chunk)
    if plan.dropsRepeats, !placed.isReleased {
      unsafe hold(chunk)
      guard placed.count > 0 else { return }
    }
    let runs = unsafe makeRuns(chunk)
    for run in runs { countTimes(run) }
    countShortened(runs)
    let requests = requests(of: runs)
    for index in 0..<plan.derived.count {
      let cells = unsafe scratch.derived + index * scratch.capacity
      unsafe plan.derived.evaluate(index, batch, chunk, into: cells)
    }
    for signal in plan.countedSignals where !signal.isCountedAtClose {
      switch signal.kind {
      case .number(let index, let reference):
        let isOfRequest = signal.isDerived(among: plan.requestNumbers)
        for run in isOfRequest ? requests : runs {
          unsafe countNumbers(signal, index, reference, run, chunk)
        }
      case .category(let index, let reference):
        unsafe encoders.categories[index].encode(
          cells(of: signal),
          count: batch.columns.rowCount,
          chunk: chunk,
          into: scratch.codes
        )
        for run in runs { unsafe countCategories(signal, index, reference, run, chunk) }
      }
    }
    unsafe countBudgets(runs, requests, chunk)
    if plan.identity?.joins == true { for run in runs { unsafe join(run, chunk) } }
    if plan.dropsRepeats { countUnrepeated(runs) }
    for dimension in encoders.dimensions { dimension.remember() }
    sealOldPanes()
  }

  /// The rows of runs that stand for a request each.
  private func requests(of runs: [CountingRun]) -> [CountingRun] {
    guard let numbers = plan.requests else { return runs }
    var count = placed.count
    return runs.map { run in
      let start = count
      for position in run.rows {
        let row = unsafe scratch.order[position]
        guard numbers.isFirst(Int(row), batch.columns) else { continue }
        unsafe scratch.order[count] = row
        count += 1
      }
      return CountingRun(pane: run.pane, group: run.group, rows: start..<count)
    }
  }

  /// Counts the values of versions and segments whose names were too long.
  private mutating func countShortened(_ runs: [CountingRun]) {
    for (index, dimension) in encoders.dimensions.enumerated() where !dimension.shortened.isEmpty {
      for run in runs {
        let row = unsafe Int(scratch.order[run.rows.lowerBound])
        let code = unsafe scratch.dimensionCodes[index * scratch.capacity + row]
        if dimension.shortened.contains(code) { shortenedValues += run.rows.count }
      }
    }
  }

  private mutating func sealOldPanes() {
    guard counted.open.count > Self.openPanes else { return }
    counted.open.sort { $0.index < $1.index }
    let surplus = counted.open.count - Self.openPanes
    counted.sealed += counted.open.prefix(surplus).map { SealedPane($0, plan: plan) }
    counted.open.removeFirst(surplus)
  }

  // MARK: Runs

  /// Sorts the rows by pane and key.
  private mutating func makeRuns(_ chunk: UnsafeRawBufferPointer) -> [CountingRun] {
    for (index, dimension) in encoders.dimensions.enumerated() {
      unsafe dimension.encode(
        batch.columns.cells(plan.dimensions[index].slot),
        count: batch.columns.rowCount,
        chunk: chunk,
        into: scratch.dimensionCodes + index * scratch.capacity
      )
    }
    if placed.isOnePane, hasOneKey() {
      unsafe scratch.order.update(from: scratch.rows, count: placed.count)
      return [run(ofRowAt: 0, 0..<placed.count)]
    }
    return sortIntoRuns()
  }

  private func hasOneKey() -> Bool {
    for dimension in 0..<encoders.dimensions.count {
      let codes = unsafe scratch.dimensionCodes + dimension * scratch.capacity
      let first = unsafe codes[Int(scratch.rows[0])]
      var difference: UInt32 = 0
      for index in 0..<placed.count {
        unsafe difference |= codes[Int(scratch.rows[index])] ^ first
      }
      if difference != 0 { return false }
    }
    return true
  }

  /// A counting sort of row numbers by pane and key; the runs come in order of first sight.
  private mutating func sortIntoRuns() -> [CountingRun] {
    var table = RunTable(rows: placed.count)
    for index in 0..<placed.count {
      let row = unsafe Int(scratch.rows[index])
      var hash = placed.isOnePane ? 0 : unsafe UInt64(bitPattern: Int64(scratch.panes[index]))
      for dimension in 0..<encoders.dimensions.count {
        let code = unsafe scratch.dimensionCodes[dimension * scratch.capacity + row]
        hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(code)
      }
      let run = table.run(hash, at: index) { isSameRun($0, index) }
      unsafe scratch.runs[index] = UInt16(truncatingIfNeeded: run)
    }
    var runs: [CountingRun] = []
    var start = 0
    for (first, count) in zip(table.firsts, table.counts) {
      runs.append(run(ofRowAt: first, start..<start + count))
      start += count
    }
    // A value that lost its place to a later run's moved groups: look once more, nothing moves now.
    if runs.contains(where: { counted.open[$0.pane].hasFolded }) {
      for (index, first) in table.firsts.enumerated() {
        runs[index] = run(ofRowAt: first, runs[index].rows)
      }
    }
    var next = runs.map(\.rows.lowerBound)
    for index in 0..<placed.count {
      let run = unsafe Int(scratch.runs[index])
      unsafe scratch.order[next[run]] = scratch.rows[index]
      next[run] += 1
    }
    return runs
  }

  /// Whether two counted rows are of one pane and one key.
  private func isSameRun(_ left: Int, _ right: Int) -> Bool {
    if !placed.isOnePane, unsafe scratch.panes[left] != scratch.panes[right] { return false }
    let leftRow = unsafe Int(scratch.rows[left])
    let rightRow = unsafe Int(scratch.rows[right])
    for dimension in 0..<encoders.dimensions.count {
      let codes = unsafe scratch.dimensionCodes + dimension * scratch.capacity
      if unsafe codes[leftRow] != codes[rightRow] { return false }
    }
    return true
  }

  /// The run of the pane and key of one counted row.
  private mutating func run(ofRowAt index: Int, _ rows: Range<Int>) -> CountingRun {
    let row = unsafe Int(scratch.rows[index])
    let paneIndex = unsafe scratch.panes[placed.isOnePane ? 0 : index]
    let values = encoders.dimensions.indices.map { dimension in
      unsafe encoders.dimensions[dimension].value(
        of: scratch.dimensionCodes[dimension * scratch.capacity + row]
      )
    }
    let pane = panePosition(of: paneIndex)
    let group = counted.open[pane].position(of: GroupKey(values: values), plan: plan)
    return CountingRun(pane: pane, group: group, rows: rows)
  }

  private mutating func panePosition(of index: Int) -> Int {
    if let position = counted.open.lastIndex(where: { $0.index == index }) { return position }
    counted.open.append(PaneCounts(index: index, plan: plan))
    return counted.open.count - 1
  }
}

/// The runs of a batch while it is sorted: few of them, so a small open-addressing table.
private struct RunTable {
  /// The first row of each run, and how many rows it has.
  private(set) var firsts: [Int] = []
  private(set) var counts: [Int] = []
  private var table: [Int16]
  private let shift: UInt64

  /// A table for so many rows, which may be as many runs.
  init(rows: Int) {
    let bits = max(11, UInt64(Int.bitWidth - rows.leadingZeroBitCount) + 1)
    table = [Int16](repeating: -1, count: 1 << bits)
    shift = 64 - bits
  }

  /// The run of a row.
  ///
  /// - Parameters:
  ///   - hash: The same for all rows of a run.
  ///   - row: The row.
  ///   - isSame: Whether the given first row of a run is of the same run.
  /// - Returns: The run's index; a new one when no run is the same.
  mutating func run(_ hash: UInt64, at row: Int, isSame: (Int) -> Bool) -> Int {
    var place = Int((hash &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while table[place] >= 0 {
      let run = Int(table[place])
      if isSame(firsts[run]) {
        counts[run] += 1
        return run
      }
      place = (place + 1) & (table.count - 1)
    }
    table[place] = Int16(firsts.count)
    firsts.append(row)
    counts.append(1)
    return firsts.count - 1
  }
}
