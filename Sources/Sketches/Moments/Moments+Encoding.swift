extension Moments: ByteCodable {
  /// Appends the integers.
  ///
  /// Layout: the scale; n, Σu, Σu² of the first level; the number of further levels; for each its
  /// index and its n, Σu, Σu². All but the scale are variable-length integers.
  public func encode(into writer: inout ByteWriter) {
    scale.encode(into: &writer)
    writer.write(varint: innerCount)
    writer.write(wideZigzag: sum)
    writer.write(wideVarint: squares)
    writer.write(varint: UInt64(levels.count))
    for level in levels {
      writer.write(varint: UInt64(level.index))
      writer.write(varint: level.count)
      writer.write(wideZigzag: level.sum)
      writer.write(wideVarint: level.squares)
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    self.init(scale: try MomentScale(from: &reader))
    innerCount = try reader.readVarint()
    sum = try reader.readWideZigzag()
    squares = try reader.readWideVarint()
    let isPlausible = Self.isPlausible(count: innerCount, sum: sum, squares: squares)
    guard isPlausible else { throw .invalid(offset: start) }
    let levelCount = try reader.readCount(limit: Self.maximumLevel)
    for _ in 0..<levelCount {
      let offset = reader.offset
      var level = Level(index: try reader.readCount(limit: Self.maximumLevel))
      level.count = try reader.readVarint()
      level.sum = try reader.readWideZigzag()
      level.squares = try reader.readWideVarint()
      let isPlausible = Self.isPlausible(
        count: level.count,
        sum: level.sum,
        squares: level.squares
      )
      guard level.index > levels.last?.index ?? 0, level.count > 0, isPlausible else {
        throw .invalid(offset: offset)
      }
      levels.append(level)
    }
  }

  /// The greatest level: the greatest double on the finest grid.
  static let maximumLevel = (1_024 + 1_000 - 48 + 9) / 10

  /// Whether such sums can be those of `count` integers of at most 2^48: `n · Σu² ≥ (Σu)²`, by
  /// Cauchy and Schwarz, is what ``standardDeviation`` relies on.
  private static func isPlausible(count: UInt64, sum: Int128, squares: UInt128) -> Bool {
    guard count <= 1 << 32, sum.magnitude <= UInt128(count) << 48 else { return false }
    // Of a pane's values, mostly, both products fit 128 bits.
    if let sum = UInt64(exactly: sum.magnitude), squares < 1 << 96 {
      return UInt128(count) &* squares >= UInt128(sum) &* UInt128(sum)
    }
    let left = UInt128(count).multipliedFullWidth(by: squares)
    let right = sum.magnitude.multipliedFullWidth(by: sum.magnitude)
    return (left.high, left.low) >= (right.high, right.low)
  }
}
