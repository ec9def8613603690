public import Connectors
internal import Events
internal import Expressions
public import Ingest
public import Monitoring
public import Records
internal import Sketches
internal import Specification

/// How a stream is worked on; none of it changes a byte of the output.
///
/// Its 12 properties are settings that do not depend on each other; a command or a test sets those
/// that it needs.
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
  /// The state folder, in which predictions wait that memory has no room for; `nil`: in a temporary
  /// folder.
  public var spillFolder: String?
  /// The logs that an earlier process has followed; `nil` where none did.
  public var earlier: EarlierLogs?
  /// Whether the lines of each file are sorted by event time before they are counted.
  public var sorts = false

  /// One thread, full batches, no metrics.
  public init() {}
}

/// What came out of a round.
public struct RoundOutput: Sendable {
  /// What the engine said.
  public var engine = EngineOutput()
  /// Lines that could not be used, in the order of the streams' chunks.
  public var letters: [DeadLetter] = []

  /// Nothing but letters.
  public init(letters: [DeadLetter] = []) {
    self.letters = letters
  }

  /// Nothing but alerts.
  init(alerts: [Alert]) { engine.notices = alerts.map { .alert($0) } }
}

/// Threads, streams and the engine: reads chunks, counts them in shards, closes panes.
///
/// Work goes in rounds. In a round every thread takes some chunks; between rounds no thread runs,
/// the complete panes of all shards are added up and judged, and what follows is handed out.
///
/// Its 11 properties are the stations of an event's way, and what waits between two rounds.
public struct Pipeline: ~Copyable {
  /// What was read so far.
  public private(set) var tally = StreamTally()
  /// The engine, with the movements of all signals.
  public internal(set) var engine: Engine

  /// What is computed.
  var plan: Plan { engine.plan }

  /// What was read by the pipeline in whose place this one is; nothing where it is in none's.
  var earlier = StreamTally()
  /// What begins anew or was dropped when it took that place, in words.
  var changes: [String] = []

  let crew: Crew
  /// Streams of earlier processes that are not read now.
  var remembered: [SourceRecord] = []
  var letters = LetterQueue()
  var deliveries: Deliveries
  /// Where predictions wait that memory has no room for; `nil` where none do.
  let pending: PendingFolder?
  var ends: StreamEnds

  /// Which streams were seen to the end.
  struct StreamEnds {
    /// Whether another process may go on with streams that end here.
    let mayGoOn: Bool
    /// The streams whose waiting events were decided on.
    var settled: Set<Int> = []
    /// Whether `finish` was called.
    var isFinished = false
  }

  /// Opens the streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - names: The streams, at least one.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - options: Threads and batches.
  /// - Throws: `StreamError.cannotOpen` or `kafka`.
  public init(
    _ plan: Plan,
    _ names: StreamNames,
    isLive: Bool,
    options: PipelineOptions
  ) throws(StreamError) {
    let opened = try OpenedStreams(
      names,
      lineLimit: plan.monitor.limits.lineBytes,
      goesOn: options.keepsState,
      earlier: options.earlier,
      sorting: options.sorts ? plan.monitor : nil
    )
    self.init(plan, opened, isLive: isLive, options: options)
  }

  /// A pipeline at streams that were opened.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - opened: The streams, at least one.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - options: Threads and batches.
  init(_ plan: Plan, _ opened: OpenedStreams, isLive: Bool, options: PipelineOptions) {
    let joined = opened.joined(for: plan.monitor, goesOn: options.keepsState)
    crew = Crew(plan, joined, isLive: isLive, options: options)
    crew.withStreams { $0.allowGrowth(!plan.countsEvents) }
    deliveries = Deliveries(streams: crew.positions.count)
    ends = StreamEnds(mayGoOn: options.keepsState)
    pending = PendingFolder(plan, in: options.spillFolder)
    engine = Engine(
      plan,
      measuring: options.measuring,
      keepsNewest: options.keepsNewest,
      parts: options.parts,
      pending: pending
    )
  }

