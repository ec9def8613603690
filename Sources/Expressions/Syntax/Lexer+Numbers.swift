extension Lexer {
  /// A number, a percentage or a duration.
  mutating func number() throws(ExpressionDiagnostic) -> Token {
    let start = position
    skipDigits()
    var isWhole = true
    if current == UInt8(ascii: "."), let next = byte(at: position + 1), Self.isDigit(next) {
      isWhole = false
      position += 1
      skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      let signed =
        byte(at: position + 1) == UInt8(ascii: "+") || byte(at: position + 1) == UInt8(ascii: "-")
      if let digit = byte(at: position + (signed ? 2 : 1)), Self.isDigit(digit) {
        isWhole = false
        position += signed ? 2 : 1
        skipDigits()
      }
    }
    if let byte = current, Self.startsWord(byte) {
      return try duration(from: start, isWhole: isWhole)
    }
    guard let value = Double(text(from: start)), value.isFinite else {
      throw problem(start, position - start, "the number is beyond a double: write a smaller one")
    }
    if current == UInt8(ascii: "%") {
      position += 1
      return Token(kind: .literal(.percentage(value)), span: span(from: start))
    }
    return Token(kind: .literal(.number(value)), span: span(from: start))
  }

  private mutating func skipDigits() {
    while let byte = current, Self.isDigit(byte) { position += 1 }
  }

  private mutating func duration(
    from start: Int,
    isWhole: Bool
  ) throws(ExpressionDiagnostic) -> Token {
    while let byte = current, Self.continuesWord(byte) { position += 1 }
    guard isWhole else {
      throw problem(
        start,
        position - start,
        "a duration takes whole numbers, got \"\(text(from: start))\": write it like 1h30m"
      )
    }
    do throws(TimeSpanError) {
      let length = try TimeSpan(parsing: text(from: start))
      return Token(kind: .literal(.duration(length)), span: span(from: start))
    } catch {
      throw problem(
        start,
        position - start,
        "not a number or a duration, got \"\(text(from: start))\": \(error)"
      )
    }
  }
}
