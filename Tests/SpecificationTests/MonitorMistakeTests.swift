import TestSupport
import Testing
import YAML

@testable import Specification

/// One mistake: what of the sample is replaced, by what, with `§` where the finding must stand.
struct Mistake: Sendable, CustomTestStringConvertible {
  var replaced: String
  var replacement: String
  var words: String

  init(_ replaced: String, _ replacement: String, _ words: String) {
    self.replaced = replaced
    self.replacement = replacement
    self.words = words
  }

  var testDescription: String { replacement }
}

@Suite struct MonitorMistakeTests {
  static let keys: [Mistake] = [
    Mistake("model: flights", "§modle: flights", "unknown key \"modle\": did you mean \"model\"?"),
    Mistake("slide: 1m", "§slyde: 1m", "did you mean \"slide\"?"),
    Mistake("lateness: 30s", "§latness: 30s", "did you mean \"lateness\"?"),
    Mistake("windows: {fast", "§window: {fast", "did you mean \"windows\"?"),
    Mistake("events:", "§event:", "did you mean \"events\"?"),
    Mistake("  prediction:\n", "  §predicton:\n", "did you mean \"prediction\"?"),
    Mistake("    when: kind", "    §wen: kind", "did you mean \"when\"?"),
    Mistake("    time: ts", "    §tme: ts", "did you mean \"time\"?"),
    Mistake("features: features.*", "§fatures: features.*", "did you mean \"features\"?"),
    Mistake("segments: [", "§segment: [", "did you mean \"segments\"?"),
    Mistake("{profile:", "{§profil:", "did you mean \"profile\"?"),
    Mistake("- alert: InputDrift", "- alert: A\n    §exprr: x", "did you mean \"expr\"?"),
    Mistake("    window: main", "    §windw: main", "did you mean \"window\"?"),
    Mistake("    for: 5m", "    §fro: 5m", "did you mean \"for\"?"),
    Mistake("keep_firing_for:", "§keep_fireing_for:", "did you mean \"keep_firing_for\"?"),
    Mistake("severity: warning", "§sevrity: warning", "did you mean \"severity\"?"),
    Mistake("confidence: 0.99", "§confidance: 0.99", "did you mean \"confidence\"?"),
    Mistake("{raw: true}", "{§rwa: true}", "did you mean \"raw\"?"),
    Mistake("slide: 1m", "slide: 1m\n§server: {port: x}", "unknown key \"server\""),
    Mistake("slide: 1m", "slide: 1m\n§slide: 2m", "stands twice, first in line 14"),
    Mistake("    for: 5m", "    for: 5m\n    §for: 6m", "stands twice, first in line 21"),
  ]

