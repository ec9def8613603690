import Agent
import Arguments
import Connectors
import Events
import Ingest
import Monitoring
import Specification
import Survey
import YAML

/// The command `leeway init`.
///
/// Its 9 properties are the values of the command's parameters, one each.
struct InitCommand: RunnableCommand {
  static let command = Command(
    "leeway init",
    abstract: "Write a starter monitor from the first lines of a log.",
    discussion: """
      It looks for the time, the id, the score, the decision, the version, the latency and the \
      features, chooses windows by how often events come, and says in a comment why. Fields that \
      look like personal data are left out. Everything is a guess: read the file once. \
      docs/init.md says what it looks at.
      """,
    parameters: [
      stream, output, ReplacingOptions.force, model, kind, constraints, statistics, lines, quiet,
    ]
  )
  private static let stream = Parameter(
    "stream",
    form: .operand,
    kind: .file,
    help: "The log (NDJSON, also gzip or zstd); - is standard input."
  )
  private static let output = Parameter(
    "output",
    "o",
    kind: .file,
    standard: "-",
    help: "Where to write the monitor; - is standard output."
  )
  private static let model = Parameter(
    "model",
    help: "The model's name. Default: the log's, else the file's."
  )
  private static let kind = Parameter(
    "kind",
    help: "The kind of events to watch, where the log has several."
  )
  private static let constraints = Parameter(
    "constraints",
    kind: .file,
    help: "A baseline of SageMaker Model Monitor to import: its constraints.json."
  )
  private static let statistics = Parameter(
    "statistics",
    kind: .file,
    help: "With --constraints: its statistics.json, which becomes the reference profile."
  )
  private static let lines = Parameter(
    "lines",
    kind: .integer(1...100_000),
    standard: "\(SurveyLimits.defaultLines)",
    help: "The lines to look at."
  )
  private static let quiet = Parameter(
    "quiet",
    "q",
    form: .flag,
    help: "No notes on standard error."
  )

  private let stream: String?
  private let output: String
  private let isForced: Bool
  private let model: String?
  private let kind: String?
  private let constraints: String?
  private let statistics: String?
  private let lines: Int
  private let quiet: Bool

  init(_ values: Values) throws(UsageError) {
    stream = values.text(Self.stream)
    output = values.required(Self.output)
    isForced = values.has(ReplacingOptions.force)
    model = values.text(Self.model)
    kind = values.text(Self.kind)
    constraints = values.text(Self.constraints)
    statistics = values.text(Self.statistics)
    lines = values.integer(Self.lines)
    quiet = values.has(Self.quiet)
    guard statistics == nil || constraints != nil else {
      throw Self.command.error("--statistics needs --constraints.")
    }
    guard statistics == nil || output != "-" else {
      throw Self.command.error(
        "--statistics also writes a profile: say with -o where the monitor goes."
      )
    }
  }

  func run() throws {
    // A baseline alone is enough; otherwise no name means standard input.
    let log = stream ?? (constraints == nil ? "-" : nil)
    try checkFiles(log)
    do {
      let survey = try log.map(read) ?? LogSurvey()
      let context = LogSurvey.Context(
        model: model,
        kind: kind,
        source: log == "-" ? "standard input" : log ?? "",
        profile: profileName
      )
      if let constraints {
        try importBaseline(constraints, survey, context)
      } else {
        let starter = try survey.starter(context)
        try write(starter.text)
        report(starter.warnings, starter.summary, hasProfile: false)
      }
    } catch let error as SurveyError {
      note("\(stream ?? "standard input"): \(error)")
      throw ExitCode(1)
    } catch let error as SageMakerError {
      note("\([constraints, statistics].compactMap { $0 }.joined(separator: ", ")): \(error)")
      throw ExitCode(1)
    }
  }

