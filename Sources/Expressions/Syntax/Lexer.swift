import Events

/// Cuts a source into tokens, one at a time.
struct Lexer {
  let bytes: [UInt8]
  var position = 0

  init(_ source: String) { bytes = Array(source.utf8) }

  static func startsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }

  static func continuesWord(_ byte: UInt8) -> Bool {
    startsWord(byte) || isDigit(byte)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  var current: UInt8? { byte(at: position) }

  func span(from start: Int) -> SourceSpan { SourceSpan(offset: start, length: position - start) }

  func text(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }

  /// The next token; `.end` again and again at the end.
  mutating func next() throws(ExpressionDiagnostic) -> Token {
    while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    let start = position
    guard let byte = current else { return Token(kind: .end, span: span(from: start)) }
    if Self.isDigit(byte) { return try number() }
    if Self.startsWord(byte) || byte == UInt8(ascii: "`") { return try wordOrPath() }
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      let text = try quoted(until: byte)
      return Token(kind: .literal(.string(text)), span: span(from: start))
    }
    return try symbol(byte)
  }

  private mutating func symbol(_ byte: UInt8) throws(ExpressionDiagnostic) -> Token {
    let start = position
    let kind: Token.Kind
    let following = self.byte(at: position + 1)
    var length = 1
    switch (UnicodeScalar(byte), following.map { UnicodeScalar($0) }) {
    case ("=", "="): (kind, length) = (.comparison(.equal), 2)
    case ("!", "="): (kind, length) = (.comparison(.notEqual), 2)
    case ("<", "="): (kind, length) = (.comparison(.lessOrEqual), 2)
    case (">", "="): (kind, length) = (.comparison(.greaterOrEqual), 2)
    case ("<", ">"):
      throw problem(start, 2, "unknown operator \"<>\": write != for \"differs\"", "!=")
    case ("=", _): throw problem(start, 1, "a single \"=\" does not compare: write ==", "==")
    case ("<", _): kind = .comparison(.less)
    case (">", _): kind = .comparison(.greater)
    case ("&", "&"): (kind, length) = (.and, 2)
    case ("|", "|"): (kind, length) = (.or, 2)
    case ("&", _): throw problem(start, 1, "unknown operator \"&\": write and", "and")
    case ("|", _): throw problem(start, 1, "unknown operator \"|\": write or", "or")
    case ("!", _): kind = .not
    case ("+", _): kind = .plus
    case ("-", _): kind = .minus
    case ("*", _): kind = .star
    case ("/", _): kind = .slash
    case ("(", _): kind = .openParenthesis
    case (")", _): kind = .closeParenthesis
    case ("[", _): kind = .openBracket
    case ("]", _): kind = .closeBracket
    case (",", _): kind = .comma
    default:
      let shown =
        byte < 0x20 || byte == 0x7F
        ? "control character \(byte)" : "character \"\(UnicodeScalar(byte))\""
      throw problem(start, 1, "unexpected \(shown): remove it, or put the text in quotes")
    }
    position += length
    return Token(kind: kind, span: span(from: start))
  }

  func problem(
    _ offset: Int,
    _ length: Int,
    _ message: String,
    _ suggestion: String? = nil
  ) -> ExpressionDiagnostic {
    ExpressionDiagnostic(
      span: SourceSpan(offset: offset, length: length),
      message: message,
      suggestion: suggestion
    )
  }
}
