public import Events
internal import Expressions
internal import Specification

/// One worker's share of the counting: bytes in, counts by pane out.
///
/// A batch goes through three steps, of which only the second needs the stream's order:
///
///     decode(chunk)  ─▶  place(after: position)  ─▶  count()
///     columns, times     panes, late events          histograms, sums
///
/// Shards of several workers add up: `takePanes` hands over what was counted.
public struct Shard: ~Copyable {
  let plan: Plan
  var decoder: EventDecoder
  var columns: EventColumns
  var scratch: BatchScratch
  var timestamps: TimestampDecoder
  var dimensions: [DimensionEncoder]
  var categories: [CategoryEncoder]
  var panes: [PaneCounts] = []
  var sealed: [SealedPane] = []

  /// How many rows of the batch are counted, and their first entries in `scratch.rows`.
  var rowCount = 0
  /// Whether the counted rows are all rows of the columns, so that columns need no gathering.
  var isContiguous = true
  /// Whether all counted rows are of one pane.
  var isOnePane = true
  /// Lines of the batch that cannot be used, in order of their lines.
  public private(set) var refused: [RefusedLine] = []
  /// Events of the batch that `when` does not take.
  public private(set) var ignored = 0

  /// How many panes are held as arrays of counts; older ones are held encoded.
  static let openPanes = 16

  /// Whether so many panes are open that closing the complete ones saves encoding them.
  public var hasManyPanes: Bool { panes.count > Self.openPanes / 2 }

  /// A worker of a plan.
  ///
  /// - Parameters:
  ///   - plan: What is counted.
  ///   - rowCapacity: The most rows of a batch; any gives the same counts.
  public init(_ plan: Plan, rowCapacity: Int = EventColumns.defaultRowCapacity) {
    self.plan = plan
    decoder = EventDecoder(schema: plan.schema, limits: plan.decodingLimits)
    columns = EventColumns(slotCount: plan.schema.slots.count, rowCapacity: rowCapacity)
    scratch = BatchScratch(
      capacity: rowCapacity,
      dimensions: plan.dimensions.count,
      derived: plan.derived.count
    )
    timestamps = TimestampDecoder(unit: plan.monitor.prediction.timeUnit)
    dimensions = plan.dimensions.map { DimensionEncoder($0) }
    categories = plan.signals.compactMap { signal in
      guard case .category(_, let reference) = signal.kind else { return nil }
      return CategoryEncoder(reference)
    }
  }

