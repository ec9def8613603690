internal import Events
internal import Expressions
internal import Monitoring
internal import Records
internal import Specification
internal import YAML

/// Moves the clock of one test from expectation to expectation, and compares.
struct RuleTestJudgement {
  private let test: RuleTest
  private let trials: [Trial]
  private let start: Int64
  private(set) var failures: [RuleTestFailure] = []
  /// Comparisons that failed: what they say of alerts needs the rest of the stream.
  private var open: [OpenFailure] = []

  private struct OpenFailure {
    var index: Int
    var comparison: AlertComparison
    var test: AlertTest
    var withheld: Int
  }

  init(_ test: RuleTest, _ trials: [Trial], start: Int64) {
    self.test = test
    self.trials = trials
    self.start = start
  }

  /// Runs the test.
  mutating func run() throws(FileProblem) {
    let times = test.alertTests.map(\.value.time) + test.statisticTests.map(\.value.time)
    for time in Set(times).sorted() {
      for trial in trials { try trial.advance(to: start + time.nanoseconds) }
      for alert in test.alertTests where alert.value.time == time { compare(alert) }
      for statistic in test.statisticTests where statistic.value.time == time {
        compare(statistic)
      }
    }
    guard !failures.isEmpty else { return }
    for trial in trials { try trial.finish() }
    for failure in open { explain(failure) }
    failures.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    noteRefused()
  }

  // MARK: Alerts

  private mutating func compare(_ placed: Placed<AlertTest>) {
    let expectation = placed.value
    let standing = trials.flatMap { trial in
      trial.standing.filter { $0.name == expectation.alert }.map { (trial, $0) }
    }
    let wanted: [AlertState.Phase] =
      expectation.state == .inactive ? [.pending, .firing] : [expectation.state]
    let got = standing.filter { wanted.contains($0.1.phase) }.compactMap { trial, alert in
      trial.alerts.last { $0.fingerprint == alert.fingerprint && $0.state == alert.phase }
    }
    let expected = expectation.state == .inactive ? [] : expectation.expected
    let word = expectation.state == .inactive ? "pending or firing" : expectation.state.rawValue
    guard let expected else {
      if got.isEmpty {
        let other = AlertComparison(
          [ExpectedAlert(labels: [:], annotations: nil)],
          [],
          isExact: false
        )
        fail(placed, "expected some \(word), got none", other, standing.map(\.1))
      }
      return
    }
    let comparison = AlertComparison(expected, got, isExact: expectation.isExact)
    guard !comparison.isEqual else { return }
    let counts =
      expected.count == got.count
      ? "expected \(expected.count) \(word), got others"
      : "expected \(expected.count == 0 ? "none" : "\(expected.count)") \(word), "
        + "got \(got.count == 0 ? "none" : "\(got.count)")"
    fail(placed, counts, comparison, standing.map(\.1))
  }

  private mutating func fail(
    _ placed: Placed<AlertTest>,
    _ words: String,
    _ comparison: AlertComparison,
    _ standing: [StandingAlert]
  ) {
    open.append(
      OpenFailure(
        index: failures.count,
        comparison: comparison,
        test: placed.value,
        withheld: standing.count { $0.isWithheld }
      )
    )
    failures.append(
      RuleTestFailure(
        line: placed.line,
        column: placed.column,
        message: "\(placed.value.alert) at \(text(of: start + placed.value.time.nanoseconds)): "
          + words,
        details: []
      )
    )
  }

  /// Says of each difference what the rest of the stream knows.
  private mutating func explain(_ failure: OpenFailure) {
    let alerts = trials.flatMap(\.alerts).filter { $0.name == failure.test.alert }
    let time = start + failure.test.time.nanoseconds
    failures[failure.index].details = failure.comparison.lines(
      absence: { expected in
        let similar = alerts.filter { AlertComparison.fits(expected, $0) }
        if failure.test.state == .firing,
          let pending = similar.last(where: { $0.time <= time }), pending.state == .pending
        {
          let next = similar.first { $0.time > time && $0.state == .firing }
          return "pending since \(text(of: pending.time))"
            + (next.map { ", fires at \(text(of: $0.time))" } ?? "")
        }
        guard let first = similar.first(where: { $0.state == failure.test.state }) else {
          return "never \(failure.test.state.rawValue) in this stream"
        }
        return "first \(failure.test.state.rawValue) at \(text(of: first.time))"
      },
      presence: { alert in "\(alert.state.rawValue) since \(text(of: alert.time))" }
    )
    if failure.withheld > 0 {
      failures[failure.index].details.append(
        "note: \(failure.withheld) of this rule withheld: other alerts say that the data are broken"
      )
    }
  }

  // MARK: Statistics

