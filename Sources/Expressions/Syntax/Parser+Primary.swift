import Events

extension Parser {
  mutating func primary() throws(ExpressionDiagnostic) -> Expression {
    let start = token
    switch start.kind {
    case .literal(let literal):
      try advance()
      return try node(.literal(literal), at: start.span)
    case .path(let path):
      try advance()
      if token.kind == .openParenthesis {
        throw ExpressionDiagnostic(
          span: start.span,
          message:
            "\"\(path)\" is a field, not a function: write an operator before the parenthesis"
        )
      }
      return try node(.path(path), at: start.span)
    case .word("true"), .word("false"):
      try advance()
      return try node(.literal(.boolean(start.kind == .word("true"))), at: start.span)
    case .word(let word) where !isReserved(word):
      try advance()
      if token.kind == .openParenthesis { return try call(word, at: start.span) }
      return try node(.path(FieldPath([word])), at: start.span)
    case .openParenthesis:
      try advance()
      var inner = try nested { (parser) throws(ExpressionDiagnostic) in try parser.disjunction() }
      guard token.kind == .closeParenthesis else { throw unexpected("\")\"") }
      inner.span = start.span.union(token.span)
      try advance()
      return inner
    default:
      throw unexpected("a value, a name or \"(\"")
    }
  }

  private mutating func call(
    _ name: String,
    at span: SourceSpan
  ) throws(ExpressionDiagnostic) -> Expression {
    let isAggregate = Aggregate(rawValue: name) != nil
    calls.append(name)
    defer { calls.removeLast() }
    try advance()
    var arguments: [Expression] = []
    if token.kind != .closeParenthesis {
      arguments.append(
        try nested { (parser) throws(ExpressionDiagnostic) in
          try parser.argument(ofAggregate: isAggregate)
        }
      )
      while token.kind == .comma {
        try advance()
        arguments.append(
          try nested { (parser) throws(ExpressionDiagnostic) in
            try parser.argument(ofAggregate: isAggregate)
          }
        )
      }
    }
    guard token.kind == .closeParenthesis else {
      // A misspelt aggregate: its `where` was read as a field.
      if case .path(FieldPath([Aggregate.filterWord])) = arguments.last?.node {
        throw misplacedFilter(at: arguments.last?.span ?? span)
      }
      throw unexpected("\")\"")
    }
    let end = token.span
    try advance()
    let callName = Expression.CallName(text: name, span: span)
    return try node(.call(callName, arguments), at: span.union(end))
  }

  /// Whether an aggregate stands around the token, which makes `where` a keyword.
  private var isInAggregate: Bool { calls.contains { Aggregate(rawValue: $0) != nil } }

  /// Whether a word cannot be a name where it stands.
  private func isReserved(_ word: String) -> Bool {
    Keyword.all.contains(word) || (isInAggregate && word == Aggregate.filterWord)
  }

  /// An argument: an expression, or the star that means every signal.
  ///
  /// An aggregate's ends with the condition that chooses its events.
  private mutating func argument(ofAggregate: Bool) throws(ExpressionDiagnostic) -> Expression {
    let start = token.span
    var operand: Expression?
    if token.kind == .star {
      try advance()
      operand = try node(.path(FieldPath([], isWildcard: true)), at: start)
    } else if !ofAggregate || !isWord(Aggregate.filterWord) {
      operand = try disjunction()
    }
    if let operand, !ofAggregate || !isWord(Aggregate.filterWord) { return operand }
    try advance()
    let condition = try disjunction()
    return try node(.filter(operand, condition: condition), at: start.union(condition.span))
  }

