internal import Sketches
internal import Statistics

/// The counts of a stretch of the reference, with the weights of their events.
struct ReferenceBlend: Sendable {
  /// Counts whose events weigh the same.
  var terms: [(weight: Double, counts: HourCounts)]
  /// What they are drawn towards; `nil` for nothing.
  var pool: HourCounts?

  /// Whether there is anything to compare with.
  var hasEvents: Bool { terms.contains { $0.counts.events > 0 } }

  /// Whether a value of a signal is in it that weighs anything.
  func hasValues(of signal: Signal) -> Bool {
    terms.contains { $0.weight > 0 && signal.driftBins.binned($0.counts.counts).total > 0 }
  }

  /// The values of a signal in the whole period.
  func values(of signal: Signal) -> UInt64 {
    let bins = signal.driftBins
    guard let pool else { return terms.reduce(0) { $0 + bins.binned($1.counts.counts).total } }
    return bins.binned(pool.counts).total
  }

  /// The shares of a signal's values by cell or category.
  func shares(of signal: Signal) -> ReferenceShares? {
    shares(bins: signal.driftBins.ends, signal.compared)
  }

  /// The shares of a signal's values by the bins on which its drift is judged.
  ///
  /// The counts are added before anything is divided: a number has hundreds of cells and eleven
  /// bins at most.
  func binnedShares(of signal: Signal) -> ReferenceShares? {
    let bins = signal.driftBins
    return shares(bins: Array(1...bins.ends.count)) { bins.binned($0).counts }
  }

  private func shares(bins: [Int], _ counts: ([UInt64]) -> [UInt64]) -> ReferenceShares? {
    let own = ReferenceShares(weighted: terms.map { ($0.weight, counts($0.counts.counts)) })
    guard let own, let pool, let pooled = ReferenceShares(counts: counts(pool.counts)) else {
      return own
    }
    return ReferenceShares.shrunk(
      own,
      toward: pooled,
      strength: ReferenceCounts.shrinkage,
      bins: bins
    )
  }

  /// How far a value lies outside the grid on average.
  func overshoot(of signal: Signal) -> (below: Double, above: Double) {
    guard case .number(let index, _) = signal.kind else { return (0, 0) }
    var total = 0.0
    var below = 0.0
    var above = 0.0
    for (weight, past) in terms where past.events > 0 {
      total += weight * Double(past.counts[signal.bins].reduce(0, +))
      below += weight * past.outer[index].belowSum
      above += weight * past.outer[index].aboveSum
    }
    return total > 0 ? (below / total, above / total) : (0, 0)
  }
}

extension HourCountsByKey {
  /// The counts of some keys together.
  func sum(_ plan: Plan, where isIn: (GroupKey) -> Bool) -> HourCounts {
    var total: HourCounts?
    for (key, counts) in self where isIn(key) {
      // One key alone is not copied.
      if total == nil { total = counts } else { total?.merge(counts) }
    }
    return total ?? HourCounts(plan)
  }
}
