package import Expressions

/// A text with places for an alert's values, such as `{{ signal }} has drifted`.
public struct AnnotationTemplate: Hashable, Sendable, CustomStringConvertible {
  /// One piece of a template.
  public enum Part: Hashable, Sendable {
    /// Text that stays.
    case text(String)
    /// A place for a variable's value, written in a form where one is asked for.
    case variable(TemplateVariable, TemplateForm? = nil)
  }

  /// The pieces in order.
  public var parts: [Part]

  /// The variables that are used, in order.
  public var variables: [TemplateVariable] {
    parts.compactMap { if case .variable(let variable, _) = $0 { variable } else { nil } }
  }

  /// The template as it is written.
  public var description: String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .variable(let variable, let form?): "{{ \(variable) | \(form.rawValue) }}"
      case .variable(let variable, nil): "{{ \(variable) }}"
      }
    }.joined()
  }

  /// The text with each variable replaced by its value.
  ///
  /// - Parameter value: The value of a variable, in a form where one is asked for; `nil` is written
  ///   as nothing.
  /// - Returns: The text.
  public func render(_ value: (TemplateVariable, TemplateForm?) -> String?) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .variable(let variable, let form): text += value(variable, form) ?? ""
      }
    }
    return text
  }
}

/// How a template writes a number; without one it is written as the rule writes its comparison.
public enum TemplateForm: String, Sendable, CaseIterable {
  /// A share in percent: 0.123 is `12.3%`.
  case percent
  /// Seconds as a length of time: 0.25 is `250ms`, 5400 is `1h30m`.
  case duration
  /// Four significant digits.
  case number
}

extension TemplateForm {
  /// The form in which a rule writes its comparison.
  package init(_ unit: ComparisonUnit) {
    self =
      switch unit {
      case .number: .number
      case .percentage: .percent
      case .duration: .duration
      }
  }
}

/// What a template can name.
public enum TemplateVariable: Hashable, Sendable, CustomStringConvertible {
  /// A value of the alert.
  case value(AlertValue)
  /// A label of the alert: `labels.team`.
  case label(String)

  /// The variable as a template writes it.
  public var description: String {
    switch self {
    case .value(let name): name.rawValue
    case .label(let name): "labels.\(name)"
    }
  }
}

/// The values of an alert that a template can name.
public enum AlertValue: String, Sendable, CaseIterable {
  /// The signal: `features.amount`, `score`.
  case signal
  /// The value that the rule compares.
  case value
  /// Of a rule on drift, whose value is the lower bound, the population stability index.
  case psi
  /// The lower confidence bound; of drift the value itself.
  case low
  /// The upper bound.
  case high
  /// The events behind the value.
  case n
  /// The reference's events behind the value.
  case referenceN = "reference_n"
  /// The reference: the profile's path.
  case reference
  /// The window's name.
  case window
  /// The model's name.
  case model
  /// The rule's severity.
  case severity
  /// The model's version.
  case version
  /// The segment's value.
  case segment
  /// When the condition began to hold, RFC 3339.
  case since
  /// What the value is compared with.
  case threshold
  /// The name of the objective whose budget burns.
  case slo
  /// The objective: the share that must be good.
  case objective
  /// The bad events of the window.
  case bad
  /// The share of the budget that is left.
  case budgetLeft = "budget_left"
  /// How long the budget lasts at the burn rate of the window.
  case exhaustion

  /// The values that are numbers of any unit.
  package static let numbers: [AlertValue] = [.value, .psi, .low, .high, .threshold]
  /// The values that only alerts about an error budget have.
  static let ofBudgets: [AlertValue] = [.slo, .objective, .bad, .budgetLeft, .exhaustion]
  /// The values of the alerts of rules with a condition.
  package static let ofConditions = allCases.filter { !ofBudgets.contains($0) }
  /// The values of the alerts of burn rules.
  static let ofBurnRules: [AlertValue] =
    [.value, .low, .high, .n, .window, .model, .severity, .since, .threshold] + ofBudgets
}
