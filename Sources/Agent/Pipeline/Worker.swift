internal import Connectors
public import Events
internal import Monitoring
internal import Records
internal import Specification

/// One thread's tools: a chunk of bytes, a shard, and what it found.
struct Worker: ~Copyable {
  private var spare: LineChunk?
  var shard: Shard
  private(set) var tally = StreamTally()
  /// Dead letters of the round.
  private(set) var letters: [OrderedLetter] = []
  private let monitor: Monitor
  private let keepsLetters: Bool

  init(_ plan: Plan, rowCapacity: Int, keepsLetters: Bool) {
    shard = Shard(plan, rowCapacity: rowCapacity)
    monitor = plan.monitor
    self.keepsLetters = keepsLetters
  }

  /// Lends a chunk to be filled; `process` takes it back.
  mutating func lendChunk() -> LineChunk {
    let chunk = spare ?? LineChunk(capacity: 1 << 18)
    spare = nil
    return chunk
  }

  /// Decodes and counts a chunk.
  ///
  /// - Returns: The lines of the chunk.
  mutating func process(
    _ chunk: LineChunk,
    _ ticket: Ticket,
    source: String,
    board: PositionBoard
  ) -> Int {
    var offset = 0
    var lines = 0
    var position = StreamPosition()
    var isPlaced = false
    let overlong = shard.overlongMembers
    repeat {
      offset = unsafe chunk.withBytes { bytes in
        unsafe shard.decode(bytes, from: offset, atStreamStart: chunk.isAtStreamStart)
      }
      if !isPlaced { position = board.position(before: ticket) }
      isPlaced = true
      let place = ChunkPlace(
        order: ticket.order,
        offset: chunk.offset,
        line: position.lines - lines
      )
      let eventsBefore = position.events
      unsafe chunk.withBytes { bytes in
        unsafe shard.place(after: &position, in: bytes, at: place)
      }
      if offset >= chunk.count { board.publish(position, after: ticket) }
      lines += shard.linesSeen
      tally.events += position.events - eventsBefore
      tally.ignored += shard.ignored
      for refusal in shard.refused { record(refusal, chunk, source, place.line, ticket) }
      unsafe chunk.withBytes { bytes in unsafe shard.count(bytes) }
    } while offset < chunk.count
    // What waited is decoded once more, and its members have been counted.
    tally.overlongMembers += shard.overlongMembers - overlong
    count(shard.takeSettled(), source: source, index: ticket.source)
    tally.shortenedValues = shard.shortenedValues
    tally.lines += lines
    tally.bytes += chunk.count
    spare = chunk
    return lines
  }

  /// Takes over what was decided between rounds on events of a stream that waited.
  mutating func take(_ settled: SettledEvents, source: String, index: Int?) {
    tally.events += settled.counted.count
    count(settled, source: source, index: index)
    tally.shortenedValues = shard.shortenedValues
  }

  private mutating func count(_ settled: SettledEvents, source: String, index: Int?) {
    for refusal in settled.refused { record(refusal, source, index) }
    shard.count(settled.counted)
  }

  private mutating func record(
    _ refusal: RefusedLine,
    _ chunk: LineChunk,
    _ source: String,
    _ firstLine: Int,
    _ ticket: Ticket
  ) {
    tally.refused[refusal.reason, default: 0] += 1
    guard keepsLetters else { return }
    let letter = DeadLetter(
      refusal,
      in: chunk,
      source: source,
      firstLine: firstLine,
      monitor
    )
    letters.append(OrderedLetter(order: ticket.order, source: ticket.source, letter: letter))
  }

  private mutating func record(_ refusal: RefusedWaiting, _ source: String, _ index: Int?) {
    tally.refused[refusal.reason, default: 0] += 1
    guard keepsLetters else { return }
    let event = refusal.event
    let kept = min(monitor.deadLetters.rawBytes, event.bytes.count)
    let letter = DeadLetter(
      reason: refusal.reason,
      source: source,
      line: event.line + 1,
      offset: event.offset,
      length: event.bytes.count,
      raw: monitor.deadLetters.raw ? Array(event.bytes.prefix(kept)) : nil
    )
    letters.append(OrderedLetter(order: event.order, source: index, letter: letter))
  }

  /// Hands over the dead letters of the round.
  mutating func takeLetters() -> [OrderedLetter] {
    defer { letters = [] }
    return letters
  }
}

/// A dead letter and its place among those of all streams.
struct OrderedLetter: Sendable {
  /// The number of its chunk over all streams.
  var order: Int
  /// Its stream, by its index; `nil` of one that an earlier process read.
  var source: Int?
  /// The letter.
  var letter: DeadLetter
}

/// What was read, in numbers.
public struct StreamTally: Sendable, Equatable {
  /// Lines, blank ones included.
  public var lines = 0
  /// Bytes after decompression.
  public var bytes = 0
  /// Predictions that were counted.
  public var events = 0
  /// Predictions that wait until others bear out their time; none at the end of a stream.
  public var waiting = 0
  /// Events that the monitor's `when` does not take.
  public var ignored = 0
  /// Values of versions and segments that were too long for a name.
  public var shortenedValues = 0
  /// Members of wildcards whose keys were too long to be watched.
  public var overlongMembers = 0
  /// Lines that could not be used, by reason.
  public var refused: [Refusal: Int] = [:]

  /// Nothing read.
  public init() {}

  /// Adds another tally.
  mutating func add(_ other: StreamTally) {
    lines += other.lines
    bytes += other.bytes
    events += other.events
    ignored += other.ignored
    shortenedValues += other.shortenedValues
    overlongMembers += other.overlongMembers
    refused.merge(other.refused, uniquingKeysWith: +)
  }

  /// All lines that could not be used.
  public var refusedLines: Int { refused.values.reduce(0, +) }

  /// What was taken otherwise than it came, because it was too long: a sentence each.
  public var sentences: [String] {
    var sentences: [String] = []
    if shortenedValues > 0 {
      sentences.append(
        "values of versions or segments that are too long: \(grouped(shortenedValues)), each named "
          + "by its beginning and a hash"
      )
    }
    if overlongMembers > 0 {
      sentences.append(
        "fields whose keys are longer than \(EventDecoder.discoveredKeyBytesMax) bytes, so not "
          + "watched: \(grouped(overlongMembers)) in all events"
      )
    }
    return sentences
  }
}
