import Agent
import Connectors
import Expressions
import Ingest
import Monitoring

/// A live session from its start to its end: rounds, signals, and what is said on the way.
struct RunLoop: ~Copyable {
  private var session: Session
  /// The snapshot of each monitor; none where none is kept.
  private var boards: [SnapshotBoard]
  private var refusals: [RefusalNotes]
  private var manager = ServiceManager(ProcessEnvironment.variables)
  private let isQuiet: Bool
  /// Whether it was said that this machine's clock is behind the events.
  private var hasToldLag = false

  /// A session that has read nothing yet.
  ///
  /// - Parameters:
  ///   - session: The session.
  ///   - snapshots: The snapshot file of each monitor; none where none is kept.
  ///   - isQuiet: Whether what is no error is left unsaid.
  init(_ session: consuming Session, snapshots: [String], isQuiet: Bool) {
    refusals = session.watched.map { _ in RefusalNotes() }
    boards = snapshots.map { SnapshotBoard(path: $0) }
    self.session = session
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
    for index in boards.indices { boards[index].resume(session.watched[index].pipeline) }
    try post(hasEnded: false)
    if !isQuiet { for one in session.watched { note(Self.greeting(one)) } }
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

  private static func greeting(_ one: Watched) -> String {
    let profile = one.plan.profile
    return "leeway \(Leeway.version): watching \(one.model), "
      + (profile.isAbsent ? "without a reference" : "reference \(profile.contentHash)")
  }

  /// Reads and judges until the streams end, or a signal comes.
  ///
  /// - Returns: Whether a signal came.
  private mutating func follow(_ signals: StopSignals) throws -> Bool {
    while !session.hasEnded {
      let isAsked = session.wait(for: signals.descriptor, milliseconds: milliseconds)
      let wish = isAsked ? signals.take() : nil
      let now = AgentTime.now
      manager.beat(now: now.monotonic)
      session.read()
      for index in session.watched.indices { try count(index, now) }
      try session.flush()
      if wish == .reopen { for error in session.reopen() { note("\(error)") } }
      if wish == .tell { note(lines: session.figures(now)) }
      for sentence in session.takeNotes() { note(sentence) }
      tellRefusals(now: now.monotonic)
      if let error = try session.keepState(now: now.monotonic) { note("\(error)") }
      if boards.contains(where: { $0.isDue(now: monotonicNanoseconds()) }) {
        try post(hasEnded: false)
      }
      if wish == .stop { return true }
    }
    return false
  }

  /// How long to wait for something to read.
  private var milliseconds: Int32 {
    if session.hasBacklog { return 0 }
    let now = monotonicNanoseconds()
    return boards.map { $0.milliseconds(now: now) }.min() ?? 1000
  }

  /// Counts what a monitor was handed, and judges it.
  private mutating func count(_ index: Int, _ now: AgentTime) throws {
    let one = session.watched[index]
    repeat {
      let round = one.pipeline.runRound(now: now)
      if !hasToldLag, let lag = one.pipeline.lag(now) {
        hasToldLag = true
        note(Self.words(lag: lag))
      }
      try session.write(round, of: one)
      if !boards.isEmpty { boards[index].insert(round.engine) }
    } while session.isBehind(one)
  }

  /// Judges what is left, or keeps it for the next process.
  private mutating func end(isStopped: Bool) throws {
    if isStopped { session.endInput() }
    while !session.hasEnded {
      session.read()
      for index in session.watched.indices { try count(index, AgentTime.now) }
    }
    if !session.goesOn {
      for index in session.watched.indices { try finish(index) }
    }
    try session.finish()
    try session.keepLastState()
    try post(hasEnded: true)
    for failure in session.failures { note(failure) }
  }

  private mutating func finish(_ index: Int) throws {
    let one = session.watched[index]
    repeat {
      let last = one.pipeline.finish()
      try session.write(last, of: one)
      if !boards.isEmpty { boards[index].insert(last.engine) }
    } while one.pipeline.hasBacklog
  }

  private mutating func post(hasEnded: Bool) throws {
    for index in boards.indices {
      try boards[index].post(session.watched[index].pipeline, hasEnded: hasEnded)
    }
  }

  /// Says what lines were refused, once for all monitors that refused the same.
  private mutating func tellRefusals(now: Int64) {
    var told: [(sentence: String, models: [String])] = []
    for (index, one) in session.watched.enumerated() {
      for sentence in refusals[index].take(one.pipeline.tally, now: now) {
        if let place = told.firstIndex(where: { $0.sentence == sentence }) {
          told[place].models.append(one.model)
        } else {
          told.append((sentence, [one.model]))
        }
      }
    }
    guard !isQuiet else { return }
    for (sentence, models) in told {
      note(session.watched.count > 1 ? models.joined(separator: ", ") + ": " + sentence : sentence)
    }
  }

  /// Says that this machine's clock is behind the events.
  private static func words(lag: Int64) -> String {
    let span = TimeSpan(nanoseconds: max(lag / 1_000_000_000, 1) * 1_000_000_000)
    return "this machine's clock is \(span) behind most events, and no window ends before it says "
      + "so: set the clock, or that of the producers"
  }
}
