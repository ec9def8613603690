internal import Records
internal import Sketches

extension SignalStatistics {
  /// Both histograms, the bins that moved most, and the unseen values.
  ///
  /// Values that too few events have to be named stand together as ``rareName``.
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
    var rare: (reference: UInt64, current: UInt64) = (0, 0)
    func append(_ name: String, _ reference: UInt64, _ current: UInt64) {
      let shown = Evidence.BinShares(
        bin: name,
        reference: Double(reference) / Double(bins.referenceCount),
        window: Double(current) / Double(bins.currentCount)
      )
      // The bin's part of the index, with half an event in an empty bin as the index has it.
      let smoothed = (Double(reference) + 0.5, Double(current) + 0.5)
      let ratio =
        (smoothed.1 / Double(bins.currentCount)) / (smoothed.0 / Double(bins.referenceCount))
      let part = (shown.window - shown.reference) * (ratio - 1) / max(ratio, 1)
      shares.append((shares.count, shown, part))
    }
    for index in bins.reference.indices {
      let (reference, current) = (bins.reference[index], bins.current[index])
      if isRare(index, max(reference, current)) {
        rare = (rare.reference + reference, rare.current + current)
      } else {
        append(names[index], reference, current)
      }
    }
    if rare.reference + rare.current > 0 { append(rareName, rare.reference, rare.current) }
    let byPart = shares.sorted { ($1.part, $0.index) < ($0.part, $1.index) }
    let kept = byPart.prefix(Evidence.histogramBins).sorted { $0.index < $1.index }
    return (
      kept.map(\.bin),
      byPart.prefix(Evidence.movedBins).filter { $0.part > 0 }.map(\.bin),
      unseenCounts
    )
  }

  /// Whether a bin is a value that too few events have to be named, here and in the profile.
  ///
  /// - Parameters:
  ///   - bin: The bin.
  ///   - count: How many have it in the window, or in what it is compared with.
  /// - Returns: Whether it is.
  private func isRare(_ bin: Int, _ count: UInt64) -> Bool {
    guard count < Evidence.namedMinimum, !signal.namesRareValues,
      case .category(_, let reference) = signal.kind
    else { return false }
    return bin < reference.values.count && reference.counts[bin] < Evidence.namedMinimum
  }

  private var unseenCounts: [Evidence.UnseenCount] {
    guard case .category(let index, _) = signal.kind, let position = signal.unseen,
      part.sums.counts[position] > 0
    else { return [] }
    let record = history.unseen(of: index, keys: part.keys, panes: part.panes)
    let values = record.mostFrequent
    let named = values.prefix { signal.namesRareValues || $0.count >= Evidence.namedMinimum }
    let rare = values.dropFirst(named.count).reduce(0) { $0 + $1.count }
    let shown = named.prefix(Evidence.unseenValues - (rare > 0 ? 1 : 0)).map {
      Evidence.UnseenCount(value: String(decoding: $0.bytes, as: UTF8.self), count: Int($0.count))
    }
    return rare > 0 ? shown + [Evidence.UnseenCount(value: rareName, count: Int(rare))] : shown
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
