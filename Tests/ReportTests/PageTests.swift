import Foundation
import Records
import Standing
import TestSupport
import Testing

@testable import Monitoring
@testable import Report

@Suite struct PageTests {
  @Test func `the same replay gives the same bytes`() throws {
    let pages = try (0..<2).map { _ in
      try SyntheticReplay(signals: 5, windows: 300, weather: .wild).page()
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0].count > 10_000)
  }

  @Test func `a year of hours of 50 signals takes less than a megabyte, whatever the numbers`()
    throws
  {
    let calm = try SyntheticReplay(signals: 50, windows: 8760, weather: .calm)
    let text = String(decoding: calm.page(), as: UTF8.self)
    #expect(text.utf8.count <= ReplayReport.pageBytes, "\(text.utf8.count) bytes")
    // Calm years are not thinned: every hour has a cell of its own.
    #expect(!text.contains("To keep this page small"))
    let wild = try SyntheticReplay(signals: 50, windows: 8760, weather: .wild)
    let thinned = String(decoding: wild.page(), as: UTF8.self)
    #expect(thinned.utf8.count <= ReplayReport.pageBytes, "\(thinned.utf8.count) bytes")
    #expect(thinned.contains("To keep this page small, a cell stands for"))
    print("report of a year, 50 signals: \(text.utf8.count) bytes calm, \(thinned.utf8.count) wild")
  }

  @Test func `the page's cells are the verdicts`() throws {
    let replay = try SyntheticReplay(signals: 4, windows: 500, weather: .wild)
    let data = try Self.data(of: replay.page())
    let tracks = try #require(data["tracks"] as? [[String: Any]])
    let rows = tracks.compactMap { $0["cells"] as? String }.map {
      CellCodeTests.decode(Array($0.utf8))
    }
    let expected = replay.verdicts.values.map { row in
      row.map { DriftCell($0) }
    }
    #expect(rows.count == 4)
    for row in expected { #expect(rows.contains(row)) }
  }

  @Test func `names cannot leave their place in the page`() throws {
    var replay = try SyntheticReplay(signals: 3, windows: 50, weather: .wild)
    let hostile = "</script><script>alert(1)</script>\"'&<!--\u{0}"
    for row in replay.movements.indices {
      replay.movements[row].surest?.histogram[0].bin = hostile
    }
    var output = EngineOutput()
    let value = StatisticValue(value: 0.4, psi: 0.5, n: 10, referenceN: 10)
    let end = SyntheticReplay.start + 51 * SyntheticReplay.hour
    output.append([
      SyntheticReplay.view(
        "main",
        end: end,
        hours: 1,
        [
          Measurement(signal: hostile, statistic: "drift", value: value),
          Measurement(signal: hostile, statistic: "missing", value: value),
        ]
      )
    ])
    replay.report.insert(output)
    replay.ending.notes = [hostile]
    let page = String(decoding: replay.page(), as: UTF8.self)
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("<!--"))
    #expect(page.contains("&lt;/script&gt;"))
    _ = try Self.data(of: Array(page.utf8))
  }

  @Test func `a lane is shaded by its own signal's alerts alone, with their incident's number`()
    throws
  {
    var replay = try SyntheticReplay(signals: 3, windows: 120, weather: .calm)
    var output = EngineOutput()
    let fired = SyntheticReplay.start + 90 * SyntheticReplay.hour
    for (signal, slo) in [("latency", nil), (nil, "availability")] as [(String?, String?)] {
      for state in [AlertPhase.firing, .resolved] {
        let time = state == .firing ? fired : fired + 2 * SyntheticReplay.hour
        var alert = SyntheticReplay.alert(state, startsAt: fired, time: time)
        alert.labels["signal"] = signal
        alert.labels["slo"] = slo
        alert.fingerprint = signal ?? "slo"
        alert.incident = "second"
        output.notices.append(.alert(alert))
      }
    }
    output.notices.append(.incident(SyntheticReplay.incident("second", since: fired)))
    replay.report.insert(output)
    let bytes = replay.page()
    let tracks = try #require(try Self.data(of: bytes)["tracks"] as? [[String: Any]])
    let lanes = tracks.filter { $0["series"] != nil }
    let shaded = lanes.filter { $0["bands"] != nil }
    // Latency, and both rows of the objective; the first incident is about a row of data quality.
    #expect(lanes.count > 7)
    let bands = try shaded.map { try #require($0["bands"] as? [[Any]]) }
    #expect(bands.map(\.count) == [1, 1, 1, 1])
    #expect(bands.map { $0[0][2] as? String } == ["2", "2", "2", "1"])
    #expect(bands[0][0][0] as? Int64 == fired / 1_000_000)
    let page = String(decoding: bytes, as: UTF8.self)
    for number in 1...2 {
      let title = "\(number). Drift of features.signal_1"
      #expect(page.contains("<h3 id=\"incident-\(number)\">\(title)</h3>"))
    }
  }

  @Test func `windows that were cut are told in one line, where there are any`() throws {
    var replay = try SyntheticReplay(signals: 2, windows: 30, weather: .calm)
    #expect(!String(decoding: replay.page(), as: UTF8.self).contains("id=\"cut\""))
    replay.ending.windows = [
      WindowTally(window: "main", judged: 30, cut: 2),
      WindowTally(window: "day", judged: 1, cut: 1), WindowTally(window: "week"),
    ]
    let page = String(decoding: replay.page(), as: UTF8.self)
    let words = "Cut: 2 of 30 windows \"main\", 1 of 1 window \"day\": the streams "
    #expect(page.replacing("&quot;", with: "\"").contains("<p id=\"cut\">\(words)"))
  }

  @Test func `the largest parts are beside each other with what fires on them, the rest counted`()
    throws
  {
    var replay = try SyntheticReplay(signals: 2, windows: 30, weather: .calm)
    var parts = TrafficParts(window: "main")
    parts.events = 1000
    let versions = (0..<15).map { index in
      TrafficPart(version: "v\(index)", events: 100 - index, newestEvents: 0)
    }
    parts.dimensions = [TrafficParts.Dimension(segment: nil, parts: versions)]
    replay.ending.parts = parts
    var alert = SyntheticReplay.alert(.firing, startsAt: 7, time: 7)
    alert.labels["version"] = "v3"
    var output = EngineOutput()
    output.notices = [.alert(alert)]
    replay.report.insert(output)
    let page = String(decoding: replay.page(), as: UTF8.self)
    #expect(page.matches(of: /<th scope="row">v[0-9]+<\/th>/).count == PageWriter.shownParts)
    #expect(page.contains("The 12 largest; 3 more have 261 events together."))
    let row = try #require(page.firstMatch(of: /<th scope="row">v3<.*?<\/tr>/)).output
    #expect(row.contains("9.7 %") && row.contains("Drift on features.signal_1"), "\(row)")
    #expect(page.matches(of: /state firing">Drift on features/).count == 1)
  }

  @Test func `what is not there has no section`() throws {
    let replay = try SyntheticReplay(signals: 2, windows: 0, weather: .calm)
    let page = String(decoding: replay.page(), as: UTF8.self)
    #expect(page.contains("<em>cannot be judged</em>"))
    #expect(page.contains("No window has been judged."))
    #expect(page.contains("No alert fired."))
    #expect(!page.contains("id=\"lanes\""))
    let links = page.components(separatedBy: "href=\"#").dropFirst().map {
      String($0.prefix { $0 != "\"" })
    }
    for link in links { #expect(page.contains("id=\"\(link)\""), "#\(link) leads nowhere") }
  }

  /// The block of data that the page's script draws.
  static func data(of page: [UInt8]) throws -> [String: Any] {
    let text = String(decoding: page, as: UTF8.self)
    let open = "<script type=\"application/json\" id=\"data\">"
    let start = try #require(text.range(of: open)?.upperBound)
    let end = try #require(text.range(of: "</script>", range: start..<text.endIndex)?.lowerBound)
    let block = Data(text[start..<end].utf8)
    return try #require(try JSONSerialization.jsonObject(with: block) as? [String: Any])
  }
}