  /// Sees that nothing is read that is written, and nothing lost that is there.
  private func checkFiles(_ log: String?) throws(SessionError) {
    var files = CommandFiles()
    files.read(log.map { [$0] } ?? [], as: "the log")
    files.read(constraints.map { [$0] } ?? [], as: "the file of --constraints")
    files.read(statistics.map { [$0] } ?? [], as: "the file of --statistics")
    files.write(output, as: "--output")
    if statistics != nil { files.write(beside(profileName), as: "the profile") }
    try files.check()
    try CommandFiles.checkReplacing(output, "--output", isForced: isForced)
    guard statistics != nil else { return }
    try CommandFiles.checkReplacing(
      beside(profileName),
      "the profile",
      isForced: isForced,
      kind: "a profile",
      replaced: Profile.isBegun
    )
  }

  private func importBaseline(
    _ constraints: String,
    _ survey: LogSurvey,
    _ context: LogSurvey.Context
  ) throws {
    let baseline = try SageMakerBaseline(
      constraints: ByteSource.contents(of: constraints),
      statistics: statistics.map(ByteSource.contents)
    )
    let imported = SageMakerMonitor(baseline, survey: survey, context: context)
    try write(imported.text)
    let profile = statistics == nil ? nil : imported.profile
    if let profile { try OutputSet.write(profile.encoded(), to: beside(profileName)) }
    report(imported.warnings, imported.summary, hasProfile: profile != nil)
  }

  /// Reads the first lines.
  private func read(_ stream: String) throws -> LogSurvey {
    var survey = LogSurvey(limits: SurveyLimits(lines: lines))
    // Whether lines are parts is not known yet: what looks like one is joined to the others.
    let limit = DecodingLimits.lineBytesMax
    let source = JoinedSource(
      try FileSource(path: stream, lineLimit: limit),
      lineLimit: limit,
      goesOn: false
    )
    var chunk = LineChunk(capacity: Self.chunkBytes)
    var rewriter = EventRewriter(
      EventShape(),
      reading: EventRewriter.Reading(json: .lenient),
      limits: DecodingLimits(lineBytes: DecodingLimits.lineBytesMax)
    )
    var rows = RewrittenLines()
    var bytes = 0
    while !survey.isFull, try source.next(into: &chunk, target: Self.chunkBytes, waits: true) {
      bytes += chunk.count
      rewriter.begin()
      var isLast = false
      while !isLast, !survey.isFull {
        isLast = unsafe chunk.withBytes { bytes in
          unsafe rewriter.next(
            of: bytes,
            atStreamStart: chunk.isAtStreamStart,
            areLines: chunk.areLines,
            into: &rows
          )
        }
        for line in rows.bytes[..<rows.count].split(separator: 0x0A) { survey.add(line) }
      }
      if bytes > survey.limits.bytes { break }
    }
    return survey
  }

  /// How much is read at a time.
  private static let chunkBytes = 1 << 16

  /// Writes the monitor, unless its own loader refuses it.
  private func write(_ text: String) throws {
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array(text.utf8),
      file: output == "-" ? "monitor.yaml" : output,
      environment: [:]
    )
    guard monitor != nil else {
      for diagnostic in diagnostics { note(diagnostic) }
      note("the monitor that was written is not right, a mistake of leeway's: please report it")
      throw ExitCode(1)
    }
    try OutputSet.write(Array(text.utf8), to: output)
  }

  private func report(_ warnings: [String], _ summary: String, hasProfile: Bool) {
    guard !quiet else { return }
    for warning in warnings { note("warning: \(warning)") }
    let file = output == "-" ? "monitor.yaml" : output
    let log = stream.flatMap { $0 == "-" ? nil : $0 } ?? "LOG"
    note("\(output == "-" ? "" : "\(output): ")\(summary)")
    note("Next:")
    note("  leeway check \(file)")
    if !hasProfile { note("  leeway profile -m \(file) \(log) -o \(beside(profileName))") }
    note("  leeway replay -m \(file) \(log)")
  }

  /// The profile's name: the monitor's, with another ending.
  private var profileName: String {
    let file = output == "-" ? "monitor.yaml" : output.split(separator: "/").last.map(String.init)
    var stem = file ?? "monitor"
    for ending in [".yaml", ".yml"] where stem.hasSuffix(ending) { stem.removeLast(ending.count) }
    return stem + ".profile"
  }

  /// A name in the monitor's folder.
  private func beside(_ name: String) -> String {
    guard let slash = output.lastIndex(of: "/") else { return name }
    return output[...slash] + name
  }
}
