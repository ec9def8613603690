/// A value with one canonical byte form: equal values have equal bytes.
///
/// Decoding never traps and never allocates more than the bytes justify or a named limit allows,
/// whatever the bytes are.
public protocol ByteCodable {
  /// Appends the value's bytes.
  func encode(into writer: inout ByteWriter)
  /// Reads one value and leaves the reader behind it.
  init(from reader: inout ByteReader) throws(CodingError)
}

extension ByteCodable {
  /// The value's bytes on their own.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }

  /// Reads a value that must fill `bytes` exactly.
  public init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    try self.init(from: &reader)
    try reader.finish()
  }
}
