package import Expressions
package import YAML

/// What rules of every kind may have, of a monitor and of an agent.
package struct RuleHead {
  /// The alert's name; `nil` where it has none that can be used.
  package var alert: String?
  /// How long an alert outlives its condition.
  package var keepFiringFor: TimeSpan
  /// How bad it is.
  package var severity: Severity
  /// Labels of the alert.
  package var labels: [String: AnnotationTemplate]
  /// Words for people.
  package var annotations: [String: AnnotationTemplate]

  /// Reads the keys.
  ///
  /// - Parameters:
  ///   - reader: The rule's keys.
  ///   - what: The rule, for messages.
  ///   - known: The labels that its alerts have already.
  ///   - values: The values that its templates can name.
  package init(
    _ reader: MappingReader,
    _ what: String,
    labels known: [String],
    values: [AlertValue] = AlertValue.ofConditions
  ) {
    let scalars = ScalarReader(findings: reader.findings)
    alert = reader.required("alert", "InputDrift").flatMap { Self.name($0, what, scalars) }
    let keep = reader.optional("keep_firing_for").flatMap {
      scalars.duration($0, "\(what): keep_firing_for", zeroAllowed: true)
    }
    let severity = reader.optional("severity").flatMap {
      scalars.choice($0, "\(what): severity", Severity.self)
    }
    let loader = LabelLoader(findings: reader.findings, values: values)
    let own =
      reader.optional("labels").map { loader.ruleLabels($0, what, labels: known) } ?? [:]
    let annotations = reader.optional("annotations").map {
      loader.annotations($0, what, labels: known + own.keys.sorted())
    }
    keepFiringFor = keep ?? .zero
    self.severity = severity ?? .warning
    labels = own
    self.annotations = annotations ?? [:]
  }

  /// Reads an alert's name; `nil`, with a finding, where it is none.
  static func name(_ node: YAMLNode, _ what: String, _ scalars: ScalarReader) -> String? {
    guard let text = scalars.text(node, "\(what): alert") else { return nil }
    guard isIdentifier(text) else {
      scalars.findings.error(
        node.position,
        "\(what): alert: not a name, got \"\(text.prefix(60))\": use letters, digits and "
          + "underscores, no digit first"
      )
      return nil
    }
    return text
  }
}
