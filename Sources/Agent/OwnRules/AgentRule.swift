package import Expressions
package import Specification

/// A rule on the agent itself: when to alert, and with which words.
package struct AgentRule: Sendable, Equatable {
  /// The alert's name, unique in the file.
  package var alert: String
  /// The condition.
  package var expression: AgentExpression
  /// How long the condition must hold before the alert fires (`for`).
  package var holdDuration: TimeSpan
  /// How long a firing alert stays after the condition last held (`keep_firing_for`).
  package var keepFiringFor: TimeSpan
  /// How bad it is.
  package var severity: Severity
  /// Labels of the alert, beside those that every alert has.
  package var labels: [String: AnnotationTemplate]
  /// Words for people.
  package var annotations: [String: AnnotationTemplate]

  /// How many rules an agent file has at most.
  static let ruleLimit = 100
}
