import Testing

@testable import Expressions

@Suite struct WindowPastTests {
  private func verdict(
    _ source: String,
    _ values: [String: Double],
    signal: String? = nil,
    durations: Set<String> = ["latency"]
  ) throws -> WindowVerdict {
    let expression = try WindowExpression.parse(source, durations: durations)
    return expression.evaluate(signal: signal) { query in
      let ago = query.ago.map { " \($0) ago" } ?? ""
      return values["\(query.statistic.rawValue) \(query.signal)\(ago)"]
    }
  }

  @Test func `a change is the present over the past, less one`() throws {
    let values = ["value kpis.rate": 0.6, "value kpis.rate 7d ago": 0.8]
    let fell = try verdict("change(value(kpis.rate), 7d) < -20%", values)
    #expect(fell.holds == true)
    #expect(fell.value.map { ($0 + 0.25).magnitude < 1e-15 } == true)
    #expect(fell.threshold == -0.2)
    let half = try verdict("value(kpis.rate) < 0.5 * before(value(kpis.rate), 7d)", values)
    #expect(half == WindowVerdict(holds: false, value: 0.6, threshold: 0.4))
  }

  @Test func `a change from nothing, or from zero, is unknown`() throws {
    let source = "change(count(score), 1d) > 10%"
    #expect(try verdict(source, ["count score": 5]).holds == nil)
    #expect(try verdict(source, ["count score 1d ago": 5]).holds == nil)
    #expect(try verdict(source, ["count score": 5, "count score 1d ago": 0]).holds == nil)
    #expect(try verdict(source, ["count score": 0, "count score 1d ago": 5]).holds == false)
  }

  @Test func `each past that is asked for is listed with how long ago`() throws {
    let rule = try WindowExpression.parse(
      "change(missing(score) / count(score), 1d) > 1 and before(count(score), 1w) > 5"
    )
    let uses = rule.uses.map { "\($0.statistic.rawValue) \($0.ago?.description ?? "now")" }
    #expect(uses == ["missing now", "count now", "missing 1d", "count 1d", "count 7d"])
    #expect(rule.subject?.ago == nil)
    #expect(rule.subject?.statistic == .missing)
    #expect(try WindowExpression.parse("change(drift(score), 1d) > 0.1").driftTolerance == nil)
    #expect(try WindowExpression.parse("before(drift(score), 1d) > 0.1").driftTolerance == nil)
  }

  @Test func `the wildcard of KPIs stands for one of them, then and now`() throws {
    let values = ["value kpis.a": 2.0, "value kpis.a 1d ago": 1]
    let source = "change(value(kpis.*), 1d) >= 100%"
    #expect(try verdict(source, values, signal: "kpis.a").holds == true)
    #expect(try verdict(source, values, signal: "kpis.b").holds == nil)
    #expect(try verdict(source, values).holds == nil)
    let selector = try #require(try WindowExpression.parse(source).bindingSelector)
    #expect(selector.selects(signal: "kpis.a"))
    #expect(!selector.selects(signal: "score"))
  }

  @Test(arguments: [
    ("p99(latency) > 200ms", true), ("p99(latency) > 1s", false), ("200ms < p99(latency)", true),
    ("p99(latency) >= 2 * 125ms", true), ("p99(latency) - p50(latency) > 200ms", true),
    ("p99(latency) / p50(latency) > 4", true), ("p99(latency) in [250ms, 1s]", true),
    ("p99(latency) / 1ms == 250", true), ("-p99(latency) < 0s", true),
    ("abs(p50(latency) - p99(latency)) < 1s", true), ("count(latency) > 5", true),
    ("change(p99(latency), 1d) > 100%", true),
    ("p99(latency) > 2 * before(p99(latency), 1d)", true),
    ("p99(latency) > before(p99(latency), 1d) + 10ms", true), ("rate(events) < 1", true),
    ("mean(failure) > 1%", true), ("value(kpis.slow) > 300ms", true),
  ])
  func `a latency is compared in seconds with durations`(_ source: String, _ holds: Bool) throws {
    let values = [
      "p99 latency": 0.25, "p50 latency": 0.04, "count latency": 10, "p99 latency 1d ago": 0.1,
      "rate events": 0.5, "mean failure": 0.02, "value kpis.slow": 0.4,
    ]
    let found = try verdict(source, values, durations: ["latency", "kpis.slow"])
    #expect(found.holds == holds)
  }

  @Test(arguments: [
    (
      "p99(latency) > 300", 15, "is a duration, got the number 300: write a duration, such as 300ms"
    ),
    ("0 < mean(latency)", 0, "such as 0s"),
    ("p99(latency)", 0, "compare it, such as p99(latency) > 200ms"),
    ("count(latency) > 5ms", 17, "count(latency) has no unit of time"),
    ("p99(latency) > mean(score)", 15, "take the seconds as p99(latency) / 1s"),
    ("p99(latency) + 1 > 1s", 0, "have no sum or difference"),
    ("1 / p99(latency) > 1", 0, "a number divided by a duration"),
    ("p99(latency) in [1ms, 2]", 22, "such as 2ms"),
    ("mean(score) in [1ms]", 16, "no unit of time"),
    ("change(p99(latency), 1d) > 100ms", 27, "no unit of time"),
    ("value(score) > 1", 6, "write value(kpis.NAME)"),
    ("value(*) > 1", 6, "write value(kpis.NAME)"),
    ("rate(score) > 1", 5, "write rate(events)"),
    ("mean(events) > 1", 5, "rate(events), count(events) or invalid(events)"),
    ("kpis.a > 1", 0, "such as value(kpis.a)"), ("latency > 1s", 0, "such as p99(latency)"),
    ("events > 1", 0, "such as rate(events)"), ("value > 1", 0, "write value(kpis.NAME)"),
    ("change(mean(score)) > 1", 0, "takes a number and a duration, got 1"),
    ("change(mean(score), 3) > 1", 20, "write it like 1d"),
    ("change(mean(score), 0s) > 1", 20, "write it like 1d"),
    ("before(3, 1d) > 1", 7, "takes a statistic"),
    ("before(change(mean(score), 1d), 1d) > 1", 7, "stands inside another before or change"),
    ("change(reference(mean(score)), 1d) > 1", 7, "the reference has no past"),
    ("reference(before(mean(score), 1d)) > 1", 10, "the reference has no past"),
    ("sum(score) > 1", 0, "ask for value(kpis.NAME)"), ("ratio(score, score) > 1", 0, "in kpis"),
    ("mean(score where a > 1) > 1", 5, "takes no \"where\""),
    ("chnage(mean(score), 1d) > 1", 0, "did you mean \"change\""),
    ("reference(within(score)) > 1", 10, "no value within"),
  ])
  func `a mistake is found at its byte`(_ source: String, _ offset: Int, _ words: String) {
    do throws(ExpressionErrors) {
      _ = try WindowExpression.parse(source)
      Issue.record("\(source) was taken")
    } catch {
      #expect(error.diagnostics.first?.span.offset == offset, "\(error)")
      #expect(error.diagnostics.first?.message.contains(words) == true, "\(error)")
    }
  }
}
