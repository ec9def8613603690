/// The values on either side of a reference's usual ones, for quantiles that lie among them.
///
/// Cells that a reference fixed are exact as ranks and tell little beyond its values: the last one
/// goes on for ever, and one between the usual values and an outlier is nearly as wide. What lies
/// there is counted in relative-error buckets beside its cell.
///
/// - **Guarantee**: that of ``RelativeErrorQuantiles``; empty as long as all values are usual.
/// - **Memory**: 96 bytes, and what the buckets of the octaves in use take.
/// - **Merge, subtract**: exact; the same usual range is the caller's to keep to.
public struct DistantValues: Sendable, Equatable {
  private var low = RelativeErrorQuantiles()
  private var high = RelativeErrorQuantiles()

  /// No values yet.
  public init() {}

  /// Whether no value lies outside.
  public var isEmpty: Bool { low.isEmpty && high.isEmpty }

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
    for row in 0..<values.count {
      let value = unsafe values[row]
      if value < usual.lowerBound {
        low.insert(value)
      } else if value > usual.upperBound {
        high.insert(value)
      }
    }
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: DistantValues) {
    guard !other.isEmpty else { return }
    low.merge(other.low)
    high.merge(other.high)
  }

  /// Takes away the values of another summary, all of which were added before.
  public mutating func subtract(_ other: DistantValues) {
    guard !other.isEmpty else { return }
    low.subtract(other.low)
    high.subtract(other.high)
    // What is empty is one value, however it came to be.
    if isEmpty { self = DistantValues() }
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
    if rank < low.count { return low.order(rank) }
    let (highCount, left) = (high.count, count - rank)
    return left <= highCount ? high.order(highCount - left) : nil
  }
}

extension DistantValues: ByteCodable {
  /// Layout: a byte, 0 where nothing lies outside; then the values below and above.
  public func encode(into writer: inout ByteWriter) {
    writer.write(byte: isEmpty ? 0 : 1)
    guard !isEmpty else { return }
    low.encode(into: &writer)
    high.encode(into: &writer)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    guard try reader.readByte() == 1 else { return }
    low = try RelativeErrorQuantiles(from: &reader)
    high = try RelativeErrorQuantiles(from: &reader)
  }
}
