import Expressions
import Statistics
import TestSupport
import Testing
import YAML

@testable import Specification

/// OpenSLO files: what is read, and where mistakes are found.
@Suite struct OpenSLOTests {
  /// The example of the specification's repository, shortened, with a policy and two conditions.
  static let file = """
    # An OpenSLO file of several documents.
    ---
    apiVersion: openslo/v1
    kind: SLO
    metadata: {name: search-slo, displayName: Searching time}
    spec:
      service: web-shop
      indicator: {metadata: {name: x}, spec: {thresholdMetric: {metricSource: {type: Any}}}}
      timeWindow: [{duration: 4w, isRolling: true}]
      budgetingMethod: Occurrences
      objectives: [{displayName: Good, op: lt, value: 500, target: 0.99}]
      alertPolicies: [{alertPolicyRef: search-alerts}]
    ---
    apiVersion: openslo/v1
    kind: AlertPolicy
    metadata: {name: search-alerts}
    spec:
      alertWhenBreaching: true
      alertWhenNoData: true
      conditions:
        - conditionRef: fast-burn
        - kind: AlertCondition
          metadata: {name: slow-burn}
          spec:
            severity: ticket
            condition: {kind: burnrate, threshold: 1, lookbackWindow: 3d}
      notificationTargets: [{targetRef: mail}]
    ---
    apiVersion: openslo/v1
    kind: AlertCondition
    metadata: {name: fast-burn}
    spec:
      severity: page
      condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}
    ---
    apiVersion: openslo/v1
    kind: Service
    metadata: {name: web-shop}
    spec: {}
    """

  private static func load(
    _ file: String = file,
    _ slo: String = "{openslo: slo.yaml, value: latency_ms}"
  ) -> (monitor: Monitor?, diagnostics: [Diagnostic]) {
    let text = """
      model: payments
      events: {prediction: {time: ts, score: score}}
      slide: 1m
      slos: [\(slo)]
      """
    return Monitor.load(
      bytes: Array(text.utf8),
      file: "monitors/m.yaml",
      environment: [:],
      files: MonitorFiles { path in
        path == "monitors/slo.yaml"
          ? .success(Array(file.utf8))
          : .failure(MonitorFiles.Unreadable(reason: "no such file"))
      }
    )
  }

  @Test func `an objective of a threshold is read with its policy`() throws {
    let (monitor, diagnostics) = Self.load()
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let slo = try #require(monitor?.slos.first)
    #expect(slo.name == "search-slo" && slo.period == .days(28))
    #expect(slo.objective == 0.99 && slo.budget.share == 0.01)
    #expect(slo.good == (try EventPredicate.parse("latency_ms < 500")))
    #expect(slo.noData == .alert)
    #expect(slo.alarms.map(\.condition) == ["fast-burn", "slow-burn"])
    #expect(slo.alarms.map(\.severity) == [.page, .ticket])
    #expect(slo.alarms.map(\.holdDuration) == [.minutes(5), .zero])
    let fast = try #require(slo.alarms.first?.tiers.first)
    #expect(fast.long == .hours(1) && fast.short == .hours(1))
    #expect(fast.burnRate == 14.4 && fast.isInclusive)
    #expect(slo.alarms.last?.tiers.first?.isInclusive == false)
  }

  @Test func `the monitor can ask for the table and for other answers`() throws {
    let (monitor, diagnostics) = Self.load(
      Self.file,
      "{openslo: slo.yaml, name: search-slo, good: status == \"ok\", tiers: 3, no_data: keep}"
    )
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let slo = try #require(monitor?.slos.first)
    #expect(slo.alarms.flatMap(\.tiers).map(\.burnRate).first == 13.44)
    #expect(slo.noData == .keep)
  }

  @Test func `a target in percent is the same target`() throws {
    let text = Self.file.replacing("target: 0.99}", with: "targetPercent: 99}")
    #expect(Self.load(text).monitor?.slos == Self.load().monitor?.slos)
  }

