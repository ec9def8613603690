import Foundation
import Records
import Statistics
import Testing

@testable import Monitoring
@testable import Report

/// Scores, decisions and thresholds on the page.
@Suite struct ScoresTests {
  private func section(_ change: (inout ScoreStanding) -> Void = { _ in }) throws -> Substring {
    var replay = try SyntheticReplay(signals: 2, windows: 24 * 6, weather: .calm)
    var scores = SyntheticReplay.scores
    change(&scores)
    replay.ending.outcomes?.scores = scores
    let page = String(decoding: replay.page(), as: UTF8.self)
    let title = "<h3>Scores, decisions and the threshold</h3>"
    let start = try #require(page.range(of: title)?.upperBound)
    let end = try #require(
      page.range(of: "<h3>Versions", range: start..<page.endIndex)?.lowerBound
    )
    return page[start..<end]
  }

  private func words(_ section: Substring) -> String {
    String(section.replacing(/<[^>]*>/, with: ""))
  }

  @Test func `the threshold that costs ask for is told with what it would have earned`() throws {
    let text = words(try section())
    #expect(text.contains(", 95 % of whose outcomes are known; they are not final."))
    #expect(text.contains("pays from a probability of 5.9 % on, which calibrated scores reach"))
    #expect(text.contains("deciding positively from a score of 0.0625 on."))
    #expect(
      text.contains(
        "worth -9,000 EUR, 1,234 more than the model’s decisions (95 % interval 400 to 2,068)."
      )
    )
    #expect(text.contains("the best of the thresholds below is 0.3, worth 0 EUR: that is in-samp"))
  }

  @Test func `a gain that may be chance is said to be, and one without an interval claims nothing`()
    throws
  {
    func told(_ gain: StatisticValue) throws -> String {
      words(
        try section { scores in
          let worth = StatisticValue(value: 1, n: 9)
          scores.optimum = .threshold(score: .infinity, probability: 0.5, worth: worth, gain: gain)
        }
      )
    }
    let chance = try told(StatisticValue(value: -12, low: -30, high: 6, n: 900))
    #expect(chance.contains("12 less than the model’s decisions (95 % interval -30 to 6: it may"))
    #expect(chance.contains("by deciding nothing positively."))
    let few = try told(StatisticValue(value: 12, n: 9))
    #expect(few.contains("(too few differ for an interval: no claim)"))
  }

  @Test(arguments: [
    (CostOptimum.withoutCosts, "Without costs no threshold is the best one."),
    (.sameForAll, "By the costs one decision is better whatever the outcome."),
    (.withoutCalibration, "Which threshold costs least is not known"),
    (.withoutPredictions, "No prediction has a score, a decision and an outcome."),
  ])
  func `where there is no such threshold the page says why`(why: CostOptimum, text: String) throws {
    #expect(words(try section { $0.optimum = why }).contains(text))
  }

  @Test func `pictures have their numbers in tables`() throws {
    let section = try section()
    #expect(section.matches(of: /<svg class="chart"/).count == 3)
    #expect(section.matches(of: /<circle class/).count == 10)
    // The diagonal, an interval a bin, money with its mark, recall and precision.
    #expect(section.matches(of: /<polyline class/).count == 15)
    #expect(section.contains("<th scope=\"row\">positive</th><td class=\"r\">180</td>"))
    // Ten bins, and one threshold of five.
    #expect(section.matches(of: /<tr><th scope="row">0/).count == 10 + 20)
    let none = try self.section { scores in
      scores.bins = []
      scores.cuts = []
    }
    #expect(none.matches(of: /<svg/).isEmpty)
    #expect(none.contains("Scores are no probabilities, or do not differ."))
  }

  @Test func `what is beyond a scale stands at its end, and numbers have one decimal`() {
    var chart = Chart(x: 0...2, y: 5...5)
    chart.line([(-1, 5), (1, 5.25), (3, 9)], "c1")
    let svg = chart.svg(across: "a", upward: "b").markup
    #expect(svg.contains("<polyline class=\"c1\" points=\"52.0,194.0 192.0,148.0 332.0,10.0\"/>"))
    #expect(svg.contains(">6</text>") && svg.contains(">a; upward: b</text>"))
    let large = Chart(x: -12_345...0, y: 0...3_400_000).svg(across: "a", upward: "b").markup
    #expect(large.contains(">-12.3k</text>") && large.contains(">3.4M</text>"))
  }
}
