internal import Connectors
internal import Events
internal import Ingest
internal import Monitoring
internal import Records

/// One monitor on one stream, under a clock that a test moves.
///
/// What the agent does, without threads: events are decoded, placed and counted in the stream's
/// order, panes are closed, windows are judged.
///
/// Its 10 properties are the agent's pieces, from the streams to the engine, in one place because
/// one thread has them all, and what a test asks of them.
final class Trial {
  let plan: Plan
  /// The time that evaluation times count from, in nanoseconds since 1970; `nil` without events.
  private(set) var start: Int64?
  /// The transitions of alerts so far.
  private(set) var alerts: [Alert] = []
  /// The last judgement of each part of the traffic in each window.
  private(set) var measured: [PartOfWindow: MeasuredPart] = [:]
  /// Lines that could not be used, by reason.
  var refused: [Refusal: Int] { ingest.tally.refused }
  /// Events that were counted.
  var events: Int { position.events }

  private var streams: StreamSet
  private let board = PositionBoard(streams: 1)
  private var ingest: Ingest<Shard>
  private var engine: Engine
  private var hasEnded = false
  private let paneWidth: Int64

  /// A part of the traffic in a window, by their names.
  struct PartOfWindow: Hashable {
    var window: String
    var version: String?
    var segment: String?
    /// The signal of an error budget, when it is one: several have windows of the same length.
    var budget: String?

    init(window: String, version: String?, segment: String?, signal: String) {
      self.window = window
      self.version = version
      self.segment = segment
      budget = signal.hasPrefix("slos.") ? signal : nil
    }
  }

  /// Starts before the first event.
  ///
  /// - Parameters:
  ///   - plan: A plan of windows of time.
  ///   - source: The events.
  ///   - start: What evaluation times count from; `nil`: the pane of the first event.
  ///   - wantsMetrics: Whether statistics are wanted.
  init(_ plan: Plan, _ source: any EventSource, start: Int64?, wantsMetrics: Bool) {
    self.plan = plan
    self.start = start
    streams = StreamSet([source], isLive: false, chunkBytes: TestEvents.chunkBytes)
    paneWidth = plan.paneWidth ?? 1
    ingest = Ingest(Shard(plan), plan.monitor, keepsLetters: false)
    engine = Engine(plan, measuring: wantsMetrics ? .everything : .nothing)
  }

  /// How the alerts stand now.
  var standing: [StandingAlert] { engine.standingAlerts }

  /// Reads until the first event is known, so that there is a start.
  func begin() throws(FileProblem) {
    while start == nil, !hasEnded { try readChunk() }
  }

  /// Moves the clock to a time: judges every window that ends by then.
  ///
  /// An event that comes later in the stream and is not too late for it counts, too.
  func advance(to time: Int64) throws(FileProblem) {
    let target = Int(floorDivide(time, paneWidth)) - 1
    while !hasEnded {
      let complete = plan.lastCompletePane(position)
      if let complete { close(through: min(complete, target)) }
      if let complete, complete >= target { break }
      try readChunk()
    }
    close(through: target)
  }

  /// Reads and judges everything.
  func finish() throws(FileProblem) {
    while !hasEnded {
      try readChunk()
      if let complete = plan.lastCompletePane(position) { close(through: complete) }
    }
    var output = EngineOutput()
    engine.release(before: nil, from: &ingest.counter)
    engine.end([ingest.counter.take(through: nil)])
    engine.drain(into: &output)
    keep(output)
  }

  private func close(through pane: Int) {
    var output = EngineOutput()
    engine.release(before: Int64(pane + 1) * paneWidth, from: &ingest.counter)
    engine.enqueue([ingest.counter.take(through: pane)], through: pane)
    engine.drain(into: &output)
    keep(output)
  }

  private func keep(_ output: EngineOutput) {
    alerts += output.alerts
    for view in output.measured {
      let part = PartOfWindow(
        window: view.window,
        version: view.version,
        segment: view.segment,
        signal: view.measurements.first?.signal ?? ""
      )
      measured[part] = view
    }
  }

  /// Where the stream stands.
  private var position: StreamPosition { board.positions[0] }

  private func readChunk() throws(FileProblem) {
    var chunk = ingest.lendChunk()
    let name = streams.streams[0].source.name
    if let ticket = streams.next(into: &chunk) {
      ingest.take(chunk, ticket, source: name, board: board)
    } else {
      if let failure = streams.failures.first { throw FileProblem(failure.description) }
      hasEnded = true
      let settled = board.change(0) { $0.finish(plan) }
      ingest.take(settled, source: name, index: 0)
    }
    // The pane of the first event is the start, unless there is one.
    if start == nil, let first = ingest.firstTime {
      start = floorDivide(first, paneWidth) * paneWidth
    }
  }
}
