import Sketches
import Testing

@Suite struct ByteCodingTests {
  @Test func `integers of every size come back`() throws {
    for shift in 0..<64 {
      for value in [UInt64(1) << shift, (UInt64(1) << shift) - 1, ~(UInt64(1) << shift)] {
        var writer = ByteWriter()
        writer.write(varint: value)
        writer.write(zigzag: Int64(bitPattern: value))
        writer.write(wideVarint: UInt128(value) << 64 | 5)
        writer.write(wideZigzag: -Int128(value) << 60)
        writer.write(fixed64: value)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.readVarint() == value)
        #expect(try reader.readZigzag() == Int64(bitPattern: value))
        #expect(try reader.readWideVarint() == UInt128(value) << 64 | 5)
        #expect(try reader.readWideZigzag() == -Int128(value) << 60)
        #expect(try reader.readFixed64() == value)
        try reader.finish()
      }
    }
  }

  @Test func `the greatest wide integers come back`() throws {
    var writer = ByteWriter()
    writer.write(wideVarint: .max)
    writer.write(wideZigzag: .min)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readWideVarint() == .max)
    #expect(try reader.readWideZigzag() == .min)
  }

  @Test(arguments: 1...18)
  func `a second spelling of an integer is refused, whatever follows it`(length: Int) throws {
    let digits = [UInt8](repeating: 0x81, count: length)
    for rest in [0, 1, 7, 16] {
      var reader = ByteReader(digits + [0] + [UInt8](repeating: 0xFF, count: rest))
      #expect(throws: CodingError.overlongInteger(offset: 0)) { try reader.readWideVarint() }
      reader = ByteReader(digits + [1] + [UInt8](repeating: 0xFF, count: rest))
      var expected = UInt128(1) << UInt128(7 * length)
      for place in 0..<length { expected |= 1 << UInt128(7 * place) }
      #expect(try reader.readWideVarint() == expected)
      #expect(reader.remaining == rest)
    }
  }

  @Test func `strings and bytes come back, and others are refused`() throws {
    var writer = ByteWriter()
    writer.write(string: "zürich")
    writer.write(bytes: [0xFF])
    let bytes = writer.bytes
    var reader = ByteReader(bytes)
    #expect(try reader.readString() == "zürich")
    #expect(throws: CodingError.invalid(offset: 8)) { try reader.readString() }
    var second = ByteReader(bytes)
    let tooLarge = CodingError.tooLarge(offset: 0, value: 7, limit: 3)
    #expect(throws: tooLarge) { try second.readBytes(limit: 3) }
  }

  @Test func `a length beyond the data does not allocate`() {
    var writer = ByteWriter()
    writer.write(varint: UInt64(ByteReader.byteLimit))
    let bytes = writer.bytes
    #expect(throws: CodingError.truncated(offset: 4)) {
      var reader = ByteReader(bytes)
      _ = try reader.readBytes()
    }
    #expect(throws: CodingError.self) {
      var reader = ByteReader([0, 0])
      _ = try reader.readCounts(1 << 19)
    }
  }

  @Test func `integers too long for their type are refused`() {
    let long = [UInt8](repeating: 0xFF, count: 30)
    #expect(throws: CodingError.overlongInteger(offset: 0)) {
      var reader = ByteReader(long)
      _ = try reader.readVarint()
    }
    #expect(throws: CodingError.overlongInteger(offset: 0)) {
      var reader = ByteReader([0x80, 0x00])
      _ = try reader.readVarint()
    }
  }
}
