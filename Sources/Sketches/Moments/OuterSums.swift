/// How far values lie outside a reference's range, in sum: what the Wasserstein distance needs
/// beyond the outermost cells.
///
/// - **Guarantee**: as ``Moments``: exact integer sums of rounded distances, independent of order.
/// - **Memory**: 200 bytes.
/// - **Merge, subtract**: exact; the same range and scale are required.
public struct OuterSums: Sendable, Equatable {
  /// The reference's least value.
  public let minimum: Double
  /// The reference's greatest value.
  public let maximum: Double
  private var below: Moments
  private var above: Moments

  /// Nothing outside yet.
  ///
  /// - Parameters:
  ///   - minimum: The reference's least value, finite.
  ///   - maximum: The reference's greatest value, finite.
  ///   - usual: The range of the reference's usual values, from which the scale is taken; `nil` for
  ///     all of them.
  public init(minimum: Double, maximum: Double, usual: ClosedRange<Double>? = nil) {
    self.minimum = minimum + 0.0
    self.maximum = maximum + 0.0
    let usual = usual ?? minimum...maximum
    let grid = MomentScale(minimum: usual.lowerBound, maximum: usual.upperBound)
    let scale = MomentScale(exponent: grid.exponent)
    below = Moments(scale: scale)
    above = Moments(scale: scale)
  }

  /// The grid of the distances.
  public var scale: MomentScale { below.scale }
  /// How many values lie below the minimum.
  public var belowCount: UInt64 { below.count }
  /// How many values lie above the maximum.
  public var aboveCount: UInt64 { above.count }
  /// `Σ (minimum − x)` over the values below the minimum.
  public var belowSum: Double { below.total }
  /// `Σ (x − maximum)` over the values above the maximum.
  public var aboveSum: Double { above.total }
  /// Whether no value lies outside.
  public var isEmpty: Bool { belowCount == 0 && aboveCount == 0 }

  /// Adds a column of values, those inside the range included.
  ///
  /// - Parameters:
  ///   - values: Finite numbers.
  ///   - extremes: Their extremes; when these lie inside the range the column is not looked at.
  /// - Complexity: O(1) when no value lies outside, otherwise O(n).
  public mutating func insert(
    contentsOf values: UnsafeBufferPointer<Double>,
    extremes: Extremes
  ) {
    guard extremes.minimum < minimum || extremes.maximum > maximum else { return }
    for row in 0..<values.count {
      let value = unsafe values[row]
      // A distance beyond the doubles counts as the greatest of them.
      if value < minimum {
        below.insert(min(minimum - value, .greatestFiniteMagnitude))
      } else if value > maximum {
        above.insert(min(value - maximum, .greatestFiniteMagnitude))
      }
    }
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: OuterSums) {
    precondition(minimum == other.minimum && maximum == other.maximum, "ranges differ")
    below.merge(other.below)
    above.merge(other.above)
  }

  /// Takes away the values of another summary, all of which were added before.
  public mutating func subtract(_ other: OuterSums) {
    precondition(minimum == other.minimum && maximum == other.maximum, "ranges differ")
    below.subtract(other.below)
    above.subtract(other.above)
  }
}

extension OuterSums: ByteCodable {
  /// Layout: the range as two doubles, then the moments below and above.
  public func encode(into writer: inout ByteWriter) {
    writer.write(double: minimum)
    writer.write(double: maximum)
    below.encode(into: &writer)
    above.encode(into: &writer)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let minimum = try reader.readFiniteDouble()
    let maximum = try reader.readFiniteDouble()
    guard minimum <= maximum else { throw .invalid(offset: start) }
    self.init(minimum: minimum, maximum: maximum)
    below = try Moments(from: &reader)
    above = try Moments(from: &reader)
    guard below.scale == above.scale, scale.center == 0 else { throw .invalid(offset: start) }
  }
}