  /// A pipeline in the place of another one, on the same streams, with all that it has counted.
  ///
  /// The other one is not used any more, unless this fails.
  ///
  /// - Parameters:
  ///   - old: The other one, between two rounds.
  ///   - plan: What is computed from now on.
  ///   - options: Threads and batches.
  /// - Throws: `CodingError` where what it counted cannot be taken over.
  init(
    inPlaceOf old: borrowing Pipeline,
    _ plan: Plan,
    options: PipelineOptions
  ) throws(CodingError) {
    crew = Crew(plan, inPlaceOf: old.crew, options: options)
    deliveries = old.deliveries
    ends = old.ends
    pending = PendingFolder(plan, in: options.spillFolder)
    engine = Engine(
      plan,
      measuring: options.measuring,
      keepsNewest: options.keepsNewest,
      parts: options.parts,
      pending: pending
    )
    letters = old.letters
    earlier = old.tally
    hasBacklog = old.hasBacklog
    let restored = try engine.restore(old.engine.state(holding: old.crew.counted))
    changes = restored.notes
    for counted in restored.open { crew.add(counted) }
    remembered = old.remembered.map { $0.inPanes(of: plan, from: restored.panes) }
    for (index, position) in crew.positions.enumerated() {
      crew.begin(index, at: position.inPanes(of: plan, from: restored.panes))
    }
    crew.withStreams { $0.allowGrowth(!plan.countsEvents) }
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

  /// Why predictions could not wait on the disk: what was judged since is not to be handed out.
  public var spillFailure: StreamError? { pending?.failure }

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
      if crew.withStreams({ $0.serve() }) { engine.noteHole(after: latestTime) }
      takeUpStreams()
      crew.runRound()
      if !ends.mayGoOn { settleEnded() }
      if let now { observeDeliveries(now) }
      output.letters = takeLetters()
      let end = completion(now)
      releaseHeld(before: end ?? .min)
      if let end {
        let last = plan.lastPane(completeTo: end)
        engine.enqueue(takePanes(through: last), through: last)
        crew.close(through: last)
      }
    }
    judge(into: &output.engine)
    if !hasBacklog, let now, let silence = deliveries.silence(now) {
      tellSilence(silence, into: &output.engine)
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
    if !ends.isFinished {
      ends.isFinished = true
      settle(Array(crew.positions.indices))
      output.letters = takeLetters()
      releaseHeld(before: nil)
      let end = crew.positions.compactMap(\.clock).max()
      engine.end(takePanes(through: end.flatMap { plan.pane(of: $0) }) + takeRefused())
      tally.afterEnd = takePanes(through: nil).reduce(0) { $0 + $1.events }
    }
    judge(into: &output.engine)
    return output
  }

  /// Decides on what waits in streams that have ended.
  private mutating func settleEnded() {
    settle(crew.withStreams { set in set.streams.indices.filter { set.streams[$0].hasEnded } })
  }

  private mutating func settle(_ streams: [Int]) {
    let plan = plan
    for index in streams where ends.settled.insert(index).inserted {
      crew.settle(index) { $0.finish(plan) }
    }
  }

  /// The fields that the wildcards name and the profile does not have.
  public var unprofiledFields: [String] {
    var fields: Set<String> = []
    crew.visit { worker in
      for path in worker.counter.discovered { fields.insert(path.description) }
    }
    return fields.sorted()
  }

  /// What values look like that are of another type than their signal's, in words by signal.
  public var invalidWords: [String: String] {
    var values: [String: InvalidValues] = [:]
    crew.visit { worker in
      values.merge(worker.counter.invalid) { one, other in
        var both = one
        both.merge(other)
        return both
      }
    }
    return plan.words(values)
  }

  private mutating func observeDeliveries(_ now: AgentTime) {
    let open = Set(crew.positions.indices).subtracting(ends.settled)
    deliveries.observe(crew, open: open, quiet: Set(openStreams(now).quiet), now, plan)
  }

  func openStreams(_ now: AgentTime?) -> (open: [Int], quiet: [Int]) {
    let idle = plan.monitor.idle.nanoseconds
    let streams = crew.withStreams { streams in
      let (open, quiet) = streams.openStreams(now: now?.monotonic, idle: idle)
      return [open, quiet]
    }
    return (streams[0], streams[1])
  }

  private mutating func takeLetters() -> [DeadLetter] {
    var found: [OrderedLetter] = []
    var total = earlier
    crew.visit { worker in
      found += worker.takeLetters()
      total.add(worker.tally)
    }
    let positions = crew.positions
    total.waiting = positions.reduce(0) { $0 + $1.waitingEvents }
    tally = total
    return letters.take(adding: found, positions)
  }
}
