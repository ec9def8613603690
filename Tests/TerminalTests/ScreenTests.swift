import Records
import Standing
import TestSupport
import Testing

@testable import Terminal

/// Values in, lines out.
@Suite struct ScreenTests {
  private static func texts(
    _ state: ScreenState = ScreenState(),
    _ feed: Feed = .following,
    columns: Int = 80,
    rows: Int = 24
  ) -> [String] {
    Screen(SampleSnapshot.drifting, state, feed, columns: columns, rows: rows).lines.map(\.text)
  }

  private static func pressed(_ keys: Key...) -> ScreenState {
    var state = ScreenState()
    for key in keys { state.press(key, SampleSnapshot.drifting) }
    return state
  }

  @Test func `the table says how everything stands`() throws {
    let lines = Self.texts()
    #expect(lines.count == 24)
    #expect(lines[0].hasPrefix("payments  window main (1 of 2)  2026-01-03 03:30 – 04:30"))
    #expect(lines[0].hasSuffix("running"))
    #expect(
      lines[1].hasPrefix(
        "clock 2026-01-03 04:30:12  75,913 events  12 other  3 refused  288 windows judged"
          .prefix(79)
      )
    )
    #expect(lines[2] == "Incident (page, since 2026-01-03 03:30:00): Drift: input.country")
    #expect(lines[3].hasPrefix("latency p50 12.3 ms  p99 80 ms   failures 0.3 %   34.25 events/s"))
    #expect(lines[4] == "slo served  budget left 60 %  lasts 3.472 days  burn 1h 2.5  burn 30d 0.4")
    #expect(lines[5] == "kpi approved  0.823  -2.5 % against a day ago")
    let table = lines.drop { !$0.contains("signal") }.dropFirst().prefix(3).map { $0 }
    #expect(
      table.map { $0.dropFirst(2).prefix { $0 != " " } } == [
        "input.country", "score", "input.amount",
      ]
    )
    #expect(table[0].contains(" 0.310  0.250   0.1 drift      2 % █████████"))
    #expect(table[1].contains(" 0.010  0.000   0.1            0 % ░░░░░░░░░"))
    #expect(table[2].contains("600      –      –   0.1           40 %"))
    #expect(lines.contains("1 alert stands"))
    #expect(
      lines.contains {
        $0.hasPrefix("page CountryMoved  input.country  since 2026-01-03 03:30:00  input.country")
      }
    )
    #expect(lines[23].hasPrefix("q quit"))
  }

  @Test func `quality has a line a measure, with its interval, the estimate and what is known`()
    throws
  {
    func number(
      _ signal: String,
      _ statistic: String,
      _ value: Double,
      _ width: Double?
    )
      -> Measurement
    {
      let bounds = width.map { (value - $0, value + $0) }
      let value = StatisticValue(value: value, low: bounds?.0, high: bounds?.1, n: 1800)
      return Measurement(signal: signal, statistic: statistic, value: value)
    }
    var snapshot = SampleSnapshot.drifting
    let windows = snapshot.windows.count
    let day = 24 * SampleSnapshot.hour
    snapshot.append(
      MeasuredPart(
        model: "payments",
        window: "quality",
        start: SampleSnapshot.end - 2 * day,
        end: SampleSnapshot.end - day,
        stage: QualityStage(time: SampleSnapshot.end, maturity: 0.997, revision: 7, isFinal: false),
        measurements: [
          number("quality", "maturity", 0.997, nil), number("quality", "accuracy", 0.875, 0.125),
          number("quality", "roc_auc", 0.75, nil), number("estimate", "accuracy", 0.5, 0.25),
        ]
      )
    )
    #expect(try Snapshot(decoding: snapshot.bytes) == snapshot)
    #expect(snapshot.windows.count == windows)
    let lines = Screen(snapshot, ScreenState(), .following, columns: 120, rows: 40).lines
      .map(\.text)
    let place = try #require(lines.firstIndex { $0.hasPrefix("quality") })
    #expect(lines[place - 1].hasPrefix("kpi "))
    #expect(
      lines[place] == "quality accuracy  0.875 (0.75 to 1)  estimate 0.5 (0.25 to 0.75)"
        + "  99.7 % known  2026-01-01 04:30 – 2026-01-02 04:30"
    )
    #expect(lines[place + 1].hasPrefix("quality roc_auc  0.75  99.7 % known"))
  }

  @Test func `every open incident has its line, the newest first`() {
    var snapshot = SampleSnapshot.drifting
    snapshot.incidents.append(
      Snapshot.OpenIncident(
        id: "7",
        title: "Silence: no events",
        severity: "warning",
        since: snapshot.incidents[0].since + 60_000_000_000,
        alerts: 1,
        withheld: 0
      )
    )
    snapshot.incidentCount = 2
    let lines = Screen(snapshot, ScreenState(), .following, columns: 80, rows: 24).lines
    let texts = lines.map(\.text)
    #expect(texts[2].hasPrefix("Incident (warning, since 2026-01-03 03:31:00): Silence: no events"))
    #expect(texts[3].hasPrefix("Incident (page, since 2026-01-03 03:30:00): Drift: input.country"))
  }

  @Test(arguments: [
    ([Key](), ["input.country", "score", "input.amount"]),
    ([.sort], ["input.amount", "input.country", "score"]),
    ([.sort, .sort], ["input.amount", "input.country", "score"]),
    ([.sort, .sort, .sort], ["input.country", "score", "input.amount"]),
  ])
  func `s sorts by drift, name and missing values`(keys: [Key], expected: [String]) {
    var state = ScreenState()
    for key in keys { state.press(key, SampleSnapshot.drifting) }
    #expect(state.rows(of: SampleSnapshot.drifting).map(\.name) == expected)
  }

  @Test func `the selection follows its signal and stays within the table`() {
    func selected(_ state: ScreenState) -> String {
      Self.texts(state).first { $0.hasPrefix("▶") }.map {
        String($0.dropFirst(2).prefix { $0 != " " })
      }
        ?? ""
    }
    #expect(selected(Self.pressed()) == "input.country")
    #expect(selected(Self.pressed(.up)) == "input.country")
    #expect(selected(Self.pressed(.down)) == "score")
    #expect(selected(Self.pressed(.down, .sort)) == "score")
    #expect(selected(Self.pressed(.last, .down)) == "input.amount")
    #expect(selected(Self.pressed(.last, .first)) == "input.country")
  }

  @Test func `Enter looks into a signal with both histograms, Esc goes back`() {
    let lines = Self.texts(Self.pressed(.enter))
    #expect(lines.contains("input.country  1,000 values  drift"))
    #expect(lines.contains("PSI 0.310  at least 0.250  limit 0.1  confidence 99 %"))
    let bar = { (share: Double) in Figures.bar(share, 12) }
    #expect(
      lines.contains { $0.hasPrefix("DE") && $0.hasSuffix("\(bar(1))    60 % \(bar(0.5))    30 %") }
    )
    #expect(lines.contains { $0.hasPrefix("unseen") && $0.hasSuffix("20 %") })
    #expect(Self.texts(Self.pressed(.enter, .back)) == Self.texts(Self.pressed(.down, .up)))
    let none = Self.texts(Self.pressed(.last, .enter))
    #expect(none.contains("Nothing to compare with, or no values."))
  }

  @Test func `v shows versions and segments beside each other, and goes back`() throws {
    var snapshot = SampleSnapshot.drifting
    var parts = TrafficParts(window: "main")
    parts.newestEvents = 1000
    let drift = TrafficPart.Drift(
      signal: "input.country",
      drift: StatisticValue(value: 0.25, psi: 0.3, n: 300, referenceN: 9000),
      tolerance: 0.1,
      end: SampleSnapshot.end
    )
    parts.dimensions = [
      TrafficParts.Dimension(
        segment: nil,
        parts: [
          TrafficPart(version: "gone", events: 9000, newestEvents: 0),
          TrafficPart(version: "1", events: 9000, newestEvents: 700),
          TrafficPart(version: "2", events: 300, newestEvents: 300, newest: drift, surest: drift),
        ]
      ),
      TrafficParts.Dimension(
        segment: "market",
        parts: (0..<25).map {
          TrafficPart(segment: "market=m\($0)", events: 40, newestEvents: 40)
        }
      ),
    ]
    snapshot.alerts[0].version = "2"
    snapshot.insert(parts, firing: snapshot.alerts)
    #expect(snapshot.partCount == 27)
    #expect(snapshot.parts.count == 22)
    #expect(try Snapshot(decoding: snapshot.bytes) == snapshot)
    var state = ScreenState()
    state.press(.parts, snapshot)
    func texts() -> [String] {
      Screen(snapshot, state, .following, columns: 100, rows: 40).lines.map(\.text)
    }
    let shown = texts()
    let first = try #require(shown.firstIndex { $0.hasPrefix("part, window main") })
    #expect(shown[first + 1].hasPrefix("version 1 ") && shown[first + 1].contains("nothing sure"))
    let second = shown[first + 2].split(separator: " ")
    #expect(second == ["version", "2", "300", "30", "%", "0.250", "1", "input.country"])
    #expect(shown.contains("and 5 parts more"))
    #expect(!shown.contains { $0.contains("gone") })
    state.press(.parts, snapshot)
    #expect(state == ScreenState())
  }

  @Test func `w shows the next kind of window, p pauses, q ends, ? helps`() {
    #expect(
      Self.texts(Self.pressed(.window))[0].contains("window day (2 of 2)  2026-01-02 04:30 –")
    )
    #expect(Self.texts(Self.pressed(.window, .window))[0].contains("window main"))
    #expect(Self.texts(Self.pressed(.pause))[0].hasSuffix("paused"))
    #expect(Self.pressed(.pause, .pause) == ScreenState())
    #expect(Self.pressed(.quit).isDone)
    #expect(Self.texts(Self.pressed(.help)).contains { $0.contains("the next kind of window") })
    #expect(Self.texts(Self.pressed(.help, .back)) == Self.texts())
  }

  @Test(arguments: [
    (Feed.reading(share: 0.5), "reading, 50 %"), (.ended, "ended"), (.following, "running"),
    (.stale(seconds: 12), "stale: written 12 s ago"),
  ])
  func `where it comes from is said`(feed: Feed, words: String) {
    #expect(Self.texts(ScreenState(), feed)[0].hasSuffix(words))
  }

  @Test func `without a snapshot it says what it waits for`() {
    let screen = Screen(nil, ScreenState(), .unreadable("waiting for s"), columns: 80, rows: 24)
    #expect(screen.lines.count == 24)
    #expect(screen.lines[2].text == "waiting for s")
  }

  @Test(arguments: UInt64(1)...UInt64(20))
  func `every line fits, whatever the names and the size`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let snapshot = SampleSnapshot.random(&random)
    for _ in 0..<12 {
      let (columns, rows) = (Int(random.next() % 200), Int(random.next() % 60))
      var state = ScreenState()
      let keys: [Key] = [.down, .window, .enter, .down, .back, .sort, .last, .enter, .help]
      for key in keys {
        let screen = Screen(snapshot, state, .following, columns: columns, rows: rows)
        #expect(screen.lines.count == rows, "seed \(seed)")
        for line in screen.lines {
          #expect(line.columns <= columns, "seed \(seed): \(columns) × \(rows)")
          #expect(CellText.columns(line.text) == line.columns, "seed \(seed): \(line.text)")
          let isSafe = line.text.unicodeScalars.allSatisfy {
            ![.control, .format].contains($0.properties.generalCategory)
          }
          #expect(isSafe, "seed \(seed)")
        }
        state.press(key, snapshot)
      }
    }
  }

  @Test(arguments: [
    ("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("地域名", 5, "地域…"), ("地域名", 4, "地… "),
    ("e\u{301}te\u{301}", 3, "e\u{301}te\u{301}"), ("a\u{1b}[1mb", 6, "a·[1mb"), ("abc", 0, ""),
    ("地", 1, "…"),
  ])
  func `names are cut to columns`(text: String, columns: Int, expected: String) {
    #expect(CellText.fitted(text, to: columns) == expected)
  }

  @Test(arguments: [
    ([0x71], [Key.quit]), ([0x03], [.quit]), ([0x1b], [.back]), ([0x1b, 0x5b, 0x41], [.up]),
    ([0x1b, 0x4f, 0x42, 0x6a], [.down, .down]), ([0x1b, 0x5b], []),
    ([0x0d, 0x73], [.enter, .sort]),
    ([0x1b, 0x5b, 0x31, 0x3b, 0x35, 0x42], [.down]), ([0xff, 0x00, 0x3f], [.help]),
    ([0x1b, 0x5b, 0x31, 0x7e, 0x1b, 0x5b, 0x46], [.first, .last]),
  ])
  func `keys are told apart`(bytes: [UInt8], keys: [Key]) {
    #expect(Key.keys(bytes) == keys)
  }

  @Test(arguments: UInt64(1)...UInt64(5))
  func `no sequence of bytes is too much for the keys`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let bytes = (0..<Int(random.next() % 12)).map { _ in
        [0x1b, 0x5b, 0x4f, 0x7e, UInt8(truncatingIfNeeded: random.next())][Int(random.next() % 5)]
      }
      #expect(Key.keys(bytes).count <= bytes.count, "seed \(seed)")
    }
  }

  @Test func `without colours the bytes are text, and without UTF-8 they are ASCII`() {
    let screen = Screen(
      SampleSnapshot.drifting,
      ScreenState(),
      .following,
      columns: 80,
      rows: 24
    )
    func bytes(_ environment: [String: String]) -> String {
      let style = Frame.Style(environment: environment)
      return String(decoding: Frame.bytes(screen, style), as: UTF8.self)
    }
    #expect(bytes(["LANG": "C.UTF-8", "TERM": "xterm"]).contains("\u{1b}[1;31m"))
    for plain in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let text = bytes(plain)
      #expect(
        text.replacing("\u{1b}[H", with: "").replacing("\u{1b}[K", with: "").contains("\u{1b}")
          == false
      )
      #expect(text.utf8.allSatisfy { $0 < 0x80 })
      #expect(text.contains("> input.country"))
      #expect(text.contains("#########"))
    }
    #expect(bytes(["NO_COLOR": "", "LANG": "de_DE.utf8"]).contains("█"))
  }
}
