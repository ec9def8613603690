internal import Events
internal import Expressions
internal import Records
public import Specification

extension Monitor {
  /// What of the monitor asks for a reference, in words; nothing where it needs no profile.
  ///
  /// Counts of events, latency, failures, KPIs, error budgets and silence need none.
  public var referenceNeeds: [String] {
    var needs = prediction.segments.isEmpty ? [] : ["events.prediction.segments"]
    if reference != ReferenceSpecification() { needs.append("reference") }
    for rule in rules {
      guard let use = rule.expression.uses.first(where: needsReference) else { continue }
      needs.append("rule \(rule.alert) (\(use.statistic.rawValue)(\(use.selector)))")
    }
    if needs.isEmpty, !looksBesideSignals {
      needs += unwatchedWithoutProfile.map { "events.prediction.\($0)" }
    }
    return needs
  }

  /// Whether there is anything to look at but features, score and decision.
  private var looksBesideSignals: Bool {
    !rules.isEmpty || !silenceRules.isEmpty || !slos.isEmpty || !kpis.isEmpty
      || prediction.latency != nil || prediction.failure != nil || outcome != nil
  }

  private func needsReference(_ use: StatisticUse) -> Bool {
    if use.selector.isLeakage { return false }
    if use.ofReference || use.statistic.comparesWithReference { return true }
    let name = use.selector.description
    if qualities.contains(name) { return name == estimateName }
    if RefusedSignal(name) != nil { return false }
    return !([eventsName] + workedOutNames).contains(name) && !name.hasPrefix(kpiPrefix)
  }

  /// What the monitor names and nobody watches without a profile, in words.
  var unwatchedWithoutProfile: [String] {
    var parts = prediction.features.isEmpty ? [] : ["features"]
    if prediction.score != nil { parts.append(scoreName) }
    if prediction.decision != nil { parts.append(decisionName) }
    return parts
  }
}

extension Profile {
  /// No reference at all: nothing is compared, and only what needs no reference is counted.
  static func absent(model: String) -> Profile {
    Profile(model: model, start: 0, end: 0, events: 0, segments: [], signals: [])
  }

  /// Whether there is no reference.
  public var isAbsent: Bool { events == 0 }
}