  static let values: [Mistake] = [
    Mistake("slide: 1m", "slide: §1x", "unknown unit \"x\""),
    Mistake("slide: 1m", "slide: §60", "a duration needs a unit"),
    Mistake("slide: 1m", "slide: §0s", "the duration is zero"),
    Mistake("lateness: 30s", "lateness: §30m1h", "repeated or follows a smaller one"),
    Mistake("severity: warning", "severity: §warnin", "did you mean \"warning\"?"),
    Mistake("confidence: 0.99", "confidence: §99", "out of range, got 99"),
    Mistake("confidence: 0.99", "confidence: §high", "expected a share, got \"high\""),
    Mistake("window: main", "window: §mian", "unknown window \"mian\": did you mean \"main\"?"),
    Mistake("{raw: true}", "{raw: §yes}", "expected true or false, got \"yes\""),
    Mistake("{raw: true}", "{raw_bytes: §0}", "out of range, got 0"),
    Mistake("confidence: 0.99", "fdr: §2", "out of range, got 2: write one between 0.0 and 1.0"),
    Mistake("confidence: 0.99", "fdr: §off", "expected a share, got \"off\""),
    Mistake("slide: 1m", "slide: 1m\nincidents: {quiet: §1x}", "unknown unit \"x\""),
    Mistake("slide: 1m", "slide: 1m\nincidents: {§quite: 1h}", "did you mean \"quiet\"?"),
    Mistake("slide: 1m", "slide: 1m\nincidents: {flapping: §1}", "out of range, got 1"),
    Mistake("slide: 1m", "slide: 1m\nincidents: {within: §0s}", "the duration is zero"),
    Mistake("rules:\n", "rules:\n  - {alert: S, silence: §10}\n", "a duration needs a unit"),
    Mistake("rules:\n", "rules:\n  - {alert: S, silence: §13000w}\n", "write at most 36500d"),
    Mistake("lateness: 30s", "lateness: §40000d", "out of range, got 40000d"),
    Mistake("rules:\n", "rules:\n  - {alert: S, silence: 5m, §for: 1m}\n", "has no for"),
    Mistake("rules:\n", "rules:\n  - {alert: S, silence: 5m, §by: whole}\n", "has no by"),
    Mistake(
      "rules:\n",
      "rules:\n  - §{alert: S, silence: 5m, expr: drift(score) > 1}\n",
      "got expr and silence"
    ),
    Mistake(
      "- alert: InputDrift",
      "- {alert: InputDrift, silence: 5m}\n  - §alert: InputDrift",
      "another rule has this name in line 18"
    ),
    Mistake(
      "- alert: InputDrift",
      "- §{alert: S, silence: 1ms}\n  - alert: InputDrift",
      "into 3600000 panes: at most 100000"
    ),
    Mistake("fast: 5m", "fast: §90s", "multiple of the slide, got 1m30s and 1m"),
    Mistake("fast: 5m", "fast: §{size: 1h, events: 5}", "got size and events"),
    Mistake("fast: 5m", "fast: {calendar: §dya}", "did you mean \"day\"?"),
    Mistake("fast: 5m", "fast: §{events: 5000}", "counts by time or by events"),
    Mistake("fast: 5m", "fast: §{size: 1h, slide: 90s}", "multiple of the monitor's"),
    Mistake("fast: 5m", "fast: §{size: 99999h}", "panes: at most 100000"),
    Mistake("fast: 5m", "§2fast: 5m", "not a name, got \"2fast\""),
    Mistake("[whole, version]", "[whole, §versoin]", "did you mean \"version\"?"),
    Mistake("[whole, version]", "§features.orgin", "did you mean \"features.origin\"?"),
    Mistake("alert: InputDrift", "alert: §Input-Drift", "not a name, got \"Input-Drift\""),
    Mistake("    time: ts", "    time: {field: ts, unit: §mss}", "did you mean \"ms\"?"),
    Mistake("features: features.*", "features: §[]", "the list has 0 items"),
    Mistake("features: features.*", "features: features.§*.a", "the star stands at the end"),
    Mistake(
      "features: features.*",
      "features: [{field: a, type: §numbr}]",
      "did you mean \"number\"?"
    ),
    Mistake("id: id", "id: §features.*", "expected one field, got the wildcard"),
    Mistake("id: id", "id: a.§.b", "a key is empty"),
    Mistake("rules:", "limits: {nesting: §-3}\nrules:", "out of range, got -3"),
    Mistake("model: flights", "§model:", "\"model\" has no value"),
    Mistake("model: flights", "model: §[a]", "expected a text, got a list"),
    Mistake("{team: risk}", "{§signal: risk}", "every alert has the label \"signal\""),
    Mistake("{team: risk}", "{§te-am: risk}", "not a name, got \"te-am\""),
    Mistake("{area: inputs}", "{area: §\"{{ value }}\"}", "would make a new alert each time"),
  ]

