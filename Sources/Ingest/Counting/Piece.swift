internal import Connectors
internal import Events
internal import Monitoring

/// A chunk, or a piece of one, that was counted, and where it stands.
struct Piece {
  let chunk: LineChunk
  let ticket: Ticket
  /// The name of its stream.
  let source: String
  /// The number of its first line, as lines are counted.
  let firstLine: Int
  /// How many lines of the chunk are before it.
  private let linesBefore: Int

  /// A piece.
  ///
  /// - Parameters:
  ///   - chunk: The chunk that it is of.
  ///   - ticket: Which chunk that is.
  ///   - source: The name of its stream.
  ///   - taken: What became of it.
  ///   - linesBefore: How many lines of the chunk are before it.
  init(
    _ chunk: LineChunk,
    _ ticket: Ticket,
    _ source: String,
    _ taken: TakenChunk,
    linesBefore: Int = 0
  ) {
    self.chunk = chunk
    self.ticket = ticket
    self.source = source
    self.linesBefore = linesBefore
    firstLine = taken.firstLine
  }

  /// Where a line of it stands in its stream; of lines that were sorted or joined where it stood.
  ///
  /// - Parameters:
  ///   - line: The line, counted from the piece's start.
  ///   - offset: A byte of it, counted from the chunk's start.
  /// - Returns: The line's place.
  func place(line: Int, offset: Int) -> LinePlace {
    if let places = chunk.places { return places[linesBefore + line] }
    return LinePlace(
      line: firstLine + line + chunk.joinedLines,
      offset: chunk.offset + offset,
      uncutLength: chunk.uncutLength
    )
  }
}

extension LineChunk {
  /// Where its lines stand, for the one who counts them.
  func origin(order: Int) -> ChunkOrigin {
    var origin = ChunkOrigin(order: order, offset: offset, places: places)
    origin.joinedLines = joinedLines
    origin.decoded = decoded
    return origin
  }
}
