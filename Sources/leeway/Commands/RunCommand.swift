import Agent
import ArgumentParser
import Events
import Monitoring

/// The command `leeway run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Watch live events from standard input or named pipes.",
    discussion: """
      Alerts go to standard output unless --alerts says otherwise, as soon as the window that \
      shows them is complete. SIGTERM and SIGINT stop reading, judge what is open and end with 0; \
      a second one ends at once. Standard input cannot be read again: what was not judged when \
      the process dies is lost.
      """
  )

  @OptionGroup var monitor: MonitorOptions
  @OptionGroup var options: StreamOptions

  @Argument(help: "Standard input (-) or named pipes.")
  var streams: [String] = ["-"]

  func run() throws {
    let signals = StopSignals()
    let specification = try monitor.load(isQuiet: options.quiet)
    let plan = try options.plan(specification, monitorPath: monitor.path)
    guard streams.count == 1 || !specification.countsEvents else {
      throw ValidationError(
        "Windows of events need one stream, got \(streams.count): run one, or use windows of time."
      )
    }
    do {
      try watch(plan, signals)
    } catch let error as StreamFailure {
      note(error.description)
      throw ExitCode(1)
    }
  }

  private func watch(_ plan: Plan, _ signals: StopSignals) throws {
    let paths = OutputPaths(
      metrics: options.metrics,
      alerts: options.alerts ?? (options.metrics == "-" || options.deadLetters == "-" ? nil : "-"),
      deadLetters: options.deadLetters
    )
    var pipeline = try Pipeline(plan, paths: streams, isLive: true, options: options.pipeline)
    var outputs = try OutputSet(paths)
    if !options.quiet {
      note(
        "leeway \(leewayVersion): watching \(plan.monitor.model), "
          + "reference \(plan.profile.contentHash)"
      )
    }
    var isStopping = false
    while !pipeline.hasEnded, !isStopping {
      isStopping = pipeline.wait(for: signals.descriptor, milliseconds: 1000)
      let round = pipeline.runRound(now: monotonicNanoseconds())
      try outputs.write(round)
      try outputs.flush()
    }
    var last = RoundOutput()
    last.engine = pipeline.finish()
    try outputs.write(last)
    try outputs.flush()
    guard !options.quiet else { return }
    for failure in pipeline.failures { note(failure) }
    let tally = pipeline.tally
    note(
      "\(isStopping ? "stopped" : "end of input"): \(tally.events) predictions, "
        + "\(tally.ignored) other events, \(tally.refusedLines) refused"
    )
  }
}
