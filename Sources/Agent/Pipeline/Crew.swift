internal import Connectors
internal import Dispatch
internal import Monitoring
internal import Specification

/// What the threads of a pipeline share: the streams, where each stands, and a worker each.
final class Crew: Sendable {
  /// One worker; its lock is only ever taken by its own thread, or between rounds.
  private final class Seat: Sendable {
    let worker: Locked<Worker>

    init(_ plan: Plan, _ options: PipelineOptions) {
      worker = Locked(
        Worker(plan, rowCapacity: options.batch, keepsLetters: options.keepsLetters)
      )
    }
  }

  private let streams: Locked<StreamSet>
  private let names: [String]
  private let board: PositionBoard
  private let seats: [Seat]

  private let chunksPerRound: Int

  init(
    _ plan: Plan,
    paths: [String],
    isLive: Bool,
    options: PipelineOptions
  ) throws(StreamError) {
    streams = Locked(
      try StreamSet(
        paths: paths,
        lineLimit: plan.monitor.limits.lineBytes,
        isLive: isLive,
        rowsPerBatch: options.batch,
        chunkBytes: options.chunkBytes
      )
    )
    chunksPerRound = options.chunksPerRound
    names = paths
    board = PositionBoard(streams: paths.count)
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
        let ticket = streams.withLock { $0.next(into: &chunk) }
        guard let ticket else { return }
        let bytes = chunk.count
        let lines = worker.process(
          consume chunk,
          ticket,
          source: names[ticket.source],
          board: board
        )
        let clock = board.positions[ticket.source].clock
        streams.withLock { $0.observe(ticket.source, bytes: bytes, lines: lines, clock: clock) }
        if worker.shard.hasManyPanes { return }
      }
    }
  }

  // MARK: Between rounds

  /// Visits each worker; of use while no round runs.
  func visit<E: Error>(_ body: (inout Worker) throws(E) -> Void) throws(E) {
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

  /// Where each stream stands.
  var positions: [StreamPosition] { board.positions }
}
