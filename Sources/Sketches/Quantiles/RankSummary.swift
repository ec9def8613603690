/// The values of a reference by rank: exact up to a limit, a compacted summary beyond it.
///
/// - **Guarantee**: exact and independent of order up to ``exactLimit`` values. Beyond it
///   deterministic for a given order of insertions and merges, and every rank is off by at most
///   ``rankErrorBound`` as a share of the count: an upper bound that was tracked, not a
///   probability.
/// - **Memory**: 8 bytes a value up to ``exactLimit``, then at most 8 · (`exactLimit` +
///   2 · `capacity` · levels).
/// - **Merge**: allowed in any tree; exact as long as the total stays within the limit.
/// - **Refused**: NaN and infinities are skipped. −0 counts as 0.
/// - **Source**: Munro and Paterson, "Selection and sorting with limited storage", 1980; the
///   alternating offset after Manku, Rajagopalan, Lindsay, SIGMOD 1998.
///
/// Its 10 properties are the state of one algorithm: an insertion that overflows, and a merge,
/// moves all that can change.
public struct RankSummary: Sendable {
  /// A value that stands for `weight` values.
  public struct Item: Sendable, Equatable {
    /// The value.
    public var value: Double
    /// How many values it stands for.
    public var weight: UInt64
  }

  /// Up to this many values are kept as they are.
  public let exactLimit: Int
  /// The length of a compacted run, a power of two.
  public let capacity: Int
  /// The number of values inserted.
  public internal(set) var count: UInt64 = 0

  /// Values of weight 1, `pending.count ≤ exactLimit`.
  var pending: [Double] = []
  /// Whether `pending` is sorted.
  var isSorted = true
  /// Compacted values, sorted: those at index i have the weight 2^(i + 1); fewer than
  /// 2 · capacity each.
  var levels: [[Double]] = []
  /// Which of two neighbours the next compaction of `pending` keeps.
  var keepsOddPending = false
  /// Which of two neighbours the next compaction of each level keeps.
  var keepsOdd: [Bool] = []
  /// The extremes of all values.
  var extremes = Extremes()
  /// The sum of the weights that compactions may have moved across a rank.
  var rankError: UInt64 = 0

  /// No values yet.
  ///
  /// - Parameters:
  ///   - exactLimit: At least 2 · `capacity`; 2^20 values take 8 MB.
  ///   - capacity: A power of two, at least 8. Doubling it halves the error beyond the limit.
  public init(exactLimit: Int = 1 << 20, capacity: Int = 1 << 15) {
    precondition(capacity >= 8 && capacity & (capacity - 1) == 0, "capacity \(capacity)")
    precondition(exactLimit >= 2 * capacity, "exact limit \(exactLimit) below two capacities")
    self.exactLimit = exactLimit
    self.capacity = capacity
  }

  /// Whether every value is still there.
  public var isExact: Bool { levels.isEmpty }

  /// The greatest error of a rank as a share of the count; 0 while exact.
  public var rankErrorBound: Double { count == 0 ? 0 : Double(rankError) / Double(count) }

  /// Adds one value.
  ///
  /// - Complexity: O(1) amortised while exact, O(log exactLimit) amortised beyond.
  public mutating func insert(_ value: Double) {
    guard value.isFinite else { return }
    if pending.count == exactLimit { compact() }
    pending.append(value + 0.0)
    isSorted = false
    count += 1
    extremes.insert(value)
  }

  /// Adds a column of values.
  public mutating func insert(contentsOf values: Span<Double>) {
    for index in values.indices { insert(values[index]) }
  }

  /// Adds a column of values.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    for index in 0..<values.count { unsafe insert(values[index]) }
  }

  /// Adds the values of another summary of the same limits.
  public mutating func merge(_ other: RankSummary) {
    precondition(
      exactLimit == other.exactLimit && capacity == other.capacity,
      "rank summaries of different limits"
    )
    for value in other.pending { insert(value) }
    for (index, run) in other.levels.enumerated() where !run.isEmpty {
      count += UInt64(run.count) << UInt64(index + 1)
      add(run, at: index)
    }
    rankError += other.rankError
    extremes.merge(other.extremes)
  }

  /// Sorts what is held, so that later queries need not.
  ///
  /// - Complexity: O(n), by radix.
  public mutating func sort() {
    guard !isSorted else { return }
    RadixSort.sort(&pending)
    isSorted = true
  }

  /// Makes room in `pending` by moving every second value to the first level.
  private mutating func compact() {
    sort()
    let remainder = pending.count % 2 == 1 ? pending.removeLast() : nil
    let run = halve(pending, weight: 1, index: -1)
    pending.removeAll(keepingCapacity: true)
    if let remainder { pending.append(remainder) }
    add(run, at: 0)
  }

  /// Adds a sorted run to a level and compacts it and those above as far as needed.
  private mutating func add(_ run: [Double], at index: Int) {
    while levels.count <= index {
      levels.append([])
      keepsOdd.append(false)
    }
    levels[index] = Self.merged(levels[index], run)
    guard levels[index].count >= 2 * capacity else { return }
    var full = levels[index]
    let remainder = full.count % 2 == 1 ? full.removeLast() : nil
    levels[index] = remainder.map { [$0] } ?? []
    add(halve(full, weight: 1 << UInt64(index + 1), index: index), at: index + 1)
  }

  /// Every second of an even number of sorted values, the first or the second of a pair by turns.
  ///
  /// The rank of a value among what is kept, counted twice, differs from its rank in `run` by at
  /// most one: that is the error of one compaction, times the values' weight.
  private mutating func halve(_ run: [Double], weight: UInt64, index: Int) -> [Double] {
    rankError += weight
    let start: Int
    if index < 0 {
      start = keepsOddPending ? 1 : 0
      keepsOddPending.toggle()
    } else {
      start = keepsOdd[index] ? 1 : 0
      keepsOdd[index].toggle()
    }
    return stride(from: start, to: run.count, by: 2).map { run[$0] }
  }

  private static func merged(_ left: [Double], _ right: [Double]) -> [Double] {
    if left.isEmpty { return right }
    var merged: [Double] = []
    merged.reserveCapacity(left.count + right.count)
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      if right[j] < left[i] {
        merged.append(right[j])
        j += 1
      } else {
        merged.append(left[i])
        i += 1
      }
    }
    merged.append(contentsOf: left[i...])
    merged.append(contentsOf: right[j...])
    return merged
  }
}
