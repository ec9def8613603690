internal import YAML

/// Reads labels and annotations.
struct LabelLoader {
  let findings: Findings
  /// The variables that the rule's alerts have a value for.
  var values: [AlertValue] = AlertValue.ofConditions
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The labels that the alerts of each kind of rule have.
  static let ofConditions = [
    "alertname", "model", "severity", "window", "signal", "version", "segment", "cause",
  ]
  static let ofSilence = ["alertname", "model", "severity", "signal"]
  static let ofBurnRules = ["alertname", "model", "severity", "slo", "cause", "condition"]

  /// The variables that change while an alert lasts, so that a label must not hold them.
  static let changing: Set<AlertValue> = [
    .value, .psi, .low, .high, .n, .referenceN, .reference, .since, .threshold, .bad, .budgetLeft,
    .exhaustion,
  ]

  /// The monitor's labels, which are plain texts.
  func monitorLabels(_ node: YAMLNode) -> [String: String] {
    var labels: [String: String] = [:]
    for (name, scalar) in entries(node, "labels", isLabel: true) {
      if scalar.text.contains("{{") {
        findings.error(
          scalar.start,
          "labels.\(name): the monitor's labels have no variables, got a template: "
            + "write it among a rule's labels"
        )
        continue
      }
      labels[name] = scalar.text
    }
    return labels
  }

  /// A rule's labels: templates of what does not change while an alert lasts.
  ///
  /// - Parameters:
  ///   - node: The mapping of names and templates.
  ///   - what: Its place in words.
  ///   - known: The labels that templates may name: not the rule's own, of which none is the first.
  /// - Returns: The templates by name.
  func ruleLabels(
    _ node: YAMLNode,
    _ what: String,
    labels known: [String]
  ) -> [String: AnnotationTemplate] {
    var labels: [String: AnnotationTemplate] = [:]
    for (name, scalar) in entries(node, "\(what): labels", isLabel: true) {
      let place = "\(what): labels.\(name)"
      let template = template(scalar, place, labels: known)
      let changing = template.variables.compactMap { variable -> AlertValue? in
        guard case .value(let value) = variable, Self.changing.contains(value) else { return nil }
        return value
      }
      if let first = changing.first {
        findings.error(
          scalar.start,
          "\(place): labels tell alerts apart, got {{ \(first.rawValue) }}, which changes and "
            + "would make a new alert each time: move it to annotations"
        )
      }
      labels[name] = template
    }
    return labels
  }

  /// A rule's annotations.
  func annotations(
    _ node: YAMLNode,
    _ what: String,
    labels: [String]
  ) -> [String: AnnotationTemplate] {
    var annotations: [String: AnnotationTemplate] = [:]
    for (name, scalar) in entries(node, "\(what): annotations", isLabel: false) {
      annotations[name] = template(scalar, "\(what): annotations.\(name)", labels: labels)
    }
    return annotations
  }

  private func template(
    _ scalar: YAMLScalar,
    _ what: String,
    labels: [String]
  ) -> AnnotationTemplate {
    let (template, problems) = TemplateReader.read(scalar.text, labels: labels, values: values)
    for problem in problems {
      findings.error(in: scalar, at: problem.offset, "\(what): \(problem.message)")
    }
    return template
  }

  private func entries(
    _ node: YAMLNode,
    _ what: String,
    isLabel: Bool
  ) -> [(name: String, scalar: YAMLScalar)] {
    guard let entries = findings.entries(node, what, "a mapping", "write {name: text}") else {
      return []
    }
    if entries.count > MonitorBounds.labels {
      findings.error(
        node.position,
        "\(what): \(entries.count) entries: write at most \(MonitorBounds.labels)"
      )
    }
    var result: [(String, YAMLScalar)] = []
    for entry in entries {
      let name = entry.key.text
      if !isIdentifier(name) || name.hasPrefix("__") {
        findings.error(
          entry.key.start,
          "\(what): not a name, got \"\(name.prefix(60))\": use letters, digits and underscores, "
            + "no digit and no two underscores first"
        )
      } else if isLabel, TemplateReader.builtInLabels.contains(name) {
        findings.error(
          entry.key.start,
          "\(what): every alert has the label \"\(name)\" already: choose another name"
        )
      } else if let scalar = scalars.scalar(entry.value, "\(what).\(name)", "a text"),
        scalars.text(entry.value, "\(what).\(name)", bytesMax: TemplateReader.bytesMax) != nil
      {
        result.append((name, scalar))
      }
    }
    return result
  }
}
