internal import Expressions
internal import Events
internal import Monitoring
internal import Records
internal import Specification

/// Puts a transition of an alert on the agent itself into labels and words.
struct AgentAlert {
  let rule: AgentRule
  let instance: String
  /// The model of the monitor that it is about; `nil` where it is about the process.
  let model: String?
  let verdict: WindowVerdict
  /// When the condition began to hold, in nanoseconds since 1970.
  let since: Int64

  /// The labels that alerts on the agent have; `model` where a rule is about monitors.
  static let labels = ["alertname", "instance", "model", "severity"]
  /// The values that their templates can name.
  static let values: [AlertValue] = [.value, .threshold, .model, .severity, .since]

  /// The alert.
  ///
  /// - Parameters:
  ///   - phase: The phase that was entered.
  ///   - start: When it began, in nanoseconds since 1970.
  ///   - time: When the transition was seen, in nanoseconds since 1970.
  /// - Returns: The alert; it belongs to no incident.
  func alert(_ phase: AlertPhase, start: Int64, time: Int64) -> Alert {
    let labels = rule.labels(instance: instance, model: model)
    let fingerprint = Alert.fingerprint(labels)
    let subject = rule.expression.subject
    return Alert(
      name: rule.alert,
      state: phase,
      fingerprint: fingerprint,
      group: fingerprint,
      labels: labels,
      annotations: rule.annotations.mapValues { render($0, labels) },
      startsAt: start,
      time: time,
      evidence: Evidence(
        statistic: subject?.metric.name,
        value: verdict.value,
        threshold: verdict.threshold,
        n: 1,
        window: subject?.span?.description ?? "now",
        start: time - (subject?.span?.nanoseconds ?? 0),
        end: time,
        since: since,
        histogram: [],
        moved: [],
        unseen: []
      )
    )
  }

  private func render(_ template: AnnotationTemplate, _ labels: [String: String]) -> String {
    template.render { variable, form in
      let form = form ?? TemplateForm(rule.expression.unit)
      return switch variable {
      case .label(let name): labels[name]
      case .value(.value): verdict.value.map(form.text)
      case .value(.threshold): verdict.threshold.map(form.text)
      case .value(.model): model
      case .value(.severity): rule.severity.rawValue
      case .value(.since): Timestamp.format(since)
      case .value: nil
      }
    }
  }
}

extension AgentRule {
  /// The labels of its alerts, by which they are told apart.
  ///
  /// - Parameters:
  ///   - instance: What the agent is called.
  ///   - model: The model of the monitor that an alert is about; `nil` where it is about the process.
  /// - Returns: The labels.
  func labels(instance: String, model: String?) -> [String: String] {
    var known = ["alertname": alert, "instance": instance, "severity": severity.rawValue]
    known["model"] = model
    let own = labels.mapValues { template in
      template.render { variable, _ in
        switch variable {
        case .label(let name): known[name]
        case .value(.model): model
        case .value(.severity): severity.rawValue
        // What changes while an alert lasts is refused in labels.
        case .value: nil
        }
      }
    }
    return known.merging(own) { _, own in own }
  }
}

extension Alert {
  /// That an alert on the agent began or ended, in a sentence; `nil` where it need not be said.
  var sentence: String? {
    guard state == .firing || state == .resolved else { return nil }
    let model = labels["model"].map { "\($0): " } ?? ""
    let words = annotations["summary"].map { ": \($0)" } ?? ""
    return "\(model)\(name) \(state == .firing ? "fires" : "is over")\(words)"
  }
}
