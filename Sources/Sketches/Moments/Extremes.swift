/// The least and the greatest of some values.
///
/// - **Guarantee**: exact; −0 counts as 0.
/// - **Merge**: exact, commutative, associative, idempotent. It cannot be subtracted: see
///   ``SlidingExtremes``.
/// - **Refused**: NaN; the caller inserts numbers only.
public struct Extremes: Sendable, Equatable {
  /// The least value; +∞ when there is none.
  public private(set) var minimum = Double.infinity
  /// The greatest value; −∞ when there is none.
  public private(set) var maximum = -Double.infinity

  /// No values yet.
  public init() {}

  /// Known extremes, `minimum ≤ maximum`.
  public init(minimum: Double, maximum: Double) {
    precondition(minimum <= maximum, "extremes out of order: \(minimum), \(maximum)")
    self.minimum = minimum + 0.0
    self.maximum = maximum + 0.0
  }

  /// Whether nothing has been inserted.
  public var isEmpty: Bool { minimum > maximum }

  /// Adds one value.
  public mutating func insert(_ value: Double) {
    // Adding +0 turns −0 into +0 and changes nothing else.
    minimum = value < minimum ? value + 0.0 : minimum
    maximum = value > maximum ? value + 0.0 : maximum
  }

  /// Adds a column of values.
  ///
  /// - Complexity: O(n), about 0.5 ns a value.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    guard let base = values.baseAddress else { return }
    let count = values.count
    // Two chains, so that one comparison need not wait for the one before it.
    var (lowEven, lowOdd) = (minimum, minimum)
    var (highEven, highOdd) = (maximum, maximum)
    var row = 0
    while row &+ 1 < count {
      let even = unsafe base[row]
      let odd = unsafe base[row &+ 1]
      lowEven = even < lowEven ? even : lowEven
      lowOdd = odd < lowOdd ? odd : lowOdd
      highEven = even > highEven ? even : highEven
      highOdd = odd > highOdd ? odd : highOdd
      row &+= 2
    }
    if row < count {
      let last = unsafe base[row]
      lowEven = last < lowEven ? last : lowEven
      highEven = last > highEven ? last : highEven
    }
    minimum = (lowEven < lowOdd ? lowEven : lowOdd) + 0.0
    maximum = (highEven > highOdd ? highEven : highOdd) + 0.0
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: Extremes) {
    minimum = other.minimum < minimum ? other.minimum : minimum
    maximum = other.maximum > maximum ? other.maximum : maximum
  }
}

extension Extremes: ByteCodable {
  /// Layout: the minimum and the maximum as doubles; +∞ and −∞ when empty.
  public func encode(into writer: inout ByteWriter) {
    writer.write(double: minimum)
    writer.write(double: maximum)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    minimum = try reader.readDouble()
    maximum = try reader.readDouble()
    let isEmpty = minimum == .infinity && maximum == -.infinity
    let isOrdered = minimum <= maximum && minimum.isFinite && maximum.isFinite
    let isCanonical =
      (minimum + 0.0).bitPattern == minimum.bitPattern
      && (maximum + 0.0).bitPattern == maximum.bitPattern
    guard isEmpty || isOrdered, isCanonical else { throw .invalid(offset: start) }
  }
}
