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
  private let monitor: Monitor
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
  /// - Returns: The lines of the chunk.
  @discardableResult
  package mutating func take(
    _ chunk: LineChunk,
    _ ticket: Ticket,
    source: String,
    board: PositionBoard
  ) -> Int {
    let taken = unsafe chunk.withBytes { bytes in
      unsafe counter.take(
        bytes,
        at: ChunkOrigin(order: ticket.order, offset: chunk.offset, places: chunk.places),
        position: { board.position(before: ticket).at(line: chunk.firstLine) },
        publish: { board.publish($0, after: ticket) }
      )
    }
    for refusal in taken.refused { record(refusal, chunk, source, taken.firstLine, ticket) }
    for values in taken.unusable { record(values, chunk, source, taken.firstLine) }
    tally.outcomes += taken.settled.outcomes
    note(taken.settled, source: source, index: ticket.source)
    tally.lines += taken.lines
    tally.bytes += chunk.count
    tally.events += taken.events
    tally.outcomes += taken.outcomes
    tally.ignored += taken.ignored
    tally.overlongMembers += taken.overlongMembers
    firstTime = firstTime ?? taken.firstTime
    spare = chunk
    return taken.lines
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

  private mutating func record(
    _ refusal: RefusedLine,
    _ chunk: LineChunk,
    _ source: String,
    _ firstLine: Int,
    _ ticket: Ticket
  ) {
    let place = chunk.place(of: refusal, firstLine)
    tally.refuse(refusal.reason, ticket.source, place.line) {
      let kept = min(refusal.length, RefusedExample.excerptBytesLimit)
      return RefusedExample(
        stream: ticket.source,
        source: source,
        line: place.line + 1,
        offset: place.offset,
        bytes: monitor.deadLetters.raw ? chunk.line(at: refusal.offset, length: kept) : nil,
        isCut: (chunk.uncutLength ?? refusal.length) > kept
      )
    }
    keep(ticket.order, ticket.source) { monitor in
      // Of a line that is too long the reader may hold one byte over the limit, no more: what is
      // kept must not depend on where the chunk ended.
      let length = min(refusal.length, monitor.limits.lineBytes)
      return DeadLetter(
        reason: refusal.reason,
        source: source,
        line: place.line + 1,
        offset: place.offset,
        length: chunk.uncutLength ?? refusal.length,
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
    let length = event.bytes.count - (monitor.pii == nil ? 0 : KeyedHash.sealBytes)
    tally.refuse(refusal.reason, index ?? .max, place.line) {
      RefusedExample(
        stream: index ?? .max,
        source: source,
        line: place.line + 1,
        offset: place.offset,
        bytes: monitor.deadLetters.raw
          ? event.bytes.prefix(RefusedExample.excerptBytesLimit) : nil,
        isCut: length > RefusedExample.excerptBytesLimit
      )
    }
    keep(event.order, index) { monitor in
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
  private mutating func record(
    _ values: UnusableValues,
    _ chunk: LineChunk,
    _ source: String,
    _ firstLine: Int
  ) {
    let length = min(values.length, UnusableTally.excerptBytesLimit)
    let bytes = monitor.pii == nil ? chunk.line(at: values.offset, length: length) : nil
    tally.unusable.add(
      values.count,
      values.reason,
      UnusableTally.Example(
        source: source,
        line: (chunk.places?[values.line].line ?? firstLine + values.line) + 1,
        excerpt: bytes.map {
          visible(String(decoding: $0, as: UTF8.self)) + (length < values.length ? "…" : "")
        }
      )
    )
  }

  /// Keeps a letter where letters are kept.
  private mutating func keep(_ order: Int, _ source: Int?, letter: (Monitor) -> DeadLetter) {
    guard keepsLetters else { return }
    letters.append(OrderedLetter(order: order, source: source, letter: letter(monitor)))
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
  let word = bytes.prefix(1) + bytes.dropFirst().prefix { !ends.contains($0) }
  return String(decoding: word.prefix(DeadLetter.Fault.foundBytesLimit), as: UTF8.self)
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

extension LineChunk {
  /// Where a line of it stands in its stream.
  ///
  /// - Parameters:
  ///   - refusal: The line.
  ///   - firstLine: The number of the chunk's first line.
  /// - Returns: Its place, of sorted lines that before they were.
  fileprivate func place(of refusal: RefusedLine, _ firstLine: Int) -> LinePlace {
    places?[refusal.line]
      ?? LinePlace(line: firstLine + refusal.line, offset: offset + refusal.offset)
  }
}
