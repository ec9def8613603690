import Testing

@testable import Expressions

/// What each comparison of a condition goes by, and how bounds are compared.
@Suite struct ComparisonBoundTests {
  private func bounds(_ source: String) throws -> [ComparisonBound] {
    try WindowExpression.parse(source).comparisonBounds
  }

  @Test func `shares, means, counts and changes have bounds, and all else has none`() throws {
    #expect(try bounds("missing(x) / count(x) > 5%") == [.bounded(.share(hits: [0], of: 1))])
    #expect(
      try bounds("(missing(x) + invalid(x)) / count(events) > 5%")
        == [.bounded(.share(hits: [0, 1], of: 2))]
    )
    #expect(try bounds("mean(x) > 3") == [.bounded(.statistic(0))])
    #expect(try bounds("3 < rate(events)") == [.bounded(.statistic(0))])
    #expect(
      try bounds("change(value(kpis.a), 1d) < -5%")
        == [.bounded(.change(now: .statistic(0), before: .statistic(1)))]
    )
    #expect(
      try bounds("100 * (1 - mean(x)) > 3")
        == [.bounded(.scaled(.shifted(.scaled(.statistic(0), by: -1), by: 1), by: 100))]
    )
    for plain in [
      "p99(x) > 3", "psi(x) > 0.1", "mean(x) > mean(y)", "mean(x) == 3",
      "2 * reference(mean(x)) < mean(x)", "missing(x) / count(x) > missing(y) / count(y)",
      "(missing(x) + missing(y)) / count(x) > 1", "max(x) / count(x) > 1",
    ] {
      #expect(try bounds(plain) == [.none], "\(plain)")
    }
    #expect(try bounds("drift(x) > 0.1") == [.drift])
    #expect(try bounds("mean(x) > 2 * reference(mean(x)) + 1") == [.bounded(.statistic(0))])
  }

  @Test func `a count that asks for events enough goes as it is`() throws {
    #expect(try bounds("p99(x) > 3 and count(x) >= 100") == [.none, .enough])
    #expect(try bounds("100 < count(x) and mean(x) > 3") == [.enough, .bounded(.statistic(1))])
    #expect(try bounds("count(x) < 100 and mean(x) > 3").first == .bounded(.statistic(0)))
    #expect(try bounds("count(x) > 100 and rate(events) > 3").first == .bounded(.statistic(0)))
    #expect(try bounds("count(x) > 100 or mean(x) > 3").first == .bounded(.statistic(0)))
  }

  @Test(arguments: [
    ("mean(x) > 3", 2.0...9.0, nil), ("mean(x) > 3", 4.0...9.0, true),
    ("3 < mean(x)", 2.0...9.0, nil), ("3 <= mean(x)", 3.0...9.0, true),
    ("mean(x) < 8", 2.0...9.0, nil), ("mean(x) < 8", 2.0...7.0, true),
    ("not (mean(x) > 6)", 4.0...7.0, nil), ("not (mean(x) > 6)", 4.0...6.0, true),
    ("not (not (mean(x) > 3))", 2.0...9.0, nil),
    ("not (mean(x) < 4)", 3.0...7.0, nil), ("mean(x) > 6", 2.0...9.0, false),
    ("not (mean(x) < 6)", 2.0...9.0, false), ("mean(x) == 5", 2.0...9.0, true),
  ])
  func `the bound towards the constant proves it, under a not the other one`(
    source: String,
    range: ClosedRange<Double>,
    holds: Bool?
  ) throws {
    let expression = try WindowExpression.parse(source)
    #expect(expression.holds({ _ in 5 }, bounds: { _ in range }) == holds)
    #expect(expression.holds({ _ in nil }, bounds: { _ in range }) == nil)
    let evaluated = expression.evaluate({ _ in 5 }, bounds: { _ in range })
    #expect(evaluated.value == 5, "the value is what was measured")
  }

  @Test func `comparisons have places from left to right, whatever is skipped`() throws {
    let expression = try WindowExpression.parse("mean(a) > 9 or mean(b) > 3 and mean(c) > 1")
    var asked: [Int] = []
    let holds = expression.holds(
      { _ in 5 },
      bounds: { place in
        asked.append(place)
        return place == 1 ? 4...6 : 0...9
      }
    )
    #expect(holds == nil)
    #expect(asked == [1, 2], "what does not hold as it is needs no bound")
    #expect(expression.subjectPlace == 0)
  }

  @Test(arguments: [
    ("mean(decision == \"a\")", KPIForm.share(0)),
    ("mean(decision == \"a\" where amount > 3)", .share(0)),
    ("mean(amount)", .mean(0)), ("sum(amount)", .total), ("count(where flagged)", .total),
    ("sum(amount) - sum(cost)", .total), ("max(amount)", .other), ("p99(amount)", .other),
    ("ratio(count(where flagged), count())", .shareOfEvents(0)),
    ("ratio(sum(amount where flagged), sum(amount))", .ratio(0, to: 1)),
    ("sum(amount) / count(where flagged)", .ratio(0, to: 1)),
    ("100 * mean(amount)", .other), ("max(amount) / count()", .other),
  ])
  func `a KPI's form says how its bound is made`(source: String, form: KPIForm) throws {
    #expect(try KPIExpression.parse(source).form == form)
  }
}
