extension RankSummary {
  /// What is held, by increasing value; equal values are one item.
  ///
  /// - Complexity: O(n) after ``sort()`` while exact, otherwise O(n log n).
  public var sortedItems: [Item] {
    var values = isSorted ? pending : pending.sorted()
    if isExact { return Self.joined(values.map { Item(value: $0, weight: 1) }) }
    var items = values.map { Item(value: $0, weight: 1) }
    values = []
    for (level, run) in levels.enumerated() {
      items.append(contentsOf: run.map { Item(value: $0, weight: 1 << UInt64(level + 1)) })
    }
    items.sort { $0.value < $1.value }
    return Self.joined(items)
  }

  /// Joins neighbours of equal value.
  private static func joined(_ items: [Item]) -> [Item] {
    var joined: [Item] = []
    for item in items {
      if let last = joined.last, last.value == item.value {
        joined[joined.count - 1].weight += item.weight
      } else {
        joined.append(item)
      }
    }
    return joined
  }

  /// The least value, exact even beyond the limit; nil when there is none.
  public var minimum: Double? { extremes.isEmpty ? nil : extremes.minimum }
  /// The greatest value, exact even beyond the limit; nil when there is none.
  public var maximum: Double? { extremes.isEmpty ? nil : extremes.maximum }

  /// The type-7 quantile, see ``quantiles(_:)``; nil when there are no values.
  public func quantile(_ probability: Double) -> Double? { quantiles([probability])?.first }

  /// The type-7 quantiles at several probabilities; nil when there are no values.
  ///
  /// Type 7 of Hyndman and Fan (numpy's `linear`): with `h = (n − 1) · p`, the straight line
  /// between the order statistics ⌊h⌋ and ⌊h⌋ + 1, rounded as numpy rounds it. Least and greatest
  /// value are exact even beyond the exact limit.
  ///
  /// - Parameter probabilities: Each in 0...1, in any order.
  /// - Returns: The quantiles in the order of the probabilities.
  /// - Complexity: O(log n) each after ``sort()`` while exact, otherwise O(n log n).
  public func quantiles(_ probabilities: [Double]) -> [Double]? {
    count == 0 ? nil : ranked.quantiles(probabilities)
  }

  /// The values by rank, for several questions at once; there has to be a value.
  ///
  /// - Complexity: O(1) after ``sort()`` while exact, otherwise O(n log n).
  var ranked: RankedValues {
    if isExact {
      return RankedValues(values: isSorted ? pending : pending.sorted(), ends: [], count, extremes)
    }
    let items = sortedItems
    var end: UInt64 = 0
    let ends = items.map { item in
      end += item.weight
      return end
    }
    return RankedValues(values: items.map(\.value), ends: ends, count, extremes)
  }
}
