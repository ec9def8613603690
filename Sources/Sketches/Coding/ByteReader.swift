/// Reads what ``ByteWriter`` wrote; damaged bytes throw and never trap.
public struct ByteReader: Sendable {
  let bytes: [UInt8]
  /// The offset of the next byte to read.
  public private(set) var offset: Int = 0

  /// The greatest length that ``readBytes(limit:)`` accepts unless told otherwise: 64 MiB, far
  /// above any profile or pane, far below what would hurt.
  public static let byteLimit = 1 << 26

  /// Makes a reader at the first byte.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The number of bytes not yet read.
  public var remaining: Int { bytes.count - offset }

  /// Throws unless every byte has been read.
  public func finish() throws(CodingError) {
    guard remaining == 0 else { throw .trailingBytes(offset: offset) }
  }

  /// Steps over bytes that the caller read by other means.
  mutating func advance(by count: Int) throws(CodingError) {
    guard count >= 0, count <= remaining else { throw .truncated(offset: offset) }
    offset += count
  }

  /// Reads one byte.
  public mutating func readByte() throws(CodingError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated(offset: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads an unsigned integer of variable length.
  public mutating func readVarint() throws(CodingError) -> UInt64 {
    let start = offset
    let wide = try readWideVarint()
    guard let value = UInt64(exactly: wide) else { throw .overlongInteger(offset: start) }
    return value
  }

  /// Reads an unsigned integer of variable length and up to 128 bits.
  public mutating func readWideVarint() throws(CodingError) -> UInt128 {
    let start = offset
    var (value, shift, isComplete) = (UInt128(0), 0, false)
    while !isComplete, shift < 112, let word = nextWord {
      let end = ~word & 0x8080_8080_8080_8080
      isComplete = end != 0
      let length = isComplete ? end.trailingZeroBitCount / 8 + 1 : 8
      let digits = word & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* length))
      // A last byte of zero would be a second spelling of a shorter number.
      guard
        !isComplete || digits &>> UInt64(truncatingIfNeeded: 8 &* length &- 8) != 0
          || shift == 0 && length == 1
      else { throw .overlongInteger(offset: start) }
      value |= UInt128(Self.packed(digits)) &<< UInt128(truncatingIfNeeded: shift)
      offset += length
      shift &+= 7 &* length
    }
    if isComplete { return value }
    while true {
      let byte = try readByte()
      let part = UInt128(byte & 0x7F)
      // The nineteenth byte may only bring the two bits that are left, and a last byte of zero
      // would be a second spelling of a shorter number.
      guard shift < 126 || part < 4, shift <= 126, byte != 0 || shift == 0 else {
        throw .overlongInteger(offset: start)
      }
      value |= part << UInt128(shift)
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  /// The next eight bytes, the first one lowest; `nil` where fewer are left.
  private var nextWord: UInt64? {
    guard remaining >= 8 else { return nil }
    let word = unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return word.littleEndian
  }

  /// The low seven bits of eight bytes side by side.
  private static func packed(_ word: UInt64) -> UInt64 {
    let pairs = (word & 0x007F_007F_007F_007F) | (word & 0x7F00_7F00_7F00_7F00) &>> 1
    let fours = (pairs & 0x0000_3FFF_0000_3FFF) | (pairs & 0x3FFF_0000_3FFF_0000) &>> 2
    return (fours & 0x0000_0000_0FFF_FFFF) | (fours & 0x0FFF_FFFF_0000_0000) &>> 4
  }

  /// Reads a signed integer of variable length.
  public mutating func readZigzag() throws(CodingError) -> Int64 {
    let coded = try readVarint()
    return Int64(bitPattern: coded >> 1) ^ -Int64(bitPattern: coded & 1)
  }

  /// Reads a signed integer of variable length and up to 128 bits.
  public mutating func readWideZigzag() throws(CodingError) -> Int128 {
    let coded = try readWideVarint()
    return Int128(bitPattern: coded >> 1) ^ -Int128(bitPattern: coded & 1)
  }

  /// Reads eight bytes, lowest first.
  public mutating func readFixed64() throws(CodingError) -> UInt64 {
    guard let word = nextWord else { throw .truncated(offset: offset) }
    offset += 8
    return word
  }

  /// Reads a double of any kind.
  public mutating func readDouble() throws(CodingError) -> Double {
    Double(bitPattern: try readFixed64())
  }

  /// Reads a double that must be finite and not −0.
  public mutating func readFiniteDouble() throws(CodingError) -> Double {
    let start = offset
    let value = try readDouble()
    guard value.isFinite, value != 0 || value.sign == .plus else { throw .invalid(offset: start) }
    return value
  }

  /// Reads a count or an index that must not exceed `limit`.
  public mutating func readCount(limit: Int) throws(CodingError) -> Int {
    let start = offset
    let value = try readVarint()
    guard value <= UInt64(limit) else {
      throw .tooLarge(offset: start, value: value, limit: UInt64(limit))
    }
    return Int(value)
  }

  /// Reads a length and that many bytes.
  public mutating func readBytes(limit: Int = byteLimit) throws(CodingError) -> [UInt8] {
    let count = try readCount(limit: limit)
    guard count <= remaining else { throw .truncated(offset: offset) }
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  /// Reads a string, whose bytes must be UTF-8.
  public mutating func readString(limit: Int = byteLimit) throws(CodingError) -> String {
    let start = offset
    let bytes = try readBytes(limit: limit)
    guard let value = String(validating: bytes, as: UTF8.self) else {
      throw .invalid(offset: start)
    }
    return value
  }
}
