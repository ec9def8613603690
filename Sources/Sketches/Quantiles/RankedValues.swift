/// Sorted values that can be asked for by rank.
struct RankedValues {
  /// The values, increasing; each once when they carry weights.
  private let values: [Double]
  /// For each value the rank one past its last; empty when every value stands for itself.
  private let ends: [UInt64]
  let count: UInt64
  private let extremes: Extremes

  init(values: [Double], ends: [UInt64], _ count: UInt64, _ extremes: Extremes) {
    precondition(count > 0, "no values to rank")
    self.values = values
    self.ends = ends
    self.count = count
    self.extremes = extremes
  }

  /// The order statistic `rank`, counted from 0 and less than the count.
  func value(atRank rank: UInt64) -> Double {
    if ends.isEmpty { return values[Int(rank)] }
    // Compaction may have thrown the extremes away.
    if rank == 0 { return extremes.minimum }
    if rank == count - 1 { return extremes.maximum }
    return values[Self.first(of: ends.count) { ends[$0] > rank }]
  }

  /// Type-7 quantiles, see ``RankSummary/quantiles(_:)``.
  func quantiles(_ probabilities: [Double]) -> [Double] {
    probabilities.map { probability in
      precondition((0...1).contains(probability), "probability \(probability) out of range")
      let position = Double(count - 1) * probability
      let rank = min(UInt64(position), count - 1)
      let low = value(atRank: rank)
      let high = value(atRank: min(rank + 1, count - 1))
      return Self.interpolate(from: low, to: high, share: position - Double(rank))
    }
  }

  /// How many values are at or below a point.
  func count(atOrBelow point: Double) -> UInt64 {
    let index = Self.first(of: values.count) { values[$0] > point }
    if ends.isEmpty { return UInt64(index) }
    return index == 0 ? 0 : ends[index - 1]
  }

  /// The two neighbours that are furthest apart among a point, the values above it, and another point;
  /// `nil` without a value between.
  ///
  /// - Complexity: O(values there + log count).
  func largestGap(above low: Double, upTo high: Double) -> (from: Double, to: Double)? {
    var gap: (from: Double, to: Double)?
    var before = low
    for value in values[Self.first(of: values.count) { values[$0] > low }...] {
      guard value <= high else { break }
      if value - before > gap.map({ $0.to - $0.from }) ?? -1 { gap = (before, value) }
      before = value
    }
    // No value is at the upper point, which is a quantile between two values then.
    if let held = gap, high - before > held.to - held.from { gap = (before, high.nextUp) }
    return gap
  }

  /// The values that come more than `weight` times, `weight ≥ 1`.
  ///
  /// So many equal values in a row cover a rank that is a multiple of `weight`.
  ///
  /// - Complexity: O(count / weight · log count).
  func values(heavierThan weight: UInt64) -> [Double] {
    var heavy: [Double] = []
    for rank in stride(from: 0, to: count, by: Int(weight)) {
      let value = value(atRank: rank)
      if heavy.last != value, self.weight(of: value) > weight { heavy.append(value) }
    }
    return heavy
  }

  /// The different values, increasing; `nil` where there are more than a limit.
  ///
  /// - Complexity: O(limit · log count).
  func values(atMost limit: Int) -> [Double]? {
    var found: [Double] = []
    var next = 0
    while next < values.count {
      guard found.count < limit else { return nil }
      let value = values[next]
      found.append(value)
      next = Self.first(of: values.count) { values[$0] > value }
    }
    return found
  }

  /// How often a value comes.
  private func weight(of value: Double) -> UInt64 {
    let first = Self.first(of: values.count) { values[$0] >= value }
    let end = Self.first(of: values.count) { values[$0] > value }
    guard !ends.isEmpty else { return UInt64(end - first) }
    let before = first == 0 ? 0 : ends[first - 1]
    return end == 0 ? 0 : ends[end - 1] - before
  }

  /// The first index below `count` for which a condition holds that holds from there on.
  private static func first(of count: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The point between two values, computed from the nearer one, as numpy's `_lerp` does.
  private static func interpolate(from low: Double, to high: Double, share: Double) -> Double {
    let difference = high - low
    guard difference.isFinite else { return low * (1 - share) + high * share }
    return share < 0.5 ? low + difference * share : high - difference * (1 - share)
  }
}
