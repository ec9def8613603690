import Expressions
import YAML

/// Reads `framing` and `baselines`: what the model is for, and what it is held against.
struct FramingLoader {
  let findings: Findings
  /// How outcomes are held against predictions; `nil` where none are read.
  let quality: QualitySpecification?
  let kpis: [KPISpecification]
  let roles: EventRoles

  init(
    _ findings: Findings,
    _ quality: QualitySpecification?,
    kpis: [KPISpecification],
    roles: EventRoles?
  ) {
    self.findings = findings
    self.quality = quality
    self.kpis = kpis
    self.roles = roles ?? .none
  }

  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// Reads both from the root.
  func load(_ root: MappingReader) -> (FramingSpecification, [BaselineSpecification]) {
    (
      root.optional("framing").map { framing($0) } ?? FramingSpecification(),
      root.optional("baselines").map { baselines($0) } ?? []
    )
  }

  private func framing(_ node: YAMLNode) -> FramingSpecification {
    var framing = FramingSpecification()
    guard let reader = MappingReader(node, "framing", keys: MonitorKeys.framing, findings) else {
      return framing
    }
    framing.decision = reader.optional("decision").flatMap {
      scalars.text($0, "framing.decision")
    }
    framing.cost = reader.optional("cost").flatMap { cost($0) }
    framing.claim = reader.optional("claim").flatMap { claim($0) }
    framing.kpi = reader.optional("kpi").flatMap { kpi($0) }
    return framing
  }

  private func cost(_ node: YAMLNode) -> FramingSpecification.Cost? {
    let what = "framing.cost"
    guard needsClasses(node, what),
      let reader = MappingReader(node, what, keys: MonitorKeys.cost, findings)
    else { return nil }
    func number(_ node: YAMLNode?, _ key: String) -> Double? {
      node.flatMap { scalars.number($0, "\(what).\(key)", -1e15...1e15) }
    }
    let falsePositive = number(reader.required("false_positive", "2500"), "false_positive")
    let falseNegative = number(reader.required("false_negative", "400"), "false_negative")
    let unit = reader.required("unit", "EUR").flatMap {
      scalars.text($0, "\(what).unit", bytesMax: 32)
    }
    let truePositive = number(reader.optional("true_positive"), "true_positive")
    let trueNegative = number(reader.optional("true_negative"), "true_negative")
    guard let falsePositive, let falseNegative, let unit else { return nil }
    return FramingSpecification.Cost(
      falsePositive: falsePositive,
      falseNegative: falseNegative,
      truePositive: truePositive ?? 0,
      trueNegative: trueNegative ?? 0,
      unit: unit
    )
  }

  private func claim(_ node: YAMLNode) -> FramingSpecification.Claim? {
    let what = "framing.claim"
    guard needsClasses(node, what, orSeveral: true),
      let reader = MappingReader(node, what, keys: MonitorKeys.claim, findings)
    else { return nil }
    let measure = reader.required("measure", "accuracy").flatMap {
      scalars.choice($0, "\(what).measure", ClaimMeasure.self)
    }
    let over = reader.required("over", "30d").flatMap { scalars.duration($0, "\(what).over") }
    let risk = reader.optional("risk").flatMap {
      scalars.share($0, "\(what).risk", from: 0, to: 0.5, example: "0.05 or 5%")
    }
    guard let measure else { return nil }
    if quality?.task == .multiclass, measure != .accuracy {
      findings.error(
        reader.keyPosition("measure"),
        "\(what).measure: of several classes a claim is of accuracy, got \(measure.rawValue): write "
          + "accuracy"
      )
      return nil
    }
    let key = measure.isError ? "at_most" : "at_least"
    let other = measure.isError ? "at_least" : "at_most"
    if reader.has(other) {
      findings.error(
        reader.keyPosition(other),
        "\(what).\(other): \(measure.rawValue) is better the "
          + "\(measure.isError ? "smaller" : "greater") it is, got \(other): write \(key)"
      )
      return nil
    }
    let limit = reader.required(key, measure.isError ? "0.1" : "90%").flatMap {
      scalars.share($0, "\(what).\(key)", from: 0, to: 1, example: "0.9 or 90%")
    }
    guard let limit, let over else { return nil }
    return FramingSpecification.Claim(
      measure: measure,
      limit: limit,
      over: over,
      risk: risk ?? FramingSpecification.Claim.defaultRisk
    )
  }

  private func kpi(_ node: YAMLNode) -> String? {
    guard let name = scalars.text(node, "framing.kpi") else { return nil }
    let known = kpis.map(\.name)
    guard known.contains(name) else {
      findings.error(
        node.position,
        "framing.kpi: unknown KPI \"\(name.prefix(60))\": "
          + (known.isEmpty ? "add it to kpis" : Findings.advice(on: name, among: known))
      )
      return nil
    }
    return name
  }

  /// Whether outcomes of two classes are read, which costs and baselines are about, or of several, which
  /// a claim may be about.
  private func needsClasses(
    _ node: YAMLNode,
    _ what: String,
    orSeveral: Bool = false
  ) -> Bool {
    guard let quality else {
      findings.error(
        node.position,
        "\(what): only outcomes can tell, got none: add outcome to events"
      )
      return false
    }
    guard quality.task == .binary || orSeveral && quality.task == .multiclass else {
      findings.error(
        node.position,
        "\(what): it is of decisions between \(orSeveral ? "" : "two ")classes, got task: \(quality.task.rawValue): "
          + "leave it out"
      )
      return false
    }
    return true
  }

  private func baselines(_ node: YAMLNode) -> [BaselineSpecification] {
    let advice = "write {small_debt: features.debt < 0.4}"
    guard needsClasses(node, "baselines"),
      let entries = findings.entries(node, "baselines", "a mapping of names", advice, atLeast: 1)
    else { return [] }
    if entries.count > MonitorBounds.baselines {
      findings.error(
        entries[MonitorBounds.baselines].key.start,
        "baselines: \(entries.count) of them, each decides on every event: write at most "
          + "\(MonitorBounds.baselines)"
      )
    }
    return entries.prefix(MonitorBounds.baselines).compactMap { entry in
      let name = entry.key.text
      guard isIdentifier(name), !constantBaselines.contains(name) else {
        findings.error(
          entry.key.start,
          "baselines: not a name for one, got \"\(name.prefix(60))\": use letters, digits and "
            + "underscores, no digit first; \(constantBaselines.joined(separator: " and ")) are "
            + "there already"
        )
        return nil
      }
      return decision(entry.value, "baselines.\(name)").map {
        BaselineSpecification(name: name, decision: $0)
      }
    }
  }

  private func decision(_ node: YAMLNode, _ what: String) -> EventNumber? {
    guard let scalar = scalars.scalar(node, what, "a condition on an event") else { return nil }
    do throws(ExpressionErrors) {
      _ = try EventPredicate.parse(scalar.text, roles: roles)
      return try EventNumber.parse(scalar.text, roles: roles)
    } catch {
      findings.errors(in: scalar, what, error)
      return nil
    }
  }
}
