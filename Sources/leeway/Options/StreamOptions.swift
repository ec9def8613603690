import Agent
import Arguments
import Monitoring

/// The profile and the records of a run.
///
/// Its 10 properties are the values of its parameters, one each.
struct StreamOptions {
  static let parameters = [
    profile, metrics, metricsSignal, metricsStatistic, metricsWindow, alerts, deadLetters, feedback,
    state,
    threads, batch, quiet,
  ]

  static let profile = Parameter(
    "profile",
    kind: .file,
    help: """
      The reference profile that `leeway profile` wrote. Default: the monitor's \
      `reference.profile`, relative to the monitor file.
      """
  )
  static let metrics = Parameter(
    "metrics",
    kind: .file,
    help: "Write every statistic of every window there, as NDJSON; - is standard output."
  )
  static let metricsSignal = Parameter(
    "metrics-signal",
    valueName: "pattern",
    isRepeatable: true,
    help: "Of --metrics only these signals, such as `score` or `features.*`; can be given again."
  )
  static let metricsStatistic = Parameter(
    "metrics-statistic",
    valueName: "name",
    isRepeatable: true,
    help: "Of --metrics only these statistics, such as `drift`; can be given again."
  )
  static let metricsWindow = Parameter(
    "metrics-window",
    valueName: "name",
    isRepeatable: true,
    help: "Of --metrics only these windows of the monitor; can be given again."
  )
  static let alerts = Parameter(
    "alerts",
    kind: .file,
    help: "Write alert transitions there, as NDJSON; - is standard output."
  )
  static let feedback = Parameter(
    "feedback",
    kind: .file,
    help: """
      Write what goes to those who mend the model there, as NDJSON: how the claim stands, requests \
      for labels, rows to train on, rollbacks; - is standard output.
      """
  )
  static let deadLetters = Parameter(
    "dead-letters",
    kind: .file,
    help: "Write lines that cannot be used there, as NDJSON; - is standard output."
  )
  static let state = Parameter(
    "state",
    kind: .file,
    valueName: "folder",
    help: """
      Keep what outlives the process there, and go on from it: windows, alerts, incidents, \
      budgets, the place in each file. What is not complete at the end waits for the next time.
      """
  )
  static let sort = Parameter(
    "sort",
    form: .flag,
    help: """
      Sort the lines of each stream by event time first: for a file that is newest first, shuffled, \
      or put together in the wrong order.
      """
  )
  static let threads = Parameter(
    "threads",
    kind: .integer(1...64),
    standard: "1",
    help: "Threads to decode and count with, from 1 to 64. The output is the same."
  )
  static let batch = Parameter(
    "batch",
    kind: .integer(1...4096),
    standard: "1024",
    isHidden: true,
    help: "Events a batch, from 1 to 4096."
  )
  static let quiet = Parameter(
    "quiet",
    "q",
    form: .flag,
    help: "No progress and no notes on standard error."
  )

  let profile: String?
  let metrics: String?
  let selection: MetricSelection
  let alerts: String?
  let deadLetters: String?
  let feedback: String?
  let state: String?
  let threads: Int
  let batch: Int
  let quiet: Bool

  init(_ values: Values, of command: Command) throws(UsageError) {
    profile = values.text(Self.profile)
    selection = MetricSelection(
      signals: values.texts(Self.metricsSignal),
      statistics: values.texts(Self.metricsStatistic),
      windows: values.texts(Self.metricsWindow)
    )
    metrics = values.text(Self.metrics)
    alerts = values.text(Self.alerts)
    deadLetters = values.text(Self.deadLetters)
    feedback = values.text(Self.feedback)
    state = values.text(Self.state)
    threads = values.integer(Self.threads)
    batch = values.integer(Self.batch)
    quiet = values.has(Self.quiet)
    guard metrics != nil || selection.isEverything else {
      throw command.error("--metrics-signal, -statistic and -window go with --metrics.")
    }
  }

  /// The options of the pipeline.
  var pipeline: PipelineOptions {
    var options = PipelineOptions()
    options.threads = threads
    options.batch = batch
    options.measuring = metrics == nil ? .nothing : .everything
    options.keepsLetters = deadLetters != nil
    return options
  }

  /// The files that are read and written, as far as the command line says.
  func files(_ monitors: [String], _ streams: [String]) -> CommandFiles {
    var files = CommandFiles()
    files.read(monitors, as: "the monitor")
    files.read(profile.map { [$0] } ?? [], as: "the profile")
    files.read(streams, as: "a stream that is read")
    files.write(metrics, as: "--metrics")
    files.write(alerts, as: "--alerts")
    files.write(deadLetters, as: "--dead-letters")
    files.write(feedback, as: "--feedback")
    files.write(state.map { $0 + "/state" }, as: "--state")
    return files
  }

  /// Where records go.
  var outputs: OutputPaths {
    var paths = OutputPaths()
    paths.paths[.metrics] = metrics
    paths.paths[.alerts] = alerts
    paths.paths[.deadLetters] = deadLetters
    paths.paths[.feedback] = feedback
    paths.selection = selection
    return paths
  }

  /// Reads the monitor and its profile and works them out against each other; prints the warnings.
  ///
  /// - Parameters:
  ///   - monitor: The monitor.
  ///   - files: The files that are read and written, as far as the command line says.
  ///   - wantsMetrics: Whether every statistic is worked out.
  ///   - wantsDistinct: Whether distinct numbers are among them; by default when they are.
  /// - Returns: The plan.
  /// - Throws: `SessionError` when there is none.
  func plan(
    _ monitor: MonitorOptions,
    _ files: CommandFiles,
    wantsMetrics: Bool,
    wantsDistinct: Bool? = nil
  ) throws(SessionError) -> Plan {
    // Before the monitor is read, and again with what it names.
    try files.check()
    return try plan(
      monitor.load(isQuiet: quiet),
      files,
      wantsMetrics: wantsMetrics,
      wantsDistinct: wantsDistinct
    )
  }

  /// Works a monitor that was read and its profile out against each other; prints the warnings.
  ///
  /// - Parameters:
  ///   - loaded: The monitor.
  ///   - files: The files that are read and written, as far as the command line says.
  ///   - wantsMetrics: Whether every statistic is worked out.
  ///   - wantsDistinct: Whether distinct numbers are among them; by default when they are.
  /// - Returns: The plan.
  /// - Throws: `SessionError` when there is none.
  func plan(
    _ loaded: LoadedMonitor,
    _ files: CommandFiles,
    wantsMetrics: Bool,
    wantsDistinct: Bool? = nil
  ) throws(SessionError) -> Plan {
    var files = files
    files.read(loaded, profile: profile)
    try files.check()
    let plan = try loaded.plan(
      profile: profile,
      wantsMetrics: wantsMetrics,
      wantsDistinct: wantsDistinct
    )
    try selection.check(plan)
    if !quiet { note(warnings: plan.warnings) }
    return plan
  }
}
