import Foundation
import TestSupport
import Testing

/// The report of the flights, as `leeway replay --report` writes it.
@Suite(.serialized) struct ReportTests {
  /// One replay with all outputs.
  struct Replay {
    let page: String
    let metrics: String
    let alerts: String
    /// The address of each metric's number, as the page writes it, to the number.
    let numbers: [String: String]

    static let shared = Result {
      try Replay(
        monitor: Repository.path("rules/flights.yaml"),
        profile: StoryDeterminismTests.Year.shared.get().profile,
        streams: [Flights.stream, Flights.labels]
      )
    }

    init(monitor: String, profile: String, streams: [String]) throws {
      let folder = try TemporaryFolder()
      page = folder.path("report.html")
      metrics = folder.path("metrics")
      alerts = folder.path("alerts")
      let outcome = try LeewayProcess.run(
        [
          "replay", "-q", "-m", monitor, "--profile", profile, "--metrics", metrics,
          "--alerts", alerts, "--report", page,
        ] + streams
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
      numbers = try Self.numbers(of: metrics)
    }

    /// The first member of a name in a line of JSON, as it is written there.
    static func member(_ name: String, of line: some StringProtocol) -> String? {
      guard let start = line.range(of: "\"\(name)\":")?.upperBound else { return nil }
      let rest = line[start...]
      if rest.first == "\"" { return String(rest.dropFirst().prefix { $0 != "\"" }) }
      return String(rest.prefix { $0 != "," && $0 != "}" })
    }

    /// The numbers of a metrics file, as they are written there.
    ///
    /// Read as text, so that not one digit is lost.
    private static func numbers(of path: String) throws -> [String: String] {
      var numbers: [String: String] = [:]
      let whole = Data("\"version\":null,\"segment\":null".utf8)
      let drift = Data("\"statistic\":\"drift\"".utf8)
      let quality = Data("\"window\":\"quality\"".utf8)
      for line in try Data(contentsOf: URL(filePath: path)).split(separator: 0x0a) {
        // Of parts of the traffic the page has drift, and of versions the predictions' quality.
        let isWhole = line.range(of: whole) != nil
        guard isWhole || line.range(of: drift) != nil || line.range(of: quality) != nil else {
          continue
        }
        let text = String(decoding: line, as: UTF8.self)
        func member(_ name: String) -> String? { Self.member(name, of: text) }
        let version = member("version").flatMap { $0 == "null" ? nil : "version=\($0)" }
        let part = isWhole ? "" : "|" + (version ?? member("segment") ?? "")
        let place = [member("window"), member("end"), member("statistic")].compactMap { $0 }
        for name in ["value", "psi", "low", "high", "n", "reference_n"] {
          guard let number = member(name) else { continue }
          let key = (place + [name, member("signal") ?? ""]).joined(separator: "|")
          numbers[key + part] = number
        }
      }
      return numbers
    }
  }

  @Test func `every number that is printed is the metrics file's`() throws {
    // Three a row of each table, and more elsewhere: a page without numbers proves nothing.
    let places = try checkNumbers(of: Replay.shared.get())
    #expect(places.count > 100)
    // Of a quality window that was judged several times the last record counts.
    for wanted in ["roc_auc|value|quality", "roc_auc|low|estimate", "accuracy|high|quality"] {
      #expect(places.contains { $0.hasPrefix("quality|") && $0.hasSuffix(wanted) }, "\(wanted)")
    }
  }

  @Test func `so are those of latency, failures, error budgets and KPIs`() throws {
    let served = try ServedModel()
    let replay = try Replay(
      monitor: served.monitor,
      profile: served.profile,
      streams: [served.stream]
    )
    let places = try checkNumbers(of: replay)
    let printed = Set(
      places.map { place in
        let parts = place.split(separator: "|")
        return "\(parts[4]) \(parts[2])"
      }
    )
    for wanted in [
      "latency p99", "latency p50", "failure mean", "slos.availability burn",
      "slos.availability budget_left", "kpis.approved_value value",
      "kpis.approved_value change_1d", "kpis.approval_rate value",
    ] {
      #expect(printed.contains(wanted), "\(wanted) is not on the page")
    }
    let view = BrowserPage.View(width: 400, isDark: true)
    let page = try BrowserPage(Chromium(), file: replay.page, view)
    #expect(try page.problems() == [])
    #expect(page.complaints() == [])
  }

