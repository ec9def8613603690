internal import Sketches

/// The numbers of one field while a profile is built, by group of segment values.
struct NumberTally: Sendable {
  private(set) var count = 0
  private var byGroup: [Int: RankSummary] = [:]
  private var distinct = DistinctCount()

  mutating func insert(_ number: Double, _ group: Int) {
    count += 1
    distinct.insert(number)
    byGroup[group, default: RankSummary()].insert(number)
  }

  /// The numbers as a reference; `nil` without any.
  func reference(_ membership: [[[Int]]]) -> NumericReference? {
    var whole = RankSummary(exactLimit: RankSummary.exactCount)
    for key in byGroup.keys.sorted() {
      if let summary = byGroup[key] { whole.merge(summary) }
    }
    whole.sort()
    guard let grid = ReferenceGrid(reference: whole) else { return nil }
    let counts = byGroup.mapValues { grid.counts($0.sortedItems) }
    let empty = [UInt64](repeating: 0, count: grid.cellCount)
    let items = whole.sortedItems
    return NumericReference(
      grid: grid,
      counts: counts.sum(of: counts.keys.sorted(), empty),
      segmentCounts: membership.map { values in values.map { counts.sum(of: $0, empty) } },
      summary: NumericSummary(whole, items, distinct: distinct),
      rankError: whole.rankErrorBound
    )
  }
}

extension RankSummary {
  /// How many values of a field are kept exactly.
  static let exactCount = 1 << 20
}

extension ReferenceGrid {
  /// The counts by cell of weighted values.
  func counts(_ items: [RankSummary.Item]) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: cellCount)
    for item in items { counts[bins.cell(of: item.value)] += item.weight }
    return counts
  }
}

extension NumericSummary {
  /// The numbers of a summary's items.
  init(_ summary: RankSummary, _ items: [RankSummary.Item], distinct: DistinctCount) {
    let (mean, deviation) = meanAndDeviation(items, count: Double(summary.count))
    let quantiles = summary.quantiles([0.5, 0.9, 0.95, 0.99]) ?? [0, 0, 0, 0]
    self.init(
      count: Int(summary.count),
      mean: mean,
      standardDeviation: deviation,
      minimum: summary.minimum ?? 0,
      maximum: summary.maximum ?? 0,
      p50: quantiles[0],
      p90: quantiles[1],
      p95: quantiles[2],
      p99: quantiles[3],
      distinct: summary.isExact
        ? items.indices.count { $0 == 0 || items[$0 - 1].value != items[$0].value }
        : Int(distinct.estimate)
    )
  }
}
