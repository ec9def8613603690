internal import Events
internal import Expressions
internal import Records
internal import Specification

/// What the monitor asks for and the profile does not have: it is said, and costs nothing else.
extension Plan {
  /// The signals that a monitor lists and a profile has no value of, in the monitor's order.
  static func unwatched(by monitor: Monitor, _ profile: Profile) -> [String] {
    guard !profile.isAbsent else { return [] }
    let mapping = monitor.prediction
    let listed =
      mapping.features.map(\.path).filter { !$0.isWildcard }.map(\.description)
      + (mapping.score == nil ? [] : [scoreName])
      + (mapping.decision == nil ? [] : [decisionName])
    return listed.filter { profile.signal(named: $0) == nil }
  }

  /// What of the monitor is not looked at, and which rules say nothing of it.
  ///
  /// - Parameters:
  ///   - unwatched: The listed signals that the profile has no value of.
  ///   - monitor: The monitor.
  ///   - profile: Its profile.
  ///   - known: The signals that are counted, KPIs among them.
  /// - Returns: A sentence each.
  static func warnings(
    unwatched: [String],
    _ monitor: Monitor,
    _ profile: Profile,
    _ known: [String]
  ) -> [String] {
    let fields = unwatched.map {
      "\($0) is not watched, because the profile has no usable value of it: run `leeway profile` "
        + "again with this monitor on a period that has some, or take it out of events.prediction"
    }
    let segments = monitor.prediction.segments.filter { path in
      !profile.segments.contains { $0.path == path }
    }.map {
      "segment \($0) is not in the profile, so nothing is said of its values: run `leeway profile` "
        + "again with this monitor"
    }
    let signals = known + [eventsName] + refusedNames(monitor) + monitor.qualities
    return fields + segments
      + monitor.rules.flatMap { rule in
        rule.expression.selectors.filter { selector in
          !signals.contains { selector.matches($0) }
        }.map { Plan.warning(rule, $0, among: signals, unwatched) }
      }
  }

  /// The signals of refused lines that rules ask for.
  static func refusedNames(_ monitor: Monitor) -> [String] {
    let names = monitor.rules.flatMap(\.expression.selectors).map(\.description)
    return Set(names.filter { RefusedSignal($0) != nil }).sorted()
  }

  /// What is said of a rule that names what nobody counts.
  private static func warning(
    _ rule: RuleSpecification,
    _ selector: SignalSelector,
    among signals: [String],
    _ unwatched: [String]
  ) -> String {
    let name = selector.description
    let words = "rule \(rule.alert): what it asks of \(name) cannot be judged, because "
    if unwatched.contains(where: { selector.matches($0) }) {
      return words + "the profile has no usable value of it"
    }
    return words + "no such signal is in the profile"
      + (spellingSuggestion(for: name, among: signals).map { ": did you mean \($0)?" }
        ?? ": `leeway inspect` lists the signals")
  }
}
