import Expressions
import YAML

/// Reads `kpis`: names with expressions over the events of a window.
struct KPILoader {
  let findings: Findings
  let roles: EventRoles

  func load(_ node: YAMLNode) -> [KPISpecification] {
    let advice = "write {approved_value: sum(features.amount)}"
    guard let entries = findings.entries(node, "kpis", "a mapping of names", advice, atLeast: 1)
    else { return [] }
    if entries.count > MonitorBounds.kpis {
      findings.error(
        entries[MonitorBounds.kpis].key.start,
        "kpis: \(entries.count) of them, each is counted at every event: "
          + "write at most \(MonitorBounds.kpis)"
      )
    }
    return entries.prefix(MonitorBounds.kpis).compactMap { entry in
      guard isIdentifier(entry.key.text) else {
        findings.error(
          entry.key.start,
          "kpis: not a name, got \"\(entry.key.text.prefix(60))\": use letters, digits and "
            + "underscores, no digit first"
        )
        return nil
      }
      return expression(entry.value, "kpis.\(entry.key.text)").map {
        KPISpecification(name: entry.key.text, expression: $0, line: entry.key.start.line)
      }
    }
  }

  private func expression(_ node: YAMLNode, _ what: String) -> KPIExpression? {
    let scalars = ScalarReader(findings: findings)
    guard let scalar = scalars.scalar(node, what, "an expression such as sum(features.amount)")
    else { return nil }
    do throws(ExpressionErrors) {
      return try KPIExpression.parse(scalar.text, roles: roles)
    } catch {
      findings.errors(in: scalar, what, error)
      return nil
    }
  }
}
