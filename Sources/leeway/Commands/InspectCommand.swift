import Agent
import Arguments
import Connectors
import Monitoring

/// The command `leeway inspect`.
struct InspectCommand: RunnableCommand {
  static let command = Command(
    "leeway inspect",
    abstract: "Print what a profile or the folder of a state holds.",
    discussion: """
      Of a state: whether a process holds it, whether the state and its copy are whole, how far each \
      stream was read, and which rules on the agent itself fire. The exit code is 1 where no process could go on from it.
      """,
    parameters: [file, json]
  )
  private static let file = Parameter(
    "file",
    form: .operand,
    kind: .file,
    isRequired: true,
    help: "A profile that `leeway profile` wrote, or the folder that --state names."
  )
  private static let json = Parameter(
    "json",
    form: .flag,
    help: "Print one JSON object instead of a table."
  )

  private let file: String
  private let json: Bool

  init(_ values: Values) {
    file = values.required(Self.file)
    json = values.has(Self.json)
  }

  func run() throws {
    if names(in: file) != nil {
      let report = try StateReport(folder: file)
      if json { try hand(report.json) } else { try say(report.text) }
      if !report.isWhole { throw ExitCode(1) }
      return
    }
    let profile = try Profile(file: file)
    if json { try hand(ProfileReport.json(profile)) } else { try say(ProfileReport.text(profile)) }
  }
}
