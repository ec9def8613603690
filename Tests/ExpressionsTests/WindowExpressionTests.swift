import Testing

@testable import Expressions

@Suite struct WindowExpressionTests {
  private func verdict(
    _ source: String,
    _ values: [String: Double],
    signal: String? = nil
  ) throws -> WindowVerdict {
    try WindowExpression.parse(source).evaluate(signal: signal) { query in
      let reference = query.ofReference ? "reference " : ""
      let ago = query.ago.map { " \($0) ago" } ?? ""
      return values["\(reference)\(query.statistic.rawValue) \(query.signal)\(ago)"]
    }
  }

  @Test func `a rule knows its statistics, its wildcard and its tolerance`() throws {
    let rule = try WindowExpression.parse("drift(features.*) > 10% and count(features.*) >= 200")
    #expect(rule.uses.map(\.statistic) == [.drift, .count])
    #expect(rule.selectors.map(\.description) == ["features.*"])
    #expect(rule.bindingSelector?.description == "features.*")
    #expect(rule.driftTolerance == 0.1)
    #expect(rule.subject?.statistic == .drift)
    #expect(rule.needsReference)
  }

  @Test(arguments: [
    ("drift(score) > 0.1", 0.1), ("drift(score) >= 2 * 0.05", 0.1), ("0.1 < drift(score)", 0.1),
    ("count(score) > 5 and drift(score) > 0.2", 0.2), ("drift(score) < 0.1", nil),
    ("drift(score) * 2 > 0.1", nil), ("psi(score) > 0.1", nil),
  ])
  func `the tolerance of drift is the constant beside it`(_ source: String, _ value: Double?) throws
  {
    #expect(try WindowExpression.parse(source).driftTolerance == value)
  }

  @Test(arguments: [
    ("drift(score) > 0.1", 0.1), ("0.1 < drift(score)", 0.1), ("not drift(score) <= 0.2", 0.2),
    ("drift(score) > 0.3 and (drift(prediction) > 0.2 or count(score) > 5)", 0.2),
    ("drift(score) > 0.1 and drift(score) is not missing", 0.1),
    ("count(score) > 5", .infinity), ("before(drift(score), 1d) > 0.1", .infinity),
    ("drift(score) + 0 > 0.1", nil), ("drift(score) > psi(score)", nil),
    ("drift(score) in [0.1]", nil), ("drift(score) / 2 is missing", nil),
    ("drift(score) > 0.1 and change(drift(score), 1d) > 0.2", nil),
  ])
  func `how far drift is below a constant matters where it is not only compared`(
    _ source: String,
    _ value: Double?
  ) throws {
    #expect(try WindowExpression.parse(source).driftFloor == value)
  }

  @Test func `a condition is judged by the places of its statistics, too`() throws {
    let rule = try WindowExpression.parse("psi(score) > 0.25 and count(score) >= 200")
    let values = [0.3, 250.0]
    #expect(rule.evaluate { values[$0] } == WindowVerdict(holds: true, value: 0.3, threshold: 0.25))
    #expect(rule.holds { values[$0] } == true)
    #expect(rule.holds { $0 == 0 ? 0.3 : nil } == nil)
  }

  @Test func `the wildcard stands for the signal that is judged`() throws {
    let values = ["drift features.a": 0.2, "drift features.b": 0.05]
    #expect(try verdict("drift(features.*) > 0.1", values, signal: "features.a").holds == true)
    #expect(try verdict("drift(features.*) > 0.1", values, signal: "features.b").holds == false)
    #expect(try verdict("drift(features.*) > 0.1", values, signal: "features.c").holds == nil)
    #expect(try verdict("drift(features.*) > 0.1", values).holds == nil)
  }

  @Test func `value and threshold are the sides of the first comparison`() throws {
    let values = ["psi score": 0.3, "count score": 250, "mean score": 4, "reference mean score": 1]
    let first = try verdict("psi(score) > 0.25 and count(score) >= 200", values)
    #expect(first == WindowVerdict(holds: true, value: 0.3, threshold: 0.25))
    let mirrored = try verdict("0.25 < psi(score)", values)
    #expect(mirrored == WindowVerdict(holds: true, value: 0.3, threshold: 0.25))
    let relative = try verdict("mean(score) > 2 * reference(mean(score))", values)
    #expect(relative == WindowVerdict(holds: true, value: 4, threshold: 2))
    let share = try verdict(
      "missing(score) / count(score) > 1%",
      ["missing score": 5, "count score": 250]
    )
    #expect(share == WindowVerdict(holds: true, value: 0.02, threshold: 0.01))
  }

