import Expressions
import YAML

/// Reads the alert policies of an OpenSLO objective, written out or by their names.
struct OpenSLOPolicyReader {
  let file: OpenSLOFile
  private var findings: Findings { file.findings }
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  private static let item = [
    "alertPolicyRef", "conditionRef", "apiVersion", "kind", "metadata", "spec",
  ]
  private static let policy = [
    "description", "alertWhenNoData", "alertWhenResolved", "alertWhenBreaching", "conditions",
    "notificationTargets",
  ]
  private static let condition = ["description", "severity", "condition"]
  private static let burn = ["kind", "op", "threshold", "lookbackWindow", "alertAfter"]

  /// Reads the list of policies into an objective.
  func read(_ node: YAMLNode, _ what: String, into objective: inout OpenSLOObjective) {
    for item in items(node, "\(what): alertPolicies") {
      guard let (name, spec) = resolve(item, "AlertPolicy", "alertPolicyRef", what) else {
        continue
      }
      policy(spec, "AlertPolicy \"\(name)\"", into: &objective)
    }
  }

  private func policy(
    _ node: YAMLNode,
    _ what: String,
    into objective: inout OpenSLOObjective
  ) {
    guard let reader = MappingReader(node, what, keys: Self.policy, findings) else { return }
    let noData = reader.optional("alertWhenNoData").flatMap {
      scalars.boolean($0, "\(what): alertWhenNoData")
    }
    if noData == true { objective.alertsWhenNoData = true }
    _ = reader.optional("alertWhenResolved").flatMap {
      scalars.boolean($0, "\(what): alertWhenResolved")
    }
    if let node = reader.optional("alertWhenBreaching"),
      scalars.boolean(node, "\(what): alertWhenBreaching") == false
    {
      findings.error(
        node.position,
        "\(what): alertWhenBreaching: a breach is always an alert, got false: leave the policy out, "
          + "and write no_data: alert in the monitor"
      )
    }
    guard let list = reader.required("conditions", "[{conditionRef: NAME}]") else { return }
    for item in items(list, "\(what): conditions") {
      guard let (name, spec) = resolve(item, "AlertCondition", "conditionRef", what),
        let condition = condition(name, spec)
      else { continue }
      guard !objective.conditions.contains(where: { $0.name == name }) else { continue }
      objective.conditions.append(condition)
    }
  }

  private func condition(_ name: String, _ node: YAMLNode) -> OpenSLOObjective.Condition? {
    let what = "AlertCondition \"\(name)\""
    guard let reader = MappingReader(node, what, keys: Self.condition, findings) else {
      return nil
    }
    let severity = reader.required("severity", "page").flatMap {
      scalars.scalar($0, "\(what): severity", "a severity")
    }
    guard let inner = reader.required("condition", "{kind: burnrate, threshold: 14.4}"),
      let burn = MappingReader(inner, "\(what): condition", keys: Self.burn, findings)
    else { return nil }
    if let node = burn.optional("kind"), let kind = scalars.text(node, "\(what): kind"),
      kind != "burnrate"
    {
      findings.error(
        node.position,
        "\(what): kind: burn rates are judged, got \"\(kind.prefix(60))\": write burnrate"
      )
    }
    let operation = burn.optional("op").flatMap { readOperation($0, what) }
    let threshold = burn.required("threshold", "14.4").flatMap { readThreshold($0, what) }
    let position = burn.keyPosition("lookbackWindow")
    let lookback = burn.required("lookbackWindow", "1h").flatMap {
      scalars.duration($0, "\(what): lookbackWindow")
    }
    let after = burn.optional("alertAfter").flatMap {
      scalars.duration($0, "\(what): alertAfter", zeroAllowed: true)
    }
    guard let severity, let threshold, let lookback else { return nil }
    return OpenSLOObjective.Condition(
      name: name,
      severity: severity,
      threshold: threshold,
      isInclusive: operation == "gte",
      lookback: lookback,
      lookbackPosition: position,
      alertAfter: after ?? .zero
    )
  }

  private func readOperation(_ node: YAMLNode, _ what: String) -> String? {
    guard let scalar = scalars.scalar(node, "\(what): op", "gt or gte") else { return nil }
    if ["gt", "gte"].contains(scalar.text) { return scalar.text }
    findings.error(
      scalar.start,
      "\(what): op: a budget burns too fast above the threshold, got "
        + "\"\(scalar.text.prefix(60))\": write gte or gt"
    )
    return nil
  }

  private func readThreshold(_ node: YAMLNode, _ what: String) -> Double? {
    guard let scalar = scalars.scalar(node, "\(what): threshold", "a number") else { return nil }
    if let value = Double(scalar.text), value.isFinite, value > 0 { return value }
    findings.error(
      scalar.start,
      "\(what): threshold: expected a burn rate above 0, got \"\(scalar.text.prefix(60))\": "
        + "write one such as 14.4"
    )
    return nil
  }

  private func items(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
    findings.items(node, what, "a list", "write [{…}]") ?? []
  }

  /// The name and the spec of an item: its own, or those of the document that it names.
  private func resolve(
    _ node: YAMLNode,
    _ kind: String,
    _ reference: String,
    _ what: String
  ) -> (name: String, spec: YAMLNode)? {
    var named: YAMLNode? = node
    if case .mapping = node {
      guard let reader = MappingReader(node, "\(what): \(kind)", keys: Self.item, findings) else {
        return nil
      }
      named = reader.optional(reference)
      if named == nil {
        guard let metadata = reader.required("metadata", "{name: NAME}"),
          let name = OpenSLOFile.name(metadata, "\(what): \(kind)", findings),
          let spec = reader.required("spec", "{…}")
        else { return nil }
        return (name, spec)
      }
    }
    guard let named, let name = scalars.text(named, "\(what): \(reference)") else { return nil }
    let documents = file.documents(kind)
    if let found = documents.first(where: { $0.name == name }) { return (name, found.spec) }
    findings.error(
      named.position,
      "\(what): no \(kind) \"\(name.prefix(60))\" in this file: "
        + Findings.advice(on: name, among: documents.map(\.name))
    )
    return nil
  }
}
