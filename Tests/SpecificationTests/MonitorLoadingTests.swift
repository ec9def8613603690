import Events
import Expressions
import Testing
import YAML

@testable import Specification

@Suite struct MonitorLoadingTests {
  @Test func `a full file is read as it says`() throws {
    let (loaded, diagnostics) = SampleMonitor.load(SampleMonitor.text)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let monitor = try #require(loaded)
    #expect(monitor.model == "flights")
    #expect(monitor.profile == "flights.profile")
    #expect(monitor.prediction.when?.fields.map(\.path.description) == ["kind"])
    #expect(monitor.prediction.time == FieldPath(["ts"]))
    #expect(monitor.prediction.timeForm.unit == .automatic)
    #expect(monitor.prediction.features.map(\.path.description) == ["features.*"])
    #expect(monitor.prediction.segments.map(\.description) == ["features.origin"])
    #expect(monitor.labels == ["team": "risk"])
    #expect(
      monitor.windows == [
        WindowSpecification(name: "fast", kind: .sliding(size: .minutes(5), slide: .minutes(1))),
        WindowSpecification(name: "main", kind: .sliding(size: .hours(1), slide: .minutes(1))),
      ]
    )
    let rule = try #require(monitor.rules.first)
    #expect(rule.alert == "InputDrift")
    #expect(rule.window == "main")
    #expect(rule.holdDuration == .minutes(5))
    #expect(rule.keepFiringFor == .minutes(15))
    #expect(rule.by == [.whole, .version])
    #expect(rule.expression.driftTolerance == 0.1)
    #expect(rule.line == 18)
    let text = rule.annotations["summary"]?.render { variable, _ in
      variable == .value(.signal) ? "features.x" : nil
    }
    #expect(text == "features.x has drifted: PSI ")
  }

  @Test func `what a file leaves out has its default`() throws {
    let text = """
      model: a
      events: {prediction: {time: ts, score: s}}
      rules:
        - {alert: A, expr: count(score) < 10}
      """
    let (loaded, diagnostics) = SampleMonitor.load(text)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let monitor = try #require(loaded)
    #expect(
      monitor.windows == [
        WindowSpecification(name: "main", kind: .sliding(size: .hours(1), slide: .minutes(1)))
      ]
    )
    #expect(monitor.slide == .minutes(1))
    #expect(monitor.lateness == .seconds(30))
    #expect(monitor.future == .days(1))
    #expect(monitor.idle == .minutes(1))
    #expect(monitor.limits == MonitorLimits())
    #expect(monitor.deadLetters == DeadLetterOptions())
    #expect(monitor.profile == nil)
    let rule = try #require(monitor.rules.first)
    #expect(rule.window == "main")
    #expect(rule.severity == .warning)
    #expect(rule.confidence == 0.99)
    #expect(rule.by == [.whole])
    #expect(rule.holdDuration == .zero)
  }

  private func windows(_ text: String) throws -> Monitor {
    let (loaded, diagnostics) = SampleMonitor.load(
      "model: a\nevents: {prediction: {time: ts, score: s}}\n\(text)"
    )
    return try #require(loaded, "\(diagnostics)")
  }

  @Test func `windows have the kinds of the page`() throws {
    let timed = try windows(
      "windows: {main: {size: 1h, slide: 5m}, fast: {size: 4m, slide: 2m}, day: {calendar: day}}"
    )
    #expect(timed.slide == .minutes(1))
    #expect(timed.window(named: "main")?.kind == .sliding(size: .hours(1), slide: .minutes(5)))
    #expect(timed.window(named: "day")?.kind == .calendar(.day))
    #expect(!timed.countsEvents)
    let common = try windows(
      "windows: {main: {size: 1h, slide: 15m}, fast: {size: 10m, slide: 10m}}"
    )
    #expect(common.slide == .minutes(5))
    let counted = try windows("windows: {chunk: {events: 5000}}")
    #expect(counted.window(named: "chunk")?.kind == .events(5_000))
    #expect(counted.countsEvents)
  }

  @Test func `features and times have their long forms`() throws {
    let text = """
      model: a
      events:
        prediction:
          time: {field: at.ms, unit: ms}
          features: [{field: f.a, type: category}, f.b, {field: "g.*"}]
      limits: {line_bytes: 65_536, categories: 10}
      dead_letters: {raw: false, raw_bytes: 10}
      """
    let monitor = try #require(SampleMonitor.load(text).monitor)
    #expect(monitor.prediction.time == FieldPath(["at", "ms"]))
    #expect(monitor.prediction.timeForm.unit == .milliseconds)
    #expect(monitor.prediction.features.map(\.path.description) == ["f.a", "f.b", "g.*"])
    #expect(monitor.prediction.features.map(\.type) == [.category, nil, nil])
    #expect(monitor.limits.lineBytes == 65_536)
    #expect(monitor.limits.categories == 10)
    #expect(!monitor.deadLetters.raw)
    #expect(monitor.deadLetters.rawBytes == 10)
  }

  @Test(arguments: [
    ("    for: 5m", "    for: 30s", 21, "no effect"),
    ("keep_firing_for: 15m", "keep_firing_for: 1s", 22, "no effect"),
    ("reference: {profile: flights.profile}", "", 19, "got none in this file"),
    ("drift(features.*) > 0.1", "psi(features.*) > 0.1", 24, "confidence has no effect"),
    ("drift(features.*) > 0.1", "drift(features.*) * 2 > 0.1", 19, "no p-value"),
    ("[whole, version]", "whole\n    annotations: {s: \"{{ version }}\"}", 26, "is empty here"),
  ])
  func `what has no effect is warned of, and the file is taken`(
    _ old: String,
    _ new: String,
    _ line: Int,
    _ words: String
  ) {
    var text = SampleMonitor.text.replacing(old, with: new)
    if new.contains("annotations") {
      text = text.replacing(
        "    annotations: {summary: \"{{ signal }} has drifted: PSI {{ value }}\"}\n",
        with: ""
      )
    }
    let (monitor, diagnostics) = SampleMonitor.load(text)
    #expect(monitor != nil)
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.severity != .error)
    #expect(diagnostics.first?.line == line, "\(diagnostics)")
    #expect(diagnostics.first?.message.contains(words) == true, "\(diagnostics)")
    let severity = diagnostics.first?.severity.rawValue ?? ""
    #expect(diagnostics.first?.description.contains(": \(severity): ") == true)
  }

  @Test(
    arguments: [
      ([], 1, 1, "the file is empty"), (Array("# only words\n".utf8), 1, 1, "the file is empty"),
      ([0x61, 0x3A, 0x20, 0xFF], 1, 4, "not UTF-8"),
      ([0x61, 0x0A, 0x00], 2, 1, "control character U+0"),
      (Array("a: \u{2028}b".utf8), 1, 4, "line separator"),
      ([0x1F, 0x8B, 0x08], 1, 1, "control character U+1F"),
      (Array(repeating: 0x20, count: SourceText.bytesMax + 1), 1, 1, "split it by model"),
      (Array("a: [b".utf8), 1, 6, "not YAML"), (Array("\ta: b".utf8), 1, 1, "not YAML"),
      (Array("a: *b".utf8), 1, 4, "an alias"),
      (Array(String(repeating: "[", count: 40).utf8), 1, 17, "nested deeper"),
      (
        Array((String(repeating: "[", count: 40) + String(repeating: "]", count: 40)).utf8), 1, 17,
        "nested deeper"
      ),
      (Array("{[a]: b}".utf8), 1, 2, "a key is a word"),
      (Array("- a".utf8), 1, 1, "expected a mapping"),
    ] as [([UInt8], Int, Int, String)]
  )
  func `what is no monitor file is refused with its place`(
    _ bytes: [UInt8],
    _ line: Int,
    _ column: Int,
    _ words: String
  ) {
    let (monitor, diagnostics) = Monitor.load(bytes: bytes, file: "f", environment: [:])
    #expect(monitor == nil)
    let isFound = diagnostics.contains {
      $0.line == line && $0.column == column && $0.message.contains(words)
    }
    #expect(isFound, "\(diagnostics)")
  }

  @Test func `a byte order mark and line ends of both kinds are accepted`() {
    let text = "\u{FEFF}" + SampleMonitor.text.replacing("\n", with: "\r\n")
    #expect(SampleMonitor.load(text).monitor == SampleMonitor.load(SampleMonitor.text).monitor)
    let wrong = text.replacing("window: main", with: "window: mian")
    let diagnostics = SampleMonitor.load(wrong).diagnostics
    #expect(diagnostics.map(\.line) == [20])
    #expect(diagnostics.first?.excerpt == "    window: mian")
  }

  @Test func `findings beyond the limit are counted`() {
    let keys = (0..<200).map { "key_\($0): 1" }.joined(separator: "\n")
    let diagnostics = SampleMonitor.load("\(SampleMonitor.text)\n\(keys)").diagnostics
    #expect(diagnostics.count == 101)
    #expect(diagnostics.last?.message == "100 more findings: correct these first")
  }
}
