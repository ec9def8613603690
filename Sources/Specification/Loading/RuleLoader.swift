import Events
import Expressions
import Records
import YAML

/// What a rule may lead to, beside its alert.
private enum RuleConsequence: String, CaseIterable {
  /// A record that takes the new version back.
  case rollback
}

/// Reads `rules`, against the windows, the mapping and the labels that were read before.
///
/// Its 13 properties are what was read of the file before the rules; each check needs some of it.
struct RuleLoader {
  let findings: Findings
  let windows: [WindowSpecification]
  let slide: TimeSpan
  /// By whose clocks days begin; `nil` for UTC.
  let zone: CivilZone?
  let mapping: PredictionMapping?
  /// The names of what outcomes tell of; nothing where none are read.
  let qualities: [String]
  /// New versions that are held against the one in use.
  let canary: CanarySpecification?
  /// What is predicted; `nil` where no outcomes are read.
  let task: QualitySpecification.Task?
  let kpis: [KPISpecification]
  let labels: [String]
  let hasProfile: Bool
  let hasStrata: Bool
  /// The objectives' names; `nil` where they could not be read.
  var slos: [String]? = []
  var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The rules by their kinds, each in the file's order.
  struct Rules {
    var conditions: [RuleSpecification] = []
    var burns: [BurnRule] = []
    var silences: [SilenceRule] = []
  }

  /// One rule of any kind.
  private enum Rule {
    case condition(RuleSpecification)
    case burn(BurnRule)
    case silence(SilenceRule)

    var name: (alert: String, line: Int) {
      switch self {
      case .condition(let rule): (rule.alert, rule.line)
      case .burn(let rule): (rule.alert, rule.line)
      case .silence(let rule): (rule.alert, rule.line)
      }
    }
  }

  func load(_ node: YAMLNode) -> Rules {
    let advice = "start each rule with \"- alert: NAME\""
    guard let items = findings.items(node, "rules", "a list", advice) else { return Rules() }
    if items.count > MonitorBounds.rules {
      findings.error(
        node.position,
        "rules: \(items.count) rules, each is judged at every slide: "
          + "write at most \(MonitorBounds.rules)"
      )
    }
    var lines: [String: Int] = [:]
    var rules = Rules()
    var lastSilence = node.position
    for item in items.prefix(MonitorBounds.rules) {
      guard let rule = rule(item) else { continue }
      let (alert, line) = rule.name
      if let line = lines[alert] {
        findings.error(
          item.position,
          "rule \"\(alert)\": another rule has this name in line \(line): choose another name"
        )
      }
      lines[alert] = lines[alert] ?? line
      switch rule {
      case .condition(let rule): rules.conditions.append(rule)
      case .burn(let rule): rules.burns.append(rule)
      case .silence(let rule):
        rules.silences.append(rule)
        lastSilence = item.position
      }
    }
    checkPanes(rules.silences.map(\.silence), lastSilence)
    return rules
  }

  private func rule(_ node: YAMLNode) -> Rule? {
    let what = "rule\(node.title(by: ["alert"]))"
    guard let reader = MappingReader(node, what, keys: MonitorKeys.rule, findings) else {
      return nil
    }
    let kinds = MonitorKeys.ruleKinds.filter { reader.has($0) }
    if kinds.count > 1 {
      findings.error(
        reader.position,
        "\(what): a rule has one of \(MonitorKeys.ruleKinds.joined(separator: ", ")), got "
          + "\(kinds.joined(separator: " and ")): write two rules"
      )
      return nil
    }
    if kinds == ["burn"] {
      let alert = reader.required("alert", "BudgetBurn").flatMap {
        RuleHead.name($0, what, scalars)
      }
      let loader = BurnRuleLoader(findings: findings, slos: slos, labels: labels)
      return loader.load(reader, alert: alert, what).map { .burn($0) }
    }
    let isSilence = kinds == ["silence"]
    let builtIn = isSilence ? LabelLoader.ofSilence : LabelLoader.ofConditions
    let common = RuleHead(reader, what, labels: builtIn + labels.sorted())
    if isSilence { return silence(reader, common, what).map { .silence($0) } }
    return condition(reader, common, what).map { .condition($0) }
  }

  private func condition(
    _ reader: MappingReader,
    _ common: RuleHead,
    _ what: String
  ) -> RuleSpecification? {
    let condition = reader.required("expr", "drift(features.*) > 0.1").flatMap {
      expression($0, what)
    }
    let windowName = reader.optional("window").flatMap { window($0, what) }
    let hold = reader.optional("for").flatMap {
      scalars.duration($0, "\(what): for", zeroAllowed: true)
    }
    let confidence = reader.optional("confidence").flatMap {
      scalars.share($0, "\(what): confidence", from: 0.5, to: 1)
    }
    var by = reader.optional("by").map { dimensions($0, what) } ?? [.whole]
    guard let alert = common.alert, let condition else { return nil }
    if condition.comparesVersions {
      checkComparison(condition, reader, what)
      by = [.version]
    }
    let rule = RuleSpecification(
      alert: alert,
      expression: condition,
      window: condition.isOfQuality ? qualityName : windowName ?? windows.first?.name ?? "",
      holdDuration: hold ?? .zero,
      keepFiringFor: common.keepFiringFor,
      severity: common.severity,
      confidence: confidence ?? RuleSpecification.defaultConfidence,
      isBoundless: isBoundless(reader, what),
      falseDiscoveryRate: falseDiscoveryRate(reader, condition, by, what),
      relabel: relabel(reader, by, what),
      rollsBack: rollsBack(reader, condition, what),
      by: by,
      labels: common.labels,
      annotations: common.annotations,
      line: reader.position.line
    )
    lint(rule, reader, what)
    return rule
  }

