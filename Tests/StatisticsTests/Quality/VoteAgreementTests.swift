import Statistics
import Testing

@Suite struct VoteAgreementTests {
  private func alpha(_ units: [[Double]]) -> Double? {
    var agreement = VoteAgreement()
    for unit in units { agreement.insert(unit) }
    return agreement.alpha
  }

  @Test func `two observers of Krippendorff's binary example agree by 0.095`() throws {
    // Computing Krippendorff's Alpha-Reliability (2011), section A: two observers, ten articles.
    let one: [Double] = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    let other: [Double] = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    let value = try #require(alpha(zip(one, other).map { [$0, $1] }))
    #expect(abs(value - 2.0 / 21) < 1e-12)
  }

  @Test func `votes that all agree on units that differ have an alpha of 1`() {
    #expect(alpha([[1, 1], [0, 0, 0], [1, 1]]) == 1)
  }

  @Test func `where nothing differs, or nobody voted twice, there is no alpha`() {
    #expect(alpha([]) == nil)
    #expect(alpha([[1], [0]]) == nil)
    #expect(alpha([[1, 1], [1, 1]]) == nil)
  }

  @Test func `a single vote on a unit does not count`() {
    let units: [[Double]] = [[1, 0], [1, 1], [0, 0]]
    #expect(alpha(units) == alpha(units + [[1], [0]]))
  }
}
