import Agent
import Arguments
import Monitoring

/// The profile and the records of a run.
struct StreamOptions {
  static let parameters = [profile, metrics, alerts, deadLetters, threads, batch, quiet]

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
  static let alerts = Parameter(
    "alerts",
    kind: .file,
    help: "Write alert transitions there, as NDJSON; - is standard output."
  )
  static let deadLetters = Parameter(
    "dead-letters",
    kind: .file,
    help: "Write lines that cannot be used there, as NDJSON; - is standard output."
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
  let alerts: String?
  let deadLetters: String?
  let threads: Int
  let batch: Int
  let quiet: Bool

  init(_ values: Values, of command: Command) throws(UsageError) {
    profile = values.text(Self.profile)
    metrics = values.text(Self.metrics)
    alerts = values.text(Self.alerts)
    deadLetters = values.text(Self.deadLetters)
    threads = values.integer(Self.threads)
    batch = values.integer(Self.batch)
    quiet = values.has(Self.quiet)
    let outputs = [metrics, alerts, deadLetters].compactMap { $0 }
    guard Set(outputs).count == outputs.count else {
      throw command.error("two outputs have the same name: give each a file of its own.")
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

  /// Where records go.
  var outputs: OutputPaths {
    OutputPaths(metrics: metrics, alerts: alerts, deadLetters: deadLetters)
  }

  /// Reads the profile and works it out against a monitor; prints the warnings.
  ///
  /// - Parameters:
  ///   - loaded: The monitor.
  ///   - wantsMetrics: Whether every statistic is worked out.
  ///   - wantsDistinct: Whether distinct numbers are among them; by default when they are.
  /// - Returns: The plan.
  /// - Throws: `SessionError` when there is none.
  func plan(
    _ loaded: LoadedMonitor,
    wantsMetrics: Bool,
    wantsDistinct: Bool? = nil
  ) throws(SessionError) -> Plan {
    let plan = try loaded.plan(
      profile: profile,
      wantsMetrics: wantsMetrics,
      wantsDistinct: wantsDistinct
    )
    if !quiet { note(warnings: plan.warnings) }
    return plan
  }
}
