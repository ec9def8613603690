internal import Records

extension Engine {
  /// The signals without which nothing was watched, where not one value of theirs could be used.
  ///
  /// A score, a decision or a latency without one usable value in all windows is no answer, and
  /// features that all lack them are another log. One feature of several is a finding among others.
  ///
  /// - Complexity: O(signals · windows).
  public var unusableSignals: [String] {
    var hasEvents: Set<String> = []
    var usable: Set<String> = []
    for row in movements.rows where row.usable.events > 0 {
      hasEvents.insert(row.signal)
      if !row.usable.areNone { usable.insert(row.signal) }
    }
    let unusable = hasEvents.subtracting(usable)
    let features = plan.signals.filter(\.isFeature).map(\.name)
    let answers = [scoreName, decisionName, latencyName].filter(unusable.contains)
    let lacksAll = !features.isEmpty && features.allSatisfy(unusable.contains)
    return answers + (lacksAll ? features : [])
  }
}
