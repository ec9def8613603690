/// The values on either side of a reference's usual ones, for quantiles that lie among them.
///
/// Cells that a reference fixed are exact as ranks and tell little beyond its values: the last one
/// goes on for ever, and one between the usual values and an outlier is nearly as wide. What lies
/// there is counted in relative-error buckets beside its cell.
///
/// - **Guarantee**: that of ``RelativeErrorQuantiles``; empty as long as all values are usual.
/// - **Memory**: 8 bytes as long as it is empty, which it nearly always is; then what the buckets of
///   the octaves in use take.
/// - **Merge, subtract**: exact; the same usual range is the caller's to keep to.
public struct DistantValues: Sendable, Equatable {
  /// The values below the usual ones, and those above.
  private struct Sides: Sendable, Equatable {
    var low = RelativeErrorQuantiles()
    var high = RelativeErrorQuantiles()

    var isEmpty: Bool { low.isEmpty && high.isEmpty }
  }

  /// In a box of its own: panes and windows copy arrays of these, nearly all of them empty.
  private enum Storage: Sendable, Equatable {
    case empty
    indirect case sides(Sides)
  }

  private var storage = Storage.empty

  private var sides: Sides {
    get {
      guard case .sides(let sides) = storage else { return Sides() }
      return sides
    }
    // What is empty is one value, however it came to be.
    set { storage = newValue.isEmpty ? .empty : .sides(newValue) }
  }

  /// Changes the values out of their box, so that their buckets are not copied.
  private mutating func change(_ body: (inout Sides) -> Void) {
    var sides = self.sides
    storage = .empty
    body(&sides)
    self.sides = sides
  }

  /// No values yet.
  public init() {}

  /// Whether no value lies outside.
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
    change { sides in
      for row in 0..<values.count {
        let value = unsafe values[row]
        if value < usual.lowerBound {
          sides.low.insert(value)
        } else if value > usual.upperBound {
          sides.high.insert(value)
        }
      }
    }
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: DistantValues) {
    guard !other.isEmpty else { return }
    change { sides in
      sides.low.merge(other.sides.low)
      sides.high.merge(other.sides.high)
    }
  }

  /// Takes away the values of another summary, all of which were added before.
  public mutating func subtract(_ other: DistantValues) {
    guard !other.isEmpty else { return }
    change { sides in
      sides.low.subtract(other.sides.low)
      sides.high.subtract(other.sides.high)
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
    guard case .sides(let sides) = storage else { return nil }
    if rank < sides.low.count { return sides.low.order(rank) }
    let (highCount, left) = (sides.high.count, count - rank)
    return left <= highCount ? sides.high.order(highCount - left) : nil
  }
}

extension DistantValues: ByteCodable {
  /// Layout: a byte, 0 where nothing lies outside; then the values below and above.
  public func encode(into writer: inout ByteWriter) {
    writer.write(byte: isEmpty ? 0 : 1)
    guard case .sides(let sides) = storage else { return }
    sides.low.encode(into: &writer)
    sides.high.encode(into: &writer)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    guard try reader.readByte() == 1 else { return }
    let low = try RelativeErrorQuantiles(from: &reader)
    let high = try RelativeErrorQuantiles(from: &reader)
    sides = Sides(low: low, high: high)
  }
}
