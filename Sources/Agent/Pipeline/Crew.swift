internal import Connectors
internal import Dispatch
internal import Ingest
internal import Monitoring
internal import Specification

/// What the threads of a pipeline share: the streams, where each stands, and a worker each.
final class Crew: Sendable {
  /// One worker; its lock is only ever taken by its own thread, or between rounds.
  private final class Seat: Sendable {
    let worker: Locked<Ingest<Shard>>

    init(_ plan: Plan, _ options: PipelineOptions) {
      let shard = Shard(plan, rowCapacity: options.batch)
      worker = Locked(Ingest(shard, plan.monitor, keepsLetters: options.keepsLetters))
    }
  }

  private let streams: Locked<StreamSet>
  private let board: PositionBoard
  private let seats: [Seat]

  private let chunksPerRound: Int

  init(_ plan: Plan, _ opened: OpenedStreams, isLive: Bool, options: PipelineOptions) {
    board = PositionBoard(streams: opened.sources.count)
    streams = Locked(
      StreamSet(
        opened.sources,
        isLive: isLive,
        rowsPerBatch: options.batch,
        chunkBytes: options.chunkBytes,
        workers: options.threads,
        groups: opened.groups
      )
    )
    if let finder = opened.finder { streams.withLock { $0.finder = finder } }
    chunksPerRound = options.chunksPerRound
    seats = (0..<options.threads).map { _ in Seat(plan, options) }
  }

  /// Goes on with the streams of another one, which is not used any more: each stands where it stood.
  ///
  /// - Parameters:
  ///   - plan: What is computed from now on.
  ///   - other: Whose streams they were, between two rounds.
  ///   - options: Threads and batches.
  init(_ plan: Plan, inPlaceOf other: Crew, options: PipelineOptions) {
    board = other.board
    streams = other.streams
    chunksPerRound = options.chunksPerRound
    seats = (0..<options.threads).map { _ in Seat(plan, options) }
  }

  /// Runs a round on all threads and waits for its end.
  func runRound() {
    if seats.count == 1 {
      work(0)
    } else {
      DispatchQueue.concurrentPerform(iterations: seats.count) { work($0) }
    }
  }

  private func work(_ index: Int) {
    seats[index].worker.withLock { worker in
      for _ in 0..<chunksPerRound {
        var chunk = worker.lendChunk()
        let next = streams.withLock { streams in
          streams.next(into: &chunk).map { ($0, streams.name(of: $0.source)) }
        }
        guard let (ticket, name) = next else { return }
        let bytes = chunk.count
        let lines = worker.take(
          consume chunk,
          ticket,
          source: name,
          board: board
        )
        let clock = board.clock(of: ticket.source)
        let heard = board.heard(from: ticket.source)
        let isSparse = worker.counter.hasManyPanes
        streams.withLock { streams in
          streams.observe(
            ticket.source,
            bytes: bytes,
            lines: lines,
            clock: clock,
            heard: heard,
            isSparse: isSparse
          )
        }
        if isSparse { return }
      }
    }
  }

  // MARK: Between rounds

  /// Visits each worker; of use while no round runs.
  func visit<E: Error>(_ body: (inout Ingest<Shard>) throws(E) -> Void) throws(E) {
    for seat in seats {
      try seat.worker.withLock { worker throws(E) in try body(&worker) }
    }
  }

  /// Visits the streams.
  func withStreams<R: Sendable>(_ body: (inout StreamSet) -> R) -> R {
    streams.withLock { body(&$0) }
  }

  /// Notes that panes were judged.
  func close(through pane: Int) { board.close(through: pane) }

  /// Decides on events of a stream that wait, and counts those that count.
  func settle(_ source: Int, _ decide: (inout StreamPosition) -> SettledEvents) {
    let settled = board.change(source, decide)
    guard !settled.isEmpty else { return }
    let name = streams.withLock { $0.name(of: source) }
    seats[0].worker.withLock { $0.take(settled, source: name, index: source) }
  }

