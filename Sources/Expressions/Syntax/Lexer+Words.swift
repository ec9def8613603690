import Events

extension Lexer {
  /// A word, or a path of keys joined by dots.
  mutating func wordOrPath() throws(ExpressionDiagnostic) -> Token {
    let start = position
    let isQuoted = current == UInt8(ascii: "`")
    var keys = [isQuoted ? try quoted(until: UInt8(ascii: "`")) : try word()]
    var isWildcard = false
    while current == UInt8(ascii: "."), !isWildcard {
      let dot = position
      position += 1
      switch current {
      case UInt8(ascii: "*"):
        position += 1
        isWildcard = true
      case UInt8(ascii: "\""), UInt8(ascii: "`"):
        keys.append(try quoted(until: bytes[position]))
      case let byte? where Self.continuesWord(byte):
        keys.append(try word())
      default:
        throw problem(dot, 1, "a key must follow the dot: write one, or * for all members")
      }
    }
    if keys.count == 1, !isQuoted, !isWildcard {
      return Token(kind: .word(keys[0]), span: span(from: start))
    }
    return Token(kind: .path(FieldPath(keys, isWildcard: isWildcard)), span: span(from: start))
  }

  /// Letters, digits and underscores; letters of any script.
  private mutating func word() throws(ExpressionDiagnostic) -> String {
    let start = position
    while let byte = current, Self.continuesWord(byte) { position += 1 }
    let text = text(from: start)
    var offset = start
    for scalar in text.unicodeScalars {
      let length = String(scalar).utf8.count
      guard scalar.properties.isXIDContinue else {
        let isQuote = "\u{201C}\u{201D}\u{201E}\u{2018}\u{2019}".unicodeScalars.contains(scalar)
        let code = String(scalar.value, radix: 16, uppercase: true)
        throw problem(
          offset,
          length,
          "unexpected character U+\(code): "
            + (isQuote ? "write straight quotes" : "remove it, or put the key in quotes")
        )
      }
      offset += length
    }
    return text
  }

  /// A text in quotes; backslash escapes a quote, a backslash, `n`, `r`, `t` and `u{…}`.
  mutating func quoted(until quote: UInt8) throws(ExpressionDiagnostic) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = current {
      position += 1
      if byte == quote { return String(decoding: content, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") {
        content += try escape()
      } else {
        content.append(byte)
      }
    }
    throw problem(start, position - start, "the text does not end: close it with the same quote")
  }

  private mutating func escape() throws(ExpressionDiagnostic) -> [UInt8] {
    let start = position - 1
    guard let byte = current else { return [] }
    position += 1
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
      return [byte]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default:
      // The whole scalar is named, not the first of its bytes.
      while let next = current, next & 0xC0 == 0x80 { position += 1 }
      throw problem(
        start,
        position - start,
        "unknown escape \"\(text(from: start))\": write \\\\ for a backslash"
      )
    }
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    Character(UnicodeScalar(byte)).hexDigitValue.map { UInt32($0) }
  }

  private mutating func unicodeEscape(from start: Int) throws(ExpressionDiagnostic) -> [UInt8] {
    var value: UInt32 = 0
    var digits = 0
    if current == UInt8(ascii: "{") {
      position += 1
      while digits < 6, let byte = current, let digit = Self.hexDigit(byte) {
        value = value << 4 | digit
        digits += 1
        position += 1
      }
    }
    guard digits > 0, current == UInt8(ascii: "}"), let scalar = UnicodeScalar(value) else {
      throw problem(
        start,
        position - start,
        "not a Unicode scalar: write its hexadecimal number like \\u{e9}"
      )
    }
    position += 1
    return Array(String(Character(scalar)).utf8)
  }
}
