import Foundation
import Records
import Testing

@testable import Monitoring
@testable import Report

/// The claim on the page.
@Suite struct ClaimTests {
  private func page(_ claim: ClaimRecord?) throws -> String {
    var replay = try SyntheticReplay(signals: 2, windows: 72, weather: .calm)
    replay.ending.outcomes?.claim = claim
    return String(decoding: replay.page(), as: UTF8.self)
  }

  @Test(arguments: [
    ("fails", "<em class=\"bad\">fails</em>"), ("holds", "<em class=\"good\">holds</em>"),
    ("undecided", "<em class=\"open\">cannot be told yet</em>"),
  ])
  func `the page opens with the claim's verdict`(verdict: String, words: String) throws {
    let page = try page(SyntheticReplay.claim(verdict))
    let heading = "<h1 id=\"verdict-title\">The claim \(words). payments is <em>"
    #expect(page.contains(heading), "\(heading)")
    let title = words.split(separator: ">")[1].split(separator: "<")[0]
    #expect(page.contains("<title>payments: claim \(title), "))
  }

  @Test func `beside it are value, interval, period and money, each with its record's number`()
    throws
  {
    let page = try page(SyntheticReplay.claim("fails"))
    let start = try #require(page.range(of: "<p class=\"claim\">")?.upperBound)
    let end = try #require(page.range(of: "</p>", range: start..<page.endIndex)?.lowerBound)
    let words = String(page[start..<end].replacing(/<[^>]*>/, with: ""))
    #expect(
      words == "Claimed: accuracy at least 90 %. It is 86.2 %, between 84.68 % and 87.58 %, by "
        + "4,499 mature predictions from 2025-01-01 to 2025-01-31, which is not over. All mature "
        + "predictions of that time were worth -511,200 EUR."
    )
    #expect(
      page[start..<end].contains(
        "<data value=\"0.8619804400977995\" data-claim=\"2025-01-01T00:00:00Z|value\">86.2 %<"
      )
    )
  }

  @Test func `without a mature prediction it cannot be told, and says why`() throws {
    let page = try page(nil)
    #expect(page.contains("The claim <em class=\"open\">cannot be told yet</em>. payments is"))
    #expect(page.contains("Nothing is known of the claim yet: no prediction is mature"))
  }

  @Test func `a model that is not as claimed is not well, although no alert fires`() throws {
    let failing = try page(SyntheticReplay.claim("fails"))
    #expect(failing.contains("payments is <em>worse than claimed</em>, and no alert fires."))
    #expect(failing.contains("<section id=\"verdict\" class=\"bad\""))
    #expect(failing.contains("The claim fails: see which measure of the predictions became worse"))
    let held = try page(SyntheticReplay.claim("holds"))
    #expect(held.contains("payments is <em>out of error budget</em>"))
    #expect(!held.contains("The claim fails"))
  }

  @Test func `each change of the verdict has its row, and the oldest of many are forgotten`()
    throws
  {
    let page = try page(SyntheticReplay.claim("fails"))
    let start = try #require(page.range(of: "<summary>How the claim’s verdict changed")?.upperBound)
    let end = try #require(page.range(of: "</details>", range: start..<page.endIndex)?.lowerBound)
    #expect(page[start..<end].matches(of: /<tr><th scope="row">/).count == 2)
    var history = ClaimHistory()
    for time in 0..<Int64(ClaimHistory.limit + 3) {
      history.insert(SyntheticReplay.claim("fails", time: time))
    }
    #expect(history.changes.count == ClaimHistory.limit)
    #expect(history.changes.first?.time == 3)
    #expect(history.forgotten == 3)
  }
}
