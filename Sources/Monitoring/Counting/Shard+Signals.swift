internal import Events
internal import Sketches

/// Counting one column of one run.
extension Shard {
  mutating func countTimes(_ run: CountingRun) {
    var times = EventTimes()
    for index in run.rows {
      times.insert(unsafe batch.times[Int(scratch.order[index])])
    }
    counted.open[run.pane].groups[run.group].sums.counts[0] += UInt64(run.rows.count)
    counted.open[run.pane].groups[run.group].times.merge(times)
  }

  mutating func countNumbers(
    _ signal: Signal,
    _ index: Int,
    _ reference: NumericReference,
    _ run: CountingRun,
    _ chunk: UnsafeRawBufferPointer
  ) {
    let gathered = unsafe gather(signal, run)
    let numbers = unsafe gathered.numbers
    let missing = unsafe UInt64(gathered.missing)
    let invalid = unsafe UInt64(gathered.invalid)
    unsafe counted.open[run.pane].groups[run.group].count(
      numbers,
      missing: missing,
      invalid: invalid,
      of: signal,
      index,
      reference
    )
    if invalid > 0, case .column = signal.source {
      unsafe noteInvalid(signal, run, chunk) { cell, _ in
        !cell.isNumber && cell != .missing && cell != .null
      }
    }
  }

  /// Keeps what values look like that are of another type; on the path of lines that have some.
  private mutating func noteInvalid(
    _ signal: Signal,
    _ run: CountingRun,
    _ chunk: UnsafeRawBufferPointer,
    _ isInvalid: (Cell, _ row: Int) -> Bool
  ) {
    let cells = unsafe cells(of: signal)
    var values = invalid[signal.name] ?? InvalidValues()
    for position in run.rows {
      let row = unsafe Int(scratch.order[position])
      let cell = unsafe Cell(bits: cells[row])
      guard isInvalid(cell, row) else { continue }
      unsafe values.insert(cell, at: batch.times[row], chunk)
    }
    invalid[signal.name] = values
  }

  /// The cells of a signal, one a row of the batch.
  func cells(of signal: Signal) -> UnsafePointer<UInt64> {
    switch signal.source {
    case .column(let slot): unsafe batch.columns.cells(slot)
    case .derived(let index):
      unsafe UnsafePointer(scratch.derived + index * scratch.capacity)
    case .closing:
      preconditionFailure("\(signal.name) is counted when a pane is closed, not by its events")
    }
  }

  /// The numbers of a column's run side by side, and how many cells hold none.
  private func gather(
    _ signal: Signal,
    _ run: CountingRun
  ) -> (numbers: UnsafeBufferPointer<Double>, missing: Int, invalid: Int) {
    let cells = unsafe cells(of: signal)
    var count = 0
    if placed.isContiguous, run.rows.count == batch.columns.rowCount {
      for row in 0..<run.rows.count {
        let value = unsafe Double(bitPattern: cells[row])
        unsafe scratch.values[count] = value
        count += value == value ? 1 : 0
      }
    } else {
      for index in run.rows {
        let value = unsafe Double(bitPattern: cells[Int(scratch.order[index])])
        unsafe scratch.values[count] = value
        count += value == value ? 1 : 0
      }
    }
    var missing = 0
    if count < run.rows.count {
      for index in run.rows {
        let bits = unsafe cells[Int(scratch.order[index])]
        if bits == Cell.missing.bits || bits == Cell.null.bits { missing += 1 }
      }
    }
    let numbers = unsafe UnsafeBufferPointer(start: scratch.values, count: count)
    return unsafe (numbers, missing, run.rows.count - count - missing)
  }

  mutating func countCategories(
    _ signal: Signal,
    _ index: Int,
    _ reference: CategoryReference,
    _ run: CountingRun,
    _ chunk: UnsafeRawBufferPointer
  ) {
    let known = UInt32(reference.values.count)
    var unseen = 0
    var hasInvalid = false
    unsafe counted.open[run.pane].groups[run.group].sums.counts.withUnsafeMutableBufferPointer {
      counts in
      guard let base = counts.baseAddress else { return }
      let bins = unsafe base + signal.bins.lowerBound
      for position in run.rows {
        let code = unsafe scratch.codes[Int(scratch.order[position])]
        if code < known {
          unsafe bins[Int(code)] += 1
        } else if code == CategoryDictionary.absent {
          unsafe base[signal.missing] += 1
        } else if code == CategoryDictionary.invalid {
          unsafe base[signal.invalid] += 1
          hasInvalid = true
        } else {
          unseen += 1
        }
      }
      // Beyond a cut list of categories nobody can tell a new value from a rare one.
      if reference.hasOther {
        unsafe bins[Int(known)] += UInt64(unseen)
      } else {
        unsafe base[signal.base + 2] += UInt64(unseen)
      }
    }
    if hasInvalid {
      let codes = unsafe scratch.codes
      unsafe noteInvalid(signal, run, chunk) { _, row in
        unsafe codes[row] == CategoryDictionary.invalid
      }
    }
    guard unseen > 0, !reference.hasOther else { return }
    let cells = unsafe cells(of: signal)
    for position in run.rows {
      let row = unsafe Int(scratch.order[position])
      guard unsafe scratch.codes[row] == CategoryDictionary.unseen else { continue }
      if let bytes = unsafe canonicalBytes(of: Cell(bits: cells[row]), in: chunk) {
        counted.open[run.pane].groups[run.group].unseen[index].insert(bytes)
      }
    }
  }
}
