internal import Events
internal import Expressions
public import Records
public import Specification
internal import Standing

/// The first alarm on drift beside the first on realised quality, and the time between them.
///
/// Drift is watched because outcomes come late: this is how much earlier it spoke, if it did. Whether
/// both alarms have one cause, their times do not say.
public struct LeadTime: Sendable, Equatable {
  /// An alarm.
  public struct Alarm: Sendable, Equatable {
    /// The rule's name.
    public var rule: String
    /// When its alert fired, in nanoseconds since 1970.
    public var time: Int64
  }

  /// The first alarm on drift.
  public private(set) var drift: Alarm?
  /// The first alarm on realised quality.
  public private(set) var quality: Alarm?
  private let driftRules: Set<String>
  private let qualityRules: Set<String>

  /// No alarm yet.
  ///
  /// - Parameter monitor: Whose rules say which alarm is on what: on drift, where a rule compares with
  ///   the reference; on realised quality, where it asks what came of the predictions.
  public init(_ monitor: Monitor) {
    let rules = monitor.rules
    driftRules = Set(rules.filter(\.expression.asksDrift).map(\.alert))
    qualityRules = Set(rules.filter(\.expression.asksRealisedQuality).map(\.alert))
  }

  /// Takes over what an earlier process left firing.
  public mutating func resume(_ engine: Engine) {
    for line in engine.firingAlerts { insert(Alarm(rule: line.alert, time: line.since)) }
  }

  /// Takes in a transition of an alert; only firings count.
  public mutating func insert(_ alert: Alert) {
    if alert.state == .firing { insert(Alarm(rule: alert.name, time: alert.time)) }
  }

  private mutating func insert(_ alarm: Alarm) {
    if driftRules.contains(alarm.rule), alarm.time < drift?.time ?? .max { drift = alarm }
    if qualityRules.contains(alarm.rule), alarm.time < quality?.time ?? .max { quality = alarm }
  }

  /// From the first alarm on drift to the first on realised quality, in nanoseconds; below 0 where
  /// quality's came first, and `nil` without both.
  public var duration: Int64? {
    guard let drift, let quality else { return nil }
    return quality.time.saturatingSubtract(drift.time)
  }

  /// What is to be said, in sentences; `nil` where no rule is on realised quality.
  public var words: String? {
    guard !qualityRules.isEmpty else { return nil }
    func told(_ alarm: Alarm) -> String { "\(alarm.rule), \(Timestamp.format(alarm.time))" }
    let caution = "Whether both have one cause, the times do not say."
    switch (drift, quality) {
    case (nil, nil): return "Lead time: none, no alarm on drift and none on realised quality."
    case (let drift?, nil):
      return "Lead time: none, no alarm on realised quality; the first on drift was "
        + "\(told(drift))."
    case (nil, let quality?):
      let why = driftRules.isEmpty ? "no rule is on drift" : "no alarm on drift"
      return "Lead time: none, \(why); the first on realised quality was \(told(quality))."
    case (let drift?, let quality?):
      let length = duration ?? 0
      let size = durationWords(Double(length.magnitude) / 1e9, leastDays: 86_400, hours: "hours")
      if length > 0 {
        return "Lead time: the first alarm on drift (\(told(drift))) came \(size) before the first "
          + "on realised quality (\(told(quality))). \(caution)"
      }
      if length < 0 {
        return "Lead time: none, the first alarm on realised quality (\(told(quality))) came "
          + "\(size) before the first on drift (\(told(drift)))."
      }
      return "Lead time: none, the first alarms on drift (\(told(drift))) and on realised quality "
        + "(\(told(quality))) came together."
    }
  }
}

extension WindowExpression {
  /// Whether it compares events with the reference.
  fileprivate var asksDrift: Bool {
    uses.contains { $0.statistic.comparesWithReference && !$0.selector.isQuality }
  }

  /// Whether it asks what came of the predictions, and not only how many outcomes there are.
  fileprivate var asksRealisedQuality: Bool {
    uses.contains { use in
      guard case .named(let name) = use.selector, !LeadTime.counts.contains(use.statistic) else {
        return false
      }
      let names = [qualityName, completeName, sampleName, claimName, canaryName]
      let prefixes = [classPrefix, baselinePrefix, liftPrefix]
      return names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
  }
}

extension LeadTime {
  /// The statistics of predictions and outcomes that tell nothing of how good they were.
  fileprivate static let counts: Set<StatisticName> = [
    .count, .maturity, .early, .response, .skipped, .judged, .agreement,
  ]
}
