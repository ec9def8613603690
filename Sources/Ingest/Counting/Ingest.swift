package import Connectors
internal import Events
package import Monitoring
internal import Records
package import Specification

/// Counts what sources deliver: one thread's counter, with what it found that cannot be used.
///
/// It owns the way of a chunk: its rows are decoded, placed in the order of their stream, counted;
/// the lines that cannot be used become dead letters.
package struct Ingest<Counter: EventCounter & ~Copyable>: ~Copyable {
  /// What counts.
  package var counter: Counter
  /// What was read so far.
  package private(set) var tally = StreamTally()
  /// The time of the first event that was counted, in nanoseconds since 1970.
  package private(set) var firstTime: Int64?
  private var letters: [OrderedLetter] = []
  private var spare: LineChunk?
  private var pieces: Pieces
  let monitor: Monitor
  private let keepsLetters: Bool

  /// Nothing counted yet.
  ///
  /// - Parameters:
  ///   - counter: What counts.
  ///   - monitor: What is kept of lines that cannot be used.
  ///   - keepsLetters: Whether anything is.
  package init(_ counter: consuming Counter, _ monitor: Monitor, keepsLetters: Bool) {
    self.counter = counter
    self.monitor = monitor
    self.keepsLetters = keepsLetters
    tally = StreamTally(timeField: monitor.prediction.time.description)
    pieces = Pieces(monitor)
  }

  /// Lends a chunk to be filled; `take` takes it back.
  package mutating func lendChunk() -> LineChunk {
    let chunk = spare ?? LineChunk(capacity: 1 << 18)
    spare = nil
    return chunk
  }

  /// Decodes, places and counts a chunk.
  ///
  /// - Parameters:
  ///   - chunk: The lines.
  ///   - ticket: Which chunk it is.
  ///   - source: The name of its stream.
  ///   - board: Where each stream stands; receives where this one stands behind the chunk.
  /// - Returns: The rows of the chunk: its lines, or what was made of them.
  @discardableResult
  package mutating func take(
    _ chunk: LineChunk,
    _ ticket: Ticket,
    source: String,
    board: PositionBoard
  ) -> Int {
    if let sifted = chunk.sifted {
      var origin = chunk.origin(order: ticket.order)
      origin.rewritten = sifted
      let taken = take(sifted, at: origin, of: chunk, ticket, source, board, after: nil)
      tally.bytes += chunk.count
      spare = chunk
      return taken.rows
    }
    guard pieces.isPlain, chunk.areLines, !chunk.hasArrays else {
      return takeRewritten(chunk, ticket, source, board)
    }
    let taken = unsafe chunk.withBytes { bytes in
      unsafe counter.take(
        bytes,
        at: chunk.origin(order: ticket.order),
        position: { board.position(before: ticket).at(line: chunk.firstLine) },
        publish: { board.publish($0, after: ticket) }
      )
    }
    note(taken, Piece(chunk, ticket, source, taken))
    tally.bytes += chunk.count
    spare = chunk
    return taken.rows
  }

  /// The same of a chunk whose lines are taken apart, a piece after the other.
  private mutating func takeRewritten(
    _ chunk: LineChunk,
    _ ticket: Ticket,
    _ source: String,
    _ board: PositionBoard
  ) -> Int {
    var rows = 0
    var origin = chunk.origin(order: ticket.order)
    var here: StreamPosition?
    var isLast = false
    pieces.rewriter.begin()
    while !isLast {
      isLast = pieces.next(of: chunk)
      origin.rewritten = pieces.lines
      let taken = take(
        pieces.lines,
        at: origin,
        of: chunk,
        ticket,
        source,
        board,
        after: here,
        isLast: isLast
      )
      rows += taken.rows
      here = taken.here
      origin.linesBefore += pieces.lines.lines
    }
    tally.bytes += chunk.count
    spare = chunk
    return rows
  }

  /// Decodes, places and counts rows that were made of a chunk, or taken out of it.
  ///
  /// - Parameters:
  ///   - lines: The rows.
  ///   - origin: Where they stand.
  ///   - chunk: The chunk.
  ///   - ticket: Which chunk it is.
  ///   - source: The name of its stream.
  ///   - board: Where each stream stands.
  ///   - before: Where this one stands behind the rows before these; `nil` of the first ones.
  ///   - isLast: Whether they are the chunk's last ones.
  /// - Returns: How many rows there were, and where the stream stands behind them.
  private mutating func take(
    _ lines: RewrittenLines,
    at origin: ChunkOrigin,
    of chunk: LineChunk,
    _ ticket: Ticket,
    _ source: String,
    _ board: PositionBoard,
    after before: StreamPosition?,
    isLast: Bool = true
  ) -> (rows: Int, here: StreamPosition?) {
    var here = before
    var taken = unsafe lines.bytes.withUnsafeBytes { bytes in
      unsafe counter.take(
        UnsafeRawBufferPointer(rebasing: bytes[..<lines.count]),
        at: origin,
        position: { before ?? board.position(before: ticket).at(line: chunk.firstLine) },
        publish: { position in
          here = position
          if isLast { board.publish(position, after: ticket) }
        }
      )
    }
    taken.refused = (taken.refused + lines.refused).sorted { $0.line < $1.line }
    note(taken, Piece(chunk, ticket, source, taken, linesBefore: origin.linesBefore))
    tally.emptyBatches += lines.emptyBatches
    return (taken.rows, here)
  }

  private mutating func note(_ taken: TakenChunk, _ piece: Piece) {
    for refusal in taken.refused { record(refusal, piece) }
    for values in taken.unusable { record(values, piece) }
    tally.outcomes += taken.settled.outcomes
    note(taken.settled, source: piece.source, index: piece.ticket.source)
    tally.lines += taken.lines
    tally.events += taken.events
    tally.outcomes += taken.outcomes
    tally.ignored += taken.ignored
    tally.passedRows.add(taken.passedRows)
    tally.overlongMembers += taken.overlongMembers
    firstTime = firstTime ?? taken.firstTime
  }

  /// Counts events that waited, and were decided on between rounds.
  ///
  /// - Parameters:
  ///   - settled: What was decided.
  ///   - source: The name of their stream.
  ///   - index: Its index; `nil` of one that an earlier process read.
  package mutating func take(_ settled: SettledEvents, source: String, index: Int?) {
    tally.events += settled.counted.count - settled.outcomes
    tally.outcomes += settled.outcomes
    counter.count(settled.counted)
    firstTime = firstTime ?? settled.counted.first?.time
    note(settled, source: source, index: index)
  }

  private mutating func note(_ settled: SettledEvents, source: String, index: Int?) {
    for refusal in settled.refused { record(refusal, source, index) }
    tally.shortenedValues = counter.shortenedValues
  }

  private mutating func record(_ refusal: RefusedLine, _ piece: Piece) {
    let (chunk, ticket) = (piece.chunk, piece.ticket)
    let place = piece.place(line: refusal.line, offset: refusal.offset)
    let wholeLength = place.uncutLength ?? refusal.length
    tally.refuse(refusal.reason, ticket.source, place.line) {
      let kept = min(refusal.length, LineExample.excerptBytesLimit)
      return LineExample(
        stream: ticket.source,
        source: piece.source,
        line: place.line + 1,
        offset: place.offset,
        bytes: monitor.deadLetters.raw ? chunk.line(at: refusal.offset, length: kept) : nil,
        isCut: wholeLength > kept
      )
    }
    keep(ticket.order, ticket.source, piece.firstLine + refusal.line) { monitor in
      // Of a line that is too long the reader may hold one byte over the limit, no more: what is
      // kept must not depend on where the chunk ended.
      let length = min(refusal.length, monitor.limits.lineBytes)
      return DeadLetter(
        reason: refusal.reason,
        source: piece.source,
        line: place.line + 1,
        offset: place.offset,
        length: wholeLength,
        raw: monitor.deadLetters.kept(of: length) { chunk.line(at: refusal.offset, length: $0) },
        fault: refusal.fault.map { byte in
          let rest = chunk.line(at: refusal.offset, length: refusal.length).dropFirst(byte)
          return DeadLetter.Fault(
            byte: byte,
            found: monitor.deadLetters.raw ? foundWord(rest) : nil
          )
        }
      )
    }
  }

  private mutating func record(_ refusal: RefusedWaiting, _ source: String, _ index: Int?) {
    let event = refusal.event
    let place = event.place ?? LinePlace(line: event.line, offset: event.offset)
    let length =
      place.uncutLength ?? event.bytes.count - (monitor.pii == nil ? 0 : KeyedHash.sealBytes)
    tally.refuse(refusal.reason, index ?? .max, place.line) {
      LineExample(
        stream: index ?? .max,
        source: source,
        line: place.line + 1,
        offset: place.offset,
        bytes: monitor.deadLetters.raw
          ? event.bytes.prefix(LineExample.excerptBytesLimit) : nil,
        isCut: length > LineExample.excerptBytesLimit
      )
    }
    keep(event.order, index, event.line) { monitor in
      DeadLetter(
        reason: refusal.reason,
        source: source,
        line: place.line + 1,
        offset: place.offset,
        length: length,
        raw: monitor.deadLetters.kept(of: event.bytes.count) { event.bytes.prefix($0) }
      )
    }
  }

  /// Counts values of a line that cannot be used.
  private mutating func record(_ values: UnusableValues, _ piece: Piece) {
    let place = piece.place(line: values.line, offset: values.offset)
    let length = min(values.length, UnusableTally.excerptBytesLimit)
    // Of a row that was made of a line it is not known where in the line a value stands.
    let isShown = monitor.pii == nil && length > 0
    tally.unusable.add(
      values.count,
      values.reason,
      LineExample(
        stream: piece.ticket.source,
        source: piece.source,
        line: place.line + 1,
        offset: place.offset,
        bytes: isShown ? piece.chunk.line(at: values.offset, length: length) : nil,
        isCut: length < values.length
      )
    )
  }

  /// Keeps a letter where letters are kept.
  private mutating func keep(
    _ order: Int,
    _ source: Int?,
    _ line: Int,
    letter: (Monitor) -> DeadLetter
  ) {
    guard keepsLetters else { return }
    letters.append(
      OrderedLetter(order: order, source: source, line: line, letter: letter(monitor))
    )
  }

  /// Hands over the dead letters so far.
  package mutating func takeLetters() -> [OrderedLetter] {
    defer { letters = [] }
    return letters
  }
}

/// What stands at the beginning of some bytes, up to where a value could end.
private func foundWord(_ bytes: ArraySlice<UInt8>) -> String {
  let ends = Array(" ,]}".utf8)
  let end = bytes.dropFirst().firstIndex { ends.contains($0) } ?? bytes.endIndex
  return String(decoding: bytes[..<end].prefix(DeadLetter.Fault.foundBytesLimit), as: UTF8.self)
}

extension DeadLetterOptions {
  /// The first bytes of a line, as many as are kept; `nil` where none are.
  ///
  /// - Parameters:
  ///   - length: The bytes that there are.
  ///   - bytes: Hands over so many of them.
  /// - Returns: The bytes that go into a dead letter.
  fileprivate func kept(of length: Int, _ bytes: (Int) -> ArraySlice<UInt8>) -> [UInt8]? {
    raw ? Array(bytes(min(length, rawBytes))) : nil
  }
}
