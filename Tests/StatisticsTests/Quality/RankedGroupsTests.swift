import TestSupport
import Testing

@testable import Statistics

/// Rankings of groups.
@Suite struct RankedGroupsTests {
  private typealias Group = (scores: [Double], relevances: [Double])

  private static let groups: [Group] = {
    let scores = GoldenQuality.fractions(GoldenQuality.golden, 240)
      .map { (10 * $0).rounded(.down) / 10 }
    let relevances = GoldenQuality.fractions(GoldenQuality.plastic, 240)
      .map { (4 * $0 * $0).rounded(.down) }
    return (0..<12).map { group in
      let range = 20 * group..<20 * group + 20
      return (Array(scores[range]), Array(relevances[range]))
    }
  }()

  @Test(arguments: [1, 5, 20])
  func `NDCG is scikit-learn's, also with ties`(places: Int) throws {
    let ranked = RankedGroups(Self.groups, places: places)
    try GoldenQuality.expect(ranked.mean().value, "ndcg_\(places)")
    let first = RankedGroups([Self.groups[0]], places: places).mean()
    if places == 1 {
      #expect(first.value == 0)
    } else {
      try GoldenQuality.expect(first.value, "ndcg_\(places)_first")
    }
    #expect(first.absence == .tooFewPredictions)
  }

  @Test func `the best order has 1, and no order of members or groups matters`() throws {
    let best = RankedGroups([([0.9, 0.5, 0.1], [3, 1, 0])], places: 3)
    #expect(best.mean().value == 1)
    var random = SeededGenerator(seed: 71)
    let shuffled = Self.groups.shuffled(using: &random).map { group -> Group in
      let order = group.scores.indices.shuffled(using: &random)
      return (order.map { group.scores[$0] }, order.map { group.relevances[$0] })
    }
    #expect(RankedGroups(shuffled, places: 5) == RankedGroups(Self.groups, places: 5))
  }

  @Test func `groups without a relevant member are left out and counted`() {
    let some = RankedGroups(Self.groups + [([1, 2], [0, 0]), ([], [])], places: 5)
    #expect(some.withoutRelevance == 2)
    #expect(some.mean() == RankedGroups(Self.groups, places: 5).mean())
    #expect(RankedGroups([([1], [0])], places: 5).mean().absence == .noPositiveOutcomes)
    #expect(RankedGroups([], places: 5).mean().absence == .noPredictions)
  }

  @Test func `more places than members count as many as there are`() {
    let group: Group = ([0.1, 0.9], [1, 0])
    #expect(RankedGroups([group], places: 9).values == RankedGroups([group], places: 2).values)
  }

  @Test func `the interval at 95 % holds the mean of many groups in 93 % and more`() throws {
    func draw(_ random: inout SeededGenerator, _ count: Int) -> RankedGroups {
      let groups = (0..<count).map { _ -> Group in
        let relevances = [3, 1, 0, 0, 0].map(Double.init)
        return (relevances.map { 0.3 * $0 + random.normal() }, relevances)
      }
      return RankedGroups(groups, places: 3)
    }
    var random = SeededGenerator(seed: 72)
    let truth = try #require(draw(&random, 20_000).mean().value)
    var held = 0
    for _ in 0..<500 where try #require(draw(&random, 30).mean().interval).contains(truth) {
      held += 1
    }
    #expect(held >= 465, "\(held)")
  }
}