  @Test(
    arguments: [
      // t is true, f is false, u is unknown.
      ("t and t", true), ("t and f", false), ("t and u", nil), ("f and u", false),
      ("u and f", false),
      ("u and u", nil), ("f and f", false), ("u and t", nil),
      ("t or t", true), ("t or f", true), ("t or u", true), ("u or t", true), ("f or u", nil),
      ("u or f", nil), ("u or u", nil), ("f or f", false),
      ("not t", false), ("not f", true), ("not u", nil),
    ] as [(String, Bool?)]
  )
  func `logic has three values`(_ formula: String, _ expected: Bool?) throws {
    let source = formula.split(separator: " ").map { word in
      switch word {
      case "t": "mean(score) == 1"
      case "f": "mean(score) == 2"
      case "u": "std(score) == 1"
      default: String(word)
      }
    }.joined(separator: " ")
    #expect(try verdict(source, ["mean score": 1]).holds == expected)
  }

  @Test func `arithmetic without a value is unknown`() throws {
    let values = ["count score": 0, "missing score": 0, "mean score": .nan]
    #expect(try verdict("missing(score) / count(score) > 1%", values).holds == nil)
    #expect(try verdict("mean(score) > 0", values).holds == nil)
    #expect(try verdict("mean(score) is missing", values).holds == true)
    #expect(try verdict("count(score) is not missing", values).holds == true)
    #expect(try verdict("count(score) in [0, 1]", values).holds == true)
    #expect(try verdict("max(score) in [0, 1]", values).holds == nil)
    #expect(try verdict("abs(count(score) - 3) == 3", values).holds == true)
  }

  @Test func `a signal can be named by a text or by quoted keys`() throws {
    let expected = [SignalSelector.named("features.\"weird name\"")]
    for source in [
      "ks(\"features.weird name\") > 1", "ks(features.\"weird name\") > 1",
      "ks('features.\"weird name\"') > 1",
    ] {
      #expect(try WindowExpression.parse(source).selectors == expected)
    }
  }

  @Test func `the predictions with the greatest scores are a number or a percentage of them`()
    throws
  {
    let source = "precision_at(quality, 100) < 0.5 and precision_at(quality, 1%) < 0.5"
    let expression = try WindowExpression.parse(source + " or precision_at(quality, 1e2) < 0.4")
    #expect(expression.uses.map(\.top) == [.count(100), .percentage(1)])
    #expect(expression.uses.map(\.measure.name) == ["precision@100", "precision@1%"])
    #expect(QualityMeasure(.accuracy).name == "accuracy")
    #expect(TopPredictions("1_000") == .count(1_000) && TopPredictions("0.5%") == .percentage(0.5))
    for text in ["", "%", "-1", "0%", "1.5", "nan", "inf%", "1e300"] {
      #expect(TopPredictions(text) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    ("drfit(score) > 1", 0, "did you mean \"drift\""), ("mean(score)", 0, "expected a condition"),
    ("mean > 1", 0, "needs a signal"), ("score > 1", 0, "is a signal"),
    ("maen > 1", 0, "did you mean \"mean\""), ("mean() > 1", 0, "one argument"),
    ("mean(score, score) > 1", 0, "got 2"), ("mean(1) > 1", 5, "expected a signal"),
    ("1 > 0", 0, "asks for no statistic"), ("mean(score) > 'a'", 14, "got the text"),
    ("mean(score) > 5m", 14, "got the duration"), ("mean(score) > true", 14, "got the condition"),
    ("mean(a.*) > 1 or mean(b.*) > 1", 22, "one wildcard"), ("reference(1) > 1", 10, "statistic"),
    ("reference(psi(score)) > 1", 10, "no value within"), ("mean(\"a..b\") > 1", 5, "not a signal"),
    ("reference(reference(mean(score))) > 1", 10, "another reference"),
    ("mean(score) in ['a']", 16, "expected a number"),
    ("exists(score) > 1", 0, "unknown function"),
    ("precision_at(quality) > 1", 0, "how many predictions, got 1"),
    ("precision_at(quality, 0) > 1", 22, "whole number or a percentage, got 0"),
    ("precision_at(quality, 2.5) > 1", 22, "write precision_at(quality, 100)"),
    ("precision_at(quality, 101%) > 1", 22, "whole number or a percentage, got 101%"),
    ("ndcg_at(quality, 10%) > 1", 17, "how many predictions as a whole number, got 10%"),
    ("precision_at(score, 10) > 1", 13, "of the predictions' quality"),
    ("error_quantile(quality) > 1", 0, "a signal and a percentage, got 1"),
    ("error_quantile(quality, 9) > 1", 24, "write error_quantile(quality, 90%)"),
  ])
  func `a type error is found at its byte`(_ source: String, _ offset: Int, _ words: String) {
    do throws(ExpressionErrors) {
      _ = try WindowExpression.parse(source)
      Issue.record("\(source) was taken")
    } catch {
      #expect(error.diagnostics.first?.span.offset == offset, "\(error)")
      #expect(error.diagnostics.first?.message.contains(words) == true, "\(error)")
    }
  }

  @Test func `all type errors are found at once`() throws {
    let source = "drfit(score) > 1 and mean > 2 or ks(score) > 'x'"
    let errors = #expect(throws: ExpressionErrors.self) { try WindowExpression.parse(source) }
    #expect(errors?.diagnostics.map(\.span.offset) == [0, 21, 45])
  }
}
