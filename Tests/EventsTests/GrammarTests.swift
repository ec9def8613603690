import Events
import Testing

@Suite struct GrammarTests {
  /// Values that RFC 8259 allows.
  static let valid = [
    "0", "-0", "1", "-1", "10", "123456789", "1234567890123456789012345", "0.0", "-0.0", "0.1",
    "1.5", "123.456", "0.12345678901234567", "1e0", "1E0", "1e+5", "1e-5", "1E+05", "1E-05",
    "1.5e300", "0e0", "0E+0", "0.0e-0", "1e400", "-1e400", "1e-400", "9007199254740993",
    "true", "false", "null",
    "\"\"", "\"a\"", "\"fifteen bytes..\"", "\"sixteen bytes...\"", "\"seventeen bytes..\"",
    "\"a rather long string that needs several blocks of sixteen bytes\"",
    "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u0041\"", "\"\\u00e9\\u20AC\"",
    "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\"", "\"\\u0000\"", "\"é\"", "\"€\"", "\"😀\"",
    "\"\u{7F}\"", "\"\u{80}\"", "\"\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"",
    "\"\u{D7FF}\u{E000}\"", "\"/\"", "\"{}[]:,\"", "\"fifteen bytes..\\\\\"",
    "[]", "[ ]", "{}", "{ }", "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[],[]]", "[{}]", "{\"b\":1}",
    "{\"b\":{}}", "{\"b\":[]}", "[\"a\",null,true,1.5,{\"b\":[]}]", "{\"b\":1,\"b\":2}",
    "{\"\":0}", "{\"\\u0061\":0}", "[\t1\r,\t2 ]", "{ \"b\" : 1 , \"c\" : [ ] }",
  ]

  /// What looks like a value and is none.
  static let invalid = [
    "", "+1", "01", "-01", "00", "1.", ".5", "-.5", "-", "--1", "1e", "1e+", "1e-", "1.e1", "1.5e",
    "1.5.5", "1e5.5", "0x10", "1_000", "1,000", "1 000", "Infinity", "-Infinity", "NaN", "nan",
    "1a", "1e5a", "0.1.2", "12e1e1", "-a", "0e", "0e+", "2.e3", "2.e+3", "2.e-3", "9.e+", "1eE2",
    "0.3e", "0.3e+", "0E", "0E+", "1.0e", "1.0e-", "1.0e+", "- 1", "1+2", "0.", "00.5", "-00",
    "123456789012.", "12345678901234567890.", "0123456789", "1234567e", "１",
    "tru", "truee", "True", "TRUE", "fals", "falsee", "nul", "nulll", "NULL", "nil", "undefined",
    "t", "f", "n", "true1", "nullx",
    "\"", "\"a", "a\"", "'a'", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\u\"", "\"\\u1\"",
    "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\uD83D\"", "\"\\uD83D\\n\"", "\"\\uD83Dx\"",
    "\"\\uD83D\\u0041\"", "\"\\uD83D\\uD83D\"", "\"\\uDE00\"", "\"\\uDC00\\uD800\"", "\"\\U0041\"",
    "\"\\0\"", "\"\\'\"", "\"a\"b", "\"a\"\"b\"", "\"\\u 041\"", "\"\\u+041\"", "\"\\",
    "\"tab\there\"", "\"nul\u{0}\"", "\"unit\u{1F}\"", "\"esc\u{1B}\"", "\"cr\rhere\"",
    "\"a long string with a control character at the end\u{1}\"",
    "[", "]", "[1", "1]", "[1,", "[,1]", "[1,]", "[,]", "[1 2]", "[1,,2]", "[1}", "{1]", "[\"a\"",
    "[1:2]", "[\"a\":1]", "[[]", "[]]", "[\u{0}]", "[1\u{B},2]", "[1\u{A0},2]", "[\u{FEFF}]",
    "{", "}", "{\"b\"", "{\"b\":", "{\"b\":1", "{\"b\":1,", "{\"b\":1,}", "{,}", "{\"b\"}",
    "{\"b\",1}", "{b:1}", "{'b':1}", "{1:1}", "{\"b\":1 \"c\":2}", "{\"b\":1,,\"c\":2}",
    "{\"b\"::1}", "{\"b\":1]", "{\"b\" 1}", "{null:1}", "{\"b\":}", "{:1}", "{\"b\\x\":1}",
    "{\"b\t\":1}", "{[]:1}", "{\"b\":1}}", "{\"b\":tru}", "{\"b\":01}", "{\"b\":1;}",
    "/* */ 1", "1 // one", "# 1", "1;", "\u{0}", "1\u{0}", "\u{FEFF}1", "\u{2028}1",
  ]

  /// Byte sequences within a string that are not UTF-8.
  static let encodings: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
    [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
    [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
    [0xF0, 0x28, 0x8C, 0xBC], [0xF0, 0x9F, 0x28, 0xBC], [0xF0, 0x9F, 0x98, 0x28],
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE],
    [0xFF], [0xC3, 0xA9, 0xA9], [0xEF, 0xBB],
  ]

