import Expressions
import Statistics
import TestSupport
import Testing
import YAML

@testable import Specification

@Suite struct ObjectiveLoadingTests {
  static let text = """
    model: payments
    events: {prediction: {time: ts, score: score}}
    windows: {main: 1h}
    slide: 1m
    slos:
      - name: availability
        good: status == "ok"
        objective: 99.9%
        period: 30d
        tiers: 4
        min_events: 100
        no_data: keep
        severity: {page: critical, ticket: ticket}
    rules:
      - alert: BudgetBurn
        burn: availability
        for: 1m
        labels: {area: "{{ slo }}"}
        annotations: {summary: "{{ value }} {{ budget_left }} {{ labels.slo }}"}
    """

  private static func replaced(_ old: String, _ new: String) -> String {
    text.replacing(old, with: new)
  }

  @Test func `an objective has the table of its period`() throws {
    let (monitor, diagnostics) = SampleMonitor.load(Self.text)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let slo = try #require(monitor?.slos.first)
    #expect(slo.name == "availability" && slo.minimumEvents == 100 && slo.noData == .keep)
    #expect(slo.objective == 0.999)
    #expect(slo.budget.share == 0.001)
    #expect(slo.period == .days(30))
    #expect(slo.alarms.map(\.severity) == [.critical, .ticket])
    let conditions = slo.alarms.flatMap(\.tiers)
    #expect(conditions.map(\.burnRate) == [14.4, 6, 3, 1])
    #expect(conditions.map(\.long) == [.hours(1), .hours(6), .days(1), .days(3)])
    #expect(conditions.map(\.short) == [.minutes(5), .minutes(30), .hours(2), .hours(6)])
    let rule = try #require(monitor?.burnRules.first)
    #expect(rule.alert == "BudgetBurn" && rule.slo == "availability")
    #expect(rule.holdDuration == .minutes(1))
  }

  @Test func `what is left out has its default`() throws {
    let (monitor, diagnostics) = SampleMonitor.load(
      """
      model: payments
      events: {prediction: {time: ts, score: score}}
      slos: [{name: a-b, good: ok, objective: 0.99}]
      """
    )
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    let slo = try #require(monitor?.slos.first)
    #expect(slo.period == .days(30) && slo.noData == .keep && slo.valid == nil)
    #expect(slo.minimumEvents == 10)
    #expect(slo.alarms.map(\.severity) == [.page, .ticket])
    #expect(slo.alarms.flatMap(\.tiers).map(\.burnRate) == [14.4, 6, 1])
  }

  /// Objectives as people write them, and their budgets as decimals.
  private static let shares: [(text: String, share: Double, budget: Double)] = [
    ("99.9%", 0.999, 0.001), ("99.95%", 0.9995, 0.0005), ("0.999", 0.999, 0.001),
    (".9", 0.9, 0.1), ("99.9999999%", 0.999999999, 1e-9), ("33%", 0.33, 0.67),
    ("99.90%", 0.999, 0.001),
  ]

  @Test(arguments: shares)
  func `a budget is the decimal that a person reads`(text: String, share: Double, budget: Double) {
    let read = ObjectiveShare(text)
    #expect(read?.share == share)
    #expect(read?.budget.share == budget)
  }

  @Test(arguments: ["", "%", ".", "0", "1", "100%", "0%", "-1%", "1.2.3", "99,9%", "nan", "1e-3"])
  func `what is no share is refused`(text: String) {
    #expect(ObjectiveShare(text) == nil)
  }