  static let derived: [Mistake] = [
    Mistake("id: id", "latency: §took_ms", "the unit is missing, got only the field took_ms"),
    Mistake("id: id", "latency: §{field: took_ms}", "\"unit\" is missing: add unit: ms"),
    Mistake("id: id", "latency: §{unit: ms}", "\"field\" is missing"),
    Mistake("id: id", "latency: {field: took, unit: §mss}", "did you mean \"ms\"?"),
    Mistake("id: id", "latency: {field: took, §unti: ms}", "did you mean \"unit\"?"),
    Mistake("id: id", "latency: {field: §a.*, unit: ms}", "expected one field, got the wildcard"),
    Mistake("id: id", "§latencey: {field: took, unit: ms}", "did you mean \"latency\"?"),
    Mistake("id: id", "failure: status §= \"ok\"", "write =="),
    Mistake("id: id", "failure: §score + 1", "expected a condition"),
    Mistake("id: id", "failure: §[a]", "expected a condition on an event, got a list"),
    Mistake("features: features.*", "features: [§latency]", "map it by latency"),
    Mistake("features: features.*", "features: §kpis.*", "the model's own"),
    Mistake("rules:", "kpis: §[a]\nrules:", "kpis: expected a mapping of names, got a list"),
    Mistake("rules:", "kpis: {§1a: sum(score)}\nrules:", "not a name, got \"1a\""),
    Mistake("rules:", "kpis: {a: §smu(score)}\nrules:", "did you mean \"sum\"?"),
    Mistake("rules:", "kpis: {a: sum(§\"x\")}\nrules:", "kpis.a"),
    Mistake("rules:", "kpis: {a: §5}\nrules:", "kpis.a"),
    Mistake("rules:", "kpis: {a: §}\nrules:", "kpis.a: expected an expression"),
    Mistake("drift(features.*) > 0.1", "p99(§latency) > 3s", "events have no latency here"),
    Mistake("drift(features.*) > 0.1", "mean(§failure) > 1%", "events have no failure here"),
    Mistake("drift(features.*) > 0.1", "value(§kpis.a) > 3", "unknown signal \"kpis.a\""),
    Mistake("drift(features.*) > 0.1", "value(§kpis.*) > 3", "there are no KPIs here"),
    Mistake("slide: 1m\n", "slide: 1m\n§kpi: {a: sum(score)}\n", "did you mean \"kpis\"?"),
    Mistake(
      "drift(features.*) > 0.1",
      "change(mean(§score), 15d) < 5",
      "a value of 15d ago is one of 20160 or more"
    ),
  ]

  static let references: [Mistake] = [
    Mistake("flights.profile}", "p, rolling: 7d, §same_hour: 4w}", "write one"),
    Mistake("flights.profile}", "p, same_hour: §10d}", "write whole weeks, such as 4w"),
    Mistake("flights.profile}", "p, rolling: §90m}", "write whole hours, such as 7d"),
    Mistake("flights.profile}", "p, rolling: §14w}", "write at most 91d"),
    Mistake("flights.profile}", "p, rolling: §0s}", "the duration is zero"),
    Mistake("flights.profile}", "p, §roling: 7d}", "did you mean \"rolling\"?"),
    Mistake("flights.profile}", "p, strata: §features.orgin}", "did you mean \"features.origin\"?"),
    Mistake("flights.profile}", "p, strata: §features.*}", "expected one field"),
    Mistake("expr: drift", "§expr: within", "within needs strata"),
    Mistake("    expr: drift(features.*) > 0.1", "    §expr: mix(score) > 0.1", "mix needs strata"),
    Mistake(
      "flights.profile}\nwindows: {fast: 5m, main: 1h}\nslide: 1m",
      "p, §rolling: 7d}\nwindows: {main: {events: 50}}",
      "windows of events have no hours"
    ),
    Mistake("{area: inputs}", "{area: §\"{{ reference }}\"}", "would make a new alert each time"),
    Mistake("{team: risk}", "{§cause: risk}", "every alert has the label \"cause\""),
  ]