  private mutating func compare(_ placed: Placed<StatisticTest>) {
    let expectation = placed.value
    let part = Trial.PartOfWindow(
      window: expectation.window,
      version: expectation.version,
      segment: expectation.segment,
      signal: expectation.signal
    )
    let trials = trials.filter {
      expectation.model == nil || $0.plan.monitor.model == expectation.model
    }
    let views = trials.compactMap { $0.measured[part] }
    let place = expectation.segment ?? expectation.version.map { "version \($0)" }
    let what =
      "\(expectation.statistic) of \(expectation.signal)" + (place.map { " in \($0)" } ?? "")
    guard let view = views.first else {
      failures.append(placed.failure("\(what): \(absence(of: part, expectation.signal, trials))"))
      return
    }
    guard views.count == 1 else {
      failures.append(placed.failure("\(what): several monitors have it: add model: NAME"))
      return
    }
    let found = view.measurements.first {
      $0.signal == expectation.signal && $0.statistic == expectation.statistic
    }
    let head = "\(what) in window \(view.window) to \(text(of: view.end))"
    guard let value = found?.value else {
      guard expectation.expectation != .none || isUnknown(expectation, view) else { return }
      failures.append(placed.failure("\(head): \(unknown(expectation, view))"))
      return
    }
    guard let problem = expectation.expectation.problem(value.value) else { return }
    var details = ["n = \(value.n)"]
    if let low = value.low, let high = value.high {
      details = ["between \(low) and \(high), n = \(value.n)"]
    } else if let low = value.low {
      details = ["at least \(low), n = \(value.n)"]
    }
    failures.append(placed.failure("\(head): \(problem)", details))
  }

  private func isUnknown(_ test: StatisticTest, _ view: MeasuredPart) -> Bool {
    !view.measurements.contains { $0.signal == test.signal }
  }

  /// Why a view has no such number.
  private func unknown(_ test: StatisticTest, _ view: MeasuredPart) -> String {
    var signals: [String] = []
    for measurement in view.measurements where signals.last != measurement.signal {
      signals.append(measurement.signal)
    }
    guard signals.contains(test.signal) else {
      return "no signal \"\(test.signal)\": \(Findings.advice(on: test.signal, among: signals))"
    }
    let statistics =
      view.measurements.filter { $0.signal == test.signal }.map(\.statistic)
    let known = Set(statistics + StatisticName.allCases.map(\.rawValue))
    if !known.contains(test.statistic) {
      return "no statistic \"\(test.statistic)\": "
        + Findings.advice(on: test.statistic, among: statistics)
    }
    return "it has no value; there are \(statistics.joined(separator: ", "))"
  }

  /// Why there is no such part of the traffic.
  private func absence(
    of part: Trial.PartOfWindow,
    _ signal: String,
    _ trials: [Trial]
  ) -> String {
    let windows = trials.flatMap { $0.plan.monitor.windows.map(\.name) }
    let judged = Set(trials.flatMap { $0.measured.keys })
    if !windows.contains(part.window), !judged.contains(where: { $0.window == part.window }) {
      // Objectives have windows of their own.
      let known = windows + Set(judged.map(\.window)).subtracting(windows).sorted()
      return "no window \"\(part.window)\": \(Findings.advice(on: part.window, among: known))"
    }
    let same = judged.filter { $0.window == part.window }
    guard !same.isEmpty else { return "no window \"\(part.window)\" has been judged by then" }
    guard same.contains(where: { $0.budget == part.budget }) else {
      let own = judged.filter { $0.budget == signal }.map(\.window).sorted()
      let budgets = Set(judged.compactMap(\.budget)).sorted()
      return own.isEmpty
        ? "no signal \"\(signal)\": \(Findings.advice(on: signal, among: budgets))"
        : "\(signal) has windows of its own: \(Findings.advice(on: part.window, among: own))"
    }
    let others = same.filter { $0.budget == part.budget }.compactMap { $0.segment ?? $0.version }
      .sorted()
    return "window \"\(part.window)\" has no such part by then: there are "
      + (others.isEmpty ? "none" : others.joined(separator: ", "))
  }

  // MARK: Words

  /// Says which lines could not be used: they are a likely reason.
  private mutating func noteRefused() {
    var refused: [Refusal: Int] = [:]
    for (reason, count) in trials.first?.refused ?? [:] { refused[reason, default: 0] += count }
    guard !refused.isEmpty, !failures.isEmpty else { return }
    let parts = refused.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.key.rawValue): \($0.value)" }
    failures[failures.count - 1].details.append(
      "note: of the input, lines were refused (\(parts.joined(separator: ", ")))"
    )
  }

  /// A time as tests name it, and as clocks do.
  private func text(of time: Int64) -> String {
    let since = time - start
    let span = TimeSpan(nanoseconds: since)
    return "\(since == 0 ? "0s" : "\(span)") (\(Timestamp.format(time)))"
  }
}

extension Placed {
  /// A failure at the place.
  func failure(_ message: String, _ details: [String] = []) -> RuleTestFailure {
    RuleTestFailure(line: line, column: column, message: message, details: details)
  }
}

extension StatisticTest.Expectation {
  /// What is wrong with a value; `nil` when it is as expected.
  func problem(_ got: Double) -> String? {
    switch self {
    case .value(let wanted, let tolerance):
      abs(got - wanted) <= tolerance
        ? nil
        : "expected \(wanted)\(tolerance > 0 ? " ± \(shortNumber(tolerance))" : ""), got \(got)"
    case .range(let least, let most):
      if let least, got < least {
        "expected at least \(least), got \(got)"
      } else if let most, got > most {
        "expected at most \(most), got \(got)"
      } else {
        nil
      }
    case .none: "expected no value, got \(got)"
    }
  }
}
