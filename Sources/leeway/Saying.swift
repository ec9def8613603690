import Agent
import Connectors
import Events
import Ingest
import Records
import Synchronization
import YAML

/// How grave what is said is.
enum NoteLevel: String {
  case info, warning, error
}

/// How what is said on standard error is written.
enum NoteFormat: String, CaseIterable {
  /// Sentences, for people.
  case text
  /// Pairs of names and values: `time`, `level`, `message`.
  case logfmt
  /// An object of JSON a line, with the same members.
  case json

  /// That of this process: its place among all.
  private static let place = Atomic<Int>(0)

  /// That of this process, sentences until another one is chosen.
  static var current: NoteFormat {
    get { allCases[place.load(ordering: .relaxed)] }
    set { place.store(allCases.firstIndex(of: newValue) ?? 0, ordering: .relaxed) }
  }
}

/// Writes a line of words to standard error; whatever it holds, it is one line.
func note(_ line: String, _ level: NoteLevel = .info) { note(lines: visible(line), level) }

/// Writes lines to standard error that were put together of what is visible; where lines are records,
/// as one of them.
func note(lines: String, _ level: NoteLevel = .info) {
  let lines = visibleLines(lines)
  switch NoteFormat.current {
  case .text: writeToStandardError(lines + "\n")
  case .logfmt:
    let time = Timestamp.format(AgentTime.now.wall)
    var message = JSONWriter()
    message.value(lines)
    writeToStandardError("time=\(time) level=\(level.rawValue) message=\(message.text)\n")
  case .json:
    var record = JSONWriter()
    record.beginObject()
    record.member("time", Timestamp.format(AgentTime.now.wall))
    record.member("level", level.rawValue)
    record.member("message", lines)
    record.endObject()
    writeToStandardError(record.text + "\n")
  }
}

/// Writes figures of the agent to standard error: lines that are pairs of names and values already.
func note(figures lines: String) {
  switch NoteFormat.current {
  case .text, .logfmt: writeToStandardError(visibleLines(lines) + "\n")
  case .json: for line in lines.split(separator: "\n") { note(lines: String(line)) }
  }
}

/// Writes a finding to standard error, with the line that it is about.
func note(_ finding: Diagnostic) {
  note(lines: finding.description, finding.severity == .error ? .error : .warning)
}

/// Writes warnings to standard error, a line each.
func note(warnings: [String]) {
  for warning in warnings {
    note(NoteFormat.current == .text ? "warning: \(warning)" : warning, .warning)
  }
}

/// Writes words to standard output.
///
/// - Throws: `StreamError.cannotWrite`: a text that nobody got is not said.
func say(_ text: String) throws(StreamError) {
  try hand(visibleLines(text))
}

/// Writes data to standard output as they are.
///
/// - Throws: `StreamError.cannotWrite`.
func hand(_ data: String) throws(StreamError) {
  try OutputSet.write(Array(data.utf8), to: "-")
}

extension JSONWriter {
  /// What was written, as text.
  fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}
