import Agent
import Arguments
import Connectors
import Glibc
import Trials
import YAML

/// The command `leeway test`.
struct TestCommand: RunnableCommand {
  static let command = Command(
    "leeway test",
    abstract: "Run rule tests: do the monitors alert when they should, and only then?",
    discussion: """
      A file of tests (NAME.test.yaml) names monitors, events and what is expected of alerts and \
      statistics at times of a virtual clock; docs/rule-tests.md describes it. A folder stands for \
      the files in it whose names end in .test.yaml or .test.yml. Exit codes: 0 all passed, 1 a \
      test failed or a file was refused, 64 wrong usage.
      """,
    parameters: [paths, names, junit, quiet]
  )
  private static let paths = Parameter(
    "paths",
    form: .operand,
    kind: .file,
    isRequired: true,
    isRepeatable: true,
    help: "Files of tests, or folders."
  )
  private static let names = Parameter(
    "run",
    valueName: "regex",
    help: "Run only tests whose names match (POSIX extended regular expression)."
  )
  private static let junit = Parameter(
    "junit",
    kind: .file,
    valueName: "file",
    help: "Write the outcomes there, as JUnit XML."
  )
  private static let quiet = Parameter("quiet", "q", form: .flag, help: "Print only what failed.")

  private let paths: [String]
  private let names: String?
  private let junit: String?
  private let quiet: Bool

  init(_ values: Values) {
    paths = values.texts(Self.paths)
    names = values.text(Self.names)
    junit = values.text(Self.junit)
    quiet = values.has(Self.quiet)
  }

  func run() throws {
    let pattern = try names.map { try NamePattern($0) }
    let files = paths.flatMap { yamlFiles($0).filter(isTestFile) }
    guard !files.isEmpty else {
      note("no rule tests (.test.yaml, .test.yml) in \(paths.joined(separator: ", "))")
      throw ExitCode(1)
    }
    var used = CommandFiles()
    used.read(files, as: "a file of tests")
    used.write(junit, as: "--junit")
    try used.check()
    var outcomes: [RuleTestFileOutcome] = []
    for file in files {
      let outcome = outcome(of: file, pattern, &used)
      if !quiet || !RuleTestSummary([outcome]).hasPassed { try say(outcome.text) }
      outcomes.append(outcome)
    }
    let summary = RuleTestSummary(outcomes)
    try used.check()
    if let junit { try OutputSet.write(Array(summary.junit.utf8), to: junit) }
    try say(summary.line + "\n")
    if let names, summary.testCount == 0, summary.hasPassed {
      note("no test's name matches \(names)")
      throw ExitCode(1)
    }
    if !summary.hasPassed { throw ExitCode(1) }
  }

  private func outcome(
    of path: String,
    _ pattern: NamePattern?,
    _ used: inout CommandFiles
  ) -> RuleTestFileOutcome {
    do throws(FileProblem) {
      let (file, diagnostics) = try RuleTestFile.load(
        path: path,
        environment: ProcessEnvironment.variables,
        read: readNeighbour
      )
      guard let file else {
        return RuleTestFileOutcome(
          path: path,
          problems: diagnostics.map(\.description),
          tests: []
        )
      }
      for diagnostic in diagnostics { note(diagnostic) }
      used.read(file.files, as: "a file of the tests")
      var run = RuleTestRun(file, read: readNeighbour)
      let tests = run.outcomes { pattern?.matches($0) ?? true }
      return RuleTestFileOutcome(path: path, problems: [], tests: tests)
    } catch {
      return RuleTestFileOutcome(path: path, problems: [error.message], tests: [])
    }
  }

  /// A file is one of tests when its name says so, or when it was named itself.
  private func isTestFile(_ path: String) -> Bool {
    paths.contains(path) || isRuleTests(path)
  }
}

/// A POSIX extended regular expression.
@safe
final class NamePattern {
  private let expression: UnsafeMutablePointer<regex_t>

  /// Compiles a pattern.
  ///
  /// - Throws: `UsageError` when it is none.
  init(_ pattern: String) throws {
    let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    guard unsafe regcomp(compiled, pattern, REG_EXTENDED | REG_NOSUB) == 0 else {
      unsafe compiled.deallocate()
      throw TestCommand.command.error("--run: not a regular expression: \"\(pattern)\".")
    }
    unsafe expression = unsafe compiled
  }

  deinit {
    unsafe regfree(expression)
    unsafe expression.deallocate()
  }

  /// Whether a text has a part that matches.
  func matches(_ text: String) -> Bool { unsafe regexec(expression, text, 0, nil, 0) == 0 }
}
