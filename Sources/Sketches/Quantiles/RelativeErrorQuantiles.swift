/// A quantile summary that answers within a fixed relative error of the value.
///
/// Buckets are read straight from a double's bits: its exponent and the first six bits of its
/// fraction, 64 buckets an octave.
///
/// - **Guarantee**: deterministic; `|estimate − exact| ≤ 0.78 % · |exact|` for the order statistic
///   `⌊q · (n − 1)⌋` at every q, for magnitudes in [2^−64, 2^64).
/// - **Outside**: smaller magnitudes count as 0, greater ones as just under 2^64 of their sign.
/// - **Memory**: 512 bytes an octave between the least and the greatest magnitude seen, at most
///   64 KB for each sign; grows with the range, never with the count.
/// - **Merge, subtract**: exact, commutative, associative.
/// - **Refused**: NaN; the caller inserts numbers only (here it counts as 0).
/// - **Source**: Masson, Rim, Lee, "DDSketch", PVLDB 12(12), 2019, §2, with buckets that are
///   linear within an octave.
public struct RelativeErrorQuantiles: Sendable, Equatable {
  /// The greatest relative error, 1/129 rounded up.
  public static let relativeError = 0.0078

  private var positive = BucketCounts()
  private var negative = BucketCounts()
  private var zeroCount: UInt64 = 0

  /// No values yet.
  public init() {}

  /// The number of values.
  ///
  /// - Complexity: O(buckets).
  public var count: UInt64 { positive.total &+ zeroCount &+ negative.total }

  /// Adds a column of values.
  ///
  /// - Complexity: O(n), about 1 ns a value once the octaves have been seen.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    var row = 0
    while true {
      row = unsafe positive.insert(values, from: row)
      guard row < values.count else { return }
      unsafe insert(values[row])
      row += 1
    }
  }

  /// Adds one value.
  public mutating func insert(_ value: Double) {
    let magnitude = abs(value)
    guard magnitude >= 0x1p-64 else {
      zeroCount &+= 1
      return
    }
    let index = min(BucketCounts.index(of: magnitude), BucketCounts.endIndex - 1)
    if value > 0 { positive.add(1, at: index) } else { negative.add(1, at: index) }
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: RelativeErrorQuantiles) {
    positive.merge(other.positive)
    negative.merge(other.negative)
    zeroCount &+= other.zeroCount
  }

  /// Takes away the values of another summary, all of which were added before.
  public mutating func subtract(_ other: RelativeErrorQuantiles) {
    positive.subtract(other.positive)
    negative.subtract(other.negative)
    precondition(
      zeroCount >= other.zeroCount,
      "\(other.zeroCount) zeros are taken from \(zeroCount)"
    )
    zeroCount &-= other.zeroCount
  }

  /// The quantile at a probability in 0...1; nil when there are no values.
  ///
  /// - Complexity: O(buckets).
  public func quantile(_ probability: Double) -> Double? {
    precondition((0...1).contains(probability), "probability \(probability) out of range")
    let count = count
    guard count > 0 else { return nil }
    let rank = min(UInt64((Double(count - 1) * probability).rounded(.down)), count - 1)
    return bucket(of: rank).map { bucket in
      switch bucket {
      case .negative(let index): -BucketCounts.middle(of: index)
      case .zero: 0
      case .positive(let index): BucketCounts.middle(of: index)
      }
    }
  }

  /// Whether there are no values.
  ///
  /// - Complexity: O(buckets), O(1) before the first value.
  public var isEmpty: Bool { zeroCount == 0 && positive.isEmpty && negative.isEmpty }

  /// The bounds of the bucket that holds an order statistic.
  ///
  /// - Parameter rank: Counted from 0, less than the count.
  /// - Returns: A range that surely holds it; infinite on one side for magnitudes from 2^64 on; `nil`
  ///   where there are fewer values.
  /// - Complexity: O(buckets).
  public func order(_ rank: UInt64) -> ClosedRange<Double>? {
    bucket(of: rank).map { bucket in
      switch bucket {
      case .negative(let index):
        let bounds = BucketCounts.bounds(of: index)
        return -bounds.upperBound...(-bounds.lowerBound)
      case .zero: return -0x1p-64...0x1p-64
      case .positive(let index): return BucketCounts.bounds(of: index)
      }
    }
  }

  /// The buckets of the positive values and of 0, increasing, each by its middle.
  ///
  /// - Complexity: O(buckets).
  var magnitudes: [(middle: Double, count: UInt64)] {
    let zero = zeroCount > 0 ? [(middle: 0.0, count: zeroCount)] : []
    return zero
      + positive.counts.indices.lazy.filter { positive.counts[$0] > 0 }.map {
        (BucketCounts.middle(of: positive.start + $0), positive.counts[$0])
      }
  }

  private enum Bucket {
    case negative(Int)
    case zero
    case positive(Int)
  }

  private func bucket(of rank: UInt64) -> Bucket? {
    var rank = rank
    for (position, bucket) in negative.counts.enumerated().reversed() where bucket > 0 {
      if rank < bucket { return .negative(negative.start + position) }
      rank -= bucket
    }
    if rank < zeroCount { return .zero }
    rank -= zeroCount
    for (position, bucket) in positive.counts.enumerated() where bucket > 0 {
      if rank < bucket { return .positive(positive.start + position) }
      rank -= bucket
    }
    return nil
  }
}

extension RelativeErrorQuantiles: ByteCodable {
  /// Layout: the count of zeros, then the buckets of the negative and of the positive values.
  public func encode(into writer: inout ByteWriter) {
    writer.write(varint: zeroCount)
    negative.encode(into: &writer)
    positive.encode(into: &writer)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    zeroCount = try reader.readVarint()
    negative = try BucketCounts(from: &reader)
    positive = try BucketCounts(from: &reader)
  }
}
