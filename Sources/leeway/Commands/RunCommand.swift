import Agent
import Arguments
import Connectors
import Events
import Expressions
import Ingest
import Monitoring
import Specification

/// The command `leeway run`.
struct RunCommand: RunnableCommand {
  static let command = Command(
    "leeway run",
    abstract: "Watch live events from standard input, logs or named pipes.",
    discussion: """
      Alerts go to standard output unless --alerts says otherwise, as soon as the window that \
      shows them is complete. SIGTERM and SIGINT stop reading, judge what is open and end with 0; \
      a second one ends at once. Records are added to files that are there; SIGHUP opens them \
      anew after they were renamed; SIGUSR1 lets the process say how it stands. A name that ends in .gz or .zst packs them. --follow reads \
      logs as they grow. Standard input cannot be read again: what was not judged when the process \
      dies is lost. --config names an agent file, which says which Kafka topics are \
      read and written.
      """,
    parameters: [MonitorOptions.monitor, config] + StreamOptions.parameters
      + [follow, snapshot, streams]
  )
  private static let config = Parameter(
    "config",
    "c",
    kind: .file,
    help: "The agent file (YAML): Kafka topics that events come from and records go to."
  )
  private static let follow = Parameter(
    "follow",
    form: .flag,
    help: "Read files as they grow, and through rotations, until a signal comes."
  )
  private static let snapshot = Parameter(
    "snapshot",
    kind: .file,
    valueName: "file",
    help: "Keep a snapshot of how things stand there, renewed every second, for leeway top."
  )
  private static let streams = Parameter(
    "streams",
    form: .operand,
    kind: .file,
    standard: "-",
    isRepeatable: true,
    help: "Standard input (-), named pipes or files; beside topics none unless it is named."
  )

  private let monitor: MonitorOptions
  private let options: StreamOptions
  private let config: String?
  private let follows: Bool
  private let snapshot: String?
  private let streams: [String]
  /// Whether the streams were named, and not left to the default.
  private let namesStreams: Bool

  init(_ values: Values) throws(UsageError) {
    monitor = MonitorOptions(values)
    options = try StreamOptions(values, of: Self.command)
    follows = values.has(Self.follow)
    snapshot = values.text(Self.snapshot)
    config = values.text(Self.config)
    streams = values.texts(Self.streams)
    namesStreams = values.has(Self.streams)
    guard !follows || namesStreams else {
      throw Self.command.error("--follow needs a log: name the files that are to be followed.")
    }
    guard snapshot != "-" else {
      throw Self.command.error(
        "--snapshot replaces its file again and again: give it one of its own."
      )
    }
  }

  func run() throws {
    let signals = StopSignals(serves: true)
    let agent = try loadAgent()
    let streams = agent?.readsAnything ?? false && !namesStreams ? [] : streams
    var files = options.files(monitor, streams + (agent?.logs ?? []))
    files.read(config.map { [$0] } ?? [], as: "the agent file")
    files.write(snapshot, as: "--snapshot")
    files.write(snapshot.map(SnapshotBoard.part(of:)), as: "--snapshot, as it is written,")
    let plan = try options.plan(
      monitor,
      files,
      wantsMetrics: options.metrics != nil || snapshot != nil || agent?.writes(.metrics) ?? false
    )
    try watch(Session(plan, request(streams, agent)), signals)
  }

  private func loadAgent() throws(SessionError) -> AgentFile? {
    guard let config else { return nil }
    let (agent, found) = try AgentFile.read(config, environment: ProcessEnvironment.variables)
    if !options.quiet { for finding in found { note(finding) } }
    return agent
  }

  /// Alerts go to standard output, unless they or other records are sent elsewhere.
  private func request(_ streams: [String], _ agent: AgentFile?) -> Session.Request {
    var request = Session.Request(
      .run,
      streams: streams,
      outputs: options.outputs,
      pipeline: options.pipeline
    )
    request.topics = agent?.source
    if follows { request.streams = streams.filter { !FollowedFile.canFollow($0) } }
    request.logs = (follows ? streams.filter(FollowedFile.canFollow) : []) + (agent?.logs ?? [])
    request.outputs.topics = agent?.sinks
    request.pipeline.keepsLetters = request.outputs.has(.deadLetters)
    let isTold = agent?.writes(.alerts) ?? false && options.alerts == nil
    if !isTold, ![options.metrics, options.deadLetters, options.feedback].contains("-") {
      request.outputs.paths[.alerts] = options.alerts ?? "-"
    }
    request.outputs.opening = .appending
    request.state = options.state
    request.pipeline.keepsNewest = snapshot != nil
    if snapshot != nil { request.pipeline.parts = .newest }
    if request.outputs.has(.metrics) {
      request.pipeline.measuring = .everything
    } else if snapshot != nil {
      request.pipeline.measuring = .whole
    }
    return request
  }

