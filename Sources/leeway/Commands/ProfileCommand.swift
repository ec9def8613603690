import Agent
import Arguments
import Events
import Ingest
import Monitoring
import Records
import Specification

/// The command `leeway profile`.
///
/// Its 9 properties are the values of its parameters, one each.
struct ProfileCommand: RunnableCommand {
  static let command = Command(
    "leeway profile",
    abstract: "Build a reference profile from a period that was good.",
    discussion: """
      The profile holds counts, no events: production needs it and not the data. Features that a \
      wildcard names are found in the streams; a field's type is that of most of its values \
      unless the monitor says otherwise. \
      --force replaces an older profile, and nothing else.
      """,
    parameters: [
      MonitorOptions.monitor, streams, output, ReplacingOptions.force, allowPartial,
      StreamOptions.sort, StreamOptions.deadLetters, StreamOptions.quiet,
    ] + TopicOptions.parameters
  )
  private static let streams = Parameter(
    "streams",
    form: .operand,
    kind: .file,
    standard: "-",
    isRepeatable: true,
    help: """
      Streams of events (NDJSON, also gzip or zstd); - is standard input. Beside topics none unless \
      it is named.
      """
  )
  private static let output = Parameter(
    "output",
    "o",
    kind: .file,
    isRequired: true,
    help: "Where to write the profile."
  )

  private static let allowPartial = Parameter(
    "allow-partial",
    form: .flag,
    help: "Profile what could be read of a stream that is damaged; without it that is an error."
  )

  private let monitor: MonitorOptions
  private let streams: [String]
  private let output: String
  private let isForced: Bool
  private let allowsPart: Bool
  private let deadLetters: String?
  private let sorts: Bool
  private let quiet: Bool
  private let topics: TopicOptions

  init(_ values: Values) throws(UsageError) {
    monitor = MonitorOptions(values)
    topics = try TopicOptions(values, of: Self.command)
    let isDefault = topics.path != nil && !values.has(Self.streams)
    streams = isDefault ? [] : values.texts(Self.streams)
    output = values.required(Self.output)
    isForced = values.has(ReplacingOptions.force)
    allowsPart = values.has(Self.allowPartial)
    deadLetters = values.text(StreamOptions.deadLetters)
    sorts = values.has(StreamOptions.sort)
    quiet = values.has(StreamOptions.quiet)
  }

  func run() throws {
    let specification = try load()
    let ranges = try topics.ranges(isQuiet: quiet)
    var profiling = try Profiling(specification, paths: streams, ranges: ranges, sorts: sorts)
    var records = OutputPaths()
    records.paths[.deadLetters] = deadLetters
    var outputs = try OutputSet(records)
    var progress = Progress(isQuiet: quiet)
    while let letters = profiling.readChunk() {
      try outputs.write(RoundOutput(letters: letters))
      progress.show(profiling.tally, profiling.progress)
    }
    try outputs.finish()
    progress.clear()
    var profile = try profiling.finish(allowsPart: allowsPart)
    if profiling.needsTable, profiling.failures.isEmpty {
      profile = try profiling.withTable(profile) { progress.show(profiling.tally, $0) }
    }
    progress.clear()
    try OutputSet.write(profile.encoded(), to: output)
    note(warnings: profiling.failures.map { "a part was profiled: \($0)" })
    if !quiet { report(profile, profiling) }
  }

  /// Reads the monitor, once it is clear that the outputs destroy nothing.
  private func load() throws(SessionError) -> Monitor {
    var files = CommandFiles()
    files.read([monitor.path], as: "the monitor")
    files.read(streams, as: "a stream that is read")
    files.read(topics.path.map { [$0] } ?? [], as: "the agent file")
    files.write(output, as: "--output")
    files.write(deadLetters, as: "--dead-letters")
    try files.check()
    let loaded = try monitor.load(isQuiet: quiet)
    files.read(loaded.files, as: "the monitor")
    try files.check()
    try CommandFiles.checkReplacing(
      output,
      "--output",
      isForced: isForced,
      kind: "a profile",
      replaced: Profile.isBegun
    )
    return loaded.monitor
  }

  private func report(_ profile: Profile, _ profiling: borrowing Profiling) {
    for line in profiling.tally.refusalLines { note("refused: \(line)") }
    if let words = profiling.tally.refusalWords { note("warning: \(words)") }
    for sentence in profiling.tally.sentences { note("warning: \(sentence)") }
    if let repeats = profiling.repeats, repeats.dropped > 0 {
      note(
        "\(counted(repeats.dropped, "event")) had an id and version that came before: they are dropped"
      )
    }
    for name in profiling.emptySignals {
      note("warning: \(name): no value of its type in the streams: it is not watched")
    }
    for signal in profile.signals {
      let share = Double(signal.invalid) / Double(max(1, profile.events))
      guard share > NotableGap.share else { continue }
      note(
        "warning: \(signal.name): \(percent(share)) of its values are of another type than the most: "
          + "they are invalid, here and in windows"
      )
    }
    for segment in profile.segments where segment.isTruncated {
      note(
        "warning: \(segment.path): the \(segment.values.count) most frequent values are segments, "
          + "the rest is \(otherName): limits.segment_values is reached"
      )
    }
    if profiling.unsegmentedEvents > 0 {
      note(
        "warning: \(profiling.unsegmentedEvents) predictions are in no segment: too many "
          + "combinations of segment values"
      )
    }
    for name in profiling.reservedFields {
      note("warning: \(name): left out, the signal of this name is the model's own")
    }
    for name in profiling.leftOut {
      note("warning: \(name): left out, limits.signals is reached")
    }
    for sentence in profile.sentinelNotes { note("warning: \(sentence)") }
    note(
      "\(output): \(profile.signals.count) signals of \(profile.events) predictions, "
        + "content hash \(profile.contentHash)"
    )
  }
}
