import Foundation
import Records
import Testing

@testable import Monitoring
@testable import Report

/// Versions side by side, and labels that were asked for, on the page.
@Suite struct VersionTests {
  private func part(_ title: String, of page: String) throws -> Substring {
    let start = try #require(page.range(of: "<h3>\(title)</h3>")?.upperBound)
    let end = try #require(page.range(of: "</table>", range: start..<page.endIndex)?.lowerBound)
    return page[start..<end]
  }

  private func window(_ version: String, _ day: Int64, maturity: Double = 1) -> MeasuredPart {
    var window = PredictionsTests.window(day, at: day + 1, maturity: maturity)
    window.version = version
    return window
  }

  @Test func `of each version the newest window counts of which enough is known`() {
    var history = VersionHistory(maturity: 0.9)
    history.insert(window("a", 1))
    history.insert(window("a", 3))
    history.insert(window("a", 2))
    history.insert(window("b", 2))
    history.insert(window("b", 3, maturity: 0.5))
    #expect(history.newest["a"]?.measured.start == 3 * PredictionsTests.day)
    #expect(history.newest["b"]?.measured.start == 2 * PredictionsTests.day)
    for index in 0..<VersionHistory.limit { history.insert(window("v\(index)", 4)) }
    #expect(history.newest.count == VersionHistory.limit)
    #expect(history.newest["b"] == nil && history.newest["a"] == nil)
    #expect(history.forgotten == 2)
  }

  @Test func `versions are side by side, with the verdict on the new one`() throws {
    let replay = try SyntheticReplay(signals: 2, windows: 24 * 6, weather: .calm)
    let page = String(decoding: replay.page(), as: UTF8.self)
    let part = try part("Versions side by side", of: page)
    #expect(part.contains("The verdict on version 8 beside version 7: <b>continue</b>."))
    #expect(part.contains("The mean loss of 8 by error is 0.004 less; the difference is between"))
    #expect(part.matches(of: /<tr><th scope="row">[78]<\/th>/).count == 2)
    #expect(part.contains("|accuracy|low|quality|version=8\">"))
  }

  @Test func `one version alone is beside nothing`() throws {
    var replay = try SyntheticReplay(signals: 2, windows: 12, weather: .calm)
    var output = EngineOutput()
    output.append([window("7", 20_000)])
    replay.report.insert(output)
    #expect(!String(decoding: replay.page(), as: UTF8.self).contains("Versions side by side"))
  }

  @Test func `what was asked for stands beside what came back`() throws {
    let replay = try SyntheticReplay(signals: 2, windows: 24 * 6, weather: .calm)
    let page = String(decoding: replay.page(), as: UTF8.self)
    let part = try part("Labels that were asked for", of: page)
    #expect(part.contains("30 labels asked for by reason: 20 uniform, 10 uncertain."))
    let row = try #require(
      part.firstMatch(of: /<tr><th scope="row"><time datetime="2025-01-01T00:00:00Z">.*?<\/tr>/)
    ).output
    #expect(row.contains("<td class=\"r\">24</td>"), "\(row)")
    #expect(row.contains("|response|value|sample\">60 %<"), "\(row)")
    #expect(row.contains("|skipped|value|sample\">5 %<"), "\(row)")
    #expect(row.contains("0.78</data> to <data"), "\(row)")
  }
}
