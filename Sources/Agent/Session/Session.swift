package import Connectors
internal import Ingest
package import Monitoring
internal import Records
internal import Specification

/// A plan at work on streams: what `run`, `replay` and `top` have in common.
///
/// It owns the pipeline and the outputs; who drives it decides when a round is run, and how it is
/// shown.
///
/// Its 10 properties are the plan, what reads and writes, and what was said so far.
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
    /// Files, pipes or `-`; at least one where there are no topics.
    package var streams: [String]
    /// Logs that are followed, behind the streams.
    package var logs: [String] = []
    /// The Kafka topics that are read.
    package var topics: KafkaSubscription?
    /// Where records go.
    package var outputs: OutputPaths
    /// Threads, batches, and what is handed out.
    package var pipeline: PipelineOptions
    /// The folder that keeps what outlives the process; `nil` for none.
    package var state: String?

    /// Streams without outputs.
    package init(
      _ kind: Kind,
      streams: [String],
      outputs: OutputPaths = OutputPaths(),
      pipeline: PipelineOptions = PipelineOptions()
    ) {
      self.kind = kind
      self.streams = streams
      self.outputs = outputs
      self.pipeline = pipeline
    }
  }

  /// What is computed.
  package let plan: Plan
  /// What reads, counts and judges.
  package var pipeline: Pipeline
  private var outputs: OutputSet
  /// What outlives the process; `nil` where nothing does.
  private var keeper: Optional<StateKeeper>
  /// Whether another process goes on where this one ends: what is not complete is not judged.
  package let goesOn: Bool
  /// What was said of the state when it was taken up, a line each.
  package let stateNotes: [String]
  /// Whether it was said that rows of batches are not looked at.
  private var hasToldRows = false
  /// How many damaged predictions were told of.
  private var toldDamaged = 0
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
    var options = request.pipeline
    options.keepsState = request.state != nil
    options.spillFolder = request.state
    let goesOn = request.state != nil
    var opened = try SessionError.wrapping { () throws(StreamError) in
      try Pipeline(
        plan,
        paths: request.streams,
        logs: request.logs,
        topics: request.topics,
        isLive: request.kind != .replay,
        options: options
      )
    }
    guard opened.streamCount == 1 || !plan.monitor.countsEvents else {
      throw .manyStreams(opened.streamCount, request.kind)
    }
    var kept = StateKeeper?.none
    var notes: [String] = []
    if let folder = request.state {
      kept = try StateKeeper(folder: folder, resuming: &opened, notes: &notes)
    }
    var paths = request.outputs
    // Who goes on adds to what was said.
    if request.state != nil { paths.opening = .appending }
    let created = try SessionError.wrapping { () throws(StreamError) in try OutputSet(paths) }
    self.plan = plan
    pipeline = opened
    outputs = created
    keeper = kept
    stateNotes = notes
    self.goesOn = goesOn
    committedAt = monotonicNanoseconds()
    toldDamaged = pipeline.engine.damagedPredictions
  }

  /// Writes what a round gave.
  ///
  /// - Throws: `SessionError.stream` when an output cannot be written, or predictions could not wait
  ///   on the disk.
  package mutating func write(_ round: RoundOutput) throws(SessionError) {
    if let failure = pipeline.spillFailure { throw .stream(failure) }
    if round.engine.alerts.contains(where: { $0.state == .firing }) { hasFired = true }
    do {
      try outputs.write(round)
    } catch {
      throw .stream(error)
    }
  }

  /// Hands what was written to the system.
  ///
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func flush() throws(SessionError) {
    do {
      try outputs.flush()
    } catch {
      throw .stream(error)
    }
  }

  /// Keeps how all stands, where a minute has passed since it was kept last.
  ///
  /// - Parameter now: The monotonic clock, in nanoseconds.
  /// - Returns: Why it could not be kept, where that is news.
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func keepState(now: Int64) throws(SessionError) -> StateError? {
    let mustHandOver = pipeline.mustHandOver
    guard keeper?.isDue(now: now) ?? isCommitDue(now: now) || mustHandOver else { return nil }
    defer { if mustHandOver { pipeline.handOver() } }
    // What was said is out before the state that says so, and the state before the group is told.
    let left = try settle()
    guard left == 0 else { return keeper?.postpone(now: now, .unacknowledged(records: left)) }
    let error = keeper?.keep(pipeline, now: now)
    if error == nil { pipeline.commit(waits: mustHandOver) }
    committedAt = now
    return error
  }

  /// How often a group is told how far we are where no state is kept, in nanoseconds.
  static let commitInterval: Int64 = 5_000_000_000

  /// How long ago the state was kept.
  ///
  /// - Parameter now: The monotonic clock, in nanoseconds.
  /// - Returns: Nanoseconds; `nil` where none is kept.
  func stateAge(_ now: Int64) -> Int64? { keeper?.age(now: now) }

  /// How many records wait for a cluster to acknowledge them.
  var unacknowledged: Int { outputs.unacknowledged }

  private func isCommitDue(now: Int64) -> Bool {
    pipeline.hasGroup && now - committedAt >= Self.commitInterval
  }

  private mutating func settle() throws(SessionError) -> Int {
    do {
      return try outputs.settle()
    } catch {
      throw .stream(error)
    }
  }

  /// Hands over what is to be said of topics, and of rows, since the last time, a sentence each.
  package mutating func takeNotes() -> [String] {
    var notes = pipeline.takeNotes() + outputs.takeNotes()
    let damaged = pipeline.engine.damagedPredictions
    if damaged > toldDamaged {
      notes.append(
        "damaged on the disk: \(counted(damaged - toldDamaged, "prediction")) that waited for an "
          + "outcome; the others go on"
      )
      toldDamaged = damaged
    }
    guard !hasToldRows, let sentence = pipeline.tally.passedRowsSentence else { return notes }
    hasToldRows = true
    return notes + [sentence]
  }

  /// Keeps how all stands at the end.
  ///
  /// - Throws: `SessionError.state` when it cannot be kept, `stream` when an output cannot be written.
  package mutating func keepLastState() throws(SessionError) {
    try flush()
    if let error = keeper?.keep(pipeline, now: monotonicNanoseconds()) { throw .state(error) }
    pipeline.commit(waits: true)
    pipeline.leaveGroup()
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
    guard pipeline.failures.isEmpty else { throw .brokenStreams }
    if failsOnAlert, hasFired { throw .alertFired }
  }
}
