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
  public internal(set) var refused: [RefusedLine] = []
  /// Events of the batch that `when` does not take.
  public internal(set) var ignored = 0
  /// How many values of versions and segments of counted events were too long for a name.
  public internal(set) var shortenedValues = 0
  /// What `place` decided on events that waited, until it is taken.
  var settled = SettledEvents()

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

  /// The members of wildcards that are not watched because their keys are too long.
  public var overlongMembers: Int { decoder.overlongMembers }

  /// Keys that occurred twice in one object.
  public var duplicateKeys: Int { decoder.duplicateKeys }
}