  @Test func `versions and segments are side by side, with numbers of the metrics file`() throws {
    let replay = try Replay.shared.get()
    let page = try text(of: replay.page)
    #expect(page.contains("<h2 id=\"parts-title\">Versions and segments</h2>"))
    let start = try #require(page.range(of: "<section id=\"parts\"")?.upperBound)
    let end = try #require(page.range(of: "</section>", range: start..<page.endIndex)?.lowerBound)
    let section = page[start..<end]
    #expect(section.contains("<caption>Segments by features.origin, the largest first.</caption>"))
    // The same numbers as those of the whole page, which are held to the file.
    let bound = /data-of="[^"]*\|drift\|value\|[^"|]*\|features.origin=/
    #expect(section.matches(of: bound).count >= 3)
    for row in section.matches(of: /<th scope="row">([^<]*)<\/th><td class="r">([0-9,]+)/) {
      #expect(!row.output.1.isEmpty)
    }
  }

  /// Compares each printed number with its record.
  ///
  /// - Returns: The places of the records.
  private func checkNumbers(of replay: Replay) throws -> [String] {
    let page = try text(of: replay.page)
    let element = /<data value="([^"]*)" data-of="([^"]*)">([^<]*)<\/data>/
    var places: [String] = []
    for match in page.matches(of: element) {
      let (exact, place) = (String(match.output.1), String(match.output.2))
      places.append(place)
      let recorded = try #require(replay.numbers[place], "no record of \(place)")
      #expect(exact == recorded, "\(place)")
      let shown = String(match.output.3)
      #expect(isRounding(shown, of: exact), "\(place): \(exact) is shown as \(shown)")
    }
    return places
  }

  @Test func `every number of an alert is the alerts file's`() throws {
    let replay = try Replay.shared.get()
    var evidence: [String: String] = [:]
    for line in try text(of: replay.alerts).split(separator: "\n")
    where line.contains("\"state\":\"firing\"") && line.contains("\"type\":\"alert\"") {
      let start = try #require(line.range(of: "\"evidence\":")?.upperBound)
      let key = [Replay.member("fingerprint", of: line), Replay.member("time", of: line)]
      evidence[key.compactMap { $0 }.joined(separator: "|")] = String(line[start...])
    }
    let page = try text(of: replay.page)
    let element = /<data value="([^"]*)" data-alert="([^"|]*\|[^"|]*)\|([^"]*)">([^<]*)<\/data>/
    var seen: Set<String> = []
    for match in page.matches(of: element) {
      let (exact, key) = (String(match.output.1), String(match.output.2))
      let member = String(match.output.3)
      seen.insert(key)
      let recorded = evidence[key].flatMap { Replay.member(member, of: $0) }
      #expect(recorded == exact, "\(key) \(member)")
      #expect(isRounding(String(match.output.4), of: exact), "\(key) \(member): \(exact)")
    }
    #expect(seen.count == evidence.count)
    #expect(evidence.count > 5)
  }

  @Test func `every cell of the map is the metrics file's verdict`() throws {
    let replay = try Replay.shared.get()
    let view = BrowserPage.View(width: 1280, isDark: false)
    let page = try BrowserPage(Chromium(), file: replay.page, view)
    var cells = 0
    // The read-out is what a person gets; it is asked for window by window.
    let script = """
      [...document.querySelectorAll('.map')].map((row) => {
        const lines = [];
        const press = (key) => row.dispatchEvent(new KeyboardEvent('keydown', {key}));
        press('Home');
        for (let i = 0; i <= Number(row.getAttribute('aria-valuemax')); i++) {
          lines.push(row.getAttribute('aria-valuetext'));
          press('ArrowRight');
        }
        return [row.getAttribute('aria-label').slice('Drift of '.length), lines];
      })
      """
    let rows = try #require(try page.evaluate(script) as? [[Any]])
    for row in rows {
      let signal = try #require(row[0] as? String)
      for line in try #require(row[1] as? [String]) {
        let pattern = /window to (.*): PSI (.*), at least (.*), limit .*; (.*) events/
        let match = try #require(line.firstMatch(of: pattern), "\(line)")
        let end = "\(match.output.1)T00:00:00Z"
        let key = { (name: String) in "week|\(end)|drift|\(name)|\(signal)" }
        let value = try #require(replay.numbers[key("psi")], "\(end) \(signal)")
        #expect(isRounding(String(match.output.2), of: value), "\(signal): \(line)")
        let low = try #require(replay.numbers[key("value")])
        #expect(isRounding(String(match.output.3), of: low), "\(signal): \(line)")
        let count = try #require(replay.numbers["week|\(end)|count|n|\(signal)"])
        #expect(match.output.4.filter { $0 != "," } == count)
        cells += 1
      }
    }
    let recorded = replay.numbers.keys.count {
      $0.hasPrefix("week|") && $0.contains("|drift|value|") && $0.split(separator: "|").count == 5
    }
    #expect(cells == recorded)
    #expect(page.complaints() == [])
  }

