import Agent
import Arguments
import Connectors
import Events
import Expressions
import Glibc
import Monitoring
import Records
import Specification
import Trials
import YAML

/// The command `leeway check`.
struct CheckCommand: RunnableCommand {
  static let command = Command(
    "leeway check",
    abstract: "Check monitor files, rule tests and an agent file without running them.",
    discussion: """
      Prints every mistake as file:line:column with the line and a caret under the place. \
      Where the profile is there that a monitor names, the two are worked out against each other. \
      A folder stands for the .yaml and .yml files in it. NAME.test.yaml is read as rule tests, with \
      the files that it names, NAME.stream.yaml as a made-up stream, agent.yaml as an agent file, \
      others as monitors. \
      Of each rule with a condition it says which bound decides.
      """,
    parameters: [paths, strict]
  )
  private static let paths = Parameter(
    "paths",
    form: .operand,
    kind: .file,
    isRequired: true,
    isRepeatable: true,
    help: "Monitor files, others that are checked, or folders."
  )
  private static let strict = Parameter(
    "strict",
    form: .flag,
    help: "Refuse files with warnings, too."
  )

  private let paths: [String]
  private let strict: Bool

  init(_ values: Values) {
    paths = values.texts(Self.paths)
    strict = values.has(Self.strict)
  }

  func run() throws {
    var refused = 0
    let files = paths.flatMap(yamlFiles)
    guard !files.isEmpty else {
      note("no monitor file (.yaml, .yml) in \(paths.joined(separator: ", "))")
      throw ExitCode(1)
    }
    for file in files where !(try check(file)) { refused += 1 }
    if refused > 0 { throw ExitCode(1) }
  }

  /// Checks a file as what its name says it is, and prints what was found.
  private func check(_ file: String) throws -> Bool {
    let words: String?
    var diagnostics: [Diagnostic] = []
    var isFit = true
    var bounds: [String] = []
    if isRuleTests(file) {
      (words, diagnostics) = try checkTests(file)
    } else if MonitorFolder.name(of: file) == "agent" {
      let (agent, found) = AgentFile.load(
        bytes: try ByteSource.contents(of: file),
        file: file,
        environment: ProcessEnvironment.variables
      )
      diagnostics = found
      words = agent?.sentence
    } else if isStreamDescription(file) {
      let (stream, found) = StreamSpecification.load(
        bytes: try ByteSource.contents(of: file),
        file: file,
        environment: ProcessEnvironment.variables
      )
      diagnostics = found
      words = stream.map { "a stream of \($0.duration)" }
    } else {
      let (monitor, found) = Monitor.load(
        bytes: try ByteSource.contents(of: file),
        file: file,
        environment: ProcessEnvironment.variables,
        files: .onDisk
      )
      diagnostics = found
      let reference = monitor.map { self.reference(of: $0, at: file) }
      isFit = reference?.isFit ?? true
      words = monitor.flatMap { monitor in
        reference.map { reference in
          "model \(monitor.model), \(counted(monitor.windows.count, "window")), "
            + counted(rules(of: monitor), "rule") + reference.words
        }
      }
      bounds = monitor.map(self.bounds(of:)) ?? []
    }
    for diagnostic in diagnostics { note(diagnostic) }
    guard let words, isFit, !(strict && !diagnostics.isEmpty) else { return false }
    try say((["\(file): ok: \(words)"] + bounds).map { visible($0) + "\n" }.joined())
    return true
  }

  /// Works a monitor out against the profile that it names, and prints what was found.
  ///
  /// - Returns: What the profile holds, in words, and whether the two go together.
  private func reference(of monitor: Monitor, at file: String) -> (words: String, isFit: Bool) {
    guard let name = monitor.profile else {
      return (monitor.referenceNeeds.isEmpty ? "" : ", needs --profile", true)
    }
    let path = MonitorFiles.path(name, beside: file)
    if case .place? = FileIdentity(path, hyphen: STDIN_FILENO) {
      return ("; there is no \(path) yet", true)
    }
    do throws(SessionError) {
      let plan = try LoadedMonitor(monitor, at: file).plan(profile: nil, wantsMetrics: false)
      note(warnings: plan.warnings.map { "\(file): \($0)" })
      let events = counted(plan.profile.events, "prediction")
      return ("; its profile has \(events)", !(strict && !plan.warnings.isEmpty))
    } catch {
      for line in error.words { note(line) }
      return ("", false)
    }
  }

  /// What is left out of all counts, and what each rule with a condition goes by, a line each.
  private func bounds(of monitor: Monitor) -> [String] {
    (monitor.prediction.duplicates?.sentence).map { ["  \($0)"] } ?? []
      + monitor.rules.map { "  \($0.alert): \($0.boundSentence(monitor.kpis))" }
  }

  private func checkTests(_ file: String) throws -> (words: String?, diagnostics: [Diagnostic]) {
    do throws(FileProblem) {
      let (tests, diagnostics) = try RuleTestFile.load(
        path: file,
        environment: ProcessEnvironment.variables,
        read: readNeighbour
      )
      return (tests.map { counted($0.testNames.count, "rule test") }, diagnostics)
    } catch {
      note(error.message)
      return (nil, [])
    }
  }

  private func rules(of monitor: Monitor) -> Int {
    monitor.rules.count + monitor.burnRules.count + monitor.silenceRules.count
  }
}
