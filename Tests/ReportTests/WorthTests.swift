import Foundation
import Records
import Testing

@testable import Monitoring
@testable import Report

/// What decisions were worth, on the page.
@Suite struct WorthTests {
  private func window(_ day: Int64, _ values: [String: StatisticValue]) -> MeasuredPart {
    var window = PredictionsTests.window(day, at: day + 1, maturity: 1)
    window.measurements = values.sorted { $0.key < $1.key }.map { signal, value in
      Measurement(signal: signal, statistic: "money", value: value)
    }
    return window
  }

  @Test func `sums are of the windows that rules look at, and their intervals' squares add up`()
    throws
  {
    var history = QualityHistory(maturity: 0.9)
    history.insert(
      window(1, ["quality": StatisticValue(value: 10, low: 7, high: 14, n: 100)])
    )
    history.insert(
      window(2, ["quality": StatisticValue(value: -4, low: -8, high: -1, n: 50)])
    )
    var young = PredictionsTests.window(3, at: 4, maturity: 0.3)
    young.measurements = [
      Measurement(
        signal: "quality",
        statistic: "money",
        value: StatisticValue(value: 1000, n: 1)
      )
    ]
    history.insert(young)
    let total = try #require(history.total("quality", "money"))
    #expect(total == StatisticValue(value: 6, low: 1, high: 11, n: 150))
    #expect(history.total("lift.x", "money") == nil)
    history.insert(window(4, ["quality": StatisticValue(value: 1, n: 1)]))
    #expect(history.total("quality", "money")?.low == nil)
  }

  @Test func `of baselines a window keeps what the page shows`() throws {
    let replay = try SyntheticReplay(signals: 2, windows: 96, weather: .calm)
    let window = try #require(replay.report.outcomes.quality.newest)
    #expect(window.value("lift.small", "accuracy") != nil)
    #expect(window.value("lift.small", "f1") == nil)
    #expect(window.value("quality", "roc_auc") != nil)
  }

  @Test func `the page draws model, baselines and the better constant, and tables all of them`()
    throws
  {
    let replay = try SyntheticReplay(signals: 2, windows: 24 * 6, weather: .calm)
    let bytes = replay.page()
    let tracks = try #require(try PageTests.data(of: bytes)["tracks"] as? [[String: Any]])
    let money = try #require(tracks.first { $0["unit"] as? String == "EUR" })
    let series = try #require(money["series"] as? [[String: Any]])
    #expect(series.map { $0["label"] as? String } == ["the model", "small", "always_no"])
    let page = String(decoding: bytes, as: UTF8.self)
    let start = try #require(page.range(of: "<table id=\"worth\">")?.upperBound)
    let end = try #require(page.range(of: "</table>", range: start..<page.endIndex)?.lowerBound)
    let table = page[start..<end]
    #expect(
      table.matches(of: /<tr><th scope="row">([^<]*)</).map(\.output.1)
        == ["the model", "small", "always_yes", "always_no"]
    )
    // Six windows of eight are known well enough; each of them is worth -1500 by that rule.
    #expect(table.contains("sums over the 6 windows of which 90 %"), "\(table)")
    #expect(table.contains("<td class=\"r\">-9,000</td>"), "\(table)")
    #expect(table.contains("|accuracy|value|lift.small\">"))
  }
}
