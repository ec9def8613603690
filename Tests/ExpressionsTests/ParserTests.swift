import Events
import Testing

@testable import Expressions

@Suite struct ParserTests {
  private static let zero = SourceSpan(offset: 0, length: 0)

  private func at(_ node: Expression.Node) -> Expression { Expression(node, at: Self.zero) }
  private func path(_ keys: String...) -> Expression { at(.path(FieldPath(keys))) }
  private func number(_ value: Double) -> Expression { at(.literal(.number(value))) }

  @Test(arguments: [
    ("a or b and c", "a or (b and c)"),
    ("not a and b", "(not a) and b"),
    ("not a == b", "not (a == b)"),
    ("!a || b && c", "(not a) or (b and c)"),
    ("a + b * c - d", "(a + (b * c)) - d"),
    ("a - b - c", "(a - b) - c"),
    ("a / b / c", "(a / b) / c"),
    ("-a * b", "(-a) * b"),
    ("a + b > c * d", "(a + b) > (c * d)"),
    ("a > 1 or b < 2", "(a > 1) or (b < 2)"),
    ("a is missing and b", "(a is missing) and b"),
    ("a in [1, 2] or b", "(a in [1, 2]) or b"),
    ("not a in [1]", "not (a in [1])"),
  ])
  func `operators bind as documented`(_ bare: String, _ grouped: String) throws {
    #expect(try Expression.parse(bare) == Expression.parse(grouped))
  }

  @Test func `a condition reads as its tree`() throws {
    let expected = at(
      .binary(
        .and,
        at(.binary(.equal, path("kind"), at(.literal(.string("prediction"))))),
        at(.binary(.greaterOrEqual, path("features", "amount"), number(10)))
      )
    )
    let source = "kind == \"prediction\" and features.amount >= 10"
    #expect(try Expression.parse(source) == expected)
  }

  @Test(arguments: [
    ("1", Literal.number(1)), ("1.5e3", .number(1_500)), ("2E-2", .number(0.02)),
    ("1%", .percentage(1)), ("0.5%", .percentage(0.5)),
    ("200ms", .duration(TimeSpan(nanoseconds: 200_000_000))), ("1h30m", .duration(.minutes(90))),
    ("7d", .duration(.days(7))), ("\"a\\\"b\"", .string("a\"b")), ("'it''s'", .string("it")),
    ("'a\\u{e9}\\n'", .string("aé\n")), ("true", .boolean(true)), ("false", .boolean(false)),
  ])
  func `a literal has its value`(_ source: String, _ literal: Literal) throws {
    guard source != "'it''s'" else {
      #expect(throws: ExpressionErrors.self) { try Expression.parse(source) }
      return
    }
    #expect(try Expression.parse(source) == at(.literal(literal)))
  }

  @Test(arguments: [
    ("features.\"a.b\".c", ["features", "a.b", "c"]), ("`odd-key`", ["odd-key"]),
    ("`in`.x", ["in", "x"]), ("a.in.0", ["a", "in", "0"]), ("größe.x", ["größe", "x"]),
  ])
  func `a path has its keys`(_ source: String, _ keys: [String]) throws {
    #expect(try Expression.parse(source) == at(.path(FieldPath(keys))))
  }

  @Test(arguments: [
    ("", 0, "empty"), ("a ==", 4, "got the end"), ("a = 1", 2, "write =="),
    ("a <> 1", 2, "write !="), ("a & b", 2, "write and"), ("a | b", 2, "write or"),
    ("a == \"x", 5, "does not end"), ("a == 'x\\q'", 7, "unknown escape"), ("(a", 2, "\")\""),
    ("a)", 1, "operator or the end"), ("a b", 2, "got \"b\""),
    ("a adn b", 2, "did you mean \"and\""),
    ("1 < a < 2", 6, "do not chain"), ("a in 3", 5, "a list"), ("a in []", 6, "a constant"),
    ("a in [b]", 6, "a constant"), ("a is mising", 5, "did you mean \"missing\""),
    ("a not 3", 6, "\"in\""), ("a.", 1, "a key must follow"), ("a..b", 1, "a key must follow"),
    ("a > 5x", 4, "unknown unit \"x\""), ("a > 1.5h", 4, "whole numbers"),
    ("a > 1e999", 4, "beyond a double"), ("a > 30m1h", 4, "follows a smaller"),
    ("a # b", 2, "unexpected character \"#\""), ("a == \u{201C}x\u{201D}", 5, "straight quotes"),
    ("a == \u{1}", 5, "control character 1"), ("a.b(c)", 0, "not a function"),
    ("f(a,)", 4, "got \")\""), ("99999999999999999999d > a", 0, "292 years"),
  ])
  func `a syntax error is found at its byte`(_ source: String, _ offset: Int, _ words: String) {
    do throws(ExpressionErrors) {
      _ = try Expression.parse(source)
      Issue.record("\(source) was read")
    } catch {
      #expect(error.diagnostics.count == 1)
      #expect(error.diagnostics.first?.span.offset == offset, "\(error)")
      #expect(error.diagnostics.first?.message.contains(words) == true, "\(error)")
    }
  }

  @Test(arguments: ["(", "not ", "-", "f("])
  func `nesting beyond the limit is refused, not followed`(_ opening: String) {
    let source = String(repeating: opening, count: 1_000) + "a"
    #expect(throws: ExpressionErrors.self) { try Expression.parse(source) }
  }

  @Test func `an expression has a limit of parts and of bytes`() {
    let chain = Array(repeating: "a", count: 1_000)
    #expect(throws: ExpressionErrors.self) { try Expression.parse(chain.joined(separator: "+")) }
    let long = "a == \"" + String(repeating: "x", count: ExpressionLimits.sourceBytes) + "\""
    #expect(throws: ExpressionErrors.self) { try Expression.parse(long) }
  }
}
