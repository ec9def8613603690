/// The values of one gap of a reference, by their distance from its nearer end.
///
/// The distance is a share of the gap's width, so that no width is beyond the buckets. The
/// reference has no value in a gap: each value is at least as far from all of the reference's as from
/// the nearer end. So the error of a bucket is at most 0.78 % of the value's part in the
/// Wasserstein distance.
///
/// - **Guarantee**: that of ``RelativeErrorQuantiles``, of the distance from the nearer end.
/// - **Memory**: that of two ``RelativeErrorQuantiles``.
/// - **Merge, subtract**: exact.
struct GapCounts: Sendable, Equatable {
  /// The gap's cell.
  let cell: Int
  /// The values of the lower half, by their distance from the lower edge.
  private var low = RelativeErrorQuantiles()
  /// The values of the upper half, by their distance from the upper edge.
  private var high = RelativeErrorQuantiles()

  init(cell: Int) {
    self.cell = cell
  }

  /// The number of values.
  var count: UInt64 { low.count &+ high.count }

  /// Adds a value between two edges.
  mutating func insert(_ value: Double, low lower: Double, high upper: Double) {
    // Halves, because the width may be infinite.
    let width = upper / 2 - lower / 2
    let fromLow = (value / 2 - lower / 2) / width
    if fromLow < 0.5 {
      low.insert(fromLow)
    } else {
      high.insert((upper / 2 - value / 2) / width)
    }
  }

  mutating func merge(_ other: GapCounts) {
    low.merge(other.low)
    high.merge(other.high)
  }

  mutating func subtract(_ other: GapCounts) {
    low.subtract(other.low)
    high.subtract(other.high)
  }

  /// A range that surely holds the value of a rank among those of the gap.
  func order(_ rank: UInt64, low lower: Double, high upper: Double) -> ClosedRange<Double>? {
    let (lowCount, count) = (low.count, count)
    guard rank < count else { return nil }
    let width = upper / 2 - lower / 2
    if rank < lowCount {
      return low.order(rank).map { share in
        lower + share.lowerBound * width * 2...lower + share.upperBound * width * 2
      }
    }
    return high.order(count - 1 - rank).map { share in
      upper - share.upperBound * width * 2...upper - share.lowerBound * width * 2
    }
  }

  /// Where the values are, increasing, and how many.
  func places(low lower: Double, high upper: Double) -> [(value: Double, count: UInt64)] {
    let width = upper / 2 - lower / 2
    return low.magnitudes.map { (lower + $0.middle * width * 2, $0.count) }
      + high.magnitudes.reversed().map { (upper - $0.middle * width * 2, $0.count) }
  }
}

extension GapCounts: ByteCodable {
  /// Layout: the cell, then the values of both halves.
  func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(cell))
    low.encode(into: &writer)
    high.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    cell = try reader.readCount(limit: ReferenceBins.maximumEdges)
    low = try RelativeErrorQuantiles(from: &reader)
    high = try RelativeErrorQuantiles(from: &reader)
  }
}
