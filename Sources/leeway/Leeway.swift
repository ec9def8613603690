import ArgumentParser

/// The command line of Leeway.
@main
struct Leeway: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leeway",
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
      something (an alert with --fail-on-alert, a refused file, a damaged stream), 64 wrong \
      usage, 75 stopped by a second signal.
      """,
    version: leewayVersion,
    subcommands: [
      InitCommand.self, RunCommand.self, ReplayCommand.self, TopCommand.self, ProfileCommand.self,
      CheckCommand.self, InspectCommand.self, TestCommand.self, GenerateCommand.self,
    ]
  )
}

/// The version that `--version` prints.
let leewayVersion = "0.1.0"
