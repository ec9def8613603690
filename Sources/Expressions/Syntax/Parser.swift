import Events

/// Reads an expression by operator precedence.
///
/// The first syntax error ends the reading: what follows one is guesswork.
struct Parser {
  private var lexer: Lexer
  private(set) var token: Token
  private var nodes = 0
  private var nesting = 0
  /// The functions that stand around the token, the innermost last.
  var calls: [String] = []

  /// Reads a whole source.
  static func parse(_ source: String) throws(ExpressionDiagnostic) -> Expression {
    guard source.utf8.count <= ExpressionLimits.sourceBytes else {
      throw ExpressionDiagnostic(
        span: SourceSpan(offset: ExpressionLimits.sourceBytes, length: 0),
        message: "the expression has \(source.utf8.count) bytes: at most "
          + "\(ExpressionLimits.sourceBytes) are read, split it into several rules"
      )
    }
    var parser = try Parser(source)
    if parser.token.kind == .end {
      throw ExpressionDiagnostic(
        span: parser.token.span,
        message: "the expression is empty: write a condition such as drift(features.*) > 0.1"
      )
    }
    let expression = try parser.disjunction()
    guard parser.token.kind == .end else {
      throw parser.unexpected("an operator or the end")
    }
    return expression
  }

  private init(_ source: String) throws(ExpressionDiagnostic) {
    lexer = Lexer(source)
    token = try lexer.next()
  }

  mutating func advance() throws(ExpressionDiagnostic) { token = try lexer.next() }

  /// Counts a node, and refuses the one too many.
  mutating func node(
    _ node: Expression.Node,
    at span: SourceSpan
  ) throws(ExpressionDiagnostic) -> Expression {
    nodes += 1
    guard nodes <= ExpressionLimits.nodes else {
      throw ExpressionDiagnostic(
        span: span,
        message: "the expression has more than \(ExpressionLimits.nodes) parts: "
          + "split it into several rules"
      )
    }
    return Expression(node, at: span)
  }

  /// Reads something nested, and refuses the level too many.
  mutating func nested<Result>(
    _ body: (inout Parser) throws(ExpressionDiagnostic) -> Result
  ) throws(ExpressionDiagnostic) -> Result {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= ExpressionLimits.nesting else {
      throw ExpressionDiagnostic(
        span: token.span,
        message: "nested deeper than \(ExpressionLimits.nesting) levels: remove parentheses"
      )
    }
    return try body(&self)
  }

  func isWord(_ word: String) -> Bool { token.kind == .word(word) }

  mutating func disjunction() throws(ExpressionDiagnostic) -> Expression {
    var left = try conjunction()
    while isWord("or") || token.kind == .or {
      try advance()
      let right = try conjunction()
      left = try node(.binary(.or, left, right), at: left.span.union(right.span))
    }
    return left
  }

  private mutating func conjunction() throws(ExpressionDiagnostic) -> Expression {
    var left = try negation()
    while isWord("and") || token.kind == .and {
      try advance()
      let right = try negation()
      left = try node(.binary(.and, left, right), at: left.span.union(right.span))
    }
    return left
  }

  private mutating func negation() throws(ExpressionDiagnostic) -> Expression {
    guard isWord("not") || token.kind == .not else { return try comparison() }
    let start = token.span
    try advance()
    let operand = try nested { (parser) throws(ExpressionDiagnostic) in try parser.negation() }
    return try node(.unary(.not, operand), at: start.union(operand.span))
  }

  private mutating func comparison() throws(ExpressionDiagnostic) -> Expression {
    let left = try sum()
    let result: Expression
    if case .comparison(let symbol) = token.kind {
      try advance()
      let right = try sum()
      result = try node(.binary(symbol, left, right), at: left.span.union(right.span))
    } else if isWord("in") {
      try advance()
      result = try membership(of: left, negated: false)
    } else if isWord("not") {
      try advance()
      guard isWord("in") else { throw unexpected("\"in\" after \"not\"") }
      try advance()
      result = try membership(of: left, negated: true)
    } else if isWord("is") {
      result = try absence(of: left)
    } else {
      return left
    }
    switch token.kind {
    case .comparison, .word("in"), .word("is"):
      throw ExpressionDiagnostic(
        span: token.span,
        message: "comparisons do not chain: write \"a < b and b < c\" for \"a < b < c\""
      )
    default: return result
    }
  }

  private mutating func sum() throws(ExpressionDiagnostic) -> Expression {
    var left = try product()
    while token.kind == .plus || token.kind == .minus {
      let symbol: BinaryOperator = token.kind == .plus ? .add : .subtract
      try advance()
      let right = try product()
      left = try node(.binary(symbol, left, right), at: left.span.union(right.span))
    }
    return left
  }

  private mutating func product() throws(ExpressionDiagnostic) -> Expression {
    var left = try factor()
    while token.kind == .star || token.kind == .slash {
      let symbol: BinaryOperator = token.kind == .star ? .multiply : .divide
      try advance()
      let right = try factor()
      left = try node(.binary(symbol, left, right), at: left.span.union(right.span))
    }
    return left
  }

  private mutating func factor() throws(ExpressionDiagnostic) -> Expression {
    guard token.kind == .minus else { return try primary() }
    let start = token.span
    try advance()
    let operand = try nested { (parser) throws(ExpressionDiagnostic) in try parser.factor() }
    return try node(.unary(.negate, operand), at: start.union(operand.span))
  }
}