  /// Decodes the next rows of a chunk.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - offset: Where to go on.
  ///   - atStreamStart: Whether nothing came before the chunk.
  /// - Returns: Where the next call goes on; the chunk's length when it is used up.
  public mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool
  ) -> Int {
    let next = unsafe decoder.decode(
      chunk,
      from: offset,
      atStreamStart: atStreamStart,
      into: &columns
    )
    let rows = columns.rowCount
    if let when = plan.monitor.prediction.when {
      let inputs = unsafe plan.predicateSlots.map { unsafe columns.cells($0) }
      unsafe when.evaluate(columns: inputs, rowCount: rows, chunk: chunk, into: scratch.mask)
    } else {
      unsafe scratch.mask.update(repeating: 1, count: rows)
    }
    unsafe timestamps.decode(
      columns.cells(plan.timeSlot),
      count: rows,
      chunk: chunk,
      into: scratch.times
    )
    refused = columns.refused
    return next
  }

  /// The lines that the last `decode` saw.
  public var linesSeen: Int { columns.linesSeen }

  /// The members of wildcards that the profile does not have, in order of first sight.
  public var discovered: [FieldPath] { decoder.discovered }

  /// Keys that occurred twice in one object.
  public var duplicateKeys: Int { decoder.duplicateKeys }

  /// Decides, in the stream's order, which rows are counted and in which panes.
  ///
  /// - Parameter position: What came before; receives what comes after.
  public mutating func place(after position: inout StreamPosition) {
    let decoded = refused.count
    ignored = 0
    if !placeInOrder(after: &position) { placeRowByRow(after: &position) }
    position.lines += columns.linesSeen
    if refused.count > decoded { refused.sort { $0.line < $1.line } }
  }

  /// The usual case: every row is a prediction with a time, none late, none far ahead.
  private mutating func placeInOrder(after position: inout StreamPosition) -> Bool {
    let rows = columns.rowCount
    guard rows > 0 else {
      rowCount = 0
      return true
    }
    guard position.isClockConfirmed, let clock = position.clock else { return false }
    let (earliest, latest, isWhole) = timeRange(rows)
    guard isWhole, latest - clock <= plan.monitor.future.nanoseconds else { return false }
    let end = max(clock, latest)
    guard case .time(let width) = plan.panes else { return false }
    let first = floorDivide(earliest, width)
    guard (first + 1) * width > end - plan.monitor.lateness.nanoseconds else { return false }
    if let closed = position.closedPane, first <= closed { return false }
    position.clock = end
    position.events += rows
    position.farFutureRun = 0
    rowCount = rows
    isContiguous = true
    isOnePane = floorDivide(latest, width) == first
    for row in 0..<rows { unsafe scratch.rows[row] = UInt32(truncatingIfNeeded: row) }
    if isOnePane {
      unsafe scratch.panes[0] = Int(first)
    } else {
      assignPanes(width)
    }
    return true
  }

  /// The least and greatest time, and whether every row is a prediction with a time.
  private func timeRange(_ rows: Int) -> (earliest: Int64, latest: Int64, isWhole: Bool) {
    var earliest = Int64.max
    var latest = Int64.min
    var mask: UInt8 = 1
    for row in 0..<rows {
      let time = unsafe scratch.times[row]
      earliest = min(earliest, time)
      latest = max(latest, time)
      unsafe mask &= scratch.mask[row]
    }
    let usable = StreamPosition.usableTimes
    let isWhole = mask == 1 && earliest >= usable.lowerBound && latest <= usable.upperBound
    return (earliest, latest, isWhole)
  }

  private mutating func assignPanes(_ width: Int64) {
    var pane: Int64 = 0
    var start = Int64.max
    var end = Int64.min
    for index in 0..<rowCount {
      let time = unsafe scratch.times[Int(scratch.rows[index])]
      if time < start || time >= end {
        pane = floorDivide(time, width)
        start = pane * width
        end = start + width
      }
      unsafe scratch.panes[index] = Int(pane)
    }
  }

  /// Any batch: judges each row against the clock as it stood before it.
  private mutating func placeRowByRow(after position: inout StreamPosition) {
    rowCount = 0
    for row in 0..<columns.rowCount {
      guard unsafe scratch.mask[row] == 1 else {
        ignored += 1
        continue
      }
      let time = unsafe scratch.times[row]
      if let reason = refusal(of: time, after: &position) {
        refused.append(columns.refusing(reason, row: row))
        continue
      }
      unsafe scratch.rows[rowCount] = UInt32(truncatingIfNeeded: row)
      if case .events(let size) = plan.panes {
        unsafe scratch.panes[rowCount] = position.events / size
      }
      rowCount += 1
      position.events += 1
    }
    if case .time(let width) = plan.panes { assignPanes(width) }
    isContiguous = rowCount == columns.rowCount
    isOnePane = true
    for index in 0..<rowCount where unsafe scratch.panes[index] != scratch.panes[0] {
      isOnePane = false
    }
  }

  /// Why an event of this time cannot be counted, if so; else the clock moves.
  private func refusal(of time: Int64, after position: inout StreamPosition) -> Refusal? {
    if time == Timestamp.missing { return .timeMissing }
    guard StreamPosition.usableTimes.contains(time) else { return .timeInvalid }
    if case .time(let width) = plan.panes, let closed = position.closedPane,
      floorDivide(time, width) <= closed
    {
      return .late
    }
    guard let clock = position.clock else {
      position.clock = time
      return nil
    }
    if !position.isClockConfirmed {
      let patience = max(plan.monitor.future.nanoseconds, plan.monitor.lateness.nanoseconds)
      guard abs(time - clock) <= patience else {
        position.clock = time
        return nil
      }
    }
    if time - clock > plan.monitor.future.nanoseconds {
      position.farFutureRun += 1
      guard position.farFutureRun >= StreamPosition.farFutureRunLimit else { return .farFuture }
    }
    if case .time(let width) = plan.panes {
      let end = (floorDivide(time, width) + 1) * width
      if end <= clock - plan.monitor.lateness.nanoseconds { return .late }
    }
    position.isClockConfirmed = true
    position.farFutureRun = 0
    position.clock = max(clock, time)
    return nil
  }
}
