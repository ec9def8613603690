import Agent
import Arguments
import Connectors
import Events
import Expressions
import Ingest
import Monitoring
import Specification

/// The command `leeway run`.
///
/// Its 9 properties are the values of its parameters: what is watched, from where, and what is kept.
struct RunCommand: RunnableCommand {
  static let command = Command(
    "leeway run",
    abstract: "Watch live events from standard input, logs or named pipes.",
    discussion: """
      Alerts go to standard output unless --alerts says otherwise, as soon as the window that \
      shows them is complete. SIGTERM and SIGINT stop reading, judge what is open and end with 0; \
      a second one ends at once. Records are added to files that are there; SIGHUP opens them \
      anew after they were renamed, and takes up what changed of the monitors and of the agent's \
      own rules; SIGUSR1 lets the process say how it stands. A name that ends in .gz or .zst packs \
      them. --follow reads logs as they grow. Standard input cannot be read again: what was not judged when the process \
      dies is lost. --config names an agent file, which says which Kafka topics are \
      read and written; or a folder, whose monitors are all watched, with the agent.yaml in it.
      """,
    parameters: [monitor, config] + StreamOptions.parameters
      + [stateInterval, follow, snapshot, logFormat, streams]
  )
  private static let monitor = Parameter(
    "monitor",
    "m",
    kind: .file,
    help: "The monitor file (YAML); none where --config names a folder of monitors."
  )
  private static let config = Parameter(
    "config",
    "c",
    kind: .file,
    help: """
      The agent file (YAML): Kafka topics that events come from and records go to. Or a folder: \
      each NAME.yaml in it is a monitor, and agent.yaml, where there is one, the agent file.
      """
  )
  private static let stateInterval = Parameter(
    "state-interval",
    valueName: "duration",
    standard: "1m",
    help: """
      How often the state is written, from 1s to 1h. What is read after it is read again by the \
      process that follows one which was killed.
      """
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
    help: """
      Keep a snapshot of how things stand there, renewed every second, for leeway top; of a folder \
      of monitors a folder, with NAME.json for each.
      """
  )
  private static let logFormat = Parameter(
    "log-format",
    kind: .word(NoteFormat.allCases.map(\.rawValue)),
    valueName: "format",
    standard: NoteFormat.text.rawValue,
    help: "How standard error is written: text, or a record a line, logfmt or json."
  )
  private static let streams = Parameter(
    "streams",
    form: .operand,
    kind: .file,
    standard: "-",
    isRepeatable: true,
    help: "Standard input (-), named pipes or files; beside topics none unless it is named."
  )

  private let monitor: String?
  /// The folder of the monitors; `nil` where `monitor` is the only one.
  private let folderPath: String?
  private let options: StreamOptions
  private let config: String?
  private let follows: Bool
  /// After how long the state is written again.
  private let stateInterval: TimeSpan
  private let snapshot: String?
  private let streams: [String]
  /// Whether the streams were named, and not left to the default.
  private let namesStreams: Bool

  init(_ values: Values) throws(UsageError) {
    monitor = values.text(Self.monitor)
    options = try StreamOptions(values, of: Self.command)
    follows = values.has(Self.follow)
    NoteFormat.current = NoteFormat(rawValue: values.required(Self.logFormat)) ?? .text
    stateInterval = try Self.interval(values)
    snapshot = values.text(Self.snapshot)
    let config = values.text(Self.config)
    let folder = config.flatMap { MonitorFolder($0) }
    folderPath = folder == nil ? nil : config
    self.config = folder == nil ? config : folder?.agent
    streams = values.texts(Self.streams)
    namesStreams = values.has(Self.streams)
    guard !follows || namesStreams else {
      throw Self.command.error("--follow needs a log: name the files that are to be followed.")
    }
    guard (monitor == nil) != (folder == nil) else {
      throw Self.command.error(
        monitor == nil
          ? "give a monitor with -m FILE, or a folder of monitors with -c FOLDER."
          : "-m and a folder of monitors: -c takes each monitor of a folder; leave -m out."
      )
    }
    guard folder == nil || options.profile == nil else {
      throw Self.command.error(
        "--profile is of one monitor: each of a folder names its own, as reference.profile."
      )
    }
    guard snapshot != "-" else {
      throw Self.command.error(
        "--snapshot replaces its file again and again: give it one of its own."
      )
    }
  }

  private static func interval(_ values: Values) throws(UsageError) -> TimeSpan {
    let text = values.text(stateInterval) ?? ""
    guard let span = try? TimeSpan(parsing: text),
      (1_000_000_000...3_600_000_000_000).contains(span.nanoseconds)
    else {
      throw command.error("--state-interval: got \"\(text)\": give a duration from 1s to 1h.")
    }
    guard
      !values.has(stateInterval) || values.has(StreamOptions.state) || values.has(config)
    else { throw command.error("--state-interval goes with --state, or with a fleet.") }
    return span
  }