  static let mistakes: [Mistake] = [
    Mistake("kind: SLO", "kind: §Slo", "did you mean \"SLO\"?"),
    Mistake("target: 0.99}", "target: §1.5}", "expected a number between 0 and 1"),
    Mistake("target: 0.99}", "targetPercent: §100}", "between 0 and 100"),
    Mistake(
      "[{displayName: Good, op: lt, value: 500, target: 0.99}]",
      "[§{op: lt, value: 500}]",
      "got none"
    ),
    Mistake(
      "[{displayName: Good, op: lt, value: 500, target: 0.99}]",
      "[§{target: 0.9, targetPercent: 90}]",
      "got both"
    ),
    Mistake("op: lt, value: 500", "op: §less, value: 500", "use one of lt, lte, gt, gte"),
    Mistake("isRolling: true", "isRolling: §yes", "expected true or false"),
    Mistake("[{duration: 4w, isRolling: true}]", "[§{duration: 4w}]", "a rolling window is read"),
    Mistake("[{duration: 4w, isRolling: true}]", "§[]", "expected a list of one, got 0"),
    Mistake("duration: 4w", "duration: §1M", "unknown unit \"M\""),
    Mistake("Method: Occurrences", "Method: §Timeslices", "write Occurrences"),
    Mistake("  service: web-shop", "  §servise: web-shop", "did you mean \"service\"?"),
    Mistake(
      "alertPolicyRef: search-alerts",
      "alertPolicyRef: §serch-alerts",
      "did you mean \"search-alerts\"?"
    ),
    Mistake("conditionRef: fast-burn", "conditionRef: §fast", "no AlertCondition \"fast\""),
    Mistake(
      "alertWhenBreaching: true",
      "alertWhenBreaching: §false",
      "a breach is always an alert"
    ),
    Mistake("kind: burnrate, op: gte", "kind: §errors, op: gte", "write burnrate"),
    Mistake("op: gte", "op: §lte", "write gte or gt"),
    Mistake("threshold: 14.4", "threshold: §-1", "a burn rate above 0"),
    Mistake("severity: page", "severity: §sev1", "unknown value \"sev1\""),
    Mistake("lookbackWindow: 1h", "§lookbackWindow: 30s", "shorter than the monitor's slide"),
    Mistake("lookbackWindow: 1h", "§lookbackWindow: 300d", "longer than the objective's period"),
    Mistake("op: gte, threshold", "§oper: gte, threshold", "unknown key \"oper\""),
    Mistake("displayName: Searching time", "displayName: §*x", "got an alias"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is found at its place in the file`(mistake: Mistake) throws {
    #expect(Self.file.contains(mistake.replaced), "the sample has no \(mistake.replaced)")
    let marked = Self.file.replacing(
      mistake.replaced,
      with: mistake.replacement,
      maxReplacements: 1
    )
    let (text, line, column) = try #require(unmark(marked))
    let (monitor, diagnostics) = Self.load(text)
    #expect(monitor == nil)
    let found = diagnostics.contains {
      $0.file == "monitors/slo.yaml" && $0.message.contains(mistake.words) && $0.line == line
        && $0.column == column
    }
    #expect(found, "\(line):\(column), got \(diagnostics.map(\.description))")
  }

  @Test func `the draft of 2021 is refused with what to change`() throws {
    let (monitor, diagnostics) = Self.load(
      Self.file.replacing(
        "apiVersion: openslo/v1\nkind: SLO",
        with: "apiVersion: openslo/v1alpha\nkind: SLO"
      )
    )
    #expect(monitor == nil)
    let first = try #require(diagnostics.first { $0.message.contains("v1alpha") })
    #expect(first.line == 3 && first.column == 13)
    #expect(first.message.contains("budgetTarget"))
  }

  /// What the monitor writes, and what is said of it there.
  static let items: [(item: String, words: String)] = [
    ("{openslo: other.yaml, good: x}", "cannot be read: no such file"),
    ("{openslo: slo.yaml}", "got neither good nor value"),
    ("{openslo: slo.yaml, good: x, value: y}", "got good and value"),
    ("{openslo: slo.yaml, good: x, objective: 9%}", "the OpenSLO file says the objective"),
    ("{openslo: slo.yaml, good: x, period: 9d}", "the OpenSLO file says the period"),
    ("{openslo: slo.yaml, good: x, name: serch-slo}", "did you mean \"search-slo\"?"),
  ]

  @Test(arguments: items)
  func `a mistake beside the file is found in the monitor`(item: String, words: String) {
    let (monitor, diagnostics) = Self.load(Self.file, item)
    #expect(monitor == nil)
    let found = diagnostics.contains {
      $0.file == "monitors/m.yaml" && $0.line == 4 && $0.message.contains(words)
    }
    #expect(found, "\(diagnostics.map(\.description))")
  }

  @Test func `a value needs a comparison`() {
    let (monitor, diagnostics) = Self.load(Self.file.replacing("op: lt, value: 500, ", with: ""))
    #expect(monitor == nil)
    #expect(diagnostics.contains { $0.message.contains("no op and value to compare with") })
  }

  @Test func `a file that is none is refused`() {
    for text in ["", "---", "a: [", "\u{1}", "just words"] {
      let (monitor, diagnostics) = Self.load(text)
      #expect(monitor == nil)
      #expect(!diagnostics.isEmpty, "\(text)")
    }
  }

  @Test func `without files the monitor is refused, not trapped`() {
    let (monitor, diagnostics) = Monitor.load(
      bytes: Array("model: m\nslos: [{openslo: a, good: x}]".utf8),
      file: "m.yaml",
      environment: [:]
    )
    #expect(monitor == nil)
    #expect(diagnostics.contains { $0.message.contains("no files can be read here") })
  }
}
