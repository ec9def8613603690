import Events
import Testing

@Suite struct StableHashTests {
  /// Published values of XXH3_64bits with seed 0.
  @Test(
    arguments: [
      ("", 0x2D06_8005_38D3_94C2), ("a", 0xE6C6_32B6_1E96_4E1F), ("abc", 0x78AF_5F94_892F_3950),
    ] as [(String, UInt64)]
  )
  func `the hash is XXH3's`(text: String, expected: UInt64) {
    #expect(StableHash.hash(Array(text.utf8).span) == expected)
    var text = text
    text.withUTF8 { bytes in
      #expect(unsafe StableHash.hash(UnsafeRawBufferPointer(bytes)) == expected)
    }
  }

  @Test func `another seed is another hash`() {
    let bytes = Array("abc".utf8)
    #expect(StableHash.hash(bytes.span, seed: 1) != StableHash.hash(bytes.span, seed: 2))
    #expect(StableHash.hash(bytes.span, seed: 1) == StableHash.hash(bytes.span, seed: 1))
  }
}