  static let expressions: [Mistake] = [
    Mistake("drift(features.*) > 0.1", "§drfit(features.*) > 0.1", "did you mean \"drift\"?"),
    Mistake("drift(features.*) > 0.1", "drift(features.*) §= 0.1", "write =="),
    Mistake("drift(features.*) > 0.1", "drift(§feature.*) > 0.1", "did you mean \"features.*\"?"),
    Mistake("drift(features.*) > 0.1", "drift(§scor) > 0.1", "did you mean \"score\"?"),
    Mistake("drift(features.*) > 0.1", "drift(features.*) > §\"x\"", "expected a number"),
    Mistake(
      "drift(features.*) > 0.1",
      "'psi(score) > 0.1 §adn count(score) > 5'",
      "did you mean \"and\"?"
    ),
    Mistake(
      "drift(features.*) > 0.1",
      "\"psi(score) > 0.1 and §cuont(score) > 5\"",
      "did you mean \"count\"?"
    ),
    Mistake(
      "drift(features.*) > 0.1",
      "\"\\x70si(score) > 0.1 and §cuont(score) > 5\"",
      "\"count\""
    ),
    Mistake(
      "drift(features.*) > 0.1",
      "|\n      psi(score) > 0.1\n      and §cuont(score) > 5",
      "\"count\""
    ),
    Mistake(
      "drift(features.*) > 0.1",
      ">-\n      psi(score) > 0.1\n      and §cuont(score) > 5",
      "\"count\""
    ),
    Mistake(
      "drift(features.*) > 0.1",
      "psi(score) > 0.1\n      and §cuont(score) > 5",
      "\"count\""
    ),
    Mistake("drift(features.*) > 0.1", "psi(features.*) > 0.1 and ks(§*) > 5", "one wildcard"),
    Mistake(
      "drift(features.*) > 0.1",
      "§psi(score)",
      "expected a condition, got the number psi(score)"
    ),
    Mistake(
      "drift(features.*) > 0.1",
      "count(score) > §5m",
      "expected a number, got the duration 5m"
    ),
    Mistake(
      "kind == \"prediction\"",
      "kind == \"prediction\" and §kind > 5",
      "one field has one type"
    ),
    Mistake("kind == \"prediction\"", "kind == §\"prediction", "the text does not end"),
    Mistake("kind == \"prediction\"", "§exits(kind)", "did you mean \"exists\"?"),
    Mistake("{{ value }}\"", "{{ §vlaue }}\"", "did you mean \"value\"?"),
    Mistake("{{ value }}\"", "{{ §labels.taem }}\"", "did you mean \"team\"?"),
    Mistake("{{ value }}\"", "{{ §labels.slo }}\"", "unknown label \"slo\""),
    Mistake("{{ value }}\"", "§{{ value\"", "the variable does not end"),
    Mistake(
      "model: flights",
      "model: a§${FLIGHTS_MODEL}",
      "the environment has no \"FLIGHTS_MODEL\""
    ),
    Mistake("model: flights", "model: §${A:?must be set}", "must be set"),
    Mistake("model: flights", "model: §&a flights", "an anchor"),
    Mistake("model: flights", "model: §!!str flights", "a tag"),
    Mistake(
      "dead_letters: {raw: true}",
      "dead_letters: {raw: true}\n§---\nmodel: b",
      "a second document"
    ),
  ]

  @Test(arguments: keys + values + expressions + derived + references)
  func `a mistake is found at its line and column`(_ mistake: Mistake) throws {
    #expect(SampleMonitor.text.contains(mistake.replaced))
    let first = try #require(SampleMonitor.text.firstRange(of: mistake.replaced))
    let marked = SampleMonitor.text.replacingCharacters(in: first, with: mistake.replacement)
    let (text, line, column) = try #require(unmark(marked))
    let (monitor, diagnostics) = SampleMonitor.load(text)
    #expect(monitor == nil)
    let found = diagnostics.filter { $0.severity == .error && $0.message.contains(mistake.words) }
    let places = diagnostics.map { "\($0.line):\($0.column): \($0.message)" }
    #expect(
      found.contains { $0.line == line && $0.column == column },
      "\(line):\(column) \(places)"
    )
  }

  @Test func `all mistakes of a file are found at once, in order`() {
    let text = SampleMonitor.text
      .replacing("slide: 1m", with: "slyde: 1m")
      .replacing("drift(", with: "drfit(")
      .replacing("severity: warning", with: "severity: wraning")
      .replacing("kind ==", with: "kind =")
    let (_, diagnostics) = SampleMonitor.load(text)
    let errors = diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.line) == [4, 14, 19, 23])
  }

  @Test func `a misspelt key is not also reported as missing`() {
    let text = SampleMonitor.text.replacing("model: flights", with: "modle: flights")
    #expect(SampleMonitor.load(text).diagnostics.map(\.line) == [1])
  }

  @Test func `a diagnostic shows its place, its line and a caret`() throws {
    let (_, diagnostics) = SampleMonitor.load(
      SampleMonitor.text.replacing("window: main", with: "window: mian")
    )
    let first = try #require(diagnostics.first)
    #expect(
      first.description == """
        sample.yaml:20:13: rule "InputDrift": unknown window "mian": did you mean "main"?
              window: mian
                      ^
        """
    )
  }
}

extension String {
  /// The text with one range replaced.
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}

/// What a monitor file may say and hardly means.
@Suite struct RuleLintTests {
  @Test(arguments: [
    ("drift(features.*) > -1", "a comparison with drift always holds"),
    ("ks(features.*) > 1", "a comparison with ks never holds"),
  ])
  func `a threshold that is always or never passed is a warning`(
    condition: String,
    words: String
  ) throws {
    let text = SampleMonitor.text.replacing("drift(features.*) > 0.1", with: condition)
    let (monitor, diagnostics) = SampleMonitor.load(text)
    #expect(monitor != nil)
    let warnings = diagnostics.filter { $0.severity == .warning && $0.message.contains(words) }
    #expect(warnings.count == 1, "\(diagnostics)")
  }
}
