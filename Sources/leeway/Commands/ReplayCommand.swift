import Agent
import Arguments
import Connectors
import Events
import Ingest
import Monitoring
import Records
import Report

/// The command `leeway replay`.
///
/// Its 9 properties are the values of its parameters, one each.
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
      streams, output, report, failOnAlert, allowRefused, StreamOptions.sort,
    ] + TopicOptions.parameters
  )
  private static let streams = Parameter(
    "streams",
    form: .operand,
    kind: .file,
    isRepeatable: true,
    help: """
      Streams of events (NDJSON, also gzip or zstd); - is standard input. At least one, unless \
      --config names topics.
      """
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

  private static let allowRefused = Parameter(
    "allow-refused",
    kind: .share,
    valueName: "share",
    standard: "\(StreamTally.refusedPercentLimit)%",
    help: "Exit with 1 when a larger share of the lines is refused."
  )

  private let monitor: MonitorOptions
  private let options: StreamOptions
  private let streams: [String]
  private let output: String?
  private let report: String?
  private let failOnAlert: Bool
  private let sorts: Bool
  private let allowedShare: Double
  private let topics: TopicOptions

  init(_ values: Values) throws(UsageError) {
    monitor = MonitorOptions(values)
    options = try StreamOptions(values, of: Self.command)
    streams = values.texts(Self.streams)
    output = values.text(Self.output)
    report = values.text(Self.report)
    failOnAlert = values.has(Self.failOnAlert)
    sorts = values.has(StreamOptions.sort)
    topics = try TopicOptions(values, of: Self.command)
    guard !streams.isEmpty || topics.path != nil else {
      throw Self.command.error("give the streams that are to be replayed, or topics with --config.")
    }
    guard !sorts || options.state == nil else {
      throw Self.command.error("--sort reads a stream to its end: it does not go with --state.")
    }
    allowedShare = values.share(Self.allowRefused)
  }

  func run() throws {
    var files = options.files([monitor.path], streams)
    files.write(output, as: "--output")
    files.write(report, as: "--report")
    files.read(topics.path.map { [$0] } ?? [], as: "the agent file")
    let plan = try options.plan(
      monitor,
      files,
      wantsMetrics: measuresAll,
      wantsDistinct: options.metrics != nil
    )
    try replay(Session(plan, request(topics.ranges(isQuiet: options.quiet))))
  }

  private func request(_ ranges: [KafkaRange]) -> Session.Request {
    var request = Session.Request(
      .replay,
      streams: streams,
      outputs: options.outputs,
      pipeline: options.pipeline
    )
    request.names.ranges = ranges
    request.state = options.state
    request.pipeline.sorts = sorts
    if report != nil { request.pipeline.parts = .surest }
    if report != nil, options.metrics == nil { request.pipeline.measuring = .report }
    return request
  }

  private func replay(_ begun: consuming Session) throws {
    var session = begun
    let one = session.only
    if !options.quiet { note(warnings: session.mended + session.stateNotes) }
    var progress = Progress(isQuiet: options.quiet)
    var summary = ReplaySummary(one.plan)
    var collected = report.map { _ in ReplayReport(one.plan) }
    summary.resume(one.pipeline.engine)
    collected?.resume(one.pipeline.engine)
    var isFinishing = false
    repeat {
      isFinishing = isFinishing || one.pipeline.hasEnded
      let endsHere = isFinishing && !session.goesOn
      let round = endsHere ? one.pipeline.finish() : one.pipeline.runRound()
      try session.write(round)
      summary.insert(round.engine)
      collected?.insert(round.engine)
      if !isFinishing { progress.show(one.pipeline.tally, one.pipeline.progress) }
      if let error = try session.keepState(now: monotonicNanoseconds()) { note("\(error)") }
    } while !isFinishing || one.pipeline.hasBacklog
    try session.finish()
    try session.keepLastState()
    progress.clear()
    let found = summary.notes(
      one.pipeline.engine,
      unprofiledFields: one.pipeline.unprofiledFields,
      tally: one.pipeline.tally,
      failures: one.pipeline.failures
    )
    let notes = found + one.pipeline.tornLines
    if let report, let page = collected?.page(one.pipeline, notes) {
      try OutputSet.write(page, to: report)
    }
    let tally = one.pipeline.tally
    let isTold = try show(
      summary.text(
        tally,
        one.pipeline.engine,
        notes: notes,
        looks: one.pipeline.invalidWords
      )
    )
    if !isTold { for failure in one.pipeline.failures { note("\(failure)") } }
    let isPart = session.goesOn
    if tally.events == 0, tally.lines > 0, !isPart { throw SessionError.nothingCounted(tally) }
    if tally.refusedShare > allowedShare {
      throw SessionError.muchRefused(tally, allowed: allowedShare)
    }
    if !isPart { try session.checkUsable() }
    try session.conclude(failsOnAlert: failOnAlert)
  }

  /// Whether every statistic is worked out, not only what the rules need.
  private var measuresAll: Bool { options.metrics != nil || report != nil }

  /// Writes the summary where it goes.
  ///
  /// - Returns: Whether that was standard error.
  private func show(_ text: String) throws -> Bool {
    if let output {
      try OutputSet.write(Array(text.utf8), to: output)
    } else if options.outputs.isEmpty {
      try say(text)
    } else if !options.quiet {
      note(lines: String(text.dropLast()))
      return true
    }
    return false
  }
}

extension ReplayReport {
  /// The page at the end of a replay.
  fileprivate func page(_ pipeline: borrowing Pipeline, _ notes: [String]) -> [UInt8] {
    var ending = ReplayEnding()
    ending.lines = pipeline.tally.lines
    ending.duplicates = pipeline.engine.duplicateSentence
    ending.events = pipeline.tally.events - pipeline.engine.droppedRepeats
    ending.ignored = pipeline.tally.ignored
    ending.refused = pipeline.tally.refused
    ending.windows = pipeline.engine.windowTallies
    ending.parts = pipeline.engine.trafficParts
    ending.outcomes = pipeline.engine.outcomeStanding
    ending.notes = notes
    ending.looks = pipeline.invalidWords
    ending.unwatched = pipeline.engine.plan.unwatched
    ending.refusals = pipeline.tally.refusalLines
    ending.refusalWords = pipeline.tally.refusalWords
    return page(movements: pipeline.engine.movements, ending: ending)
  }
}
