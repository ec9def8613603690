internal import CVector

/// The names of a table's columns, as they stand before the values of a row.
///
///     columns:  ["f0", "f1"]
///     bytes:    {"f0": │ ,"f1":
///
/// One line after the other has the same columns: they are read and put together once.
struct TableNames {
  /// The bytes before each value, one after the other.
  private(set) var bytes: [UInt8] = []
  /// Where the bytes before each value stand.
  private(set) var heads: [RowTemplate.Head] = []
  /// Whether none are more than sixteen.
  private(set) var areShort = true
  /// The array of the names as it is written; empty of none.
  private var source: [UInt8] = []

  /// Of no table yet.
  init() {}

  /// Whether these are the names that an array holds, which is then right in itself.
  func areThose(_ array: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !source.isEmpty, array.count == source.count, let other = array.baseAddress else {
      return false
    }
    return unsafe source.withUnsafeBufferPointer { own in
      unsafe own.baseAddress.map { unsafe leeway_equal($0, other, own.count) != 0 } ?? false
    }
  }

  /// Takes the names of another table.
  ///
  /// - Parameters:
  ///   - names: Where each name stands, with its quotes.
  ///   - array: Where the array of them does.
  ///   - line: The line.
  mutating func take(
    _ names: [Range<Int>],
    of array: Range<Int>,
    _ line: UnsafePointer<UInt8>
  ) {
    source.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    areShort = true
    unsafe source += UnsafeBufferPointer(start: line + array.lowerBound, count: array.count)
    for name in names {
      let start = bytes.count
      bytes.append(heads.isEmpty ? Byte.openObject : Byte.comma)
      unsafe bytes += UnsafeBufferPointer(start: line + name.lowerBound, count: name.count)
      bytes.append(Byte.colon)
      let count = bytes.count - start
      heads.append(
        RowTemplate.Head(
          start: Int32(truncatingIfNeeded: start),
          count: Int32(truncatingIfNeeded: count)
        )
      )
      if count > 16 { areShort = false }
    }
  }
}