  @Test func `windows are whole slides and the limit is that of the window that is used`() throws {
    let (monitor, _) = SampleMonitor.load(Self.replaced("period: 30d", "period: 7d"))
    let conditions = try #require(monitor?.slos.first).alarms.flatMap(\.tiers)
    #expect(conditions.map(\.long) == [.minutes(14), .minutes(84), .minutes(336), .minutes(1_008)])
    #expect(conditions.map(\.short) == [.minutes(1), .minutes(7), .minutes(28), .minutes(84)])
    for (condition, limit) in zip(conditions, [14.4, 6, 3, 1]) {
      #expect(abs(condition.burnRate - limit) < 1e-12)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake(
      "period: 30d",
      "§period: 12h",
      "a window of 5s, which is shorter than the monitor's slide"
    ),
    Mistake("period: 30d", "§period: 12h", "write slide: 5s or a longer period"),
    Mistake("period: 30d", "period: §900d", "at most 366d"),
    Mistake("period: 30d", "period: §30", "a duration needs a unit"),
    Mistake("99.9%", "§100%", "expected a share between 0 and 1"),
    Mistake("good: status == \"ok\"", "good: status §= \"ok\"", "good: "),
    Mistake("good: status", "§god: status", "did you mean \"good\"?"),
    Mistake("tiers: 4", "tiers: §5", "write one from 3 to 4"),
    Mistake("no_data: keep", "no_data: §keeep", "did you mean \"keep\"?"),
    Mistake("{page: critical", "{§pager: critical", "did you mean \"page\"?"),
    Mistake("page: critical", "page: §critcal", "did you mean \"critical\"?"),
    Mistake("severity: {page: critical,", "severity: §{page: ticket,", "two alerts"),
    Mistake(
      "severity: {page: critical, ticket: ticket}",
      "severity: §{ticket: page}",
      "two alerts"
    ),
    Mistake("name: availability", "name: §9s", "not a name"),
    Mistake("  - name: availability", "  - §nme: availability", "did you mean \"name\"?"),
    Mistake("tiers: 4", "§value: x", "got no openslo"),
    Mistake("    burn: availability", "    burn: §availabilty", "did you mean \"availability\"?"),
    Mistake("    for: 1m", "    §severity: page", "the objective says which"),
    Mistake("    for: 1m", "    §window: main", "leave it out"),
    Mistake("    for: 1m", "    §by: version", "a budget is that of all traffic"),
    Mistake(
      "    burn: availability",
      "    expr: psi(score) > 1\n    burn: availability",
      "write two rules"
    ),
    Mistake("{{ value }}", "{{ §signal }}", "unknown variable \"signal\""),
    Mistake("area: \"{{ slo }}\"", "area: §\"{{ value }}\"", "move it to annotations"),
    Mistake(
      "    labels: {area: \"{{ slo }}\"}",
      "    §labels: {area: \"{{ window }}\"}",
      "which changes here"
    ),
    Mistake("windows: {main: 1h}\nslide: 1m", "windows: {main: {events: 100}}", "spans of time"),
    Mistake("slide: 1m", "slide: 100ms", "write slide: 1s or longer"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is found at its place`(mistake: Mistake) throws {
    #expect(Self.text.contains(mistake.replaced), "the sample has no \(mistake.replaced)")
    let marked = Self.text.replacing(
      mistake.replaced,
      with: mistake.replacement,
      maxReplacements: 1
    )
    let unmarked = unmark(marked)
    let (_, diagnostics) = SampleMonitor.load(unmarked?.text ?? marked)
    let found = diagnostics.contains {
      $0.severity == .error && $0.message.contains(mistake.words)
        && (unmarked == nil || $0.line == unmarked?.line && $0.column == unmarked?.column)
    }
    #expect(found, "\(diagnostics.map(\.description))")
  }

  @Test func `a rule with an expr has no words for budgets`() {
    let text = Self.text.replacing("burn: availability", with: "expr: psi(score) > 1")
      .replacing("area: \"{{ slo }}\"", with: "area: x")
    let (_, diagnostics) = SampleMonitor.load(text)
    #expect(diagnostics.contains { $0.message.contains("unknown variable \"budget_left\"") })
  }

  @Test func `a limit beyond all events is warned of`() {
    let (monitor, diagnostics) = SampleMonitor.load(Self.replaced("99.9%", "90%"))
    #expect(monitor != nil)
    let warnings = diagnostics.filter { $0.severity == .warning }
    #expect(warnings.count == 1)
    #expect(warnings.first?.message.contains("14.4 over 1h cannot be exceeded, got 144%") == true)
  }

  @Test func `two objectives of one name are refused`() {
    let second = "  - {name: availability, good: x, objective: 9%}\nrules:"
    let (_, diagnostics) = SampleMonitor.load(Self.replaced("rules:", second))
    #expect(
      diagnostics.contains { $0.message.contains("another objective has this name in line 6") }
    )
  }

  @Test func `names are unique over rules of all kinds`() {
    let (_, diagnostics) = SampleMonitor.load(
      Self.text + "\n  - {alert: BudgetBurn, expr: psi(score) > 1}"
    )
    #expect(diagnostics.contains { $0.message.contains("another rule has this name") })
  }

  @Test func `objectives make panes of a slide, however rarely windows move`() throws {
    let text = Self.text.replacing("{main: 1h}", with: "{day: {calendar: day}}")
    let plain = text.components(beforeFirst: "slos:")
    let with = try #require(SampleMonitor.load(text).monitor)
    let without = try #require(SampleMonitor.load(plain).monitor)
    #expect(PaneScheme(with) == .time(width: 60_000_000_000))
    #expect(PaneScheme(without) == .time(width: 86_400_000_000_000))
  }
}

extension String {
  fileprivate func components(beforeFirst mark: String) -> String {
    guard let range = firstRange(of: mark) else { return self }
    return String(self[..<range.lowerBound])
  }
}
