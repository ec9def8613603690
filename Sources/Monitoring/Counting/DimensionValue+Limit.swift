internal import Events

extension DimensionValue {
  /// The most bytes of a value's name.
  ///
  /// A name stands in each record of its part of the traffic, so that one event with a value of
  /// 200 KB made 200 MB of metrics; no name of a model's version or of a country is this long.
  static let bytesMax = 256

  /// The digits of a hash of 64 bits.
  private static let hashDigits = 16

  /// The name of a value that is too long: its first bytes, `…`, and the hash of all of them, so that
  /// what differs anywhere stays different.
  ///
  /// - Parameter bytes: The value, as canonical UTF-8.
  /// - Returns: At most `bytesMax` bytes; `nil` where the value is its own name.
  static func shortened(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count > bytesMax else { return nil }
    let ellipsis = Array("…".utf8)
    var end = bytesMax - ellipsis.count - hashDigits
    // No character is cut: a byte 10xxxxxx continues one.
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return bytes[..<end] + ellipsis + StableHash.digits(bytes.span).utf8
  }
}
