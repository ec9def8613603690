public import Events
internal import Expressions
internal import Specification

/// One worker's share of the counting: bytes in, counts by pane out.
///
/// Shards of several workers add up: `take(through:)` hands over what was counted.
///
/// Its 9 properties are the steps of a batch, what was counted, and what is told of it.
public struct Shard: EventCounter, ~Copyable {
  let plan: Plan
  var batch: DecodedBatch
  var scratch: BatchScratch
  var encoders: Encoders
  /// What was counted so far and not taken.
  public internal(set) var counted = CountedPanes()
  var placed = PlacedRows()
  /// How many values of versions and segments of counted events were too long for a name.
  public internal(set) var shortenedValues = 0
  /// What values of counted events look like that are of another type than their signal's, by signal.
  public internal(set) var invalid: [String: InvalidValues] = [:]
  /// What `place` decided on events that waited, until it is taken.
  var settled = SettledEvents()

  /// What gives values their codes.
  struct Encoders {
    /// One a dimension of the plan.
    var dimensions: [DimensionEncoder]
    /// One a categorical signal.
    var categories: [CategoryEncoder]
  }

  /// What `place` decided on the rows of a batch.
  ///
  /// Its 10 properties are the rows that are counted, those that are not, and how they were come by.
  struct PlacedRows {
    /// How many rows are counted: the first entries in the scratch's `rows`.
    var count = 0
    /// Whether the counted rows are all rows of the columns, so that columns need no gathering.
    var isContiguous = true
    /// Whether all counted rows are of one pane.
    var isOnePane = true
    /// Lines of the batch that cannot be used, in order of their lines.
    var refused: [RefusedLine] = []
    /// Events of the batch that the monitor does not take.
    var ignored = 0
    /// How many outcomes of the batch are taken in.
    var outcomes = 0
    /// Whether the batch is the last of its chunk.
    var isLastBatch = false
    /// How many of the chunk's lines of which no row was made are counted.
    var refusedLinesNoted = 0
    /// When each counted row is due, where repeats are dropped.
    var dues: [Int64] = []
    /// Whether the rows were held, and are no repeats.
    var isReleased = false
  }

  /// Lines of the batch that cannot be used, in order of their lines.
  public var refused: [RefusedLine] { placed.refused }
  /// Events of the batch that the monitor does not take.
  public var ignored: Int { placed.ignored }
  /// Outcomes of the batch that are taken in.
  public var outcomes: Int { placed.outcomes }

  /// How many panes are held as arrays of counts; older ones are held encoded.
  static let openPanes = 16

  /// Whether so many panes are open that closing the complete ones saves encoding them.
  public var hasManyPanes: Bool { counted.open.count > Self.openPanes / 2 }

  /// A worker of a plan.
  ///
  /// - Parameters:
  ///   - plan: What is counted.
  ///   - rowCapacity: The most rows of a batch; any gives the same counts.
  public init(_ plan: Plan, rowCapacity: Int = EventColumns.defaultRowCapacity) {
    self.plan = plan
    batch = DecodedBatch(plan.schema, rowCapacity: rowCapacity)
    scratch = BatchScratch(
      capacity: rowCapacity,
      dimensions: plan.dimensions.count,
      derived: plan.derived.count
    )
    encoders = Encoders(
      dimensions: plan.dimensions.map { DimensionEncoder($0) },
      categories: plan.signals.compactMap { signal in
        guard case .category(_, let reference) = signal.kind else { return nil }
        return CategoryEncoder(reference)
      }
    )
  }

  /// Decodes the next rows of a chunk.
  public mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    decoded: [DecodedRows]
  ) -> Int {
    let next = unsafe batch.decode(
      chunk,
      from: offset,
      atStreamStart: atStreamStart,
      decoded: decoded
    )
    placed.refused = batch.columns.refused
    if offset == 0 { placed.refusedLinesNoted = 0 }
    placed.isLastBatch = next >= chunk.count
    return next
  }

  /// Rows of batches that the last `decode` passed over.
  public var passedRows: PassedRows { batch.columns.passedRows }

  /// The lines that the last `decode` saw.
  public var linesSeen: Int { batch.columns.linesSeen }

  /// Wanted values of the batch that JSON does not have, in order of their lines.
  public var unusable: [UnusableValues] { batch.unusable }

  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970; `nil`
  /// when it accepted none.
  public var firstAcceptedTime: Int64? {
    if let waited = settled.counted.first { return waited.time }
    return placed.count > 0 ? unsafe batch.times[Int(scratch.rows[0])] : nil
  }

  /// The members of wildcards that the profile does not have, in order of first sight.
  public var discovered: [FieldPath] { batch.discovered }

  /// The members of wildcards that are not watched because their keys are too long.
  public var overlongMembers: Int { batch.overlongMembers }
}
