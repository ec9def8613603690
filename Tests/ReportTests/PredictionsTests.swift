import Foundation
import Records
import Testing

@testable import Monitoring
@testable import Report

/// How good the predictions were, on the page.
@Suite struct PredictionsTests {
  static let day: Int64 = 86_400_000_000_000

  static func window(
    _ day: Int64,
    at time: Int64,
    maturity: Double,
    isFinal: Bool = false
  ) -> MeasuredPart {
    MeasuredPart(
      model: "m",
      window: "quality",
      start: day * Self.day,
      end: (day + 1) * Self.day,
      stage: QualityStage(time: time * Self.day, maturity: maturity, revision: 1, isFinal: isFinal),
      measurements: [
        Measurement(
          signal: "quality",
          statistic: "accuracy",
          value: StatisticValue(value: maturity, n: 10)
        )
      ]
    )
  }

  @Test func `a window is as it was judged last, and its outcomes' arrival is kept`() throws {
    var history = QualityHistory(maturity: 0.9)
    history.insert(Self.window(3, at: 4, maturity: 0.4))
    history.insert(Self.window(4, at: 5, maturity: 0.6))
    #expect(history.newest == nil)
    history.insert(Self.window(3, at: 6, maturity: 0.92))
    history.insert(Self.window(2, at: 7, maturity: 1, isFinal: true))
    history.insert(Self.window(3, at: 8, maturity: 1, isFinal: true))
    #expect(history.windows.map(\.measured.start) == [2, 3, 4].map { $0 * Self.day })
    let newest = try #require(history.newest)
    #expect(newest.value("quality", "accuracy")?.value == 1)
    #expect([newest.halfKnown, newest.wellKnown, newest.final] == [6, 6, 8].map { $0 * Self.day })
    #expect(history.windows[2].halfKnown == 5 * Self.day)
    #expect(history.windows[2].wellKnown == nil)
  }

  @Test func `what is known of a window that is not over is of the predictions so far`() {
    var history = QualityHistory(maturity: 0.9)
    history.insert(Self.window(3, at: 3, maturity: 1))
    #expect(history.newest == nil)
    #expect(history.windows[0].halfKnown == nil)
  }

  @Test func `of more windows than the limit the oldest are forgotten`() {
    var history = QualityHistory(maturity: 0.9)
    for day in 0..<Int64(QualityHistory.windowLimit + 3) {
      history.insert(Self.window(day, at: day + 1, maturity: 1))
    }
    #expect(history.windows.count == QualityHistory.windowLimit)
    #expect(history.forgotten == 3)
    #expect(history.windows.first?.measured.start == 3 * Self.day)
  }

  @Test func `the page draws outcomes beside the estimate and says all of it in tables`() throws {
    let replay = try SyntheticReplay(signals: 2, windows: 24 * 8, weather: .calm)
    let page = String(decoding: replay.page(), as: UTF8.self)
    let start = try #require(page.range(of: "<section id=\"predictions\"")?.upperBound)
    let end = try #require(page.range(of: "</section>", range: start..<page.endIndex)?.lowerBound)
    let section = page[start..<end]
    #expect(page.contains("<a href=\"#predictions\">Quality of the predictions</a>"))
    // Two measures, the share of positives and the money.
    #expect(section.matches(of: /class="track lane tall"/).count == 4)
    #expect(section.contains("<small>so far, corrected, in flight</small>"))
    #expect(section.contains("<div>corrected <b><data"))
    #expect(section.contains("<details id=\"arrivals\">"))
    for words in ["Positive so far", "Corrected", "In flight"] {
      #expect(section.contains("<th scope=\"col\" class=\"r\">\(words)</th>"))
    }
    for label in ["so far", "corrected", "in flight"] {
      #expect(page.contains("\"label\":\"\(label)\""))
    }
    #expect(section.contains("<tr id=\"measure-roc_auc\">"))
    // Ten days, the last two of which are known too little for a dot.
    let data = try #require(page.firstMatch(of: /"label":"outcomes"[^}]*/)).output
    #expect(data.contains("\"known\":[1,1,1,1,1,1,1,1,0.4,0.4]"), "\(data)")
    #expect(data.contains("\"final\":[1,1,1,1,1,1,1,1,0,0]"), "\(data)")
    #expect(data.contains(",null,null],\"from\":"), "\(data)")
    #expect(section.contains("2 days</td><td class=\"r\">2 days</td>"), "\(section)")
  }
}