  @Test(arguments: valid)
  func `a valid value is accepted, wanted or not`(value: String) throws {
    let lines = "{\"a\":\(value)}\n{\"x\":\(value)}\n{\"a\":0,\"x\":{\"y\":[\(value)]}}\n"
    for form in [Schema.Form.value, .token] {
      let stream = DecodedStream(lines, try schema("a", form: form))
      #expect(stream.refused.isEmpty)
      #expect(stream.rows.count == 3)
    }
  }

  @Test(arguments: invalid)
  func `an invalid value is refused for its syntax, wanted or not`(value: String) throws {
    let lines = [
      "{\"a\":\(value)}", "{\"x\":\(value)}", "{\"x\":[\(value) ]}", "{\"x\":[0,\(value)]}",
      "{\"x\":{\"y\":\(value)}}", "{\"o\":{\"b\":\(value)}}",
    ]
    for form in [Schema.Form.value, .token] {
      for line in lines where !(value.isEmpty && line.contains("[ ]")) {
        let stream = DecodedStream(line + "\n", try schema("a", "o.b", form: form))
        #expect(stream.reasons == [.syntax], "\(line)")
        #expect(stream.rows.isEmpty)
      }
    }
  }

  @Test(arguments: encodings)
  func `a string that is not UTF-8 is refused for its encoding`(bytes: [UInt8]) throws {
    for head in ["{\"a\":\"", "{\"x\":\"", "{\"a\":\"a longer beginning of a string", "{\""] {
      let line = Array(head.utf8) + bytes + Array("\":1}\n".utf8)
      let whole = head == "{\"" ? line : Array(head.utf8) + bytes + Array("\"}\n".utf8)
      #expect(DecodedStream(whole, try schema("a")).reasons == [.encoding], "\(head)")
    }
  }

  @Test(arguments: [
    "", "{", "}", "{}}", "{}{}", "{} x", "{},", "x{}", "{\"a\"}", "{\"a\":1", "{\"a\":1,}",
    "{a:1}", "{,\"a\":1}", "{\"a\":1,,\"b\":2}", "{\"a\" \"b\"}", "{\"a\":1 \"b\":2}",
    "{\"a\":1;\"b\":2}",
    "{\"a\":1}\u{0}", "\u{0}{\"a\":1}", "{\u{0}\"a\":1}", "{\"a\"\u{0}:1}", "{\"a\":\u{0}1}",
    "{\"a\":1\u{0}}", "[1", "tru", "\"a", "{\"a\":1,\"b\"}", "{\"a\":1]", "{\"a", "{\"a\":1, }",
  ])
  func `a line that is no JSON is refused for its syntax`(line: String) throws {
    let stream = DecodedStream(line + "\n", try schema("a"))
    #expect(stream.reasons == (line.isEmpty ? [] : [.syntax]))
    #expect(stream.linesSeen == 1)
    #expect(stream.rows.isEmpty)
  }

  @Test(arguments: ["[]", "1", "\"a\"", "null", "true", " [1,{}] ", "-1.5e3", "[{\"a\":1}]"])
  func `JSON that is no object is refused by that name`(line: String) throws {
    #expect(DecodedStream(line + "\n", try schema("a")).reasons == [.notAnObject])
  }

  @Test func `nesting up to the limit is accepted and beyond it refused by name`() throws {
    for limit in [1, 2, 3, 63, 64, 65, 200] {
      let limits = DecodingLimits(nesting: limit)
      for depth in [limit - 1, limit, limit + 1] where depth >= 1 {
        let arrays = String(repeating: "[", count: depth - 1)
        let closing = String(repeating: "]", count: depth - 1)
        let objects = String(repeating: "{\"o\":", count: depth - 1)
        let ends = String(repeating: "}", count: depth - 1)
        for key in ["a", "x"] {
          let expected: [Refusal] = depth > limit ? [.nesting] : []
          let inArrays = "{\"\(key)\":\(arrays)\(closing)}\n"
          if depth > 1 {
            #expect(DecodedStream(inArrays, try schema("a"), limits: limits).reasons == expected)
          }
          let inObjects = "{\"\(key)\":\(objects)1\(ends)}\n"
          #expect(DecodedStream(inObjects, try schema("a"), limits: limits).reasons == expected)
        }
      }
    }
  }

  @Test func `nesting is counted in wanted objects as well`() throws {
    let path = "a.b.c.d"
    let line = "{\"a\":{\"b\":{\"c\":{\"d\":1}}}}\n"
    let accepted = DecodedStream(line, try schema(path), limits: DecodingLimits(nesting: 4))
    #expect(accepted.rows == [[.number(1)]])
    let refused = DecodedStream(line, try schema(path), limits: DecodingLimits(nesting: 3))
    #expect(refused.reasons == [.nesting])
  }
}
