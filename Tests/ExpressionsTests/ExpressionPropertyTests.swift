import Events
import Testing

@testable import Expressions
import TestSupport

/// Trees that the parser can make, at random.
struct ExpressionGenerator {
  var random: SeededGenerator

  private mutating func pick<Element>(_ items: [Element]) -> Element {
    items[Int.random(in: 0..<items.count, using: &random)]
  }

  private func at(_ node: Expression.Node) -> Expression {
    Expression(node, at: SourceSpan(offset: 0, length: 0))
  }

  private mutating func text() -> String {
    let scalars = Array("ab z.\"'`\\\n\té{}$%—".unicodeScalars)
    let count = Int.random(in: 0...6, using: &random)
    return String(String.UnicodeScalarView((0..<count).map { _ in pick(scalars) }))
  }

  private mutating func literal() -> Literal {
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      .number(
        pick([
          0, 1, 0.1, 1e-7, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 1e16, 123_456.789,
        ])
      )
    case 1: .percentage(pick([1, 99.9, 0.25, 100]))
    case 2: .duration(TimeSpan(nanoseconds: Int64.random(in: 0...(1 << 55), using: &random)))
    case 3: .string(text())
    default: .boolean(Bool.random(using: &random))
    }
  }

  private mutating func path() -> Expression {
    let count = Int.random(in: 1...3, using: &random)
    let keys = (0..<count).map { _ in
      pick(["a", "amount", "in", "not", "where", "a.b", "0", "odd-key", text()])
    }
    return at(.path(FieldPath(keys, isWildcard: Int.random(in: 0..<6, using: &random) == 0)))
  }

  mutating func expression(depth: Int) -> Expression {
    let kind =
      depth == 0 ? Int.random(in: 0..<2, using: &random) : Int.random(in: 0..<9, using: &random)
    switch kind {
    case 0: return at(.literal(literal()))
    case 1: return path()
    case 2: return at(.unary(pick(UnaryOperator.allCases), expression(depth: depth - 1)))
    case 3:
      let count = Int.random(in: 0...2, using: &random)
      let name = Expression.CallName(
        text: pick(["drift", "mean", "exists"]),
        span: SourceSpan(offset: 0, length: 0)
      )
      let isAggregate = name.text == "mean"
      var arguments = (0..<count).map { _ in expression(depth: depth - 1) }
      if count == 1, Bool.random(using: &random) {
        arguments = [at(.path(FieldPath([], isWildcard: true)))]
      }
      if isAggregate, Bool.random(using: &random) {
        let condition = expression(depth: depth - 1)
        arguments.append(at(.filter(arguments.popLast(), condition: condition)))
      }
      return at(.call(name, arguments))
    case 4:
      let items = (0...Int.random(in: 0...2, using: &random)).map { _ -> Expression in
        let item = at(.literal(literal()))
        return Bool.random(using: &random) ? item : at(.unary(.negate, item))
      }
      let negated = Bool.random(using: &random)
      return at(.membership(expression(depth: depth - 1), items, negated: negated))
    case 5: return at(.absence(expression(depth: depth - 1), negated: Bool.random(using: &random)))
    default:
      let symbol = pick(BinaryOperator.allCases)
      return at(.binary(symbol, expression(depth: depth - 1), expression(depth: depth - 1)))
    }
  }
}

@Suite struct ExpressionPropertyTests {
  @Test(arguments: UInt64(1)...8)
  func `printing and reading again gives the same expression`(_ seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SeededGenerator(seed: seed))
    for _ in 0..<500 {
      let expression = generator.expression(depth: 4)
      let text = expression.description
      guard text.utf8.count <= ExpressionLimits.sourceBytes else { continue }
      let again = try Expression.parse(text)
      #expect(again == expression, "seed \(seed): \(text)")
    }
  }

  @Test(arguments: UInt64(1)...8)
  func `no bytes make reading trap, and every mistake lies within the source`(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let roles = EventRoles(latency: .init(path: FieldPath(["ms"]), unit: .milliseconds))
    let samples = [
      "kind == \"prediction\" and features.amount >= 10", "drift(features.*) > 0.1",
      "missing(features.amount) / count(features.amount) > 1%",
      "not a in [1, 'x'] or -b is missing",
      "abs(mean(score) - reference(mean(score))) > 2 * 1h30m", "`x y`.\"a.b\" != `in`",
      "ratio(sum(a where b > 1), count(where decision == 'x')) / 2", "p99(latency where `where`)",
      "change(value(kpis.a), 7d) < -20% and before(p99(latency), 1d) - 3ms > 1s",
    ].map { Array($0.utf8) }
    for _ in 0..<(FuzzRounds.fromEnvironment ?? 2_000) {
      var bytes = samples[Int.random(in: 0..<samples.count, using: &random)]
      for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: bytes[..<index], at: index)
        default: bytes.insert(Array("()[]\"'`.*%-!".utf8)[index % 12], at: index)
        }
      }
      let source = String(decoding: bytes, as: UTF8.self)
      let length = source.utf8.count
      for errors in [
        mistakes { () throws(ExpressionErrors) in _ = try EventPredicate.parse(source) },
        mistakes { () throws(ExpressionErrors) in _ = try EventNumber.parse(source, roles: roles) },
        mistakes { () throws(ExpressionErrors) in
          _ = try KPIExpression.parse(source, roles: roles)
        },
        mistakes { () throws(ExpressionErrors) in _ = try WindowExpression.parse(source) },
      ] {
        for diagnostic in errors {
          let end = diagnostic.span.offset + diagnostic.span.length
          #expect(diagnostic.span.offset >= 0 && end <= length, "seed \(seed): \(source)")
          #expect(!diagnostic.message.isEmpty)
        }
      }
    }
  }

  private func mistakes(
    _ parse: () throws(ExpressionErrors) -> Void
  ) -> [ExpressionDiagnostic] {
    do throws(ExpressionErrors) {
      try parse()
      return []
    } catch {
      return error.diagnostics
    }
  }
}
