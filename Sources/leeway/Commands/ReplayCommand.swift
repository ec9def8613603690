import Agent
import ArgumentParser
import Events
import Monitoring

/// The command `leeway replay`.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run recorded streams through a monitor, as fast as the machine allows.",
    discussion: """
      Time is the events' own. The same streams and monitor give the same bytes, whatever \
      --threads. Without output flags it prints what it found; with them it prints that to \
      standard error.
      """
  )

  @OptionGroup var monitor: MonitorOptions
  @OptionGroup var options: StreamOptions

  @Argument(help: "Streams of events (NDJSON, also gzip or zstd); - is standard input.")
  var streams: [String]

  @Option(name: [.short, .customLong("output")], help: "Write the summary there.")
  var output: String?

  @Flag(help: "Exit with 1 when an alert fired.")
  var failOnAlert = false

  func run() throws {
    let specification = try monitor.load(isQuiet: options.quiet)
    let plan = try options.plan(specification, monitorPath: monitor.path)
    guard streams.count == 1 || !specification.countsEvents else {
      throw ValidationError(
        "Windows of events need one stream, got \(streams.count): replay one, or use windows of time."
      )
    }
    do {
      try replay(plan)
    } catch let error as StreamFailure {
      note(error.description)
      throw ExitCode(1)
    }
  }

  private func replay(_ plan: Plan) throws {
    let paths = OutputPaths(
      metrics: options.metrics,
      alerts: options.alerts,
      deadLetters: options.deadLetters
    )
    var pipeline = try Pipeline(plan, paths: streams, isLive: false, options: options.pipeline)
    var outputs = try OutputSet(paths)
    var progress = Progress(isQuiet: options.quiet)
    var summary = ReplaySummary(plan)
    var fired = 0
    while !pipeline.hasEnded {
      let round = pipeline.runRound()
      try outputs.write(round)
      summary.insert(round.engine)
      fired += round.engine.alerts.count { $0.state == .firing }
      progress.show(pipeline.tally, pipeline.progress)
    }
    var last = RoundOutput()
    last.engine = pipeline.finish()
    try outputs.write(last)
    summary.insert(last.engine)
    fired += last.engine.alerts.count { $0.state == .firing }
    try outputs.flush()
    progress.clear()
    let text = summary.text(
      pipeline.tally,
      pipeline.engine,
      unprofiledFields: pipeline.unprofiledFields,
      failures: pipeline.failures
    )
    try show(text, paths)
    if !pipeline.failures.isEmpty { throw ExitCode(1) }
    if failOnAlert, fired > 0 { throw ExitCode(1) }
  }

  private func show(_ text: String, _ paths: OutputPaths) throws {
    if let output {
      try OutputSet.write(Array(text.utf8), to: output)
    } else if paths.isEmpty {
      print(text, terminator: "")
    } else if !options.quiet {
      note(String(text.dropLast()))
    }
  }
}
