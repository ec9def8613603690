public import Events

/// Where a chunk stands, or a piece of it.
///
/// Its 9 properties are the places of a chunk and of its lines, by whoever has looked at them.
public struct ChunkOrigin: Sendable {
  /// The chunk's number over all streams.
  public var order: Int
  /// Its first byte in its stream.
  public var offset: Int
  /// The lines of its stream before it.
  public var line: Int
  /// The places of its rows, where lines were taken apart.
  public var rewritten: RewrittenLines?
  /// The lines of its stream before the next batch, where the rows do not say so.
  var nextLine: Int?
  /// Where each of the chunk's lines stood before lines were sorted or joined; `nil` where they were
  /// not.
  public var places: [LinePlace]?
  /// How many lines of the chunk are before the piece.
  public var linesBefore = 0
  /// How many lines of the stream before the chunk were joined to others, and are not counted.
  public var joinedLines = 0
  /// The rows of the chunk that another one has decoded, for this one, too.
  public var decoded: [DecodedRows] = []

  /// Where a chunk stands whose stream says how many lines came before.
  public init(
    order: Int,
    offset: Int,
    line: Int = 0,
    places: [LinePlace]? = nil,
    rewritten: RewrittenLines? = nil
  ) {
    self.order = order
    self.offset = offset
    self.line = line
    self.places = places
    self.rewritten = rewritten
  }

  /// The number in its stream, from 0, and the first byte of the line that a row is of.
  ///
  /// - Parameters:
  ///   - line: The row's line, counted from the chunk's start.
  ///   - offset: The row's first byte in the chunk.
  /// - Returns: Both, of the line.
  func place(line: Int, offset: Int) -> (line: Int, offset: Int) {
    guard let place = rewritten?.place(at: offset) else {
      return (self.line + line, self.offset + offset)
    }
    return (self.line + place.line, self.offset + place.offset)
  }

  /// Where a line stood in its stream, if it stands elsewhere now, or is counted otherwise.
  ///
  /// - Parameters:
  ///   - line: The line's number as it is counted.
  ///   - offset: Its first byte.
  /// - Returns: `nil` where it is what it was.
  func formerPlace(line: Int, offset: Int) -> LinePlace? {
    if let places { return places[linesBefore + line - self.line] }
    return joinedLines > 0 ? LinePlace(line: line + joinedLines, offset: offset) : nil
  }

  /// A refused row as the line that it is of.
  func line(of refused: RefusedLine) -> RefusedLine {
    guard let place = rewritten?.place(at: refused.offset) else { return refused }
    return RefusedLine(
      reason: refused.reason,
      line: place.line,
      offset: place.offset,
      length: place.length
    )
  }

  /// Values of a row as those of the line that it is of; of a row that was made of a line it is not
  /// known where they stand in it.
  func line(of values: UnusableValues) -> UnusableValues {
    guard let place = rewritten?.place(at: values.offset) else { return values }
    return UnusableValues(
      reason: values.reason,
      count: values.count,
      line: place.line,
      offset: rewritten?.origin(of: values.offset) ?? place.offset,
      length: rewritten?.areVerbatim == true ? values.length : 0
    )
  }
}

/// What became of a chunk.
///
/// Its 12 properties are the counts of a chunk, each of which somebody adds up.
public struct TakenChunk: Sendable {
  /// The lines of its stream before it.
  public var firstLine = 0
  /// Its lines, blank ones included.
  public var lines = 0
  /// The rows that were decoded: lines, or what was made of them.
  public var rows = 0
  /// The events that are counted.
  public var events = 0
  /// The outcomes that are taken in.
  public var outcomes = 0
  /// The events that the monitor does not take.
  public var ignored = 0
  /// The rows of batches that were passed over.
  public var passedRows = PassedRows()
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
      offset = unsafe decode(
        chunk,
        from: offset,
        atStreamStart: origin.offset == 0,
        decoded: origin.decoded
      )
      if !isPlaced {
        here = position()
        origin.line = here.lines
        isPlaced = true
      }
      let before = here.events
      origin.nextLine = origin.rewritten.map { origin.line + $0.lines(before: offset) }
      unsafe place(after: &here, in: chunk, at: origin)
      if offset >= chunk.count { publish(here) }
      taken.events += here.events - before
      taken.outcomes += outcomes
      taken.ignored += ignored
      taken.rows += linesSeen
      taken.passedRows.add(passedRows)
      taken.unusable += unusable.map { origin.line(of: $0) }
      taken.refused += refused.map { origin.line(of: $0) }
      taken.firstTime = taken.firstTime ?? firstAcceptedTime
      unsafe count(chunk)
    } while offset < chunk.count
    taken.ignored += origin.rewritten?.ignored ?? 0
    taken.firstLine = origin.line
    taken.lines = here.lines - origin.line
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