  @Test func `it is readable at 400 and 1280 pixels, in light and in dark`() throws {
    let replay = try Replay.shared.get()
    let first = BrowserPage.View(width: 400, isDark: false)
    let page = try BrowserPage(Chromium(), file: replay.page, first)
    for width in [400, 1280] {
      for isDark in [false, true] {
        let view = BrowserPage.View(width: width, isDark: isDark)
        try page.show(view)
        #expect(try page.problems() == [], "\(view)")
      }
    }
    #expect(page.complaints() == [])
    #expect(page.requests().count == 1)
  }

  @Test func `two outputs in one file are refused`() throws {
    let model = try SmallModel.shared.get()
    let page = try TemporaryFolder().path("page")
    let arguments = ["replay", model.reference, "--report", page, "--metrics", page]
    let outcome = try LeewayProcess.run(arguments + model.arguments)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("--metrics \(page) and --report \(page) are one file"))
  }

  @Test func `threads, batches and other outputs change no byte of it`() throws {
    let model = try SmallModel.shared.get()
    let folder = try TemporaryFolder()
    var pages: [String] = []
    for (index, extra) in [
      ["--threads", "1"], ["--threads", "3", "--batch", "17"],
      ["--metrics", folder.path("metrics"), "--dead-letters", folder.path("letters")],
    ].enumerated() {
      let page = folder.path("\(index).html")
      let outcome = try LeewayProcess.run(
        ["replay", "-q", model.reference, "--report", page] + model.arguments + extra
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
      pages.append(try text(of: page))
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0] == pages[2])
    #expect(pages[0].contains("<title>small: "))
  }

  /// Whether a text is a number, perhaps with a unit, rounded to the digits that it shows.
  private func isRounding(_ shown: String, of exact: String) -> Bool {
    let units: [String: Double] = [
      "%": 0.01, "s": 1, "ms": 1e-3, "µs": 1e-6, "hours": 3600, "days": 86_400, "events/s": 1,
    ]
    let words = shown.split(separator: " ")
    guard let exact = Double(exact), let digits = words.first.map({ $0.filter { $0 != "," } }),
      let number = Double(digits), let scale = words.count > 1 ? units[String(words[1])] : 1
    else { return false }
    // Indices have three decimals, other fractions four significant digits.
    let significant = 0.5001 * pow(10, floor(log10(max(abs(number), 1e-300))) - 3)
    let hasThree = digits.split(separator: ".").last?.count == 3
    var tolerance = significant
    if words.count == 1 {
      if !digits.contains(".") {
        tolerance = 0.5
      } else if hasThree {
        tolerance = max(significant, 0.000501)
      }
    }
    return abs(exact / scale - number) <= tolerance
  }
}
