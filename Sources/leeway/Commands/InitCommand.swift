import Agent
import ArgumentParser
import Connectors
import Monitoring
import Survey

/// The command `leeway init`.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a starter monitor from the first lines of a log.",
    discussion: """
      It looks for the time, the id, the score, the decision, the version, the latency and the \
      features, chooses windows by how often events come, and says in a comment why. Fields that \
      look like personal data are left out. Everything is a guess: read the file once. \
      docs/init.md says what it looks at.
      """
  )

  @Argument(help: "The log (NDJSON, also gzip or zstd); - is standard input.")
  var stream = "-"

  @Option(
    name: [.short, .customLong("output")],
    help: "Where to write the monitor; - is standard output."
  )
  var output = "-"

  @Option(help: "The model's name. Default: the log's, else the file's.")
  var model: String?

  @Option(help: "The kind of events to watch, where the log has several.")
  var kind: String?

  @Option(help: "The lines to look at.")
  var lines = SurveyLimits.defaultLines

  @Flag(name: .shortAndLong, help: "No notes on standard error.")
  var quiet = false

  func validate() throws {
    guard (1...100_000).contains(lines) else {
      throw ValidationError("--lines is \(lines): give a number from 1 to 100000.")
    }
  }

  func run() throws {
    do {
      let survey = try read()
      let starter = try survey.starter(
        LogSurvey.Context(
          model: model,
          kind: kind,
          source: stream == "-" ? "standard input" : stream,
          profile: profileName
        )
      )
      try write(starter)
    } catch let error as StreamError {
      note(error.description)
      throw ExitCode(1)
    } catch let error as SurveyError {
      note("\(stream): \(error)")
      throw ExitCode(1)
    }
  }

  /// Reads the first lines.
  private func read() throws -> LogSurvey {
    var survey = LogSurvey(limits: SurveyLimits(lines: lines))
    var source = try ByteSource(path: stream)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var rest: [UInt8] = []
    while !survey.isFull {
      let count = try unsafe buffer.withUnsafeMutableBytes { buffer throws(StreamError) in
        try unsafe source.read(into: buffer)
      }
      if count == 0 {
        survey.add(rest)
        break
      }
      rest += buffer[..<count]
      var start = 0
      while let end = rest[start...].firstIndex(of: 0x0A), !survey.isFull {
        survey.add(rest[start..<end])
        start = end + 1
      }
      rest.removeFirst(start)
      if rest.count > survey.limits.bytes { break }
    }
    return survey
  }

  private func write(_ starter: StarterMonitor) throws {
    // A file that its own loader refuses would be a mistake of ours: say so rather than write it.
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array(starter.text.utf8),
      file: output == "-" ? "monitor.yaml" : output,
      environment: [:]
    )
    guard monitor != nil else {
      for diagnostic in diagnostics { note(diagnostic.description) }
      note("\(stream): the monitor that was written from it is not right: please report this")
      throw ExitCode(1)
    }
    try OutputSet.write(Array(starter.text.utf8), to: output)
    guard !quiet else { return }
    for warning in starter.warnings { note("warning: \(warning)") }
    let file = output == "-" ? "monitor.yaml" : output
    let log = stream == "-" ? "LOG" : stream
    note("\(output == "-" ? "" : "\(output): ")\(starter.summary)")
    note(
      """
      Next:
        leeway check \(file)
        leeway profile -m \(file) \(log) -o \(beside(profileName))
        leeway replay -m \(file) \(log)
      """
    )
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
