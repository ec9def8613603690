public import Events

/// What counts events of chunks, a batch at a time.
///
/// A batch goes through three steps, of which only the second needs the stream's order:
///
///     decode(chunk)  ─▶  place(after: position)  ─▶  count(chunk)
///     columns, times     panes, late events          histograms, sums
public protocol EventCounter: ~Copyable {
  /// Decodes the next rows of a chunk.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - offset: Where to go on.
  ///   - atStreamStart: Whether nothing came before the chunk.
  ///   - decoded: What others have decoded of the chunk for this one, too; else it does so itself.
  /// - Returns: Where the next call goes on; the chunk's length when it is used up.
  mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    decoded: [DecodedRows]
  ) -> Int

  /// Decides, in the stream's order, which rows are counted.
  ///
  /// What becomes of events that wait is kept for `takeSettled`.
  ///
  /// - Parameters:
  ///   - position: What came before; receives what comes after.
  ///   - chunk: The bytes that were decoded.
  ///   - origin: Where the chunk stands.
  mutating func place(
    after position: inout StreamPosition,
    in chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin
  )

  /// Counts the rows that `place` kept.
  ///
  /// - Parameter chunk: The bytes that were decoded.
  mutating func count(_ chunk: UnsafeRawBufferPointer)

  /// Hands over what was decided on events that waited; of use at a chunk's end.
  mutating func takeSettled() -> SettledEvents

  /// Counts events that waited: their lines are decoded again.
  ///
  /// - Parameter events: Events with panes, as a position's `finish` or `settle` returns them.
  mutating func count(_ events: [WaitingEvent])

  /// Hands over the events that are held and due, where repeats are dropped.
  ///
  /// - Parameter time: Those that are due before it, in nanoseconds since 1970; `nil` for all.
  /// - Returns: The events, in any order.
  mutating func takeHeld(before time: Int64?) -> [HeldEvent]

  /// Counts events that were held and are no repeats.
  mutating func count(_ events: [HeldEvent])

  /// The bytes of the lines that are held.
  var heldBytes: Int { get }
  /// The lines that the last `decode` saw.
  var linesSeen: Int { get }
  /// Rows of batches that the last `decode` passed over.
  var passedRows: PassedRows { get }
  /// Lines of the batch that cannot be used, in order of their lines.
  var refused: [RefusedLine] { get }
  /// Wanted values of the batch that JSON does not have, in order of their lines.
  var unusable: [UnusableValues] { get }
  /// Events of the batch that the monitor does not take.
  var ignored: Int { get }
  /// Outcomes of the batch that are taken in.
  var outcomes: Int { get }
  /// The time of the first event that the last `place` accepted, in nanoseconds since 1970; `nil`
  /// when it accepted none.
  var firstAcceptedTime: Int64? { get }
  /// Values of versions and segments of counted events that were too long for a name, so far.
  var shortenedValues: Int { get }
  /// Members of wildcards that are not watched because their keys are too long, so far.
  var overlongMembers: Int { get }
}

extension EventCounter where Self: ~Copyable {
  /// Decodes the next rows of a chunk that nobody else has decoded.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - offset: Where to go on.
  ///   - atStreamStart: Whether nothing came before the chunk.
  /// - Returns: Where the next call goes on; the chunk's length when it is used up.
  mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool
  ) -> Int {
    unsafe decode(chunk, from: offset, atStreamStart: atStreamStart, decoded: [])
  }
}

/// Counters that take events in any order of time: none waits.
extension EventCounter where Self: ~Copyable {
  /// Outcomes are left.
  public var outcomes: Int { 0 }

  /// Nothing waited.
  public mutating func takeSettled() -> SettledEvents { SettledEvents() }

  /// Nothing waited.
  public mutating func count(_ events: [WaitingEvent]) {
    precondition(events.isEmpty, "\(events.count) events waited for a counter that has none wait")
  }
}
