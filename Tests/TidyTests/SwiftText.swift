/// Swift source with comments and string literals blanked, so that a search finds only code.
///
/// Lines stay where they are.
struct SwiftText: Sendable {
  /// The code: comments and literals are spaces.
  let code: String

  init(_ source: String) {
    var scanner = Scanner(source: Array(source.utf8))
    scanner.scanCode(untilClosingParenthesis: false)
    code = String(decoding: scanner.output, as: UTF8.self)
  }

  var lines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }
}

private let slash = UInt8(ascii: "/")
private let star = UInt8(ascii: "*")
private let quote = UInt8(ascii: "\"")
private let newline = UInt8(ascii: "\n")
private let hash = UInt8(ascii: "#")

/// One pass over the bytes.
///
/// Interpolations are code again, to any depth.
private struct Scanner {
  let source: [UInt8]
  var output: [UInt8]
  var position = 0

  init(source: [UInt8]) {
    self.source = source
    output = source
  }

  private func byte(at index: Int) -> UInt8 { index < source.count ? source[index] : 0 }

  private mutating func blank(_ count: Int) {
    for index in position..<min(position + count, source.count)
    where source[index] != newline {
      output[index] = UInt8(ascii: " ")
    }
    position += count
  }

  mutating func scanCode(untilClosingParenthesis: Bool) {
    var depth = 0
    while position < source.count {
      if byte(at: position) == slash && byte(at: position + 1) == slash {
        while position < source.count, source[position] != newline { blank(1) }
      } else if byte(at: position) == slash && byte(at: position + 1) == star {
        skipBlockComment()
      } else if let hashes = hashesBeforeQuote() {
        skipString(hashes: hashes)
      } else {
        if source[position] == UInt8(ascii: "(") { depth += 1 }
        if source[position] == UInt8(ascii: ")") {
          depth -= 1
          if untilClosingParenthesis && depth == 0 {
            position += 1
            return
          }
        }
        position += 1
      }
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if byte(at: position) == slash && byte(at: position + 1) == star {
        depth += 1
        blank(2)
      } else if byte(at: position) == star && byte(at: position + 1) == slash {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && position < source.count
  }

  /// How many `#` stand before the quote that opens a literal here; nil where none opens.
  private func hashesBeforeQuote() -> Int? {
    var index = position
    while byte(at: index) == hash { index += 1 }
    return byte(at: index) == quote ? index - position : nil
  }

  private mutating func skipString(hashes: Int) {
    let mark = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
    let isLong = (0..<3).allSatisfy { byte(at: position + hashes + $0) == quote }
    let quotes = [UInt8](repeating: quote, count: isLong ? 3 : 1)
    blank(hashes + quotes.count)
    let closing = quotes + mark
    let escape = [UInt8(ascii: "\\")] + mark
    while position < source.count {
      // A quote inside a regular expression opens nothing that outlives its line.
      if !isLong && source[position] == newline { return }
      if source[position...].starts(with: closing) { return blank(closing.count) }
      if source[position...].starts(with: escape) {
        blank(escape.count)
        if byte(at: position) == UInt8(ascii: "(") {
          scanCode(untilClosingParenthesis: true)
        } else {
          blank(1)
        }
      } else {
        blank(1)
      }
    }
  }
}

extension SwiftText {
  /// A function, initialiser or subscript with a body.
  struct Function: Equatable {
    /// 1-based.
    let firstLine: Int
    let lastLine: Int
    var lineCount: Int { lastLine - firstLine + 1 }
  }

  /// All functions with a body, in the order of their first lines; nested ones too.
  var functions: [Function] {
    let lines = self.lines
    return lines.indices.compactMap { first in
      guard Self.opensFunction(lines[first]) else { return nil }
      return body(of: first, in: lines).map { Function(firstLine: first + 1, lastLine: $0 + 1) }
    }
  }

  private static func opensFunction(_ line: Substring) -> Bool {
    let bytes = String(line)
    guard ["func ", "init", "subscript"].contains(where: { !bytes.offsets(of: $0).isEmpty }) else {
      return false
    }
    return line.firstMatch(of: /\b(func\s|init[?]?[(<]|deinit\b|subscript[(<])/) != nil
      && line.firstMatch(of: /(\.|\bself\.|=\s*)init[(]/) == nil
  }

  /// The line of the brace that closes the body; nil where a protocol asks for it without one.
  private func body(of first: Int, in lines: [Substring]) -> Int? {
    var parentheses = 0
    var braces = 0
    for line in first..<lines.count {
      if line > first && braces == 0 && parentheses == 0 {
        let next = /^\s*((public|package|internal|private|static|mutating|@\w+)\s+)*/
          .ignoresCase()
        let rest = lines[line].trimmingPrefix(next)
        if rest.starts(with: /(func|var|let|init|deinit|case|struct|enum|subscript)\b/) {
          return nil
        }
      }
      for character in lines[line].utf8 {
        switch character {
        case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
        case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
        case UInt8(ascii: "}") where parentheses == 0 || braces > 0:
          braces -= 1
          if braces < 0 { return nil }
          if braces == 0 { return line }
        default: break
        }
      }
    }
    return nil
  }
}
