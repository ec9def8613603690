/// A command, as the user types it: its name, its words, what can be given to it.
///
/// The room has four concepts. A *command* has *parameters* (options, flags, operands) and perhaps
/// subcommands; both are plain values, and the one description of a command line. Reading the words
/// of a command line gives a *request*: a command with the *values* of its parameters, help, or the
/// version; or it throws a *usage error*. Help, completions, manual pages and the reference in
/// `docs/commands.md` are made from the same description.
///
/// The habits are GNU's: `--name value`, `--name=value`, `-n value`, `-nvalue`, grouped flags, `--`
/// ends the options, `-` is an operand, options and operands stand in any order, the last of several
/// values counts unless the option can be repeated.
public struct Command: Sendable {
  /// Whole: `leeway replay`.
  public let name: String
  /// What it does: one sentence.
  public let abstract: String
  /// Paragraphs, with a blank line between; lines that begin with a space stay as they are.
  public let discussion: String
  /// In the order in which help lists them; the two that every command has are the last.
  public let parameters: [Parameter]
  /// In the order in which help lists them.
  public let subcommands: [Command]

  /// Describes a command.
  public init(
    _ name: String,
    abstract: String,
    discussion: String = "",
    parameters: [Parameter] = [],
    subcommands: [Command] = []
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.parameters = parameters + [.version, .help]
    self.subcommands = subcommands
  }

  /// An error in how it was called, which only the command itself can tell.
  public func error(_ words: String) -> UsageError { .init(command: name, problem: .other(words)) }

  /// The last word of its name: `replay`.
  public var word: String { name.split(separator: " ").last.map(String.init) ?? name }

  /// The options and flags that are shown.
  var options: [Parameter] { parameters.filter { $0.form != .operand && !$0.isHidden } }

  /// What is no option.
  var operands: [Parameter] { parameters.filter { $0.form == .operand } }

  /// The command and all below it.
  var all: [Command] { [self] + subcommands.flatMap(\.all) }

  /// Its parameters in a line, as in `leeway check <paths> ... [--strict]`.
  func synopsis(blank: String = " ") -> String {
    if !subcommands.isEmpty { return "\(name) <command>" }
    let shown = parameters.filter { !$0.isHidden && $0 != .version && $0 != .help }
    return ([name] + shown.map { $0.usage.replacing(" ", with: blank) }).joined(separator: " ")
  }

  /// What can be given to it and stands below it, as titled tables of labels and texts.
  var tables: [(title: String, rows: [(label: String, text: String)])] {
    [
      ("ARGUMENTS", operands.map(\.row)), ("OPTIONS", options.map(\.row)),
      ("COMMANDS", subcommands.map { ($0.word, $0.abstract) }),
    ].filter { !$0.rows.isEmpty }
  }

  /// The paragraphs of the discussion, each whether it stays as it is.
  var paragraphs: [(text: String, isVerbatim: Bool)] {
    discussion.split(separator: "\n\n").map { ($0.description, $0.hasPrefix(" ")) }
  }
}
