package import Connectors
internal import Ingest
package import Monitoring
internal import Records
internal import Specification

/// Plans at work on streams: what `run`, `replay` and `top` have in common.
///
/// It owns a pipeline for each plan, and the outputs; who drives it decides when a round is run, and
/// how it is shown. Several plans share their streams, their outputs and their state.
///
/// Its 12 properties are who reads, who writes, and what was said so far.
package struct Session: ~Copyable {
  /// What the streams are read for.
  package enum Kind: Sendable {
    /// Live events, watched for as long as they come.
    case run
    /// Recorded streams, as fast as the machine allows.
    case replay
    /// Streams that are looked at while they are read.
    case top
  }

  /// What streams are read and what becomes of them.
  package struct Request: Sendable {
    /// What they are read for.
    package var kind: Kind
    /// What is read: one stream at least.
    package var names: StreamNames
    /// Where records go.
    package var outputs: OutputPaths
    /// Threads, batches, and what is handed out.
    package var pipeline: PipelineOptions
    /// The folder that keeps what outlives the process; `nil` for none.
    package var state: String?
    /// After how long the state is written again, in nanoseconds.
    package var stateInterval = StateKeeper.interval
    /// The topic of the fleet that this agent is a member of; `nil` where it works alone.
    package var fleet: String?
    /// The rules on the agent itself.
    package var watch = AgentWatch([], instance: "")

    /// Streams without outputs.
    package init(
      _ kind: Kind,
      streams: [String],
      outputs: OutputPaths = OutputPaths(),
      pipeline: PipelineOptions = PipelineOptions()
    ) {
      self.kind = kind
      names = StreamNames(streams)
      self.outputs = outputs
      self.pipeline = pipeline
    }

    /// How a pipeline works whose predictions wait in a folder.
    func options(folder: String?) -> PipelineOptions {
      var options = pipeline
      options.keepsState = state != nil
      options.spillFolder = folder
      options.earlier = earlier
      return options
    }

    /// What another process has followed, as its state says, where logs are looked for by patterns.
    var earlier: EarlierLogs? {
      guard !names.patterns.isEmpty, let files = state.map({ StateStore.files(of: $0) }),
        let status = FileStatus(files[0])
      else { return nil }
      // What is wrong with it is told by who takes it up.
      let found = files.lazy.compactMap { try? StateStore.read($0) }.first
      let sources = found?.monitors.flatMap(\.pipeline.sources) ?? []
      return EarlierLogs(
        time: status.modified,
        names: sources.filter { $0.file != nil }.map(\.name)
      )
    }

    /// Sees whether a plan goes with so many streams.
    func check(_ plan: Plan, streams: Int) throws(SessionError) {
      guard streams == 1 || !plan.monitor.countsEvents else { throw .manyStreams(streams, kind) }
    }
  }

  /// The monitors, at least one.
  package var watched: [Watched]
  /// What reads the streams for all; `nil` where the only monitor does so itself.
  let shared: SharedStreams?
  /// What was asked for.
  let request: Request
  var outputs: OutputSet
  /// What outlives the process; `nil` where nothing does.
  var keeper: Optional<StateKeeper>
  /// Whether another process goes on where this one ends: what is not complete is not judged.
  package let goesOn: Bool
  /// What was said of the state when it was taken up, a line each.
  package let stateNotes: [String]
  /// What was written of lines that several monitors refuse.
  private var toldLetters = ToldLetters()
  /// What judges the agent itself.
  var watch: AgentWatch
  /// When it began, on the monotonic clock.
  let startedAt: Int64
  /// Whether an alert that was written fired.
  private var hasFired = false
  /// When a group was last told how far we are, on the monotonic clock.
  private var committedAt: Int64

  /// Opens the streams, then the outputs; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - request: Streams and outputs.
  /// - Throws: `SessionError.manyStreams`, or `stream` when one of them cannot be opened.
  package init(_ plan: Plan, _ request: Request) throws(SessionError) {
    let options = request.options(folder: request.state)
    let opened = try SessionError.wrapping { () throws(StreamError) in
      try Pipeline(plan, request.names, isLive: request.kind != .replay, options: options)
    }
    try request.check(plan, streams: opened.streamCount)
    try self.init([Watched(plan, opened, folder: request.state)], shared: nil, request)
  }

  /// Opens the streams once for several monitors, then the outputs; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plans: What is computed; at least one, each of a model of its own.
  ///   - request: Streams and outputs.
  /// - Throws: As for one plan.
  package init(sharing plans: [NamedPlan], _ request: Request) throws(SessionError) {
    let lineLimit = plans.map(\.plan.monitor.limits.lineBytes).max() ?? 0
    let opened = try SessionError.wrapping { () throws(StreamError) in
      try OpenedStreams(
        request.names,
        lineLimit: lineLimit,
        goesOn: request.state != nil,
        earlier: request.earlier
      )
    }
    let shared = SharedStreams(
      opened.sources,
      groups: opened.groups,
      rowsPerBatch: request.pipeline.batch,
      workers: request.pipeline.threads
    )
    if let finder = opened.finder { shared.withStreams { $0.finder = finder } }
    for named in plans { try request.check(named.plan, streams: opened.sources.count) }
    let watched = plans.map { Watched($0, shared, request) }
    try self.init(watched, shared: shared, request)
  }

  private init(
    _ watched: [Watched],
    shared: SharedStreams?,
    _ request: Request
  ) throws(SessionError) {
    var kept = StateKeeper?.none
    var notes: [String] = []
    if let folder = request.state {
      kept = try StateKeeper(
        folder: folder,
        resuming: watched,
        every: request.stateInterval,
        notes: &notes
      )
    }
    var paths = request.outputs
    let resumed = kept?.alerts ?? []
    // Who goes on adds to what was said.
    if request.state != nil { paths.opening = .appending }
    let left = kept?.outbox
    if let error = left.flatMap({ kept?.unwritten($0, by: paths.topics?.transactionalID) }) {
      throw .state(error)
    }
    let created = try SessionError.wrapping { () throws(StreamError) in
      try OutputSet(paths, after: left)
    }
    self.watched = watched
    self.shared = shared
    self.request = request
    outputs = created
    keeper = kept
    stateNotes = notes
    goesOn = request.state != nil
    let now = AgentTime.now
    startedAt = now.monotonic
    committedAt = now.monotonic
    watch = request.watch
    watch.resume(resumed, now)
    for one in watched { one.ignoreDamage() }
  }

  /// The only monitor, where there is one.
  package var only: Watched { watched[0] }

  /// Writes what a round of the only monitor gave.
  ///
  /// - Throws: `SessionError.stream` when an output cannot be written, or predictions could not wait
  ///   on the disk.
  package mutating func write(_ round: RoundOutput) throws(SessionError) {
    try write(round, of: only)
  }

  /// Writes what a round of a monitor gave.
  ///
  /// - Parameters:
  ///   - round: What it gave.
  ///   - one: The monitor.
  /// - Throws: As above.
  package mutating func write(_ round: RoundOutput, of one: Watched) throws(SessionError) {
    if let failure = one.pipeline.spillFailure { throw .stream(failure) }
    if round.engine.alerts.contains(where: { $0.state == .firing }) { hasFired = true }
    var round = round
    if shared != nil { round.letters = toldLetters.new(round.letters) }
    do {
      try outputs.write(round)
    } catch {
      throw .stream(error)
    }
  }

  /// Hands what was written to the system.
  ///
  /// - Parameter waits: Whether to wait for what another thread writes.
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func flush(waits: Bool = false) throws(SessionError) {
    do {
      try outputs.flush(waits: waits)
    } catch {
      throw .stream(error)
    }
  }

  /// Keeps how all stands, where a minute has passed since it was kept last.
  ///
  /// The disk is not waited for: the group is told when the state is there. Of use between rounds,
  /// when all that was read was counted.
  ///
  /// - Parameter now: The monotonic clock, in nanoseconds.
  /// - Returns: Why it could not be kept, where that is news.
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func keepState(now: Int64) throws(SessionError) -> StateError? {
    let mustHandOver = withStreams { $0.mustHandOver }
    var error = finishKeeping(waits: mustHandOver)
    guard isKeepingDue(now) || mustHandOver else { return error }
    defer { if mustHandOver { withStreams { $0.handOver() } } }
    // What was said is out before the state that says so, and the state before the group is told.
    let left = try settle()
    guard left == 0 else { return keeper?.postpone(now: now, .unacknowledged(records: left)) }
    withStreams { $0.notePlaces() }
    if keeper == nil {
      withStreams { $0.commit(waits: mustHandOver) }
      committedAt = now
    } else {
      error = keeper?.begin(watched, watch.firing, outputs.outbox?.seal(), now: now) ?? error
      if mustHandOver { error = finishKeeping(waits: true) ?? error }
    }
    return error
  }

  /// Tells the group how far we are, once the state that says so is on the disk.
  ///
  /// - Parameter waits: Whether to wait for the disk, and for the group.
  /// - Returns: Why the state could not be kept, where that is news.
  private mutating func finishKeeping(waits: Bool) -> StateError? {
    switch keeper?.finish(waits: waits) {
    case .kept?:
      outputs.outbox?.handOver()
      withStreams { $0.commit(waits: waits) }
    case .failed(let error)?: return error
    case .open?, nil: break
    }
    return nil
  }

  /// How often a group is told how far we are where no state is kept, in nanoseconds.
  static let commitInterval: Int64 = 5_000_000_000

  /// How long ago the state was kept.
  ///
  /// - Parameter now: The monotonic clock, in nanoseconds.
  /// - Returns: Nanoseconds; `nil` where none is kept.
  func stateAge(_ now: Int64) -> Int64? { keeper?.age(now: now) }

  /// The bytes of the state's file; `nil` where none was written.
  var stateBytes: Int? { keeper?.length() }

  /// How many records wait for a cluster to acknowledge them.
  var unacknowledged: Int { outputs.unacknowledged }

  private func isKeepingDue(_ now: Int64) -> Bool {
    keeper?.isDue(now: now, patience: outputs.outbox?.patience)
      ?? (withStreams { $0.hasGroup } && now - committedAt >= Self.commitInterval)
  }

  /// Whether so many records wait for a cluster that nothing more is to be read.
  package var isHeld: Bool { outputs.outbox?.isFull ?? false }

  private mutating func settle() throws(SessionError) -> Int {
    do {
      return try outputs.settle()
    } catch {
      throw .stream(error)
    }
  }

  /// Hands over what is to be said of streams, monitors and outputs since the last time, a sentence
  /// each.
  package mutating func takeNotes() -> [String] {
    var notes = withStreams { $0.takeNotes() } + outputs.takeNotes()
    for one in watched { notes += one.takeNotes().map { words($0, of: one) } }
    return notes
  }

  /// A sentence on a monitor, which names the model where there are several.
  package func words(_ sentence: String, of one: Watched) -> String {
    watched.count > 1 ? "\(one.model): \(sentence)" : sentence
  }

  /// Keeps how all stands at the end.
  ///
  /// - Throws: `SessionError.state` when it cannot be kept, `stream` when an output cannot be written.
  package mutating func keepLastState() throws(SessionError) {
    try flush(waits: true)
    _ = finishKeeping(waits: true)
    withStreams { $0.notePlaces() }
    if keeper == nil {
      withStreams { $0.commit(waits: true) }
    } else {
      try keepNow()
      try finishOutbox()
    }
    withStreams { $0.close() }
  }

  /// Keeps how all stands, and waits for the disk.
  private mutating func keepNow() throws(SessionError) {
    keeper?.forgetFailure()
    let outbox = outputs.outbox?.seal()
    let error = keeper?.begin(watched, watch.firing, outbox, now: monotonicNanoseconds())
    if let error = error ?? finishKeeping(waits: true) { throw .state(error) }
  }

  /// Waits for what is written in transactions, and lets the state say that it is there: nobody needs
  /// to ask the cluster, which forgets such things after a week.
  private mutating func finishOutbox() throws(SessionError) {
    guard let outbox = outputs.outbox, outbox.count > 0 else { return }
    let isWritten = try SessionError.wrapping { () throws(StreamError) in
      try outbox.finish(milliseconds: Int(TopicSink.drainLimit))
    }
    if isWritten { try keepNow() }
  }

  /// What was mended of the files that are added to, a sentence each.
  package var mended: [String] { outputs.mended }

  /// Hands everything to the system and ends packed files.
  ///
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func finish() throws(SessionError) {
    do {
      try outputs.finish()
    } catch {
      throw .stream(error)
    }
  }

  /// Goes on in the files that have the outputs' names now.
  ///
  /// - Returns: Why some could not be opened: what belongs there still goes to the old one.
  package mutating func reopen() -> [StreamError] { outputs.reopen() }

  /// Ends the session, after all was said.
  ///
  /// - Parameter failsOnAlert: Whether an alert that fired is to be told by the exit code.
  /// - Throws: `SessionError.brokenStreams` where some broke, or `alertFired`.
  package func conclude(failsOnAlert: Bool = false) throws(SessionError) {
    guard withStreams({ $0.failures.isEmpty }) else { throw .brokenStreams }
    if failsOnAlert, hasFired { throw .alertFired }
  }
}
