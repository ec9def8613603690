import Expressions
import Monitoring
import Records
import Specification
import YAML

/// Reads what a test expects.
struct ExpectationLoader {
  let findings: Findings
  let monitors: [TestedMonitor]
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  private func items(_ node: YAMLNode, _ what: String, _ example: String) -> [YAMLNode] {
    let most = RuleTestBounds.expectations
    let wanted = "a list of at most \(most)"
    return findings.items(node, what, wanted, "write \(example)", atMost: most) ?? []
  }

  private func evaluationTime(_ reader: MappingReader, _ what: String) -> TimeSpan? {
    reader.required("eval_time", "3h").flatMap {
      scalars.duration($0, "\(what): eval_time", zeroAllowed: true)
    }
  }

  // MARK: Alerts

  func alertTests(_ node: YAMLNode) -> [Placed<AlertTest>] {
    let what = "alert_rule_test"
    return items(node, what, "[{eval_time: 3h, alertname: …, exp_alerts: […]}]").compactMap {
      item in
      guard let reader = MappingReader(item, what, keys: RuleTestKeys.alert, findings),
        let test = alertTest(reader, what)
      else { return nil }
      return Placed(value: test, line: item.position.line, column: item.position.column)
    }
  }

  private enum ExpectedState: String, CaseIterable {
    case pending, firing, inactive
  }

  private func alertTest(_ reader: MappingReader, _ what: String) -> AlertTest? {
    let time = evaluationTime(reader, what)
    let name = reader.required("alertname", "InputDrift").flatMap { alertName($0, what) }
    var state = AlertState.Phase.firing
    if let node = reader.optional("exp_state"),
      let expected = scalars.choice(node, "\(what): exp_state", ExpectedState.self)
    {
      state = expected == .pending ? .pending : expected == .firing ? .firing : .inactive
    }
    let expected = reader.optional("exp_alerts").map { node in
      items(node, "exp_alerts", "[{exp_labels: {signal: …}}], or [] for none")
        .compactMap { expectedAlert($0) }
    }
    if state == .inactive, let expected, !expected.isEmpty {
      findings.error(
        reader.keyPosition("exp_alerts"),
        "\(what): no alert is inactive, got alerts with exp_state: inactive: leave exp_alerts out"
      )
    }
    if !reader.has("exp_state"), !reader.has("exp_alerts"), !reader.hasUnknownKey {
      findings.error(
        reader.position,
        "\(what): nothing is expected: add exp_alerts: [] for none, exp_alerts: [{exp_labels: …}], "
          + "or exp_state: firing"
      )
    }
    let isExact = reader.optional("exact").flatMap { scalars.boolean($0, "\(what): exact") }
    guard let time, let name else { return nil }
    return AlertTest(
      time: time,
      alert: name,
      state: state,
      expected: expected,
      isExact: isExact ?? false
    )
  }

  private func alertName(_ node: YAMLNode, _ what: String) -> String? {
    guard let name = scalars.text(node, "\(what): alertname") else { return nil }
    let known = monitors.flatMap(\.alertNames)
    // Where no monitor could be read, that was said already.
    if !monitors.isEmpty, !known.contains(name) {
      findings.error(
        node.position,
        "\(what): alertname: no rule \"\(name.prefix(60))\": "
          + Findings.advice(on: name, among: known)
      )
      return nil
    }
    return name
  }

  private func expectedAlert(_ node: YAMLNode) -> ExpectedAlert? {
    guard
      let reader = MappingReader(node, "exp_alerts", keys: RuleTestKeys.expected, findings)
    else { return nil }
    return ExpectedAlert(
      labels: reader.optional("exp_labels").map { texts($0, "exp_labels") } ?? [:],
      annotations: reader.optional("exp_annotations").map { texts($0, "exp_annotations") }
    )
  }

  private func texts(_ node: YAMLNode, _ what: String) -> [String: String] {
    guard let entries = findings.entries(node, what, "a mapping", "write {name: text}") else {
      return [:]
    }
    var texts: [String: String] = [:]
    for entry in entries {
      guard let scalar = scalars.scalar(entry.value, "\(what).\(entry.key.text)", "a text") else {
        continue
      }
      texts[entry.key.text] = scalar.text
    }
    return texts
  }

  // MARK: Statistics

  func statisticTests(_ node: YAMLNode) -> [Placed<StatisticTest>] {
    let what = "statistic_test"
    return items(node, what, "[{eval_time: 3h, signal: score, statistic: mean, exp_value: 0.1}]")
      .compactMap { item in
        guard let reader = MappingReader(item, what, keys: RuleTestKeys.statistic, findings),
          let test = statisticTest(reader, what)
        else { return nil }
        return Placed(value: test, line: item.position.line, column: item.position.column)
      }
  }

