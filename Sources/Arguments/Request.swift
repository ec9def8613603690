internal import Expressions

/// What a command line asks for.
public enum Request: Sendable, Equatable {
  /// To run a command.
  case run(Values)
  /// The help of a command, as text.
  case help(String)
  case version
}

extension Command {
  /// Reads the words of a command line; help and the version win over whatever else is wrong.
  ///
  /// - Parameter words: The words after the name of the program.
  /// - Returns: What they ask for.
  /// - Throws: `UsageError` for the first mistake.
  public func request(_ words: [String]) throws(UsageError) -> Request {
    var reader = Reader(command: self, values: Values(of: self), rest: words[...])
    return try reader.read()
  }
}

/// The words of a command line, one after the other.
private struct Reader {
  let command: Command
  var values: Values
  var rest: ArraySlice<String>
  var operands: [String] = []
  /// The first mistake; told at the end, since help may be asked for after it.
  var problem: UsageError.Problem?

  mutating func read() throws(UsageError) -> Request {
    var endsOptions = false
    while let word = rest.popFirst() {
      if endsOptions || word == "-" || word.unicodeScalars.first != "-" {
        guard command.subcommands.isEmpty else { return try enter(word) }
        operands.append(word)
      } else if word == "--" {
        endsOptions = true
      } else if word.unicodeScalars.dropFirst().first == "-" {
        readLong(word)
      } else {
        readLetters(word.unicodeScalars.dropFirst())
      }
      if values.has(.help) { return .help(command.help) }
      if values.has(.version) { return .version }
    }
    handOut()
    if let problem { throw UsageError(command: command.name, problem: problem) }
    return .run(values)
  }

  private func enter(_ word: String) throws(UsageError) -> Request {
    guard let next = command.subcommands.first(where: { $0.word == word }) else {
      let near = spellingSuggestion(for: word, among: command.subcommands.map(\.word))
      throw UsageError(command: command.name, problem: problem ?? .unknown(word, near: near))
    }
    let request = try next.request(Array(rest))
    if case .run = request, let problem {
      throw UsageError(command: command.name, problem: problem)
    }
    return request
  }

  private mutating func readLong(_ word: String) {
    let name = name(of: word)
    guard let parameter = option(name) else {
      let (word, known) = (String(name.dropFirst(2)), command.options.map(\.name))
      let near = spellingSuggestion(for: word, among: known) ?? known.first { $0.hasPrefix(word) }
      return note(.unknown(name, near: near.map { "--\($0)" }))
    }
    let rest = word.unicodeScalars.dropFirst(name.unicodeScalars.count)
    take(parameter, rest.isEmpty ? nil : String(rest.dropFirst()))
  }

  private mutating func readLetters(_ letters: Substring.UnicodeScalarView) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let parameter = option("-\(letter)") else {
        return note(.unknown("-\(letter)", near: nil))
      }
      if parameter.form == .option {
        return take(parameter, letters.isEmpty ? nil : String(letters))
      }
      take(parameter, nil)
    }
  }

  private mutating func take(_ parameter: Parameter, _ value: String?) {
    switch (parameter.form, value) {
    case (.flag, let value?): note(.needlessValue(parameter, value))
    case (.flag, nil): values.insert("", for: parameter)
    case (_, let value?): insert(value, for: parameter)
    case (_, nil):
      // GNU takes any word. That of an option of the command is a value that was forgotten.
      guard let next = rest.first, option(name(of: next)) == nil else {
        return note(.noValue(parameter, next: rest.first))
      }
      rest.removeFirst()
      insert(next, for: parameter)
    }
  }

  private mutating func insert(_ value: String, for parameter: Parameter) {
    if let expected = parameter.expectation(unmetBy: value) {
      note(.wrongValue(parameter, value, expected: expected))
    }
    values.insert(value, for: parameter)
  }

  private mutating func handOut() {
    for parameter in command.operands {
      let count = parameter.isRepeatable ? operands.count : min(1, operands.count)
      for value in operands.prefix(count) { insert(value, for: parameter) }
      operands.removeFirst(count)
    }
    if let word = operands.first { note(.needlessOperand(word)) }
    for parameter in command.parameters where parameter.isRequired && !values.has(parameter) {
      note(.missing(parameter))
    }
  }

  private mutating func note(_ found: UsageError.Problem) { problem = problem ?? found }

  /// What stands before the sign; by scalars, since a value may begin with a mark that joins it.
  private func name(of word: String) -> String { String(word.unicodeScalars.prefix { $0 != "=" }) }

  /// The option of a spelling: `--monitor`, `-m`.
  private func option(_ spelling: String) -> Parameter? {
    command.parameters.first { $0.form != .operand && $0.spellings.contains(spelling) }
  }
}
