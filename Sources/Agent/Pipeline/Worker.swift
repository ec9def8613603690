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
  /// Dead letters of the round, with the order of their chunks.
  private(set) var letters: [(order: Int, letter: DeadLetter)] = []
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
    var position: StreamPosition?
    repeat {
      offset = unsafe chunk.withBytes { bytes in
        unsafe shard.decode(bytes, from: offset, atStreamStart: chunk.isAtStreamStart)
      }
      var placed = position ?? board.position(before: ticket)
      let firstLine = placed.lines - lines
      let eventsBefore = placed.events
      shard.place(after: &placed)
      position = placed
      if offset >= chunk.count { board.publish(placed, after: ticket) }
      lines += shard.linesSeen
      tally.events += placed.events - eventsBefore
      tally.ignored += shard.ignored
      for refusal in shard.refused { record(refusal, chunk, source, firstLine, ticket) }
      unsafe chunk.withBytes { bytes in unsafe shard.count(bytes) }
    } while offset < chunk.count
    tally.lines += lines
    tally.bytes += chunk.count
    spare = chunk
    return lines
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
    letters.append((ticket.order, letter))
  }

  /// Hands over the dead letters of the round.
  mutating func takeLetters() -> [(order: Int, letter: DeadLetter)] {
    defer { letters = [] }
    return letters
  }
}

/// What was read, in numbers.
public struct StreamTally: Sendable, Equatable {
  /// Lines, blank ones included.
  public var lines = 0
  /// Bytes after decompression.
  public var bytes = 0
  /// Predictions that were counted.
  public var events = 0
  /// Events that the monitor's `when` does not take.
  public var ignored = 0
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
    refused.merge(other.refused, uniquingKeysWith: +)
  }

  /// All lines that could not be used.
  public var refusedLines: Int { refused.values.reduce(0, +) }
}
