public import Expressions
public import Statistics

/// A service level objective: which share of the events must be good, over which period.
///
/// Its 10 properties are the keys of an objective in the file, the budget that follows from them,
/// and the line.
public struct SLOSpecification: Sendable, Equatable {
  /// The name, unique in the file: a word that may have dashes.
  public var name: String
  /// Whether an event is good; unknown counts as bad.
  public var good: EventPredicate
  /// Which predictions count at all; all of them without a condition.
  public var valid: EventPredicate?
  /// The share that must be good, in (0, 1).
  public var objective: Double
  /// The share that may be bad: 1 − `objective`, exact in decimals.
  public var budget: ErrorBudget
  /// The rolling period; a whole number of the monitor's slides.
  public var period: TimeSpan
  /// When a burn rule of the objective alerts, the most urgent first; at least one.
  public var alarms: [BurnAlarm]
  /// The fewest events of a long window that are judged.
  public var minimumEvents: Int
  /// What it means when there are no events.
  public var noData: NoDataPolicy
  /// The 1-based line of the file at which the objective starts.
  public var line: Int

  /// The period unless the file says otherwise.
  public static let defaultPeriod = TimeSpan.days(30)
  /// The fewest events unless the file says otherwise: those that must be bad in any case.
  public static let defaultMinimumEvents = BurnGuard.leastBad

  /// The signal of its numbers in records.
  public var signal: String { "slos.\(name)" }
}

/// One alert that an objective can raise: any of some tiers, at one severity.
public struct BurnAlarm: Sendable, Equatable {
  /// How bad it is.
  public var severity: Severity
  /// The name of the OpenSLO alert condition that it stands for.
  public var condition: String?
  /// How long the condition must hold, beside the rule's `for`.
  public var holdDuration: TimeSpan
  /// The tiers, any of which is enough; at least one.
  public var tiers: [BurnTier]
}

/// A limit of the burn rate over a long and a short window, which both must exceed.
public struct BurnTier: Sendable, Hashable {
  /// The long window: enough events to be sure; a whole number of the monitor's slides.
  public var long: TimeSpan
  /// The short window: whether it still goes on; a whole number of the monitor's slides.
  public var short: TimeSpan
  /// The limit.
  public var burnRate: Double
  /// Whether the limit itself is enough.
  public var isInclusive: Bool
}

/// What it means when an objective has no events.
public enum NoDataPolicy: String, Sendable, CaseIterable {
  /// Alerts stay as they are.
  case keep
  /// Alerts stay as they are, and the absence is an alert of its own.
  case alert
  /// Alerts are resolved.
  case resolve
}

/// A rule that alerts when an objective's budget burns too fast.
public struct BurnRule: Sendable, Equatable {
  /// The alert's name, unique in the file.
  public var alert: String
  /// The objective's name.
  public var slo: String
  /// How long an alarm must hold before its alert fires (`for`).
  public var holdDuration: TimeSpan
  /// How long a firing alert stays after its alarm last held (`keep_firing_for`).
  public var keepFiringFor: TimeSpan
  /// Labels of the rule's alerts; the monitor's are not in it.
  public var labels: [String: AnnotationTemplate]
  /// Words for people.
  public var annotations: [String: AnnotationTemplate]
  /// The 1-based line of the file at which the rule starts.
  public var line: Int
}

extension SLOSpecification {
  /// The windows that are looked at, each length once, the shortest first.
  package var windowLengths: [TimeSpan] {
    let tiers = alarms.flatMap(\.tiers)
    return Set(tiers.flatMap { [$0.long, $0.short] } + [period]).sorted()
  }
}