  private func statisticTest(_ reader: MappingReader, _ what: String) -> StatisticTest? {
    let time = evaluationTime(reader, what)
    let signal = reader.required("signal", "score").flatMap { scalars.text($0, "\(what): signal") }
    let statistic = reader.required("statistic", "mean").flatMap {
      scalars.text($0, "\(what): statistic")
    }
    let model = reader.optional("model").flatMap { self.model($0, what) }
    let window = window(reader, model, what)
    let version = reader.optional("version").flatMap { scalars.text($0, "\(what): version") }
    let segment = reader.optional("segment").flatMap { scalars.text($0, "\(what): segment") }
    if version != nil, segment != nil {
      findings.error(
        reader.keyPosition("segment"),
        "\(what): a part of the traffic is a version or a segment, got both: write one"
      )
    }
    guard let expectation = expectation(reader, what) else { return nil }
    guard let time, let signal, let statistic, let window else { return nil }
    return StatisticTest(
      time: time,
      model: model,
      window: window,
      signal: signal,
      statistic: statistic,
      version: version,
      segment: segment,
      expectation: expectation
    )
  }

  private func model(_ node: YAMLNode, _ what: String) -> String? {
    guard let name = scalars.text(node, "\(what): model") else { return nil }
    let known = monitors.map(\.monitor.model)
    guard monitors.isEmpty || known.contains(name) else {
      findings.error(
        node.position,
        "\(what): model: no monitor of \"\(name.prefix(60))\": "
          + Findings.advice(on: name, among: known)
      )
      return nil
    }
    return name
  }

  /// The window's name; where there is only one, it need not be written.
  private func window(_ reader: MappingReader, _ model: String?, _ what: String) -> String? {
    if let node = reader.optional("window") { return scalars.text(node, "\(what): window") }
    if reader.has("window") { return nil }
    let monitors = monitors.filter { model == nil || $0.monitor.model == model }
    guard monitors.count == 1, monitors[0].monitor.windows.count == 1 else {
      let names = monitors.flatMap { $0.monitor.windows.map(\.name) }
      if !monitors.isEmpty {
        findings.error(
          reader.position,
          "\(what): \"window\" is missing: add window: with one of \(names.joined(separator: ", "))"
        )
      }
      return nil
    }
    return monitors[0].monitor.windows[0].name
  }

  private func expectation(
    _ reader: MappingReader,
    _ what: String
  ) -> StatisticTest.Expectation? {
    let hasRange = reader.has("exp_at_least") || reader.has("exp_at_most")
    let given = [reader.has("exp_value"), hasRange, reader.has("exp_missing")].count { $0 }
    guard given == 1 else {
      if given == 0, reader.hasUnknownKey { return nil }
      findings.error(
        reader.position,
        "\(what): one thing is expected, got \(given): write exp_value with a tolerance, "
          + "exp_at_least or exp_at_most or both, or exp_missing: true"
      )
      return nil
    }
    if !reader.has("exp_value"), reader.has("tolerance") {
      findings.error(
        reader.keyPosition("tolerance"),
        "\(what): tolerance goes with exp_value: leave it out"
      )
    }
    if let node = reader.optional("exp_missing") {
      guard scalars.boolean(node, "\(what): exp_missing") == true else {
        findings.error(node.position, "\(what): exp_missing is true or left out")
        return nil
      }
      return StatisticTest.Expectation.none
    }
    if hasRange {
      return .range(
        reader.optional("exp_at_least").flatMap { scalars.number($0, "\(what): exp_at_least") },
        reader.optional("exp_at_most").flatMap { scalars.number($0, "\(what): exp_at_most") }
      )
    }
    guard
      let value = reader.optional("exp_value").flatMap({
        scalars.number($0, "\(what): exp_value")
      })
    else { return nil }
    let tolerance = reader.optional("tolerance").map { self.tolerance($0, value, what) }
    return .value(value, tolerance: tolerance ?? 1e-9 * abs(value))
  }

  /// How far a value may be off: a number, or a percentage of what is expected.
  private func tolerance(_ node: YAMLNode, _ value: Double, _ what: String) -> Double {
    if case .scalar(let scalar) = node, scalar.text.hasSuffix("%") {
      return (scalars.probability(node, "\(what): tolerance") ?? 0) * abs(value)
    }
    return scalars.number(node, "\(what): tolerance", 0...Double.greatestFiniteMagnitude) ?? 0
  }
}