  mutating func membership(
    of operand: Expression,
    negated: Bool
  ) throws(ExpressionDiagnostic) -> Expression {
    guard token.kind == .openBracket else {
      throw unexpected("a list after \"in\", such as [\"a\", \"b\"]")
    }
    try advance()
    var items = [try element()]
    while token.kind == .comma {
      try advance()
      items.append(try element())
    }
    guard token.kind == .closeBracket else { throw unexpected("\",\" or \"]\"") }
    let end = token.span
    try advance()
    return try node(.membership(operand, items, negated: negated), at: operand.span.union(end))
  }

  /// One constant of a list, with its sign.
  private mutating func element() throws(ExpressionDiagnostic) -> Expression {
    let start = token
    if start.kind == .minus { try advance() }
    let value = token
    let literal: Literal
    switch value.kind {
    case .literal(let constant): literal = constant
    case .word("true"): literal = .boolean(true)
    case .word("false"): literal = .boolean(false)
    default: throw unexpected("a constant in the list")
    }
    try advance()
    let item = try node(.literal(literal), at: value.span)
    guard start.kind == .minus else { return item }
    return try node(.unary(.negate, item), at: start.span.union(value.span))
  }

  mutating func absence(of operand: Expression) throws(ExpressionDiagnostic) -> Expression {
    try advance()
    let negated = isWord("not")
    if negated { try advance() }
    guard isWord("missing") else { throw unexpected("\"missing\" after \"is\"") }
    let end = token.span
    try advance()
    return try node(.absence(operand, negated: negated), at: operand.span.union(end))
  }

  /// Prometheus' `for 5m`, which is a key of the rule here as there.
  private func misplacedHold(at span: SourceSpan) -> ExpressionDiagnostic {
    ExpressionDiagnostic(
      span: span,
      message:
        "\"for\" is a key of the rule and no part of its condition: write for: 5m beside expr"
    )
  }

  private func misplacedFilter(at span: SourceSpan) -> ExpressionDiagnostic {
    let names = Aggregate.allCases.map(\.rawValue)
    let suggestion =
      isInAggregate ? nil : calls.last.flatMap { spellingSuggestion(for: $0, among: names) }
    let message =
      if let suggestion, let name = calls.last {
        "\"where\" is of an aggregate, and \"\(name)\" is none: did you mean \"\(suggestion)\"?"
      } else if isInAggregate {
        "\"where\" stands once, after what the aggregate is of: write sum(a where b and c); "
          + "a field of that name is written `where`"
      } else {
        "\"where\" stands inside the parentheses of an aggregate: write sum(a where b)"
      }
    return ExpressionDiagnostic(span: span, message: message, suggestion: suggestion)
  }

  /// The diagnostic for a token that cannot stand where it does.
  func unexpected(_ wanted: String) -> ExpressionDiagnostic {
    var found = "the end"
    var suggestion: String?
    switch token.kind {
    case .end: break
    case .word(let word):
      found = "\"\(word)\""
      if word == Aggregate.filterWord { return misplacedFilter(at: token.span) }
      if word == "for" { return misplacedHold(at: token.span) }
      suggestion = spellingSuggestion(
        for: word,
        among: Keyword.known.filter { $0 != word }
      )
    case .path(let path): found = "\"\(path)\""
    case .literal(let literal): found = ExpressionPrinter.text(of: literal)
    case .comparison(let symbol): found = "\"\(symbol.rawValue)\""
    case .plus: found = "\"+\""
    case .minus: found = "\"-\""
    case .star: found = "\"*\""
    case .slash: found = "\"/\""
    case .and: found = "\"&&\""
    case .or: found = "\"||\""
    case .not: found = "\"!\""
    case .openParenthesis: found = "\"(\""
    case .closeParenthesis: found = "\")\""
    case .openBracket: found = "\"[\""
    case .closeBracket: found = "\"]\""
    case .comma: found = "\",\""
    }
    let hint = suggestion.map { ": did you mean \"\($0)\"?" } ?? ""
    return ExpressionDiagnostic(
      span: token.span,
      message: "expected \(wanted), got \(found)\(hint)",
      suggestion: suggestion
    )
  }
}