  func run() throws {
    let signals = StopSignals(serves: true)
    let config = try AgentConfig(config, in: folderPath, options)
    let agent = config.agent
    guard agent.sinks?.transactionalID == nil || options.state != nil else {
      throw Self.command.error(
        "transactional_id of sinks needs a state, which says what is in the topics: add --state FOLDER."
      )
    }
    let streams = agent.readsAnything && !namesStreams ? [] : streams
    let named = folderPath.flatMap { MonitorFolder($0) }?.monitors ?? monitor.map { [$0] } ?? []
    var files = options.files(named, streams + agent.logs)
    files.read(self.config.map { [$0] } ?? [], as: "the agent file")
    files.read(agent.patterns, as: "a log that is followed")
    let wantsMetrics = options.metrics != nil || snapshot != nil || agent.writes(.metrics)
    let request = request(streams, agent)
    if request.fleet != nil {
      try runInFleet(request, config, files, wantsMetrics: wantsMetrics, signals)
    } else if let path = folderPath {
      try files.check()
      var monitors = MonitorSet(path, options, files, wantsMetrics: wantsMetrics)
      let plans = try monitors.load()
      try prepareSnapshots(of: plans, files)
      var loop = try RunLoop(
        Session(sharing: plans, request),
        monitors: monitors,
        config,
        snapshot: snapshot,
        isQuiet: options.quiet
      )
      try loop.run(signals)
    } else if let monitor {
      files.write(snapshot, as: "--snapshot")
      files.write(snapshot.map(SnapshotBoard.part(of:)), as: "--snapshot, as it is written,")
      try files.check()
      let loaded = try MonitorOptions(path: monitor).load(isQuiet: options.quiet)
      let plan = try options.plan(loaded, files, wantsMetrics: wantsMetrics)
      var loop = try RunLoop(
        Session(plan, request),
        monitors: MonitorSet(only: loaded, options, files, wantsMetrics: wantsMetrics),
        config,
        snapshot: snapshot,
        isQuiet: options.quiet
      )
      try loop.run(signals)
    }
  }

  /// Runs as a member of a fleet.
  private func runInFleet(
    _ request: Session.Request,
    _ config: AgentConfig,
    _ files: CommandFiles,
    wantsMetrics: Bool,
    _ signals: StopSignals
  ) throws {
    guard snapshot == nil else {
      throw SessionError.notShared("no member knows all at every time: leave out --snapshot")
    }
    var plans: [Plan] = []
    if let path = folderPath {
      try files.check()
      var monitors = MonitorSet(path, options, files, wantsMetrics: wantsMetrics)
      plans = try monitors.load().map(\.plan)
    } else if let monitor {
      let loaded = MonitorOptions(path: monitor)
      plans = [try options.plan(loaded, files, wantsMetrics: wantsMetrics)]
    }
    var loop = try FleetLoop(Fleet(plans, request), config, isQuiet: options.quiet)
    try loop.run(signals)
  }

  /// Makes the folder of snapshots, and sees that none of them is a file that is read.
  private func prepareSnapshots(
    of plans: [NamedPlan],
    _ files: CommandFiles
  ) throws(SessionError) {
    guard let snapshot else { return }
    do {
      try makeFolder(at: snapshot)
    } catch {
      throw .stream(error)
    }
    var files = files
    for named in plans {
      files.write(MonitorSet.snapshot(of: named.name, in: snapshot), as: "--snapshot")
    }
    try files.check()
  }

  /// Alerts go to standard output, unless they or other records are sent elsewhere.
  private func request(_ streams: [String], _ agent: AgentFile) -> Session.Request {
    var request = Session.Request(
      .run,
      streams: streams,
      outputs: options.outputs,
      pipeline: options.pipeline
    )
    request.names.topics = agent.topics
    request.fleet = agent.fleet
    request.watch = agent.watch
    if follows { request.names.paths = streams.filter { !FollowedFile.canFollow($0) } }
    let followed = follows ? streams.filter(FollowedFile.canFollow) : []
    request.names.logs = followed + agent.logs
    request.names.patterns = agent.patterns
    request.outputs.topics = agent.sinks
    request.pipeline.keepsLetters = request.outputs.has(.deadLetters)
    let isTold = agent.writes(.alerts) && options.alerts == nil
    if !isTold, ![options.metrics, options.deadLetters, options.feedback].contains("-") {
      request.outputs.paths[.alerts] = options.alerts ?? "-"
    }
    request.outputs.opening = .appending
    request.state = options.state
    request.stateInterval = stateInterval.nanoseconds
    request.pipeline.keepsNewest = snapshot != nil
    if snapshot != nil { request.pipeline.parts = .newest }
    if request.outputs.has(.metrics) {
      request.pipeline.measuring = .everything
    } else if snapshot != nil {
      request.pipeline.measuring = .whole
    }
    return request
  }
}
