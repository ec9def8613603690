internal import Events

/// Why a command line cannot be read.
public struct UsageError: Error, Equatable, CustomStringConvertible {
  /// What was wrong.
  public enum Problem: Sendable, Equatable {
    case unknown(String, near: String?)
    /// An option is the last word, or what follows it is another option of the command.
    case noValue(Parameter, next: String?)
    case needlessValue(Parameter, String)
    case wrongValue(Parameter, String, expected: String)
    case missing(Parameter)
    case needlessOperand(String)
    /// What only the command itself can tell: words as `--a and --b exclude each other: give one`.
    case other(String)
  }

  /// The command's name: `leeway replay`.
  public let command: String
  let problem: Problem

  /// A line that says what was wrong, and one with the command that shows the help.
  public var description: String { "\(command): \(visible(words))\nSee '\(command) --help'." }

  private var words: String {
    switch problem {
    case .unknown(let name, let near):
      "unknown \(name.hasPrefix("-") ? "option" : "command") \"\(name)\""
        + (near.map { ": did you mean \"\($0)\"?" } ?? ".")
    case .noValue(let parameter, let next?):
      "\(parameter.spelling) needs a value, got the option \(next): "
        + "write \(parameter.spelling)=\(next) if you mean that."
    case .noValue(let parameter, nil): "no value for \(parameter.spelling): write one after it."
    case .needlessValue(let parameter, let value):
      "\(parameter.spelling) takes no value, got \"\(value)\": leave it out."
    case .wrongValue(let parameter, let value, let expected):
      "\(parameter.spelling): expected \(expected), got \"\(value)\"."
    case .missing(let parameter): "\(parameter.usage) is missing: \(parameter.help)"
    case .needlessOperand(let word): "unexpected \"\(word)\": leave it out."
    case .other(let words): words
    }
  }
}
