public import Events
public import Expressions

/// One rule: when to alert, and with which words.
///
/// Its 15 properties are the keys of a rule in the file, and its line there.
public struct RuleSpecification: Sendable, Equatable {
  /// The alert's name, unique in the file.
  public var alert: String
  /// The condition.
  public var expression: WindowExpression
  /// The name of the window that is judged; one of the monitor's.
  public var window: String
  /// How long the condition must hold before the alert fires (`for`).
  public var holdDuration: TimeSpan
  /// How long a firing alert stays after the condition last held (`keep_firing_for`).
  public var keepFiringFor: TimeSpan
  /// How bad it is.
  public var severity: Severity
  /// The confidence of each bound, in (0.5, 1).
  public var confidence: Double
  /// Whether numbers are compared as they are (`bound: none`); drift is a bound in any case.
  public var isBoundless: Bool
  /// The share of false alarms among the drifts that are found at a time (`fdr`), in (0, 1).
  ///
  /// `nil` where each signal and part is judged as if it were the only one.
  public var falseDiscoveryRate: Double?
  /// While its alert fires, how many times more likely labels of that part of the traffic are asked
  /// for (`relabel`); `nil` where it changes nothing.
  public var relabel: Double?
  /// Whether a rollback of the canary is to be told of (`then: rollback`).
  public var rollsBack = false
  /// Which parts of the traffic are judged, each on its own; never empty.
  public var by: [RuleDimension]
  /// Labels of the rule's alerts; the monitor's are not in it.
  public var labels: [String: AnnotationTemplate]
  /// Words for people.
  public var annotations: [String: AnnotationTemplate]
  /// The 1-based line of the file at which the rule starts.
  public var line: Int

  /// The confidence of bounds unless the rule says otherwise.
  public static let defaultConfidence = 0.99
  /// The false discovery rate of drift over many signals or parts unless the rule says otherwise.
  public static let defaultFalseDiscoveryRate = 0.05
}

/// How bad an alert is.
public enum Severity: String, Sendable, CaseIterable {
  /// Good to know.
  case info
  /// To be worked on some day.
  case ticket
  /// To be looked at.
  case warning
  /// To be looked at now.
  case critical
  /// Wakes somebody.
  case page
}

/// Which part of the traffic a rule judges.
public enum RuleDimension: Hashable, Sendable {
  /// All of it.
  case whole
  /// Each model version on its own.
  case version
  /// Each value of a segment's field on its own.
  case segment(FieldPath)
}
