/// The values where a reference has few or none, by where they are.
///
/// Cells that a reference fixed are exact as ranks and tell little beyond its values: the last one
/// goes on for ever, and one between the usual values and an outlier, or between two clusters, is
/// nearly as wide as the range. What lies outside the usual range, and what lies in one of the
/// reference's gaps, is counted in relative-error buckets beside its cell.
///
/// - **Guarantee**: that of ``RelativeErrorQuantiles``: outside the usual range of the value, in a gap
///   of the distance from the gap's nearer end; empty as long as all values are usual.
/// - **Memory**: 8 bytes as long as it is empty, which it nearly always is; then what the buckets of
///   the octaves in use take.
/// - **Merge, subtract**: exact; the same usual range and gaps are the caller's to keep to.
public struct UnusualValues: Sendable, Equatable {
  /// The values below the usual ones, those above, and those in gaps.
  private struct Parts: Sendable, Equatable {
    var low = RelativeErrorQuantiles()
    var high = RelativeErrorQuantiles()
    /// By cell, increasing; none is empty.
    var gaps: [GapCounts] = []

    var isEmpty: Bool { gaps.isEmpty && low.isEmpty && high.isEmpty }

    mutating func changeGap(_ cell: Int, _ body: (inout GapCounts) -> Void) {
      let place = gaps.firstIndex { $0.cell >= cell } ?? gaps.count
      if place == gaps.count || gaps[place].cell > cell {
        gaps.insert(GapCounts(cell: cell), at: place)
      }
      body(&gaps[place])
      if gaps[place].count == 0 { gaps.remove(at: place) }
    }
  }

  /// In a box of its own: panes and windows copy arrays of these, nearly all of them empty.
  private enum Storage: Sendable, Equatable {
    case empty
    indirect case parts(Parts)
  }

  private var storage = Storage.empty

  private var parts: Parts {
    get {
      guard case .parts(let parts) = storage else { return Parts() }
      return parts
    }
    // What is empty is one value, however it came to be.
    set { storage = newValue.isEmpty ? .empty : .parts(newValue) }
  }

  /// Changes the values out of their box, so that their buckets are not copied.
  private mutating func change(_ body: (inout Parts) -> Void) {
    var parts = self.parts
    storage = .empty
    body(&parts)
    self.parts = parts
  }

  /// No values yet.
  public init() {}

  /// Whether all values are usual.
  public var isEmpty: Bool {
    if case .empty = storage { return true }
    return false
  }

  /// Adds the values of a column that lie outside of a range.
  ///
  /// - Parameters:
  ///   - values: Finite numbers.
  ///   - usual: The range.
  /// - Complexity: O(n): a column whose extremes lie in the range need not be given.
  public mutating func insert(
    contentsOf values: UnsafeBufferPointer<Double>,
    outside usual: ClosedRange<Double>
  ) {
    change { parts in
      for row in 0..<values.count {
        let value = unsafe values[row]
        if value < usual.lowerBound {
          parts.low.insert(value)
        } else if value > usual.upperBound {
          parts.high.insert(value)
        }
      }
    }
  }

  /// Adds the values of a column that lie in gaps.
  ///
  /// - Parameters:
  ///   - values: Finite numbers.
  ///   - gaps: The reference's.
  /// - Complexity: O(n · gaps): a column without a value in a gap's cell need not be given.
  public mutating func insert(
    contentsOf values: UnsafeBufferPointer<Double>,
    in gaps: ReferenceGaps
  ) {
    change { parts in
      for row in 0..<values.count {
        let value = unsafe values[row]
        guard let gap = gaps.gap(of: value) else { continue }
        parts.changeGap(gap.cell) { $0.insert(value, low: gap.low, high: gap.high) }
      }
    }
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: UnusualValues) {
    guard !other.isEmpty else { return }
    change { parts in
      parts.low.merge(other.parts.low)
      parts.high.merge(other.parts.high)
      for gap in other.parts.gaps { parts.changeGap(gap.cell) { $0.merge(gap) } }
    }
  }

  /// Takes away the values of another summary, all of which were added before.
  public mutating func subtract(_ other: UnusualValues) {
    guard !other.isEmpty else { return }
    change { parts in
      parts.low.subtract(other.parts.low)
      parts.high.subtract(other.parts.high)
      for gap in other.parts.gaps { parts.changeGap(gap.cell) { $0.subtract(gap) } }
    }
  }

  /// The order statistic of a rank among all values, where it lies outside of the usual range.
  ///
  /// - Parameters:
  ///   - rank: Counted from 0, less than `count`.
  ///   - count: The number of all values, those of the range included.
  /// - Returns: A range of at most 0.78 % to either side that surely holds it, infinite beyond 2^64;
  ///   `nil` for a usual value.
  /// - Complexity: O(buckets).
  public func order(_ rank: UInt64, of count: UInt64) -> ClosedRange<Double>? {
    guard case .parts(let parts) = storage else { return nil }
    if rank < parts.low.count { return parts.low.order(rank) }
    let (highCount, left) = (parts.high.count, count - rank)
    return left <= highCount ? parts.high.order(highCount - left) : nil
  }

  /// The order statistic of a rank among the values of one gap.
  ///
  /// - Parameters:
  ///   - rank: Counted from 0 among the gap's values.
  ///   - cell: The gap's cell.
  ///   - gaps: The reference's.
  /// - Returns: A range that surely holds it, of at most 0.78 % of the distance from the nearer end to
  ///   either side; `nil` for a cell that is no gap, and where there are fewer values.
  /// - Complexity: O(buckets).
  public func order(
    _ rank: UInt64,
    ofCell cell: Int,
    in gaps: ReferenceGaps
  ) -> ClosedRange<Double>? {
    guard case .parts(let parts) = storage, let (low, high) = gaps.edges(ofCell: cell) else {
      return nil
    }
    return parts.gaps.first { $0.cell == cell }?.order(rank, low: low, high: high)
  }

  /// Where the values of one gap are, increasing.
  ///
  /// - Parameters:
  ///   - cell: The gap's cell.
  ///   - gaps: The reference's.
  /// - Returns: The middles of the buckets with their counts; empty for a cell that is no gap.
  /// - Complexity: O(buckets).
  public func places(inCell cell: Int, of gaps: ReferenceGaps) -> [(value: Double, count: UInt64)] {
    guard case .parts(let parts) = storage, let (low, high) = gaps.edges(ofCell: cell) else {
      return []
    }
    return parts.gaps.first { $0.cell == cell }?.places(low: low, high: high) ?? []
  }
}

extension UnusualValues: ByteCodable {
  /// Layout: a byte, 0 where all values are usual; then the values below and above, the number of
  /// gaps with values, and each gap.
  public func encode(into writer: inout ByteWriter) {
    writer.write(byte: isEmpty ? 0 : 1)
    guard case .parts(let parts) = storage else { return }
    parts.low.encode(into: &writer)
    parts.high.encode(into: &writer)
    writer.write(varint: UInt64(parts.gaps.count))
    for gap in parts.gaps { gap.encode(into: &writer) }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    guard try reader.readByte() == 1 else { return }
    var read = Parts()
    read.low = try RelativeErrorQuantiles(from: &reader)
    read.high = try RelativeErrorQuantiles(from: &reader)
    for _ in 0..<(try reader.readCount(limit: ReferenceGaps.limit)) {
      let start = reader.offset
      let gap = try GapCounts(from: &reader)
      guard gap.cell > read.gaps.last?.cell ?? 0, gap.count > 0 else {
        throw .invalid(offset: start)
      }
      read.gaps.append(gap)
    }
    parts = read
  }
}
