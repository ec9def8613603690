internal import Expressions
internal import Specification
internal import YAML

extension AgentFileLoader {
  /// Reads the rules on the agent itself.
  func loadRules(_ node: YAMLNode) -> [AgentRule] {
    let items = findings.items(
      node,
      "rules",
      "a list of at most \(AgentRule.ruleLimit) rules",
      "start each rule with \"- alert: NAME\"",
      atLeast: 1,
      atMost: AgentRule.ruleLimit
    )
    var rules: [AgentRule] = []
    for item in items ?? [] {
      guard let rule = loadRule(item) else { continue }
      if rules.contains(where: { $0.alert == rule.alert }) {
        findings.error(
          item.position,
          "rule \"\(rule.alert)\": another rule has this name: choose another name"
        )
      }
      rules.append(rule)
    }
    return rules
  }

  private func loadRule(_ node: YAMLNode) -> AgentRule? {
    let what = "rule\(node.title(by: ["alert"]))"
    guard let reader = MappingReader(node, what, keys: AgentFileKeys.rule, findings) else {
      return nil
    }
    let head = RuleHead(reader, what, labels: AgentAlert.labels, values: AgentAlert.values)
    let condition = reader.required("agent", "state_age > 5m").flatMap { expression($0, what) }
    let hold = reader.optional("for").flatMap {
      scalars.duration($0, "\(what): for", zeroAllowed: true)
    }
    if head.labels["instance"] != nil {
      findings.error(
        reader.keyPosition("labels"),
        "\(what): labels.instance: it is what the agent is called: write instance beside rules"
      )
    }
    guard let alert = head.alert, let condition else { return nil }
    return AgentRule(
      alert: alert,
      expression: condition,
      holdDuration: hold ?? .zero,
      keepFiringFor: head.keepFiringFor,
      severity: head.severity,
      labels: head.labels,
      annotations: head.annotations
    )
  }

  private func expression(_ node: YAMLNode, _ what: String) -> AgentExpression? {
    guard let scalar = scalars.scalar(node, "\(what): agent", "a condition on the agent") else {
      return nil
    }
    do throws(ExpressionErrors) {
      return try AgentExpression.parse(scalar.text)
    } catch {
      findings.errors(in: scalar, "\(what): agent", error)
      return nil
    }
  }
}
