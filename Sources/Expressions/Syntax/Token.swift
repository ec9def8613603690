import Events

/// One word of the source.
struct Token: Equatable {
  enum Kind: Equatable {
    case literal(Literal)
    /// A bare word: a keyword, a function's name or a field of one key.
    case word(String)
    /// A field that is surely one: it has a dot, a quoted key or a star.
    case path(FieldPath)
    case comparison(BinaryOperator)
    case plus, minus, star, slash
    /// `&&`, `||` and `!`, which have words of their own.
    case and, or, not
    case openParenthesis, closeParenthesis, openBracket, closeBracket, comma
    case end
  }

  var kind: Kind
  var span: SourceSpan
}

/// The words that cannot be a bare field.
enum Keyword {
  static let all = ["and", "or", "not", "in", "is", "true", "false"]

  /// The words that mean something in one place or another; `missing` is also a statistic.
  static let known = all + ["missing"]

  /// Whether a key can be written without quotes; the first one of a path also is no keyword,
  /// and not `where`, which is one inside of an aggregate.
  static func standsBare(_ key: String, first: Bool) -> Bool {
    guard let start = key.utf8.first, Lexer.startsWord(start) || (!first && isDigit(start)) else {
      return false
    }
    return key.utf8.allSatisfy(Lexer.continuesWord)
      && key.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
      && !(first && (all.contains(key) || key == Aggregate.filterWord))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
