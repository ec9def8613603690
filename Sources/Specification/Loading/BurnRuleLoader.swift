import Expressions
import YAML

/// Reads the rules that name an objective: `burn: NAME`.
struct BurnRuleLoader {
  let findings: Findings
  /// The objectives' names; `nil` where they could not be read, so that nothing is said of them.
  let slos: [String]?
  /// The names of the monitor's labels.
  let labels: [String]
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// Keys of rules with a condition that mean nothing here, and what to do.
  private static let foreign = [
    "window": "the objective's period decides its windows: leave it out",
    "severity": "the objective says which: write severity: {page: …, ticket: …} there",
    "confidence": "the guard of low traffic has its own: leave it out",
    "bound": "the guard of low traffic stays: leave it out",
    "by": "a budget is that of all traffic: leave it out, or write an objective with valid",
  ]

  /// Reads one rule.
  ///
  /// - Parameters:
  ///   - reader: The rule's keys.
  ///   - alert: The rule's name, when it has one.
  ///   - what: The rule, for messages.
  /// - Returns: `nil` when something that it needs is missing.
  func load(_ reader: MappingReader, alert: String?, _ what: String) -> BurnRule? {
    for (key, advice) in Self.foreign.sorted(by: { $0.key < $1.key }) where reader.has(key) {
      findings.error(
        reader.keyPosition(key),
        "\(what): \(key) is of rules with an expr, got burn: \(advice)"
      )
    }
    let slo = reader.optional("burn").flatMap { objective($0, what) }
    let hold = reader.optional("for").flatMap {
      scalars.duration($0, "\(what): for", zeroAllowed: true)
    }
    let keep = reader.optional("keep_firing_for").flatMap {
      scalars.duration($0, "\(what): keep_firing_for", zeroAllowed: true)
    }
    let loader = LabelLoader(findings: findings, values: AlertValue.ofBurnRules)
    let known = LabelLoader.ofBurnRules + labels.sorted()
    let own =
      reader.optional("labels").map { loader.ruleLabels($0, what, labels: known) } ?? [:]
    for (name, template) in own.sorted(by: { $0.key < $1.key })
    where template.variables.contains(.value(.window)) {
      findings.error(
        reader.keyPosition("labels"),
        "\(what): labels.\(name): labels tell alerts apart, got {{ window }}, which changes here "
          + "and would make a new alert each time: move it to annotations"
      )
    }
    let annotations = reader.optional("annotations").map {
      loader.annotations($0, what, labels: known + own.keys.sorted())
    }
    guard let alert, let slo else { return nil }
    return BurnRule(
      alert: alert,
      slo: slo,
      holdDuration: hold ?? .zero,
      keepFiringFor: keep ?? .zero,
      labels: own,
      annotations: annotations ?? [:],
      line: reader.position.line
    )
  }

  private func objective(_ node: YAMLNode, _ what: String) -> String? {
    guard let scalar = scalars.scalar(node, "\(what): burn", "an objective's name") else {
      return nil
    }
    if let slos, !slos.contains(scalar.text) {
      findings.error(
        scalar.start,
        "\(what): burn: unknown objective \"\(scalar.text.prefix(60))\": "
          + (slos.isEmpty
            ? "add slos: [{name: \(scalar.text.prefix(60)), good: …, objective: 99.9%}]"
            : Findings.advice(on: scalar.text, among: slos))
      )
      return nil
    }
    return scalar.text
  }
}
