import Events
import Expressions
import Records
import YAML

/// Checks that the signals of an expression are signals of the monitor.
struct SelectorCheck {
  let findings: Findings
  let mapping: PredictionMapping
  /// The names of the KPIs' signals.
  let kpis: [String]
  /// The names of what outcomes tell of; nothing where none are read.
  let qualities: [String]
  /// What is predicted; `nil` where no outcomes are read.
  let task: QualitySpecification.Task?
  private var hasOutcomes: Bool { !qualities.isEmpty }

  func check(_ expression: WindowExpression, in scalar: YAMLScalar, _ what: String) {
    for use in expression.uses {
      let own = use.statistic.isOfQuality && !hasOutcomes ? Self.noOutcomes : nil
      guard let message = own ?? problem(with: use.selector) else { continue }
      findings.error(in: scalar, at: use.selectorSpan.offset, "\(what): \(message)")
    }
  }

  private var known: [String] {
    (mapping.score == nil ? [] : [scoreName]) + (mapping.decision == nil ? [] : [decisionName])
      + (mapping.latency == nil ? [] : [latencyName])
      + (mapping.failure == nil ? [] : [failureName])
      + (mapping.duplicates == nil ? [] : [duplicateName])
      + (mapping.featureTimes.isEmpty ? [] : [lookaheadName, featureAgeName]) + [eventsName]
      + qualities + kpis
      + mapping.features.map(\.path.description)
  }

  private static let noOutcomes =
    "the predictions' quality is known from outcomes, got none here: add outcome to events"

  private func problem(with selector: SignalSelector) -> String? {
    switch selector {
    case .all, .named(eventsName): return nil
    case .named(let name) where RefusedSignal(name) != nil: return nil
    case .named(let name) where qualities.contains(name): return nil
    case .named(let name) where hasOutcomes && selector.isQuality:
      guard let task, task != .binary, VerdictWords.of[name] == nil else { return unknown(name) }
      return "\(name) is of predictions of two classes, got task: \(task.rawValue): ask for a "
        + "measure such as \(task.example)"
    case .named(scoreName): return mapping.score == nil ? absent("score") : nil
    case .named(decisionName): return mapping.decision == nil ? absent("decision") : nil
    case .named(latencyName): return mapping.latency == nil ? absent("latency") : nil
    case .named(failureName): return mapping.failure == nil ? absent("failure") : nil
    case .named(duplicateName):
      return mapping.duplicates == nil ? absent("duplicates") : nil
    case .named(lookaheadName), .named(featureAgeName):
      return mapping.featureTimes.isEmpty ? absent("feature_times") : nil
    case .named(let name) where name.hasPrefix(kpiPrefix):
      return kpis.contains(name) ? nil : unknown(name)
    case .named(let name):
      let path = try? FieldPath(parsing: name)
      let isFeature = mapping.features.contains { feature in
        guard let path else { return false }
        return feature.path.isWildcard ? feature.path.contains(path) : feature.path == path
      }
      return isFeature ? nil : unknown(name)
    case .members where selector.isLeakage:
      return qualities.contains { $0.hasPrefix(leakagePrefix) }
        ? nil : "no feature is held against the outcome here: add leakage to quality"
    case .members(let members):
      let isKPI = members.description == kpiPrefix + "*"
      if isKPI { return kpis.isEmpty ? "there are no KPIs here: add kpis" : nil }
      let isKnown = mapping.features.contains { feature in
        feature.path == members || members.contains(feature.path)
      }
      return isKnown ? nil : unknown(members.description)
    }
  }

  private func absent(_ part: String) -> String {
    "events have no \(part) here: add \(part) to events.prediction"
  }

  private func unknown(_ name: String) -> String {
    "unknown signal \"\(name)\": \(Findings.advice(on: name, among: known))"
  }
}
