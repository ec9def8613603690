import Agent
import Arguments
import Connectors
import Events
import Monitoring
import Records
import Report
import Specification

/// The command `leeway replay`.
struct ReplayCommand: RunnableCommand {
  static let command = Command(
    "leeway replay",
    abstract: "Run recorded streams through a monitor, as fast as the machine allows.",
    discussion: """
      Time is the events' own. The same streams and monitor give the same bytes, whatever \
      --threads. Without output flags it prints what it found; with them it prints that to \
      standard error.
      """,
    parameters: [MonitorOptions.monitor] + StreamOptions.parameters + [
      streams, output, report, failOnAlert,
    ]
  )
  private static let streams = Parameter(
    "streams",
    form: .operand,
    kind: .file,
    isRequired: true,
    isRepeatable: true,
    help: "Streams of events (NDJSON, also gzip or zstd); - is standard input."
  )
  private static let output = Parameter(
    "output",
    "o",
    kind: .file,
    help: "Write the summary there."
  )
  private static let report = Parameter(
    "report",
    kind: .file,
    help: "Write a page there: the verdict, a drift map, alerts. One file of HTML."
  )
  private static let failOnAlert = Parameter(
    "fail-on-alert",
    form: .flag,
    help: "Exit with 1 when an alert fired."
  )

  private let monitor: MonitorOptions
  private let options: StreamOptions
  private let streams: [String]
  private let output: String?
  private let report: String?
  private let failOnAlert: Bool

  init(_ values: Values) throws(UsageError) {
    monitor = MonitorOptions(values)
    options = try StreamOptions(values, of: Self.command)
    streams = values.texts(Self.streams)
    output = values.text(Self.output)
    report = values.text(Self.report)
    failOnAlert = values.has(Self.failOnAlert)
    let records = [options.metrics, options.alerts, options.deadLetters, output].compactMap { $0 }
    guard let report, records.contains(report) else { return }
    throw Self.command.error(
      "--report and another output have the same name: give each its own file."
    )
  }

  func run() throws {
    let specification = try monitor.load(isQuiet: options.quiet)
    let plan = try options.plan(
      specification,
      monitorPath: monitor.path,
      wantsMetrics: measuresAll,
      wantsDistinct: options.metrics != nil
    )
    guard streams.count == 1 || !specification.countsEvents else {
      throw Self.command.error(
        "windows of events need one stream, got \(streams.count): replay one, or use windows of time."
      )
    }
    do {
      try replay(plan)
    } catch let error as StreamError {
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
    var work = options.pipeline
    if report != nil, options.metrics == nil { work.measuring = .report }
    var pipeline = try Pipeline(plan, paths: streams, isLive: false, options: work)
    var outputs = try OutputSet(paths)
    var progress = Progress(isQuiet: options.quiet)
    var summary = ReplaySummary(plan)
    var collected = report.map { _ in ReplayReport(plan) }
    var fired = 0
    var hasEnded = false
    while !hasEnded {
      hasEnded = pipeline.hasEnded
      let round = hasEnded ? pipeline.finish() : pipeline.runRound()
      try outputs.write(round)
      summary.insert(round.engine)
      collected?.insert(round.engine)
      fired += round.engine.alerts.count { $0.state == .firing }
      if !hasEnded { progress.show(pipeline.tally, pipeline.progress) }
    }
    try outputs.flush()
    progress.clear()
    let notes = summary.notes(
      pipeline.engine,
      unprofiledFields: pipeline.unprofiledFields,
      failures: pipeline.failures,
      eventsAfterEnd: pipeline.eventsAfterEnd
    )
    if let report, let page = collected?.page(pipeline, notes) {
      try OutputSet.write(page, to: report)
    }
    try show(summary.text(pipeline.tally, pipeline.engine, notes: notes), paths)
    if !pipeline.failures.isEmpty { throw ExitCode(1) }
    if failOnAlert, fired > 0 { throw ExitCode(1) }
  }

  /// Whether every statistic is worked out, not only what the rules need.
  private var measuresAll: Bool { options.metrics != nil || report != nil }

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

extension ReplayReport {
  /// The page at the end of a replay.
  fileprivate func page(_ pipeline: borrowing Pipeline, _ notes: [String]) -> [UInt8] {
    var ending = ReplayEnding()
    ending.lines = pipeline.tally.lines
    ending.events = pipeline.tally.events
    ending.ignored = pipeline.tally.ignored
    ending.refused = pipeline.tally.refused
    ending.notes = notes
    return page(movements: pipeline.engine.movements, ending: ending)
  }
}
