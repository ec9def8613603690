import Testing

@testable import Events

@Suite struct KeyedHashTests {
  /// RFC 4231, test cases 1, 2 and 6: a short key, a word, a key longer than a block.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func `the examples of RFC 4231`(key: [UInt8], message: String, hash: String) {
    let made = KeyedHash(key: key).hash(Array(message.utf8))
    #expect(made.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == hash)
  }

  @Test func `a name is made once, and depends on the key`() {
    let (one, other) = (KeyedHash(key: Array("one".utf8)), KeyedHash(key: Array("other".utf8)))
    let name = one.name(of: Array("ada@example.com".utf8))
    #expect(KeyedHash.isName(name))
    #expect(name.count == 37)
    #expect(one.name(of: name) == name)
    #expect(other.name(of: Array("ada@example.com".utf8)) != name)
    #expect(!KeyedHash.isName(Array("hmac:ada@example.com-0123456789abcdef".utf8)))
    #expect("\(one)" == "KeyedHash")
  }

  @Test(arguments: [0, 1, 31, 32, 33, 1000])
  func `what is sealed is opened by the same key only`(length: Int) {
    let (one, other) = (KeyedHash(key: Array("one".utf8)), KeyedHash(key: Array("other".utf8)))
    let text = (0..<length).map { UInt8($0 % 251) }
    let sealed = one.sealed(text)
    #expect(sealed.count == length + KeyedHash.sealBytes)
    #expect(one.opened(sealed) == text)
    #expect(other.opened(sealed) == nil)
    #expect(one.opened(Array(sealed.dropLast())) == nil)
  }
}
