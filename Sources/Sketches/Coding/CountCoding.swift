/// The byte form of an array of counts.
extension ByteWriter {
  /// Appends an array of counts; its length is not written.
  public mutating func write(counts: UnsafeBufferPointer<UInt64>) {
    for index in 0..<counts.count { write(varint: unsafe counts[index]) }
  }

  /// Appends an array of counts; its length is not written.
  public mutating func write(counts: [UInt64]) {
    unsafe counts.withUnsafeBufferPointer { unsafe write(counts: $0) }
  }
}

extension ByteReader {
  /// Adds the next `count` encoded counts to `cells`.
  ///
  /// When this throws, some of the cells may have been changed.
  public mutating func addCounts(
    _ count: Int,
    into cells: UnsafeMutablePointer<UInt64>
  ) throws(CodingError) {
    for index in 0..<count {
      let value = try readVarint()
      unsafe cells[index] &+= value
    }
  }

  /// Subtracts the next `count` encoded counts from `cells`, wrapping below zero.
  ///
  /// When this throws, some of the cells may have been changed.
  public mutating func subtractCounts(
    _ count: Int,
    from cells: UnsafeMutablePointer<UInt64>
  ) throws(CodingError) {
    for index in 0..<count {
      let value = try readVarint()
      unsafe cells[index] &-= value
    }
  }

  /// Reads `count` counts, at most ``maximumCounts``.
  public mutating func readCounts(_ count: Int) throws(CodingError) -> [UInt64] {
    var cells = [UInt64](repeating: 0, count: count)
    for index in 0..<count { cells[index] = try readVarint() }
    return cells
  }
}
