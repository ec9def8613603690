import Agent
import Arguments
import Connectors
import Events
import Expressions
import Trials
import YAML

/// The command `leeway generate`.
struct GenerateCommand: RunnableCommand {
  static let command = Command(
    "leeway generate",
    abstract: "Write a stream of made-up events that a file describes.",
    discussion: """
      The same file gives the same bytes everywhere. Changes that the file names can be left out; \
      an event that they do not touch stays as it is. docs/rule-tests.md describes the file.
      """,
    parameters: [file, output, from, until, without, withoutChanges, quiet]
  )
  private static let file = Parameter(
    "file",
    form: .operand,
    kind: .file,
    isRequired: true,
    help: "The stream's description (YAML)."
  )
  private static let output = Parameter(
    "output",
    "o",
    kind: .file,
    standard: "-",
    help: "Where to write the events; .gz or .zst at the end packs them. - is standard output."
  )
  private static let from = Parameter(
    "from",
    help: "Leave out events before: a time (RFC 3339), or a duration from the start."
  )
  private static let until = Parameter(
    "until",
    help: "Leave out events from then on: a time, or a duration from the start."
  )
  private static let without = Parameter(
    "without",
    valueName: "name",
    isRepeatable: true,
    help: "Leave out a change; can be given again."
  )
  private static let withoutChanges = Parameter(
    "without-changes",
    form: .flag,
    help: "Leave out all changes."
  )
  private static let quiet = Parameter(
    "quiet",
    "q",
    form: .flag,
    help: "No word of how many events were written."
  )

  private let file: String
  private let output: String
  private let from: String?
  private let until: String?
  private let without: [String]
  private let withoutChanges: Bool
  private let quiet: Bool

  init(_ values: Values) {
    file = values.required(Self.file)
    output = values.required(Self.output)
    from = values.text(Self.from)
    until = values.text(Self.until)
    without = values.texts(Self.without)
    withoutChanges = values.has(Self.withoutChanges)
    quiet = values.has(Self.quiet)
  }

  func run() throws {
    var files = CommandFiles()
    files.read([file], as: "the stream's description")
    files.write(output, as: "--output")
    try files.check()
    let stream = try load()
    let first = try time(from, "--from", stream, stream.start)
    let end = try time(until, "--until", stream, stream.end)
    guard first <= end else {
      throw Self.command.error("--from is later than --until: swap them.")
    }
    let generator = StreamGenerator(stream, without: try leftOut(of: stream), times: first..<end)
    try write(generator)
  }

  private func load() throws -> StreamSpecification {
    let (stream, diagnostics) = StreamSpecification.load(
      bytes: try ByteSource.contents(of: file),
      file: file,
      environment: ProcessEnvironment.variables
    )
    for diagnostic in diagnostics where !quiet || stream == nil { note(diagnostic) }
    guard let stream else { throw ExitCode(1) }
    return stream
  }

  private func leftOut(of stream: StreamSpecification) throws -> Set<String> {
    let known = stream.changeNames
    for name in without where !known.contains(name) {
      let near = spellingSuggestion(for: name, among: known)
      let advice =
        near.map { "did you mean \"\($0)\"?" }
        ?? (known.isEmpty ? "it has none." : "use one of \(known.joined(separator: ", ")).")
      throw Self.command.error("--without: \(file) has no change \"\(name)\": \(advice)")
    }
    return Set(withoutChanges ? known : without)
  }

  private func time(
    _ text: String?,
    _ option: String,
    _ stream: StreamSpecification,
    _ standard: Int64
  ) throws -> Int64 {
    guard let text else { return standard }
    if let time = Timestamp.parse(text) { return min(max(time, stream.start), stream.end) }
    if let span = try? TimeSpan(parsing: text) {
      return stream.start + min(span, stream.duration).nanoseconds
    }
    throw Self.command.error(
      "\(option): expected a time or a duration from the start, got \"\(text)\": "
        + "give one such as 2026-03-05T06:00:00Z or 3d6h."
    )
  }

  private func write(_ generator: StreamGenerator) throws {
    var generator = generator
    var file = try OutputStream(path: output)
    var lines: [UInt8] = []
    while generator.next(into: &lines) {
      guard lines.count >= 1 << 16 else { continue }
      try file.write(lines)
      lines.removeAll(keepingCapacity: true)
    }
    try file.write(lines)
    try file.finish()
    let outcomes = generator.outcomes > 0 ? " and \(generator.outcomes) outcomes" : ""
    if !quiet { note("\(output): \(generator.events) events\(outcomes)") }
  }
}
