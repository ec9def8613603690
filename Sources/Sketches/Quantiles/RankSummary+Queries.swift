extension RankSummary {
  /// What is held, by increasing value; equal values are one item.
  ///
  /// - Complexity: O(n) after ``compress()`` while exact, otherwise O(n log n).
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

  /// The least value; nil when there is none. Always exact.
  public var minimum: Double? { extremes.isEmpty ? nil : extremes.minimum }
  /// The greatest value; nil when there is none. Always exact.
  public var maximum: Double? { extremes.isEmpty ? nil : extremes.maximum }

  /// The type-7 quantile; nil when there are no values. See ``quantiles(_:)``.
  public func quantile(_ probability: Double) -> Double? { quantiles([probability])?.first }

  /// The type-7 quantiles at several probabilities; nil when there are no values.
  ///
  /// Type 7 of Hyndman and Fan (numpy's `linear`): with `h = (n − 1) · p`, the straight line
  /// between the order statistics ⌊h⌋ and ⌊h⌋ + 1, rounded as numpy rounds it. Least and greatest
  /// value are exact even beyond the exact limit.
  ///
  /// - Parameter probabilities: Each in 0...1, in any order.
  /// - Complexity: As ``sortedItems``.
  public func quantiles(_ probabilities: [Double]) -> [Double]? {
    let items = sortedItems
    guard !items.isEmpty else { return nil }
    return quantiles(probabilities, of: items)
  }

  /// The quantiles, given ``sortedItems``, of which there is at least one.
  func quantiles(_ probabilities: [Double], of items: [Item]) -> [Double] {
    // The rank one past each item.
    var ends: [UInt64] = []
    ends.reserveCapacity(items.count)
    var end: UInt64 = 0
    for item in items {
      end += item.weight
      ends.append(end)
    }
    return probabilities.map { probability in
      precondition((0...1).contains(probability), "probability \(probability) out of range")
      let position = Double(count - 1) * probability
      let rank = UInt64(position)
      let low = value(atRank: rank, items, ends)
      let high = value(atRank: min(rank + 1, count - 1), items, ends)
      return Self.interpolate(from: low, to: high, share: position - Double(rank))
    }
  }

  private func value(atRank rank: UInt64, _ items: [Item], _ ends: [UInt64]) -> Double {
    if rank == 0 { return extremes.minimum }
    if rank == count - 1 { return extremes.maximum }
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= rank { low = middle + 1 } else { high = middle }
    }
    return items[low].value
  }

  /// The point between two values, computed from the nearer one, as numpy's `_lerp` does.
  static func interpolate(from low: Double, to high: Double, share: Double) -> Double {
    let difference = high - low
    guard difference.isFinite else { return low * (1 - share) + high * share }
    return share < 0.5 ? low + difference * share : high - difference * (1 - share)
  }
}
