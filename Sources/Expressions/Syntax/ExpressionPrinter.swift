import Events

extension Expression: CustomStringConvertible {
  /// The expression in its usual spelling, with no more parentheses than it needs.
  ///
  /// Reading the text gives an equal expression.
  public var description: String { ExpressionPrinter.text(of: self, atLeast: 0) }
}

/// Writes expressions in the language's own spelling.
enum ExpressionPrinter {
  private static let filterPrecedence = 0
  private static let negationPrecedence = 3
  private static let comparisonPrecedence = 4
  private static let signPrecedence = 7
  private static let primaryPrecedence = 8

  /// The text of a node, in parentheses when it binds looser than its place asks.
  static func text(of expression: Expression, atLeast precedence: Int) -> String {
    let text = bare(expression.node)
    return Self.precedence(of: expression.node) < precedence ? "(\(text))" : text
  }

  private static func precedence(of node: Expression.Node) -> Int {
    switch node {
    case .literal, .path, .call: primaryPrecedence
    case .unary(.not, _): negationPrecedence
    case .unary(.negate, _): signPrecedence
    case .binary(let symbol, _, _): symbol.precedence
    case .membership, .absence: comparisonPrecedence
    case .filter: filterPrecedence
    }
  }

  private static func bare(_ node: Expression.Node) -> String {
    switch node {
    case .literal(let literal): return text(of: literal)
    case .path(let path): return text(of: path)
    case .call(let name, let arguments):
      let list = arguments.map { text(of: $0, atLeast: 0) }.joined(separator: ", ")
      return "\(name.text)(\(list))"
    case .unary(.not, let operand):
      return "not \(text(of: operand, atLeast: negationPrecedence))"
    case .unary(.negate, let operand):
      return "-\(text(of: operand, atLeast: signPrecedence))"
    case .binary(let symbol, let left, let right):
      // Comparisons do not chain, so both sides bind tighter; the others lean to the left.
      let own = symbol.precedence
      let first = text(of: left, atLeast: symbol.isComparison ? own + 1 : own)
      return "\(first) \(symbol.rawValue) \(text(of: right, atLeast: own + 1))"
    case .membership(let operand, let items, let negated):
      let list = items.map { text(of: $0, atLeast: 0) }.joined(separator: ", ")
      let word = negated ? "not in" : "in"
      return "\(text(of: operand, atLeast: comparisonPrecedence + 1)) \(word) [\(list)]"
    case .absence(let operand, let negated):
      let word = negated ? "is not missing" : "is missing"
      return "\(text(of: operand, atLeast: comparisonPrecedence + 1)) \(word)"
    case .filter(let operand, let condition):
      let first = operand.map { text(of: $0, atLeast: filterPrecedence + 1) + " " } ?? ""
      return "\(first)where \(text(of: condition, atLeast: filterPrecedence + 1))"
    }
  }

  static func text(of literal: Literal) -> String {
    switch literal {
    case .number(let value): return text(of: value)
    case .percentage(let value): return text(of: value) + "%"
    case .duration(let length): return length.description
    case .string(let text): return quoted(text, "\"")
    case .boolean(let value): return value ? "true" : "false"
    }
  }

  /// The shortest text that reads back as the same number, without a needless `.0`.
  private static func text(of value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func text(of path: FieldPath) -> String {
    var keys: [String] = []
    for (index, key) in path.components.enumerated() {
      let isFirst = index == 0
      if Keyword.standsBare(key, first: isFirst) {
        keys.append(key)
      } else {
        keys.append(quoted(key, isFirst ? "`" : "\""))
      }
    }
    if path.isWildcard { keys.append("*") }
    return keys.joined(separator: ".")
  }

  private static func quoted(_ text: String, _ quote: String) -> String {
    var result = quote
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\\": result += "\\\\"
      case _ where String(scalar) == quote: result += "\\" + quote
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + quote
  }
}
