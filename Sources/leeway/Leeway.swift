import Agent
import Arguments
import Connectors
import Glibc
import Ingest

/// The command line of Leeway.
@main
enum Leeway {
  /// The version that `--version` prints.
  static let version = "0.1.0"

  static let commands: [any RunnableCommand.Type] = [
    InitCommand.self, RunCommand.self, ReplayCommand.self, TopCommand.self, ProfileCommand.self,
    CheckCommand.self, InspectCommand.self, TestCommand.self, GenerateCommand.self,
    FeedbackCommand.self,
  ]

  /// What comes after `leeway`.
  static var commandWords: [String] { commands.map { $0.command.word } }

  static let command = Command(
    "leeway",
    abstract: "Watches production machine-learning models for drift.",
    discussion: """
      Start with a monitor file that says where a prediction's parts stand in an event \
      (docs/language.md), then:

        leeway check rules/                                        is it right?
        leeway test rules/                                         does it alert when it should?
        leeway profile --monitor M.yaml reference.ndjson -o P      what is normal?
        leeway replay --monitor M.yaml --profile P stream.ndjson   what happened?
        leeway run --monitor M.yaml --profile P < events           what happens?
        leeway top snapshot                                        how does it stand?

      Data goes to standard output, words to standard error. Exit codes: 0 fine, 1 found \
      something (an alert with --fail-on-alert, a refused file, a damaged stream, nothing to \
      count, an output that takes nothing), 64 wrong usage (also an output that would destroy a \
      file), 75 stopped by a second signal. Standard error says why, with -q, too.
      """,
    parameters: [completion, manual, reference],
    subcommands: (commands + [HelpCommand.self]).map { $0.command }
  )

  private static let completion = Parameter(
    "generate-completion-script",
    kind: .word(["bash", "zsh", "fish"]),
    valueName: "shell",
    help: "Print what makes a shell complete the command line: bash, zsh or fish."
  )
  private static let manual = Parameter(
    "generate-manual",
    kind: .word(["leeway"] + commandWords),
    valueName: "command",
    help: "Print the manual page of a command, for man; `leeway` names the whole."
  )
  private static let reference = Parameter(
    "generate-reference",
    form: .flag,
    isHidden: true,
    help: "Print docs/commands.md."
  )

  /// Runs what the arguments ask for, and ends the process.
  static func main() {
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs what some words ask for.
  ///
  /// - Returns: The exit code.
  static func run(_ words: [String]) -> Int32 {
    do {
      switch try command.request(words) {
      case .help(let text): try say(text)
      case .version: try say(version + "\n")
      case .run(let values):
        let chosen = (commands + [HelpCommand.self]).first { $0.command.name == values.command }
        if let chosen { try run(chosen, values) } else { try generate(values) }
      }
      return 0
    } catch let error as UsageError {
      note(lines: error.description, .error)
      return ExitCode.usage.code
    } catch let error as ExitCode {
      return error.code
    } catch {
      note("\(error)", .error)
      return 1
    }
  }

  /// Runs a command: the one place where what it throws becomes words and an exit code.
  private static func run(_ chosen: any RunnableCommand.Type, _ values: Values) throws {
    let failure: SessionError
    do {
      return try chosen.init(values).run()
    } catch let error as SessionError {
      failure = error
    } catch let error as StreamError {
      failure = .stream(error)
    } catch let error as ProfilingError {
      failure = .profiling(error)
    }
    if failure.isUsage { throw chosen.command.error(failure.words.joined(separator: " ")) }
    for line in failure.words { note(lines: line, .error) }
    throw ExitCode(failure.exitCode)
  }

  /// Prints what is made from the description; the help when nothing is asked for.
  private static func generate(_ values: Values) throws {
    if let script = values.text(completion).flatMap({ command.completionScripts[$0] }) {
      try say(script)
    } else if let page = values.text(manual).flatMap({
      command.manualPage(of: $0, version: version)
    }) {
      try say(page)
    } else {
      try say(values.has(reference) ? command.reference : command.help)
    }
  }
}
