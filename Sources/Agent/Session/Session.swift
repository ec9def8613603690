package import Connectors
internal import Ingest
package import Monitoring
internal import Records
internal import Specification

/// A plan at work on streams: what `run`, `replay` and `top` have in common.
///
/// It owns the pipeline and the outputs; who drives it decides when a round is run, and how it is
/// shown.
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
    /// Files, pipes or `-`, at least one.
    package var streams: [String]
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
  /// Whether an alert that was written fired.
  private var hasFired = false

  /// Opens the streams, then the outputs; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - request: Streams and outputs.
  /// - Throws: `SessionError.manyStreams`, or `stream` when one of them cannot be opened.
  package init(_ plan: Plan, _ request: Request) throws(SessionError) {
    guard request.streams.count == 1 || !plan.monitor.countsEvents else {
      throw .manyStreams(request.streams.count, request.kind)
    }
    var options = request.pipeline
    options.keepsState = request.state != nil
    var opened = try SessionError.wrapping { () throws(StreamError) in
      try Pipeline(
        plan,
        paths: request.streams,
        isLive: request.kind != .replay,
        options: options
      )
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
    goesOn = request.state != nil
  }

  /// Writes what a round gave.
  ///
  /// - Throws: `SessionError.stream` when an output cannot be written.
  package mutating func write(_ round: RoundOutput) throws(SessionError) {
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
    guard let due = keeper?.isDue(now: now), due else { return nil }
    // What was said is out before the state that says so.
    try flush()
    return keeper?.keep(pipeline, now: now)
  }

  /// Keeps how all stands at the end.
  ///
  /// - Throws: `SessionError.state` when it cannot be kept, `stream` when an output cannot be written.
  package mutating func keepLastState() throws(SessionError) {
    try flush()
    if let error = keeper?.keep(pipeline, now: monotonicNanoseconds()) { throw .state(error) }
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
