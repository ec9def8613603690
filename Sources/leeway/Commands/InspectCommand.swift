import Agent
import Arguments
import Monitoring

/// The command `leeway inspect`.
struct InspectCommand: RunnableCommand {
  static let command = Command(
    "leeway inspect",
    abstract: "Print what a profile holds.",
    parameters: [file, json]
  )
  private static let file = Parameter(
    "file",
    form: .operand,
    kind: .file,
    isRequired: true,
    help: "A profile that `leeway profile` wrote."
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
    let profile = try Profile(file: file)
    if json { try hand(ProfileReport.json(profile)) } else { try say(ProfileReport.text(profile)) }
  }
}
