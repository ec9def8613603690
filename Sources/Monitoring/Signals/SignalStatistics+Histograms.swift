internal import Records
internal import Sketches

extension SignalStatistics {
  /// Both histograms, the bins that moved most, and the unseen values.
  ///
  /// - Parameter isAdjusted: Whether the reference is shown as the window's mix of strata lets
  ///   expect it.
  /// - Returns: Nothing where nothing is compared.
  func histograms(
    isAdjusted: Bool
  ) -> (
    all: [Evidence.BinShares],
    moved: [Evidence.BinShares],
    unseen: [Evidence.UnseenCount]
  ) {
    guard let bins = isAdjusted ? adjustedBins : comparedBins else { return ([], [], []) }
    let names = binNames
    var shares: [(index: Int, bin: Evidence.BinShares, part: Double)] = []
    for index in bins.reference.indices {
      let reference = Double(bins.reference[index]) / Double(bins.referenceCount)
      let window = Double(bins.current[index]) / Double(bins.currentCount)
      // The bin's part of the index, with half an event in an empty bin as the index has it.
      let smoothed = (Double(bins.reference[index]) + 0.5, Double(bins.current[index]) + 0.5)
      let ratio =
        (smoothed.1 / Double(bins.currentCount)) / (smoothed.0 / Double(bins.referenceCount))
      let bin = Evidence.BinShares(bin: names[index], reference: reference, window: window)
      shares.append((index, bin, (window - reference) * (ratio - 1) / max(ratio, 1)))
    }
    let byPart = shares.sorted { ($1.part, $0.index) < ($0.part, $1.index) }
    let kept = byPart.prefix(Evidence.histogramBins).sorted { $0.index < $1.index }
    return (
      kept.map(\.bin),
      byPart.prefix(Evidence.movedBins).filter { $0.part > 0 }.map(\.bin),
      unseenCounts
    )
  }

  private var unseenCounts: [Evidence.UnseenCount] {
    guard case .category(let index, _) = signal.kind, let position = signal.unseen,
      part.sums.counts[position] > 0
    else { return [] }
    let record = history.unseen(of: index, keys: part.keys, panes: part.panes)
    return record.mostFrequent.prefix(Evidence.unseenValues).map {
      Evidence.UnseenCount(value: String(decoding: $0.bytes, as: UTF8.self), count: Int($0.count))
    }
  }

  /// The names of the compared bins.
  private var binNames: [String] {
    switch signal.kind {
    case .number(_, let reference):
      let edges = reference.grid.decileBins.dropLast().map { reference.grid.edges[$0 - 1] }
      guard let first = edges.first, let last = edges.last else { return ["all"] }
      if edges.count == 2, first.nextUp == last {
        let value = shortNumber(last)
        return ["< \(value)", value, "> \(value)"]
      }
      let between = zip(edges, edges.dropFirst()).map {
        "(\(shortNumber($0)), \(shortNumber($1))]"
      }
      return ["≤ \(shortNumber(first))"] + between + ["> \(shortNumber(last))"]
    case .category(_, let reference):
      let names = reference.values.map { String(decoding: $0, as: UTF8.self) }
      return names + [reference.hasOther ? otherName : "unseen"]
    }
  }
}
