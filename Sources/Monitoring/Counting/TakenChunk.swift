public import Events

/// Where a chunk stands.
public struct ChunkOrigin: Sendable {
  /// The chunk's number over all streams.
  public var order: Int
  /// Its first byte in its stream.
  public var offset: Int
  /// The lines of its stream before it.
  public var line: Int

  /// Where each of its lines stood before lines were sorted; `nil` where they were not.
  public var places: [LinePlace]?

  /// Where a chunk stands whose stream says how many lines came before.
  public init(order: Int, offset: Int, line: Int = 0, places: [LinePlace]? = nil) {
    self.order = order
    self.offset = offset
    self.line = line
    self.places = places
  }
}

/// What became of a chunk.
///
/// Its 10 properties are the counts of a chunk, each of which somebody adds up.
public struct TakenChunk: Sendable {
  /// The lines of its stream before it.
  public var firstLine = 0
  /// Its lines, blank ones included.
  public var lines = 0
  /// The events that are counted.
  public var events = 0
  /// The outcomes that are taken in.
  public var outcomes = 0
  /// The events that the monitor does not take.
  public var ignored = 0
  /// The members of wildcards whose keys were too long to be watched.
  public var overlongMembers = 0
  /// The lines that cannot be used, in order, counted from the chunk's start.
  public var refused: [RefusedLine] = []
  /// Wanted values that JSON does not have, in order, counted from the chunk's start.
  public var unusable: [UnusableValues] = []
  /// What was decided on events that waited, of this chunk or of earlier ones.
  public var settled = SettledEvents()
  /// The time of the first event that is counted, in nanoseconds since 1970.
  public var firstTime: Int64?
}

extension EventCounter where Self: ~Copyable {
  /// Takes a whole chunk, batch by batch.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - origin: Where it stands; the lines before it are the position's.
  ///   - position: Answers with what came before, once it is known; asked when a batch is decoded.
  ///   - publish: Receives what comes after as soon as it is known.
  /// - Returns: What became of it.
  public mutating func take(
    _ chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin,
    position: () -> StreamPosition,
    publish: (StreamPosition) -> Void
  ) -> TakenChunk {
    var taken = TakenChunk()
    var origin = origin
    var offset = 0
    var here = StreamPosition()
    var isPlaced = false
    let overlong = overlongMembers
    repeat {
      offset = unsafe decode(chunk, from: offset, atStreamStart: origin.offset == 0)
      if !isPlaced {
        here = position()
        origin.line = here.lines
        isPlaced = true
      }
      let before = here.events
      unsafe place(after: &here, in: chunk, at: origin)
      if offset >= chunk.count { publish(here) }
      taken.lines += linesSeen
      taken.events += here.events - before
      taken.outcomes += outcomes
      taken.ignored += ignored
      taken.refused += refused
      taken.unusable += unusable
      taken.firstTime = taken.firstTime ?? firstAcceptedTime
      unsafe count(chunk)
    } while offset < chunk.count
    taken.firstLine = origin.line
    // What waited is decoded once more, and its members have been counted.
    taken.overlongMembers = overlongMembers - overlong
    taken.settled = takeSettled()
    count(taken.settled.counted)
    return taken
  }

  /// Takes a whole chunk of a stream that nobody else takes.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, with 64 readable bytes behind them.
  ///   - origin: Where it stands.
  ///   - position: What came before; receives what comes after.
  /// - Returns: What became of it.
  @discardableResult
  public mutating func take(
    _ chunk: UnsafeRawBufferPointer,
    at origin: ChunkOrigin,
    after position: inout StreamPosition
  ) -> TakenChunk {
    let before = position
    var after = position
    let taken = unsafe take(
      chunk,
      at: origin,
      position: { before },
      publish: { after = $0 }
    )
    position = after
    return taken
  }
}
