internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

extension ReplayReport {
  /// The signals that an alert is about, as the lanes name them.
  ///
  /// A rule that names its signals has no label for them: they are what its first comparison asks
  /// for. How many events there are is a matter of the events, whatever signal they are counted by.
  ///
  /// - Parameter alert: An alert of the report's monitor.
  /// - Returns: Their names, such as `latency`, `slos.NAME` or `events`; none of rules about ratios
  ///   of nothing that a lane shows.
  func signals(of alert: Alert) -> Set<String> {
    if let slo = alert.labels["slo"] { return ["slos.\(slo)"] }
    guard let rule = monitor.rules.first(where: { $0.alert == alert.name }) else {
      return monitor.silenceRules.contains { $0.alert == alert.name } ? ["events"] : []
    }
    let expression = rule.expression
    let counting: Set<StatisticName> = [.count, .rate]
    if expression.uses.allSatisfy({ counting.contains($0.statistic) }) { return ["events"] }
    if let signal = alert.labels["signal"] { return [signal] }
    if let subject = expression.subject { return [subject.selector.description] }
    return Set(expression.selectors.map(\.description))
  }
}

extension PageWriter {
  /// When alerts of some signals fired, joined where those of one incident overlap.
  ///
  /// - Parameter signals: The signals of a lane.
  /// - Returns: The times, in their order, each with its incident's number where it has one.
  func bands(of signals: Set<String>) -> [PageData.Band] {
    var bands: [PageData.Band] = []
    var last: [Int?: Int] = [:]
    for episode in report.alerts.episodes
    where !report.signals(of: episode.alert).isDisjoint(with: signals) {
      let start = episode.alert.startsAt
      let time = start..<max(start, episode.resolved ?? axis.upperBound)
      let number = episode.alert.incident.flatMap { numbers[$0] }
      if let place = last[number], start <= bands[place].time.upperBound {
        let before = bands[place].time
        bands[place].time = before.lowerBound..<max(before.upperBound, time.upperBound)
      } else {
        last[number] = bands.count
        bands.append(PageData.Band(time: time, incident: number))
      }
    }
    return bands
  }

  /// The incidents of a lane in words: their numbers, each once.
  func incidentWords(_ bands: [PageData.Band]) -> String {
    var seen: Set<Int> = []
    let numbers = bands.compactMap(\.incident).filter { seen.insert($0).inserted }.sorted()
    return numbers.isEmpty ? "–" : numbers.map { "\($0)" }.joined(separator: ", ")
  }
}
