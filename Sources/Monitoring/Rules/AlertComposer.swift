internal import Events
internal import Expressions
internal import Records
internal import Specification

/// Puts the transitions of alerts into labels and words: the one place where alerts are made.
struct AlertComposer {
  let plan: Plan

  /// What an alert is about.
  ///
  /// Its 10 properties are what kinds of rules differ in; all else of an alert is worked out from
  /// them and the plan.
  struct Subject {
    /// The rule's name.
    var rule: String
    var severity: Severity
    /// The rule's own labels, and the words for people.
    var labels: [String: AnnotationTemplate]
    var annotations: [String: AnnotationTemplate]
    var part: PartName = .whole
    var signal: String?
    /// The labels that are of this kind of rule: `window`, `slo`, `cause`, `condition`.
    var kindLabels: [String: String]
    /// How the rule writes what it compares.
    var form = TemplateForm.number
    /// Whether alerts of one group may differ in severity, as an objective's page and ticket do.
    var groupsSeverities = false
    var evidence: Evidence
  }

  /// The alert of a transition.
  ///
  /// - Parameters:
  ///   - subject: What it is about.
  ///   - phase: The phase that was entered.
  ///   - start: When it began, in nanoseconds since 1970.
  ///   - time: When the transition was seen, in nanoseconds since 1970.
  /// - Returns: The alert; it belongs to no incident yet.
  func alert(
    _ subject: Subject,
    _ phase: AlertState.Phase,
    start: Int64,
    time: Int64
  ) -> Alert {
    let labels = labels(of: subject)
    // What a group's alerts differ in is left out of the rule's own labels, too.
    let differing: Set<AlertValue> = subject.groupsSeverities ? [.signal, .severity] : [.signal]
    return Alert(
      name: subject.rule,
      state: phase,
      fingerprint: Alert.fingerprint(labels),
      group: Alert.fingerprint(self.labels(of: subject, without: differing)),
      labels: labels,
      annotations: subject.annotations.mapValues { render($0, subject, labels) },
      startsAt: start,
      time: time,
      evidence: subject.evidence
    )
  }

  /// The monitor's labels, those that every alert has, then the rule's own, which may name both.
  private func labels(
    of subject: Subject,
    without left: Set<AlertValue> = []
  ) -> [String: String] {
    let names = plan.names(of: subject.part)
    var labels = plan.monitor.labels
    labels["alertname"] = subject.rule
    labels["model"] = plan.monitor.model
    labels["severity"] = left.contains(.severity) ? nil : subject.severity.rawValue
    labels["version"] = names.version
    labels["segment"] = names.segment
    labels["signal"] = left.contains(.signal) ? nil : subject.signal
    labels.merge(subject.kindLabels) { _, own in own }
    let known = labels
    for (name, template) in subject.labels {
      labels[name] = render(template, subject, known, without: left)
    }
    return labels
  }

  private func render(
    _ template: AnnotationTemplate,
    _ subject: Subject,
    _ labels: [String: String],
    without left: Set<AlertValue> = []
  ) -> String {
    template.render { variable, form in
      switch (variable, form) {
      case (.label(let name), _): labels[name]
      case (.value(let value), _) where AlertValue.numbers.contains(value):
        number(value, subject.evidence).map((form ?? subject.form).text)
      case (.value(let value), _): left.contains(value) ? nil : text(of: value, subject)
      }
    }
  }

  /// A value that can be written in a form.
  private func number(_ value: AlertValue, _ evidence: Evidence) -> Double? {
    switch value {
    case .value: evidence.value
    case .psi: evidence.psi
    case .low: evidence.low ?? (evidence.psi == nil ? nil : evidence.value)
    case .high: evidence.high
    case .threshold: evidence.threshold
    default: nil
    }
  }

  private func text(of value: AlertValue, _ subject: Subject) -> String? {
    let evidence = subject.evidence
    return switch value {
    case .signal: subject.signal
    case .value, .psi, .low, .high, .threshold: nil
    case .n: evidence.n.description
    case .referenceN: evidence.referenceN?.description
    case .reference: evidence.reference ?? plan.monitor.profile
    case .window: evidence.window
    case .model: plan.monitor.model
    case .severity: subject.severity.rawValue
    case .version: part(of: subject.part, isVersion: true)
    case .segment: part(of: subject.part, isVersion: false)
    case .since: Timestamp.format(evidence.since)
    case .slo: evidence.budget?.slo
    case .objective: (evidence.budget?.objective).map(percentText)
    case .bad: evidence.budget?.long.bad.description
    case .budgetLeft: evidence.budget?.budgetLeft.map(percentText)
    case .exhaustion: evidence.budget?.timeToExhaustion.map(durationText)
    }
  }

  /// The value of a part of the traffic, where that is a version's or a segment's.
  private func part(of part: PartName, isVersion: Bool) -> String? {
    guard case .part(let dimension, let value) = part,
      (plan.dimensions[dimension].segment == nil) == isVersion
    else { return nil }
    return value.name
  }
}

extension TemplateForm {
  /// A number in the form.
  package func text(_ number: Double) -> String {
    switch self {
    case .percent: percentText(number)
    case .duration: number < 0 ? "-" + durationText(-number) : durationText(number)
    case .number: shortNumber(number)
    }
  }
}