  /// Refuses what a comparison of versions has not, or has by itself.
  private func checkComparison(
    _ condition: WindowExpression,
    _ reader: MappingReader,
    _ what: String
  ) {
    let totals = kpis.filter { $0.expression.form == .total }
    for kpi in totals
    where condition.uses.contains(where: {
      $0.isCompared && ($0.selector == .named(kpi.signalName) || $0.selector.isWildcard)
        && $0.statistic == .value
    }) {
      findings.error(
        reader.keyPosition("expr"),
        "\(what): expr: \(kpi.signalName) is a total, which grows with a version's share of the "
          + "traffic: compare a mean or a ratio of two totals"
      )
    }
    if canary?.share != nil {
      findings.error(
        reader.keyPosition("expr"),
        "\(what): expr: compare is of versions with names, got versions that are found by share: write "
          + "stable and canary there"
      )
    }
    if canary == nil {
      findings.error(
        reader.keyPosition("expr"),
        "\(what): expr: compare holds new versions against the one in use, got neither: add canary: "
          + "{stable: \"7\", canary: \"8\"}"
      )
    }
    for key in ["by", "bound", "fdr"] where reader.has(key) {
      findings.error(
        reader.keyPosition(key),
        "\(what): \(key): compare is of each canary and goes by its confidence bound: leave "
          + "\(key) out"
      )
    }
  }

  /// Whether the rule says `then: rollback`, which only the canary's verdict may ask for.
  private func rollsBack(
    _ reader: MappingReader,
    _ condition: WindowExpression,
    _ what: String
  ) -> Bool {
    guard let node = reader.optional("then"),
      scalars.choice(node, "\(what): then", RuleConsequence.self) != nil
    else { return false }
    if !condition.uses.contains(where: { $0.selector == .named(canaryName) }) {
      findings.error(
        reader.keyPosition("then"),
        "\(what): then: a difference that chance may have made takes no version back, got another "
          + "condition: write expr: canary == \"rollback\""
      )
    }
    return true
  }

  private func relabel(
    _ reader: MappingReader,
    _ by: [RuleDimension],
    _ what: String
  ) -> Double? {
    guard let node = reader.optional("relabel") else { return nil }
    if by == [.whole] {
      findings.error(
        reader.keyPosition("relabel"),
        "\(what): relabel raises the part of the traffic that an alert is about, got a rule about "
          + "all of it: add by: segments, or by: version"
      )
    }
    return scalars.number(node, "\(what): relabel", 1...1_000)
  }

  private func window(_ node: YAMLNode, _ what: String) -> String? {
    guard let scalar = scalars.scalar(node, "\(what): window", "a window's name") else {
      return nil
    }
    let known = windows.map(\.name)
    guard known.isEmpty || known.contains(scalar.text) else {
      findings.error(
        scalar.start,
        "\(what): unknown window \"\(scalar.text.prefix(60))\": "
          + Findings.advice(on: scalar.text, among: known)
      )
      return nil
    }
    return scalar.text
  }

  private func expression(_ node: YAMLNode, _ what: String) -> WindowExpression? {
    guard let scalar = scalars.scalar(node, "\(what): expr", "a condition on a window") else {
      return nil
    }
    do throws(ExpressionErrors) {
      let durations = kpis.filter { $0.expression.type == .duration }.map(\.signalName)
      let expression = try WindowExpression.parse(
        scalar.text,
        durations: durationNames.union(durations)
      )
      if let mapping {
        SelectorCheck(
          findings: findings,
          mapping: mapping,
          kpis: kpis.map(\.signalName),
          qualities: qualities,
          task: task
        ).check(
          expression,
          in: scalar,
          "\(what): expr"
        )
      }
      return expression
    } catch {
      findings.errors(in: scalar, "\(what): expr", error)
      return nil
    }
  }

  private func dimensions(_ node: YAMLNode, _ what: String) -> [RuleDimension] {
    let items: [YAMLNode]
    if case .sequence(let list, _) = node { items = list } else { items = [node] }
    var result: [RuleDimension] = []
    for item in items {
      for dimension in dimension(item, "\(what): by") where !result.contains(dimension) {
        result.append(dimension)
      }
    }
    if items.isEmpty {
      findings.error(
        node.position,
        "\(what): by: the list is empty: write whole, version, segments or a segment's field"
      )
    }
    return result.isEmpty ? [.whole] : result
  }

  private func dimension(_ node: YAMLNode, _ what: String) -> [RuleDimension] {
    guard let scalar = scalars.scalar(node, what, "a dimension") else { return [] }
    let segments = mapping?.segments ?? []
    switch scalar.text {
    case "whole": return [.whole]
    case "version":
      if let mapping, mapping.version == nil {
        findings.error(
          scalar.start,
          "\(what): events have no version here: add version to events.prediction"
        )
      }
      return [.version]
    case "segments":
      if mapping != nil, segments.isEmpty {
        findings.error(
          scalar.start,
          "\(what): there are no segments: add segments to events.prediction"
        )
      }
      return segments.map { .segment($0) }
    default:
      guard let mapping else { return [] }
      if let path = try? FieldPath(parsing: scalar.text), mapping.segments.contains(path) {
        return [.segment(path)]
      }
      let known = ["whole", "version", "segments"] + segments.map(\.description)
      findings.error(
        scalar.start,
        "\(what): unknown dimension \"\(scalar.text.prefix(60))\": "
          + Findings.advice(on: scalar.text, among: known)
      )
      return []
    }
  }
}
