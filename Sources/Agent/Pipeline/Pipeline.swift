public import Connectors
internal import Events
internal import Expressions
public import Monitoring
public import Records
internal import Specification

/// How a stream is worked on; none of it changes a byte of the output.
public struct PipelineOptions: Sendable {
  /// The number of threads, at least 1.
  public var threads = 1
  /// The most events of a batch.
  public var batch = 1024
  /// Which numbers are handed out, beside those that rules need.
  public var measuring = Measuring.nothing
  /// Whether lines that cannot be used are kept as dead letters.
  public var keepsLetters = false
  /// Whether the engine says how the newest windows stand.
  public var keepsNewest = false
  /// What the engine says of versions and segments' values beside each other.
  public var parts = PartWatching.none
  /// The most chunks that a thread takes in a round: enough that starting a round costs nothing, few
  /// enough that panes close soon.
  public var chunksPerRound = 32
  /// About how many bytes a chunk of a file has; by default about a batch of events.
  public var chunkBytes: Int?
  /// Whether another process goes on: streams that end here may go on there.
  public var keepsState = false

  /// One thread, full batches, no metrics.
  public init() {}
}

/// What came out of a round.
public struct RoundOutput: Sendable {
  /// What the engine said.
  public var engine = EngineOutput()
  /// Lines that could not be used, in the order of the streams' chunks.
  public var letters: [DeadLetter] = []

  /// Nothing.
  public init() {}
}

/// Threads, streams and the engine: reads chunks, counts them in shards, closes panes.
///
/// Work goes in rounds. In a round every thread takes some chunks; between rounds no thread runs,
/// the complete panes of all shards are added up and judged, and what follows is handed out.
public struct Pipeline: ~Copyable {
  /// What was read so far.
  public private(set) var tally = StreamTally()
  /// The engine, with the movements of all signals.
  public internal(set) var engine: Engine

  /// Events that were counted and are in no window, because the streams end before them.
  public private(set) var eventsAfterEnd = 0

  let crew: Crew
  let plan: Plan
  private let keepsState: Bool
  /// Streams of earlier processes that are not read now.
  var remembered: [SourceRecord] = []
  /// Whether an earlier process has heard events.
  var isResumed = false
  /// When an event last came, on the monotonic clock; `nil` before the first.
  private var heardAt: Int64?
  private var heard = 0
  /// The agent's clock at the first round of `run`.
  private var startedAt: Int64?
  private var delays: [DeliveryDelay]
  /// Whether `finish` was called.
  private var isFinished = false
  /// Streams whose end was seen to.
  private var finished: Set<Int> = []
  /// Letters of lines behind one that still waits.
  var withheld: [OrderedLetter] = []

  /// Opens the streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - paths: Files, pipes or `-`, at least one.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - options: Threads and batches.
  /// - Throws: `StreamError.cannotOpen`.
  public init(
    _ plan: Plan,
    paths: [String],
    isLive: Bool,
    options: PipelineOptions
  ) throws(StreamError) {
    crew = try Crew(plan, paths: paths, isLive: isLive, options: options)
    delays = paths.map { _ in DeliveryDelay() }
    keepsState = options.keepsState
    engine = Engine(
      plan,
      measuring: options.measuring,
      keepsNewest: options.keepsNewest,
      parts: options.parts
    )
    self.plan = plan
  }

  /// Whether every stream has ended, and what was read is judged.
  public var hasEnded: Bool { !hasBacklog && crew.withStreams { $0.hasEnded } }

  /// Whether a round was full before all was judged that was read: the next one goes on with it.
  public private(set) var hasBacklog = false

  /// Whether streams go on but have nothing to read now.
  public var isQuiet: Bool {
    !hasBacklog && crew.withStreams { !$0.hasEnded && !$0.isReadable }
  }

  /// Why streams broke: what came before was counted.
  public var failures: [StreamError] { crew.withStreams { $0.failures } }

  /// The last lines of files that have no end yet and wait for it, in words.
  public var tornLines: [String] {
    crew.marks.filter { $0.tornBytes > 0 }.map {
      "\($0.name): the last line has no end yet, \(counted($0.tornBytes, "byte")): it waits for it"
    }
  }

