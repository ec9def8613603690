extension ByteWriter {
  /// Appends a value in its canonical form.
  public mutating func write(_ value: some ByteCodable) {
    value.encode(into: &self)
  }
}

extension ByteReader {
  /// Reads a value of the type that is asked for.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public mutating func read<Value: ByteCodable>() throws(CodingError) -> Value {
    try Value(from: &self)
  }

  /// Reads a word of a closed list, which was written as it is spelt.
  ///
  /// - Throws: `CodingError` where it is none of them.
  public mutating func readWord<Word: RawRepresentable>() throws(CodingError) -> Word
  where Word.RawValue == String {
    let start = offset
    guard let word = Word(rawValue: try readString()) else { throw .invalid(offset: start) }
    return word
  }
}

extension Int: ByteCodable {
  /// Layout: zigzag.
  public func encode(into writer: inout ByteWriter) { writer.write(zigzag: Int64(self)) }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = Int(try reader.readZigzag())
  }
}

extension Int64: ByteCodable {
  /// Layout: zigzag.
  public func encode(into writer: inout ByteWriter) { writer.write(zigzag: self) }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = try reader.readZigzag()
  }
}

extension UInt64: ByteCodable {
  /// Layout: eight bytes; hashes are not short.
  public func encode(into writer: inout ByteWriter) { writer.write(fixed64: self) }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = try reader.readFixed64()
  }
}

extension Double: ByteCodable {
  /// Layout: eight bytes, of any double.
  public func encode(into writer: inout ByteWriter) { writer.write(double: self) }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = try reader.readDouble()
  }
}

extension Bool: ByteCodable {
  /// Layout: 0 or 1.
  public func encode(into writer: inout ByteWriter) { writer.write(byte: self ? 1 : 0) }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let byte = try reader.readByte()
    guard byte <= 1 else { throw .invalid(offset: start) }
    self = byte == 1
  }
}

extension String: ByteCodable {
  /// Layout: a length, then UTF-8.
  public func encode(into writer: inout ByteWriter) { writer.write(string: self) }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = try reader.readString()
  }
}

extension Optional: ByteCodable where Wrapped: ByteCodable {
  /// Layout: 0, or 1 and the value.
  public func encode(into writer: inout ByteWriter) {
    writer.write(self != nil)
    if let self { writer.write(self) }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let isThere: Bool = try reader.read()
    self = isThere ? try Wrapped(from: &reader) : nil
  }
}

extension Array: ByteCodable where Element: ByteCodable {
  /// Layout: a count, then the elements, each of at least one byte.
  public func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(count))
    for element in self { writer.write(element) }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let count = try reader.readCount(limit: reader.remaining)
    self.init()
    for _ in 0..<count { append(try Element(from: &reader)) }
  }
}

extension Dictionary: ByteCodable where Key: ByteCodable & Comparable, Value: ByteCodable {
  /// Layout: a count, then key and value each, in order of the keys.
  public func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(count))
    for (key, value) in sorted(by: { $0.key < $1.key }) {
      writer.write(key)
      writer.write(value)
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let count = try reader.readCount(limit: reader.remaining)
    self.init()
    var last: Key?
    for _ in 0..<count {
      let start = reader.offset
      let key = try Key(from: &reader)
      if let last, last >= key { throw .invalid(offset: start) }
      last = key
      self[key] = try Value(from: &reader)
    }
  }
}
