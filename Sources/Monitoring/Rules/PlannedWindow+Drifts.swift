internal import Expressions
internal import Records

extension PlannedWindow {
  /// The drifts that the window's rules ask for in a part of the traffic, each worked out once.
  ///
  /// - Parameters:
  ///   - part: The part of the traffic.
  ///   - values: The statistics by signal that are worked out already.
  ///   - plan: What is computed.
  /// - Returns: In the order of `drifts`; `nil` where no rule asks or there is no number.
  func drifts(
    of part: WindowPart,
    beside values: [[(StatisticName, StatisticValue)]],
    _ plan: Plan
  ) -> [StatisticValue?] {
    drifts.map { drift in
      guard drift.scope.contains(part.name) else { return nil }
      if drift.criterion == criteria[drift.signal],
        let known = values[drift.signal].first(where: { $0.0 == .drift })
      {
        return known.1
      }
      return part.driftBins(of: drift.signal, plan)?
        .drift(drift.criterion, exactFrom: drift.exactFrom)
    }
  }
}