  /// The time that the streams' events bear out, in nanoseconds since 1970; `nil` before the first.
  public var clock: Int64? {
    crew.positions.compactMap { $0.clock ?? $0.endClock(plan) }.max()
  }

  /// The latest event time that no later event contradicts, in nanoseconds since 1970; `nil` before
  /// the first.
  public var latestTime: Int64? {
    crew.positions.compactMap { $0.endClock(plan) }.max()
  }

  /// By how much the agent's clock is behind the bulk of the events, where that is more than
  /// `lateness`, in nanoseconds.
  public func lag(_ now: AgentTime) -> Int64? {
    guard let clock = crew.positions.compactMap(\.clock).max() else { return nil }
    let lag = clock - now.wall
    return lag > plan.monitor.lateness.nanoseconds ? lag : nil
  }

  /// Bytes read from files so far and in all; `nil` where a stream has no length.
  public var progress: (read: Int, total: Int)? {
    let progress = crew.withStreams { $0.progress.map { [$0.read, $0.total] } }
    return progress.map { ($0[0], $0[1]) }
  }

  /// Waits until a stream or the given descriptor has something to read, or time has passed.
  ///
  /// - Parameters:
  ///   - descriptor: Such as that of signals.
  ///   - milliseconds: How long to wait at most.
  /// - Returns: Whether the descriptor has something.
  public func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    crew.withStreams { $0.wait(for: descriptor, milliseconds: milliseconds) }
  }

  /// Reads no further: what is held of a last line counts as at the end of its stream.
  public func endInput() { crew.withStreams { $0.endInput() } }

  /// Reads and counts a round of chunks, then judges what is complete, until the output is full.
  ///
  /// Nothing is read while there is a backlog: memory does not depend on how much there is to say.
  ///
  /// - Parameter now: The agent's clocks, for quiet streams, silence, and windows that are not over;
  ///   `nil` in replay, where the streams alone say what time it is.
  /// - Returns: What the engine said, and the dead letters.
  public mutating func runRound(now: AgentTime? = nil) -> RoundOutput {
    var output = RoundOutput()
    if !hasBacklog {
      crew.runRound()
      if !keepsState { finishEnded() }
      if isResumed, let now {
        // An earlier process heard events: it is since this one began that none has come.
        heardAt = now.monotonic
        isResumed = false
      }
      if let now { observeDeliveries(now) }
      output.letters = takeLetters()
      if let last = lastCompletePane(now) {
        engine.enqueue(takePanes(through: last), through: last)
        crew.close(through: last)
      }
    }
    judge(into: &output.engine)
    if !hasBacklog, let now, let heardAt {
      tellSilence(now.monotonic - heardAt, into: &output.engine)
    }
    return output
  }

  /// Judges until nothing is left to judge, or the output is full.
  private mutating func judge(into output: inout EngineOutput) {
    repeat { hasBacklog = engine.step(into: &output) } while hasBacklog && !output.isFull
  }

  /// Tells the engine for how long no event came, on the clock of events.
  private mutating func tellSilence(_ elapsed: Int64, into output: inout EngineOutput) {
    guard !plan.monitor.silenceRules.isEmpty, elapsed > 0 else { return }
    guard let latest = latestTime else { return }
    engine.noteSilence(since: latest, until: latest + elapsed, into: &output)
  }

  /// Ends the streams: closes every pane, and judges until the output is full; to be called again
  /// while there is a backlog.
  ///
  /// Panes after the time that the streams bear out hold nothing but events of producers whose clock
  /// is ahead: their windows have not been, so that nothing is said of them.
  ///
  /// - Returns: What the engine said, and the dead letters.
  public mutating func finish() -> RoundOutput {
    var output = RoundOutput()
    if !isFinished {
      isFinished = true
      for index in crew.positions.indices where !finished.contains(index) { finish(index) }
      output.letters = takeLetters()
      let end = crew.positions.compactMap(\.clock).max()
      engine.end(takePanes(through: end.flatMap { plan.pane(of: $0) }))
      eventsAfterEnd = takePanes(through: nil).reduce(0) { $0 + $1.events }
    }
    judge(into: &output.engine)
    return output
  }

  /// Decides on what waits in streams that have ended.
  private mutating func finishEnded() {
    let ended = crew.withStreams { streams in
      streams.streams.indices.filter { streams.streams[$0].hasEnded }
    }
    for index in ended where !finished.contains(index) { finish(index) }
  }

  private mutating func finish(_ index: Int) {
    finished.insert(index)
    let plan = plan
    crew.settle(index) { $0.finish(plan) }
  }

  /// The fields that the wildcards name and the profile does not have.
  public var unprofiledFields: [String] {
    var fields: Set<String> = []
    crew.visit { worker in
      for path in worker.shard.discovered { fields.insert(path.description) }
    }
    return fields.sorted()
  }

  /// Takes note of what live streams delivered, and counts what waits in quiet ones.
  ///
  /// An event that the agent's clock says is not in the future is not ahead: the window that it is in
  /// may be about to end.
  private mutating func observeDeliveries(_ now: AgentTime) {
    let start = startedAt ?? now.wall
    startedAt = start
    let quiet = Set(openStreams(now).quiet)
    let plan = plan
    for index in delays.indices where !finished.contains(index) {
      if let earliest = crew.takeEarliest(of: index) {
        delays[index].observe(earliest: earliest, now: now.wall, start: start)
      }
      guard quiet.contains(index) else { continue }
      delays[index].endDelivery()
      crew.settle(index) { $0.settle(upTo: now.wall, plan) }
    }
    let before = heard
    heard = crew.positions.reduce(0) { $0 + $1.heard }
    if heard > before { heardAt = now.monotonic }
  }

  private func openStreams(_ now: AgentTime?) -> (open: [Int], quiet: [Int]) {
    let idle = plan.monitor.idle.nanoseconds
    let streams = crew.withStreams { streams in
      let (open, quiet) = streams.openStreams(now: now?.monotonic, idle: idle)
      return [open, quiet]
    }
    return (streams[0], streams[1])
  }

  /// The last pane that no stream can add to any more.
  ///
  /// Streams that have ended or are quiet do not hold it. When all are quiet, the agent's clock says
  /// which panes are over, as far as windows with events reach: what comes after a longer gap counts,
  /// also where old events are read. And no pane is over before that clock says so.
  private func lastCompletePane(_ now: AgentTime?) -> Int? {
    let (open, quiet) = openStreams(now)
    let positions = crew.positions
    var holding = open.filter { !quiet.contains($0) }
    if holding.isEmpty { holding = open }
    if holding.isEmpty, keepsState {
      // All have ended, and may go on in another process: what the furthest of them says is over.
      return positions.compactMap { plan.lastCompletePane($0) }.max()
    }
    var last: Int?
    for index in holding {
      guard let complete = plan.lastCompletePane(positions[index]) else {
        last = nil
        break
      }
      last = min(last ?? complete, complete)
    }
    guard let now, !plan.countsEvents else { return last }
    if !open.isEmpty, open.count == quiet.count, positions.contains(where: { $0.heard > 0 }) {
      let allowance = quiet.map { delays[$0].allowance }.max() ?? 0
      var time = now.wall - allowance
      if let latestTime { time = min(time, plan.endOfWindows(after: latestTime)) }
      last = [last, plan.lastCompletePane(at: time)].compactMap { $0 }.max()
    }
    guard let last, let over = plan.lastPane(endedBy: now.wall) else { return nil }
    return min(last, over)
  }

  private func takePanes(through last: Int?) -> [CountedPanes] {
    var counted: [CountedPanes] = []
    crew.visit { worker in counted.append(worker.shard.take(through: last)) }
    return counted
  }

  /// The letters so far, in the order of their lines: those behind a line that waits, wait with it.
  private mutating func takeLetters() -> [DeadLetter] {
    var letters = withheld
    var total = StreamTally()
    crew.visit { worker in
      letters += worker.takeLetters()
      total.add(worker.tally)
    }
    total.waiting = crew.positions.reduce(0) { $0 + $1.waitingEvents }
    tally = total
    let waiting = crew.positions.map { $0.firstWaitingLine ?? .max }
    let isWaiting = { (letter: OrderedLetter) in
      letter.source.map { letter.letter.line - 1 > waiting[$0] } ?? false
    }
    withheld = letters.filter(isWaiting)
    return letters.filter { !isWaiting($0) }
      .sorted { ($0.order, $0.letter.line) < ($1.order, $1.letter.line) }
      .map(\.letter)
  }
}
