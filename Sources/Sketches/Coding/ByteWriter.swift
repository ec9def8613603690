/// Appends values to bytes; ``ByteReader`` reads them back in the same order.
///
/// Integers of fixed width and doubles are little-endian. Variable-length integers are LEB128:
/// seven bits a byte, lowest first, the high bit set on all but the last. Signed ones are
/// zigzag-coded first (0, −1, 1, −2 become 0, 1, 2, 3), so that small magnitudes are short.
public struct ByteWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Makes an empty writer.
  public init(reservingCapacity capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Appends one byte.
  public mutating func write(byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends an unsigned integer in one to ten bytes.
  public mutating func write(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends an unsigned integer in one to nineteen bytes.
  public mutating func write(wideVarint value: UInt128) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a signed integer in one to ten bytes.
  public mutating func write(zigzag value: Int64) {
    write(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// Appends a signed integer in one to nineteen bytes.
  public mutating func write(wideZigzag value: Int128) {
    write(wideVarint: UInt128(bitPattern: (value << 1) ^ (value >> 127)))
  }

  /// Appends eight bytes, lowest first.
  public mutating func write(fixed64 value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Appends the eight bytes of a double.
  public mutating func write(double value: Double) {
    write(fixed64: value.bitPattern)
  }

  /// Appends a length and then that many bytes.
  public mutating func write(bytes value: [UInt8]) {
    write(varint: UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Appends the UTF-8 bytes of a string behind their length.
  public mutating func write(string value: String) {
    write(bytes: Array(value.utf8))
  }

  /// Appends bytes as they are, without their length.
  public mutating func write(raw value: some Sequence<UInt8>) {
    bytes.append(contentsOf: value)
  }

  /// Appends bytes as they are, without their length.
  public mutating func write(raw value: UnsafeRawBufferPointer) {
    unsafe bytes.append(contentsOf: value)
  }

  /// Appends bytes as they are, without their length.
  public mutating func write(raw value: [UInt8]) {
    bytes.append(contentsOf: value)
  }
}
