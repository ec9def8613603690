import Testing

@testable import Expressions

/// Comparisons whose outcome no window can change.
@Suite struct ForegoneComparisonTests {
  @Test(arguments: [
    ("drift(x) > -1", [true]), ("-1 < drift(x)", [true]), ("psi(x) >= 0", [true]),
    ("psi(x) > 0", []), ("ks(x) > 1", [false]), ("ks(x) >= 1", []), ("1.5 <= ks(x)", [false]),
    ("tvd(x) < 1.1", [true]), ("count(x) < 0", [false]), ("count(x) <= 0", []),
    ("count(x) <= -1", [false]), ("std(x) == -1", [false]), ("js(x) != 2", [true]),
    ("js(x) != 1", []), ("mean(x) > -1e300", []), ("value(kpis.a) < -5", []),
    ("drift(x) > 0.1", []), ("psi(x) > 0.1 or not (hellinger(x) <= 1)", [true]),
    ("missing(x) / count(x) > -1", []), ("before(psi(x), 1d) > -1", [true]),
  ])
  func `a comparison is foregone where no value is on its other side`(
    source: String,
    outcomes: [Bool]
  ) throws {
    let expression = try WindowExpression.parse(source)
    #expect(expression.foregone.map(\.isAlways) == outcomes)
  }

  @Test func `a bound below every index is no tolerance`() throws {
    #expect(try WindowExpression.parse("drift(x) > -1").driftTolerance == nil)
    #expect(try WindowExpression.parse("drift(x) > 0").driftTolerance == 0)
  }
}
