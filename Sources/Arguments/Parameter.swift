/// An option, a flag or an operand of a command.
///
/// Its 10 properties describe a parameter once, for reading it, for help, for completions and for
/// the manual.
public struct Parameter: Sendable, Equatable {
  /// An option has a value, a flag has none, an operand is no option.
  public enum Form: Sendable { case option, flag, operand }

  /// What a value is: what is accepted, and what a shell completes.
  public enum Kind: Sendable, Equatable {
    case text
    case file
    case integer(ClosedRange<Int>)
    /// A number above 0.
    case positive
    /// A share from 0 to 1, as a number or a percentage.
    case share
    /// One of a few words.
    case word([String])
  }

  /// Without dashes: `monitor` of `--monitor`.
  public let name: String
  /// The letter of `-m`.
  public let letter: Character?
  /// How it is given.
  public let form: Form
  let kind: Kind
  /// What stands for the value in help.
  public let valueName: String
  /// The value when none is given, as one would write it.
  public let standard: String?
  let help: String
  let isRequired: Bool
  /// Whether several values can be given.
  public let isRepeatable: Bool
  /// Whether help, completions and manuals leave it out.
  public let isHidden: Bool

  /// Describes a parameter: an option of one text, unless told otherwise.
  public init(
    _ name: String,
    _ letter: Character? = nil,
    form: Form = .option,
    kind: Kind = .text,
    valueName: String? = nil,
    standard: String? = nil,
    isRequired: Bool = false,
    isRepeatable: Bool = false,
    isHidden: Bool = false,
    help: String
  ) {
    self.name = name
    self.letter = letter
    self.form = form
    self.kind = kind
    self.valueName = valueName ?? name
    self.standard = standard
    self.isRequired = isRequired
    self.isRepeatable = isRepeatable
    self.isHidden = isHidden
    self.help = help
  }

  static let help = Self("help", "h", form: .flag, help: "Show help information.")
  static let version = Self("version", form: .flag, help: "Show the version.")

  /// As it is typed: `--monitor`, `<streams>`.
  var spelling: String { form == .operand ? "<\(name)>" : "--\(name)" }

  /// All its spellings: `-m`, `--monitor`.
  var spellings: [String] { [letter.map { "-\($0)" }, spelling].compactMap { $0 } }

  private var value: String { form == .option ? " <\(valueName)>" : "" }

  /// `-m, --monitor <monitor>`, with its help and what counts when it is not given.
  var row: (label: String, text: String) {
    let label = spellings.joined(separator: ", ") + value
    return (label, standard.map { "\(help) (default: \($0))" } ?? help)
  }

  /// As in a line of usage: `[--profile <profile>]`.
  var usage: String {
    let text = spelling + value + (isRepeatable ? " ..." : "")
    return isRequired ? text : "[\(text)]"
  }

  /// What a share says: `5%` or `0.05`; `nil` where it is none.
  static func share(_ text: String) -> Double? {
    let isPercentage = text.hasSuffix("%")
    guard let number = Double(isPercentage ? String(text.dropLast()) : text) else { return nil }
    let share = isPercentage ? number / 100 : number
    return (0...1).contains(share) ? share : nil
  }

  /// What a value has to be, when this one is not: `a number from 1 to 64`.
  func expectation(unmetBy value: String) -> String? {
    let (isMet, words) =
      switch kind {
      case .text, .file: (true, "")
      case .integer(let range):
        (range ~= Int(value) ?? .min, "a number from \(range.lowerBound) to \(range.upperBound)")
      case .positive: (Double(value).map { $0.isFinite && $0 > 0 } ?? false, "a number above 0")
      case .share: (Self.share(value) != nil, "a share such as 5% or 0.05")
      case .word(let words): (words.contains(value), "one of \(words.joined(separator: ", "))")
      }
    return isMet ? nil : words
  }
}
