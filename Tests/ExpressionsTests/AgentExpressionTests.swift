import Testing

@testable import Expressions

/// Conditions on what an agent knows of itself.
@Suite struct AgentExpressionTests {
  private func verdict(
    _ source: String,
    _ values: [String: Double],
    young: Set<String> = []
  ) throws -> WindowVerdict {
    let expression = try AgentExpression.parse(source)
    func name(_ index: Int) -> String {
      let use = expression.uses[index]
      return use.span.map { "\(use.metric.name) \($0)" } ?? use.metric.name
    }
    return expression.evaluate(
      knowing: { young.contains(name($0)) ? .atLeast : .whole },
      { values[name($0)] }
    )
  }

  @Test func `ages are durations, counts are numbers, and both have a growth where they only grow`()
    throws
  {
    let old = try verdict("state_age > 5m", ["state_age": 301])
    #expect(old == WindowVerdict(holds: true, value: 301, threshold: 300))
    let share = "increase(refused, 10m) > 1% * increase(lines, 10m)"
    #expect(try verdict(share, ["refused 10m": 2, "lines 10m": 199]).holds == true)
    #expect(try verdict(share, ["refused 10m": 2, "lines 10m": 200]).holds == false)
    let either = "not (lag < 1000) or memory > 2e9"
    #expect(try verdict(either, ["lag": 1000, "memory": 1e9]).holds == true)
    #expect(try AgentExpression.parse("state_age / 1s > 5").unit == .number)
    #expect(try AgentExpression.parse("clock_age > 1h").unit == .duration)
  }

  @Test func `what is not known neither begins nor ends an alert`() throws {
    #expect(try verdict("lag > 5", [:]).holds == nil)
    #expect(try verdict("lag > 5 or memory > 1", ["memory": 2]).holds == true)
    #expect(try verdict("lag > 5 and memory > 1", ["memory": 0]).holds == false)
  }

  @Test func `a growth that was not watched for all its time is only known to be as large`() throws
  {
    let young: Set<String> = ["lines 1h"]
    #expect(try verdict("increase(lines, 1h) < 1", ["lines 1h": 0], young: young).holds == nil)
    #expect(try verdict("increase(lines, 1h) > 9", ["lines 1h": 10], young: young).holds == true)
    #expect(try verdict("increase(lines, 1h) > 9", ["lines 1h": 9], young: young).holds == nil)
    #expect(try verdict("increase(lines, 1h) < 1", ["lines 1h": 0]).holds == true)
  }

  @Test(arguments: [
    ("state_agee > 5m", "did you mean \"state_age\"?"),
    ("state_age > 300", "write a duration, such as 5m"),
    ("lag > 5m", "5m is a duration, lag a number"),
    ("increase(waiting, 1m) > 5", "waiting goes up and down"),
    ("increase(refused, 5s) > 5", "a duration from 10s to 7d"),
    ("increase(refused) > 5", "increase takes a metric and a duration"),
    ("mean(score) > 5", "unknown function \"mean\""),
    ("events", "expected a condition, got the number events"),
    ("lag in [1, 2]", "a metric is compared with a number or a duration"),
    ("true", "the condition asks for no metric"),
    ("lag > \"5\"", "expected a metric of the agent, got \"5\""),
    ("nonsense > 5", "use one of lines, bytes, events"),
  ])
  func `a mistake is told with its remedy`(source: String, words: String) {
    let error = #expect(throws: ExpressionErrors.self) { _ = try AgentExpression.parse(source) }
    let found = error?.diagnostics.map(\.message) ?? []
    #expect(found.contains { $0.contains(words) }, "\(found)")
  }

  @Test func `no two metrics have one name`() {
    let names = AgentMetric.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("refused_late"))
  }
}
