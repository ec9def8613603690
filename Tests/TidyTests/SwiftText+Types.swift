extension SwiftText {
  /// A structure, class or actor with a body.
  struct TypeDeclaration: Equatable {
    let name: String
    /// 1-based.
    let firstLine: Int
    /// How many properties its values store; what it computes and what is of the type is not in it.
    var storedProperties = 0
  }

  private static let kinds: Set<Substring> = ["struct", "class", "actor"]
  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private", "final", "lazy", "weak", "unowned",
    "nonisolated", "indirect",
  ]

  /// All of them, in the order of their first lines; nested ones too.
  var types: [TypeDeclaration] {
    let lines = self.lines
    var found: [TypeDeclaration] = []
    // Those that are open, with the depth of braces in their bodies.
    var open: [(index: Int, depth: Int)] = []
    var isPending = false
    var depth = 0
    for (line, text) in lines.enumerated() {
      if let name = Self.typeName(text) {
        found.append(TypeDeclaration(name: name, firstLine: line + 1))
        isPending = true
      } else if let own = open.last, own.depth == depth {
        found[own.index].storedProperties += Self.storedProperties(text, lines[(line + 1)...])
      }
      for byte in text.utf8 {
        if byte == UInt8(ascii: "{") {
          depth += 1
          if isPending { open.append((found.count - 1, depth)) }
          isPending = false
        } else if byte == UInt8(ascii: "}") {
          depth -= 1
          if let own = open.last, own.depth > depth { open.removeLast() }
        }
      }
    }
    return found
  }

  /// What follows a declaration's modifiers: its first word and the rest; `nil` where they are not
  /// those of a type or of a property of values.
  private static func declaration(_ line: Substring) -> (word: Substring, rest: Substring)? {
    var rest = line.drop { $0 == " " }
    while let end = rest.firstIndex(where: { $0 == " " || $0 == "(" }) {
      let word = rest[..<end]
      rest = rest[end...]
      if !word.hasPrefix("@"), !modifiers.contains(word) {
        return (word, rest.drop { $0 == " " })
      }
      if rest.first == "(", let close = rest.firstIndex(of: ")") {
        rest = rest[rest.index(after: close)...]
      }
      rest = rest.drop { $0 == " " }
    }
    return nil
  }

  /// The name of the type that a line declares.
  private static func typeName(_ line: Substring) -> String? {
    guard let (word, rest) = declaration(line), kinds.contains(word) else { return nil }
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return ["func", "var", "let", "subscript"].contains(name) ? nil : String(name)
  }

  /// How many stored properties a line of a type's body declares.
  private static func storedProperties(_ line: Substring, _ next: ArraySlice<Substring>) -> Int {
    guard let (word, rest) = declaration(line), word == "let" || word == "var" else { return 0 }
    let names = rest.prefix { $0 != ":" && $0 != "=" }
    return word == "let" || isStored(rest, next) ? names.count { $0 == "," } + 1 : 0
  }

  /// Whether a variable is stored: it has a value, observers or no braces at all.
  private static func isStored(_ rest: Substring, _ next: ArraySlice<Substring>) -> Bool {
    var depth = 0
    var text = rest
    var next = next
    while true {
      for index in text.indices {
        switch text[index] {
        case "(", "[": depth += 1
        case ")", "]": depth -= 1
        case "=" where depth == 0: return true
        case "{" where depth == 0:
          let body = (text[text.index(after: index)...] + " " + (next.first ?? "")).drop {
            $0 == " "
          }
          return body.hasPrefix("didSet") || body.hasPrefix("willSet")
        default: break
        }
      }
      guard let following = next.popFirst() else { return true }
      let isOver = depth == 0 && !text.hasSuffix(":")
      if isOver, !["{", "="].contains(following.drop { $0 == " " }.prefix(1)) { return true }
      text = following
    }
  }
}
