import Agent
import Connectors
import Expressions
import Ingest
import Monitoring

/// A live session from its start to its end: rounds, signals, and what is said on the way.
struct RunLoop: ~Copyable {
  private var session: Session
  /// The monitors' files.
  private var monitors: MonitorSet
  /// The agent file, whose own rules are judged.
  private var config: AgentConfig
  /// The snapshot file, of several monitors their folder; `nil` where none is kept.
  private let snapshot: String?
  private var manager = ServiceManager(ProcessEnvironment.variables)
  private let isQuiet: Bool
  /// Whether it was said that this machine's clock is behind the events.
  private var hasToldLag = false

  /// A session that has read nothing yet.
  ///
  /// - Parameters:
  ///   - session: The session.
  ///   - monitors: Its monitors' files.
  ///   - config: The agent file.
  ///   - snapshot: The snapshot file, of several monitors their folder; `nil` where none is kept.
  ///   - isQuiet: Whether what is no error is left unsaid.
  init(
    _ session: consuming Session,
    monitors: MonitorSet,
    _ config: AgentConfig,
    snapshot: String?,
    isQuiet: Bool
  ) {
    self.session = session
    self.monitors = monitors
    self.config = config
    self.snapshot = snapshot
    self.isQuiet = isQuiet
  }

  /// Reads and judges until the streams end, or a signal comes; then judges what is left, or keeps it
  /// for the next process.
  ///
  /// - Parameter signals: What signals ask for.
  /// - Throws: `SessionError` where an output cannot be written, the state cannot be kept at the end,
  ///   or streams broke.
  mutating func run(_ signals: StopSignals) throws {
    if !isQuiet { note(warnings: session.mended + session.stateNotes) }
    for one in session.watched { begin(one) }
    try post(hasEnded: false)
    manager.tell("READY=1")
    let isStopped = try follow(signals)
    manager.tell("STOPPING=1")
    try end(isStopped: isStopped)
    tellRefusals(now: monotonicNanoseconds())
    if !isQuiet {
      for one in session.watched {
        let tally = one.pipeline.tally
        let words =
          "\(isStopped ? "stopped" : "end of input"): \(tally.events) predictions, "
          + "\(tally.ignored) other events, \(tally.refusedLines) refused"
        note(session.words(words, of: one))
      }
      if let words = session.passedOver { note(words) }
    }
    try session.conclude()
  }

  /// Says that a monitor is watched, and begins its snapshot.
  private func begin(_ one: Watched) {
    if one.board == nil, let snapshot {
      one.board = SnapshotBoard(
        path: monitors.isFolder ? MonitorSet.snapshot(of: one.name, in: snapshot) : snapshot
      )
      one.board?.resume(one.pipeline)
    }
    guard !isQuiet else { return }
    let profile = one.plan.profile
    note(
      "leeway \(Leeway.version): watching \(one.model), "
        + (profile.isAbsent ? "without a reference" : "reference \(profile.contentHash)")
    )
  }

  /// Reads and judges until the streams end, or a signal comes.
  ///
  /// - Returns: Whether a signal came.
  private mutating func follow(_ signals: StopSignals) throws -> Bool {
    while !session.hasEnded {
      let isHeld = session.isHeld
      let isAsked = session.wait(for: signals.descriptor, milliseconds: milliseconds)
      let wish = isAsked ? signals.take() : nil
      let now = AgentTime.now
      manager.beat(now: now.monotonic)
      if !isHeld {
        session.read()
        for one in session.watched { try count(one, now) }
      }
      if wish == .reopen { try reopen(now) }
      try session.flush()
      if wish == .tell { note(figures: session.figures(now)) }
      for sentence in session.takeNotes() { note(sentence, .warning) }
      tellRefusals(now: now.monotonic)
      for sentence in try session.judgeItself(now) { note(sentence, .warning) }
      if let error = try session.keepState(now: now.monotonic) { note("\(error)", .error) }
      let time = monotonicNanoseconds()
      if session.watched.contains(where: { $0.board?.isDue(now: time) ?? false }) {
        try post(hasEnded: false)
      }
      if wish == .stop { return true }
    }
    return false
  }

  /// Opens the outputs anew, and takes up what has changed of the monitors' files and of the agent's.
  private mutating func reopen(_ now: AgentTime) throws {
    for error in session.reopen() { note("\(error)", .error) }
    let watched = session.watched.map { ($0.name, $0.model) }
    let changes = monitors.reload(watched)
    for named in changes.plans {
      do throws(SessionError) {
        for sentence in try session.watch(named) { note("\(named.name): \(sentence)") }
        if let one = session.watched.first(where: { $0.name == named.name }) { begin(one) }
      } catch {
        for line in error.words { note(lines: line, .error) }
        note("\(named.name): it is watched as it was")
        monitors.forget(named.name)
      }
    }
    for name in changes.gone {
      try session.drop(name)
      note("\(name): it is watched no more")
    }
    guard let watch = config.reload() else { return }
    for sentence in try session.judgeItself(by: watch, now) { note(sentence, .warning) }
  }

  /// How long to wait for something to read.
  private var milliseconds: Int32 {
    if session.hasBacklog { return 0 }
    let now = monotonicNanoseconds()
    return session.watched.compactMap { $0.board?.milliseconds(now: now) }.min() ?? 1000
  }

  /// Counts what a monitor was handed, and judges it.
  private mutating func count(_ one: Watched, _ now: AgentTime) throws {
    repeat {
      let round = one.pipeline.runRound(now: now)
      if !hasToldLag, let lag = one.pipeline.lag(now) {
        hasToldLag = true
        note(Self.words(lag: lag), .warning)
      }
      try session.write(round, of: one)
      one.board?.insert(round.engine)
    } while session.isBehind(one)
  }

  /// Judges what is left, or keeps it for the next process.
  private mutating func end(isStopped: Bool) throws {
    if isStopped { session.endInput() }
    while !session.hasEnded {
      session.read()
      for one in session.watched { try count(one, AgentTime.now) }
    }
    if !session.goesOn {
      for one in session.watched { try finish(one) }
    }
    try session.endWatch(AgentTime.now)
    try session.finish()
    try session.keepLastState()
    for sentence in session.takeNotes() { note(sentence, .warning) }
    try post(hasEnded: true)
    for failure in session.failures { note(failure, .error) }
  }

  private mutating func finish(_ one: Watched) throws {
    repeat {
      let last = one.pipeline.finish()
      try session.write(last, of: one)
      one.board?.insert(last.engine)
    } while one.pipeline.hasBacklog
  }

  private mutating func post(hasEnded: Bool) throws {
    for one in session.watched { try one.board?.post(one.pipeline, hasEnded: hasEnded) }
  }

  /// Says what lines were refused, once for all monitors that refused the same.
  private mutating func tellRefusals(now: Int64) {
    let found = session.watched.map { $0.refusals.take($0.pipeline.tally, now: now) }
    guard !isQuiet else { return }
    for sentence in RefusalNotes.joined(found, session.watched.map(\.model)) {
      note(sentence, .warning)
    }
  }

  /// Says that this machine's clock is behind the events.
  private static func words(lag: Int64) -> String {
    let span = TimeSpan(nanoseconds: max(lag / 1_000_000_000, 1) * 1_000_000_000)
    return "this machine's clock is \(span) behind most events, and no window ends before it says "
      + "so: set the clock, or that of the producers"
  }
}
