import Records
import TestSupport
import Testing

@Suite struct JSONReaderTests {
  @Test func `what is written is read back as it was`() {
    var random = SeededGenerator(seed: 23)
    for _ in 0..<300 {
      let text = String(
        String.UnicodeScalarView(
          (0..<random.below(20)).compactMap { _ in
            Unicode.Scalar(UInt32(random.below(random.below(3) == 0 ? 0x11_0000 : 0x90)))
          }
        )
      )
      let number = Double(bitPattern: random.next())
      var json = JSONWriter()
      json.beginObject()
      json.member(text + "s", text)
      json.member(text + "n", number)
      json.name(text + "a")
      json.beginArray()
      json.value(true)
      json.null()
      json.endArray()
      json.endObject()
      let read = JSONValue(json.bytes)
      #expect(read?[text + "s"]?.text == text)
      #expect(read?[text + "n"]?.number == (number.isFinite ? number : nil))
      #expect(read?[text + "a"]?.elements == [.boolean(true), .null])
    }
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "nul", "\"\\x\"", "\"\\ud800\"",
    "\"\u{1}\"", "1 2", "[1", "{\"a\" 1}", "NaN",
  ])
  func `what is no JSON value is none`(text: String) {
    #expect(JSONValue(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    #"{"b":1.50,"a":[null,true,{},[],"\n😀"],"b":-0,"":12345678901234567890,"x":1E+2}"#, "3", "[]",
    #""""#,
  ])
  func `a value is written as it was read, digit for digit`(text: String) throws {
    var json = JSONWriter()
    json.value(try #require(JSONValue(Array(text.utf8))))
    #expect(String(decoding: json.bytes, as: UTF8.self) == text)
  }

  @Test func `nesting has a limit`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(JSONValue(nested(3), nesting: 3) != nil)
    #expect(JSONValue(nested(4), nesting: 3) == nil)
    #expect(JSONValue(nested(100_000)) == nil)
  }

  @Test(arguments: [
    ("0", true), ("-0.5", true), ("1E+7", true), ("00", false), ("1e", false), ("-", false),
    ("1e+", false), ("", false), ("1.e3", false), (" 1", false),
  ])
  func `a number is told from what only looks like one`(text: String, isNumber: Bool) {
    #expect(isJSONNumber(text) == isNumber)
  }
}