  /// Begins to look for the earliest time of a stream's events anew.
  ///
  /// - Returns: The earliest so far; `nil` when none came.
  func takeEarliest(of source: Int) -> Int64? {
    board.change(source) { position in
      defer { position.forgetEarliest() }
      return position.earliest == .max ? nil : position.earliest
    }
  }

  /// Where each stream stands.
  var positions: [StreamPosition] { board.positions }
}

/// What a state is made of and taken up from; all of it while no round runs.
extension Crew {
  /// A stream as a state knows it.
  struct Mark: Sendable {
    var name: String
    var kind: SourceMark
    /// The bytes of a last line that waits for its end.
    var tornBytes: Int
    /// What is held of lines whose other parts have not come; `nil` where none are joined.
    var openLines: OpenLines?
  }

  /// The streams, in their order.
  var marks: [Mark] {
    withStreams { set in
      set.streams.map { stream in
        Mark(
          name: stream.source.name,
          kind: stream.source.mark,
          tornBytes: stream.source.tornBytes,
          openLines: stream.source.openLines
        )
      }
    }
  }

  /// What every worker counted and did not hand over.
  var counted: [CountedPanes] {
    var counted: [CountedPanes] = []
    visit { counted.append($0.counter.counted) }
    return counted
  }

  /// Hands over the events that workers hold and that are due, where repeats are dropped.
  ///
  /// - Parameter time: Those that are due before it, in nanoseconds since 1970; `nil` for all.
  /// - Returns: The events, and how many of them are not due: all, where too many bytes are held.
  func takeHeld(before time: Int64?) -> (events: [HeldEvent], hurried: Int) {
    var events: [HeldEvent] = []
    var bytes = 0
    visit { worker in
      events += worker.counter.takeHeld(before: time)
      bytes += worker.counter.heldBytes
    }
    guard bytes > HeldEvents.byteLimit else { return (events, 0) }
    let due = events.count
    visit { events += $0.counter.takeHeld(before: nil) }
    return (events, events.count - due)
  }

  /// Counts held events, each worker a part of them.
  ///
  /// - Returns: The parts of the traffic that the repeats among them are of.
  func count(_ sifted: SiftedEvents) -> RepeatedParts {
    let events = sifted.counted
    let share = (events.count + seats.count - 1) / seats.count
    DispatchQueue.concurrentPerform(iterations: seats.count) { index in
      let part = events[min(index * share, events.count)..<min((index + 1) * share, events.count)]
      seats[index].worker.withLock { $0.counter.count(Array(part)) }
    }
    return seats[0].worker.withLock { $0.counter.parts(of: sifted.repeats) }
  }

  /// Adds what an earlier process counted.
  func add(_ counted: CountedPanes) {
    seats[0].worker.withLock { $0.counter.add(counted) }
  }

  /// Reads one more stream.
  func append(_ source: any EventSource) { streams.withLock { $0.append(source) } }

  /// Lets a stream that came behind the others begin.
  func appendPosition(_ position: StreamPosition) { board.append(position) }

  /// Lets a stream begin where it is said to.
  func begin(_ source: Int, at position: StreamPosition) {
    board.change(source) { $0 = position }
  }

  /// Steps over what was read of a stream.
  ///
  /// - Returns: Whether it is so long.
  /// - Throws: `StreamError` when it cannot be read.
  func resume(_ source: Int, as record: SourceRecord) throws(StreamError) -> Bool {
    try streams.withLock { streams throws(StreamError) in
      let source = streams.streams[source].source
      guard let mark = record.file else { return try source.resume(at: record.position.lines) }
      return try source.resume(mark)
    }
  }

  /// Goes on with lines whose other parts have not come.
  ///
  /// - Returns: Whether the stream joins lines.
  func resume(_ source: Int, _ open: OpenLines, after lines: Int) -> Bool {
    streams.withLock { $0.streams[source].source.resume(open, after: lines) }
  }

  /// Takes over what was decided on events of a stream that is not read any more.
  func take(_ settled: SettledEvents, source: String) {
    guard !settled.isEmpty else { return }
    seats[0].worker.withLock { $0.take(settled, source: source, index: nil) }
  }
}
