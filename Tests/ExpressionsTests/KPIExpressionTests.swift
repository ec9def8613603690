import Events
import Testing

@testable import Expressions

@Suite struct KPIExpressionTests {
  private static let roles = EventRoles(
    decision: FieldPath(["answer"]),
    latency: .init(path: FieldPath(["took"]), unit: .milliseconds)
  )

  private func problem(_ source: String) -> ExpressionDiagnostic? {
    do throws(ExpressionErrors) {
      _ = try KPIExpression.parse(source, roles: Self.roles)
      return nil
    } catch {
      return error.diagnostics.first
    }
  }

  @Test func `a KPI asks for each aggregate once, in order of first use`() throws {
    let kpi = try KPIExpression.parse(
      "ratio(sum(amount where flagged), sum(amount)) + count() * 0 + sum((amount) where (flagged))",
      roles: Self.roles
    )
    #expect(kpi.measures.map(\.aggregate) == [.sum, .sum, .count])
    #expect(
      kpi.measures.map { $0.number.fields.map(\.path.description) }
        == [["amount", "flagged"], ["amount"], []]
    )
    #expect(!kpi.isSingle)
    let values = [30.0, 120, 7]
    #expect(kpi.evaluate { values[$0] } == 30.25)
  }

  @Test(arguments: [
    ("sum(amount)", true, ValueType.number), ("mean(decision == 'approve')", true, .number),
    ("(p99(latency))", true, .duration), ("-sum(amount)", false, .number),
    ("p99(latency where flagged) - p50(latency)", false, .duration),
    ("ratio(p99(latency), p50(latency))", false, .number),
    ("count(where latency > 1s)", true, .number),
    ("abs(max(latency) * 2)", false, .duration), ("100 * mean(a > 1)", false, .number),
    ("sum(amount) / (sum(latency) / 1s)", false, .number),
  ])
  func `a KPI knows its type, and whether it is one aggregate alone`(
    _ source: String,
    _ isSingle: Bool,
    _ type: ValueType
  ) throws {
    let kpi = try KPIExpression.parse(source, roles: Self.roles)
    #expect(kpi.isSingle == isSingle)
    #expect(kpi.type == type)
  }

  @Test func `a KPI without a part, or divided by zero, has no value`() throws {
    let kpi = try KPIExpression.parse("ratio(sum(a), sum(b))")
    #expect(kpi.evaluate { [6, 3][$0] } == 2)
    #expect(kpi.evaluate { [6, 0][$0] } == nil)
    #expect(kpi.evaluate { [0, 0][$0] } == nil)
    #expect(kpi.evaluate { $0 == 0 ? 6 : nil } == nil)
    #expect(kpi.evaluate { $0 == 0 ? nil : 3 } == nil)
    #expect(try KPIExpression.parse("sum(a) + 1").evaluate { _ in .nan } == nil)
    #expect(try KPIExpression.parse("sum(a) * 10").evaluate { _ in 1e308 } == nil)
  }

  @Test func `the condition of an aggregate chooses its events`() throws {
    var table = CellTable()
    table.columns = [
      "amount": [Cell(1), Cell(2), Cell(4), Cell.missing, Cell(8)].map(\.bits),
      "flagged": [Cell.true, .false, .null, .true, .true].map(\.bits),
      "where": [Cell.true, .true, .true, .true, .false].map(\.bits),
    ]
    func numbers(_ source: String) throws -> [Double?] {
      let measure = try #require(try KPIExpression.parse(source).measures.first)
      return table.cells(measure.number).map { $0.isNumber ? $0.number : nil }
    }
    #expect(try numbers("sum(amount where flagged)") == [1, nil, nil, nil, 8])
    #expect(try numbers("sum(amount + 1 where flagged and amount < 5)") == [2, nil, nil, nil, nil])
    #expect(try numbers("sum(amount where not flagged or amount >= 8)") == [nil, 2, nil, nil, 8])
    #expect(try numbers("count(where flagged)") == [1, nil, nil, 1, 1])
    #expect(try numbers("count()") == [1, 1, 1, 1, 1])
    #expect(try numbers("mean(flagged)") == [1, 0, nil, 1, 1])
    #expect(try numbers("mean(flagged where flagged)") == [1, nil, nil, 1, 1])
    #expect(try numbers("sum(`where` where `where`)") == [1, 1, 1, 1, nil])
  }

  @Test(
    arguments: [
      ("amount", 0, "aggregate it, such as sum(amount)", nil),
      ("features.a + sum(b)", 0, "is of one event, a KPI is of many", nil),
      ("smu(amount)", 0, "did you mean \"sum\"?", "sum"), ("sum > 1", 0, "got the condition", nil),
      ("count", 0, "write count() or count(where flagged)", nil),
      ("3 + 4", 0, "asks for no aggregate", nil), ("1s", 0, "asks for no aggregate", nil),
      ("sum(mean(a))", 4, "stands inside another", nil),
      ("mean(a where sum(b) > 1)", 13, "stands inside another", nil),
      ("sum(a where b where c)", 14, "stands once", nil),
      ("sum(a where)", 11, "expected a value", nil),
      ("sum(abs(a where b))", 10, "stands once", nil),
      ("ratio(sum(a) where b, sum(c))", 13, "inside the parentheses of an aggregate", nil),
      ("cuont(where a)", 6, "did you mean \"count\"?", "count"),
      ("smu(a where b)", 6, "did you mean \"sum\"?", "sum"),
      ("sum(a, b)", 0, "takes one argument, got 2", nil),
      ("sum()", 0, "a number of each event", nil),
      ("mean(where a)", 0, "a number of each event", nil),
      ("ratio(sum(a))", 0, "takes two arguments, got 1", nil),
      ("count(a)", 6, "count(where a) or count(where exists(a))", nil),
      ("count(a > 1)", 6, "count(where a > 1)", nil), ("count(*)", 6, "write count()", nil),
      ("sum(features.*)", 4, "an aggregate reads one", nil),
      ("sum(a) > 3", 0, "got the condition", nil), ("drift(a)", 0, "use it in a rule's expr", nil),
      ("exists(a)", 0, "count(where exists(a))", nil), ("'x' + sum(a)", 0, "got the text", nil),
      ("sum(latency) + 1", 0, "have no sum or difference", nil),
      ("count() / sum(latency)", 0, "divide by its seconds", nil),
      ("sum(label)", 4, "which comes in a line of its own", nil),
      ("sum('x')", 4, "expected a number", nil),
      ("sum(a * (b == 'x'))", 8, "choose the events with where", nil),
      ("sum(a where a == 'x')", 4, "used as a number, got a string", nil),
      ("sum(a where latency > 5)", 22, "write 5ms", "5ms"),
      ("foo(a)", 0, "use one of sum mean", nil),
    ] as [(String, Int, String, String?)]
  )
  func `a mistake in a KPI is found at its byte`(
    _ source: String,
    _ offset: Int,
    _ words: String,
    _ suggestion: String?
  ) throws {
    let found = try #require(problem(source), "\(source) was taken")
    #expect(found.span.offset == offset, "\(found)")
    #expect(found.message.contains(words), "\(found)")
    #expect(found.suggestion == suggestion)
  }

  @Test func `where is a name outside of aggregates`() throws {
    #expect(try EventPredicate.parse("where == 1").fields.map(\.path) == [FieldPath(["where"])])
    #expect(try EventPredicate.parse("abs(where) == 1").fields.count == 1)
    let outside = problem("ratio(where, sum(a))")
    #expect(outside?.message.contains("\"where\" is of one event") == true)
  }
}
