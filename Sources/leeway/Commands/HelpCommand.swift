import Arguments

/// The command `leeway help`.
struct HelpCommand: RunnableCommand {
  static let command = Command(
    "leeway help",
    abstract: "Show what a command does and takes.",
    parameters: [name]
  )
  private static let name = Parameter(
    "command",
    form: .operand,
    kind: .word(Leeway.commandWords),
    help: "The command."
  )

  private let name: String?

  init(_ values: Values) {
    name = values.text(Self.name)
  }

  func run() throws {
    // The words `NAME --help` are what a user would have typed.
    guard case .help(let text) = try Leeway.command.request([name, "--help"].compactMap { $0 })
    else { return }
    try say(text)
  }
}
