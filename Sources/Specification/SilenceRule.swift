public import Expressions

/// A rule that alerts when no event came for some time.
public struct SilenceRule: Sendable, Equatable {
  /// The alert's name, unique in the file.
  public var alert: String
  /// How long no event that is counted may come before the alert fires, in event time.
  public var silence: TimeSpan
  /// How long the alert goes on firing after events are back.
  public var keepFiringFor: TimeSpan
  /// How bad it is.
  public var severity: Severity
  /// Labels of the alert; the monitor's are not in it.
  public var labels: [String: AnnotationTemplate]
  /// Words for people.
  public var annotations: [String: AnnotationTemplate]
  /// The 1-based line of the file at which the rule starts.
  public var line: Int
}
