/// The values of a reference by rank: exact up to a limit, a compacted summary beyond it.
///
/// - **Guarantee**: exact and independent of order up to ``exactLimit`` values. Beyond it
///   deterministic for a given order of insertions and merges, and every rank is off by at most
///   ``rankErrorBound`` as a share of the count: an upper bound that was tracked, not a probability.
/// - **Memory**: 8 bytes a value up to ``exactLimit``, then at most 8 · (`exactLimit` +
///   2 · `capacity` · levels).
/// - **Merge**: allowed in any tree; exact as long as the total stays within the limit.
/// - **Refused**: NaN and infinities are skipped. −0 counts as 0.
/// - **Source**: Munro and Paterson, "Selection and sorting with limited storage", 1980; the
///   alternating offset after Manku, Rajagopalan, Lindsay, SIGMOD 1998.
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
  /// Compacted values: those of level l have the weight 2^l; sorted, fewer than 2 · capacity each.
  var levels: [[Double]] = []
  /// Which of two neighbours the next compaction of each level keeps.
  var keepsOdd: [Bool] = []
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
}