  private func watch(_ begun: consuming Session, _ signals: StopSignals) throws {
    var session = begun
    if !options.quiet { note(warnings: session.mended + session.stateNotes) }
    var board = snapshot.map { SnapshotBoard(path: $0) }
    board?.resume(session.pipeline)
    try board?.post(session.pipeline, hasEnded: false)
    if !options.quiet {
      let plan = session.plan
      note(
        "leeway \(Leeway.version): watching \(plan.monitor.model), "
          + (plan.profile.isAbsent
            ? "without a reference" : "reference \(plan.profile.contentHash)")
      )
    }
    var refusals = RefusalNotes()
    var manager = ServiceManager(ProcessEnvironment.variables)
    manager.tell("READY=1")
    let isStopped = try follow(&session, &board, &refusals, &manager, signals)
    manager.tell("STOPPING=1")
    try end(&session, &board, isStopped: isStopped)
    let tally = session.pipeline.tally
    tell(refusals.take(tally, now: monotonicNanoseconds()))
    if !options.quiet {
      note(
        "\(isStopped ? "stopped" : "end of input"): \(tally.events) predictions, "
          + "\(tally.ignored) other events, \(tally.refusedLines) refused"
      )
      if let words = session.pipeline.passedOver { note(words) }
    }
    try session.conclude()
  }

  /// Reads and judges until the streams end, or a signal comes.
  ///
  /// - Returns: Whether a signal came.
  private func follow(
    _ session: inout Session,
    _ board: inout SnapshotBoard?,
    _ refusals: inout RefusalNotes,
    _ manager: inout ServiceManager,
    _ signals: StopSignals
  ) throws -> Bool {
    var isBehind = false
    while !session.pipeline.hasEnded {
      let isAsked = session.pipeline.wait(
        for: signals.descriptor,
        milliseconds: session.pipeline.hasBacklog
          ? 0 : board?.milliseconds(now: monotonicNanoseconds()) ?? 1000
      )
      let wish = isAsked ? signals.take() : nil
      let now = AgentTime.now
      manager.beat(now: now.monotonic)
      let round = session.pipeline.runRound(now: now)
      if !isBehind, let lag = session.pipeline.lag(now) {
        isBehind = true
        note(Self.words(lag: lag))
      }
      try session.write(round)
      try session.flush()
      if wish == .reopen { for error in session.reopen() { note("\(error)") } }
      if wish == .tell { note(lines: session.figures(now)) }
      for sentence in session.takeNotes() { note(sentence) }
      tell(refusals.take(session.pipeline.tally, now: now.monotonic))
      if let error = try session.keepState(now: now.monotonic) { note("\(error)") }
      board?.insert(round.engine)
      if board?.isDue(now: monotonicNanoseconds()) ?? false {
        try board?.post(session.pipeline, hasEnded: false)
      }
      if wish == .stop { return true }
    }
    return false
  }

  /// Judges what is left, or keeps it for the next process.
  private func end(
    _ session: inout Session,
    _ board: inout SnapshotBoard?,
    isStopped: Bool
  ) throws {
    if isStopped { session.pipeline.endInput() }
    while !session.pipeline.hasEnded {
      let round = session.pipeline.runRound(now: AgentTime.now)
      try session.write(round)
      board?.insert(round.engine)
    }
    while !session.goesOn {
      let last = session.pipeline.finish()
      try session.write(last)
      board?.insert(last.engine)
      guard session.pipeline.hasBacklog else { break }
    }
    try session.finish()
    try session.keepLastState()
    try board?.post(session.pipeline, hasEnded: true)
    for failure in session.pipeline.failures { note("\(failure)") }
  }

  /// Says what is no error, unless nobody wants to hear it.
  private func tell(_ sentences: [String]) {
    if !options.quiet { for sentence in sentences { note(sentence) } }
  }

  /// Says that this machine's clock is behind the events.
  private static func words(lag: Int64) -> String {
    let span = TimeSpan(nanoseconds: max(lag / 1_000_000_000, 1) * 1_000_000_000)
    return "this machine's clock is \(span) behind most events, and no window ends before it says "
      + "so: set the clock, or that of the producers"
  }
}
