import Events
import Testing
import TestSupport

@Suite struct KeyTests {
  @Test func `paths lead through objects, and through nothing else`() throws {
    let text = """
      {"features":{"amount":1,"deep":{"er":2}},"amount":3}
      {"amount":4,"features":{"deep":{"er":5},"amount":6}}
      {"features":7}
      {"features":[{"amount":8}]}
      {"features":null,"amount":9}
      {"features":{},"amount":{}}
      {"features":{"deep":{}}}
      {"features.amount":10,"deep":{"er":11}}
      """
    let stream = DecodedStream(text, try schema("features.amount", "features.deep.er", "amount"))
    #expect(
      stream.rows == [
        [.number(1), .number(2), .number(3)], [.number(6), .number(5), .number(4)],
        [.missing, .missing, .missing], [.missing, .missing, .missing],
        [.missing, .missing, .number(9)], [.missing, .missing, .composite],
        [.missing, .missing, .missing], [.missing, .missing, .missing],
      ]
    )
  }

  @Test func `a key may be wanted itself and on the way to another`() throws {
    let stream = DecodedStream(
      "{\"o\":1}\n{\"o\":{\"a\":2}}\n{\"o\":\"s\"}\n{\"o\":null}\n",
      try schema("o", "o.a")
    )
    #expect(
      stream.rows == [
        [.number(1), .missing], [.composite, .number(2)], [.text("s"), .missing],
        [.null, .missing],
      ]
    )
  }

  @Test func `a path may be wanted in both forms, and twice`() throws {
    let path = try FieldPath(parsing: "o.a")
    let schema = Schema(slots: [
      .init(path: path, form: .token), .init(path: path, form: .value),
      .init(path: path, form: .value), .init(path: path, form: .token),
    ])
    let values = ["1.50", "\"x\"", "true", "null", "[]", "1e999", "-0", "12345678901234567890.5"]
    let text = values.map { "{\"o\":{\"a\":\($0)}}\n" }.joined() + "{}\n"
    let rows = DecodedStream(text, schema).rows
    let expected: [(DecodedValue, DecodedValue)] = [
      (.numeral("1.50"), .number(1.5)), (.text("x"), .text("x")),
      (.token(.boolean, Array("true".utf8)), .boolean(true)), (.null, .null),
      (.composite, .composite), (.numeral("1e999"), .overflow), (.numeral("-0"), .number(-0.0)),
      (.numeral("12345678901234567890.5"), .number(12345678901234567890.5)), (.missing, .missing),
    ]
    #expect(rows.count == expected.count)
    for (row, (token, value)) in zip(rows, expected) {
      #expect(row == [token, value, value, token])
    }
  }

  @Test func `of a key that comes twice the last one wins and is counted`() throws {
    let text = """
      {"a":1,"a":2}
      {"a":3,"b":4,"a":"x","b":null}
      {"o":{"a":5,"c":6},"o":{"c":7}}
      {"o":{"a":8},"o":9}
      {"o":10,"o":{"a":11}}
      {"o":{"a":12,"a":13}}
      {"a":14}
      """
    let stream = DecodedStream(text, try schema("a", "b", "o.a", "o.c"))
    #expect(
      stream.rows == [
        [.number(2), .missing, .missing, .missing], [.text("x"), .null, .missing, .missing],
        [.missing, .missing, .missing, .number(7)], [.missing, .missing, .missing, .missing],
        [.missing, .missing, .number(11), .missing], [.missing, .missing, .number(13), .missing],
        [.number(14), .missing, .missing, .missing],
      ]
    )
    #expect(stream.duplicateKeys == 7)
  }

  @Test func `a key that comes twice is counted in both forms as once`() throws {
    let path = try FieldPath(parsing: "a")
    let schema = Schema(slots: [.init(path: path, form: .value), .init(path: path, form: .token)])
    let stream = DecodedStream("{\"a\":1,\"a\":22}\n", schema)
    #expect(stream.rows == [[.number(22), .numeral("22")]])
    #expect(stream.duplicateKeys == 1)
  }

  @Test(arguments: [
    "amount", "a", "", "é", "fourteen bytes", "fifteen bytes..", "sixteen bytes...",
    "seventeen bytes..", "thirty bytes long, this key is", "thirty-one bytes long, this key",
    "thirty-two bytes long, this key.", "thirty-three bytes long, this key",
    "a key that is very much longer than thirty-two bytes and ends differently", "a\"b", "a\\b",
    "a/b", "tab\there", "😀",
  ])
  func `a key is found however its characters are spelled`(key: String) throws {
    let plain = key.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\" + String(scalar)
      case "\t": "\\t"
      default: String(scalar)
      }
    }.joined()
    let escaped = key.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
    // The neighbours share a beginning or an end with the key, but are others.
    let others = "\"\(plain)x\":0,\"x\(plain)\":0,\"\(plain) \":0"
    let spellings = [plain, escaped, plain, escaped, escaped, plain]
    let text = spellings.enumerated().map { index, spelling in
      "{\(others),\"\(spelling)\":\(index),\"z\":1}\n{\"\(spelling)\" : \(index)}\n{\(others)}\n"
    }.joined()
    for unknownKeys in [0, 1, 4096] {
      let slots = [Schema.Slot(path: FieldPath([key]), form: .value)]
      let stream = DecodedStream(
        text,
        Schema(slots: slots),
        limits: DecodingLimits(unknownKeys: unknownKeys)
      )
      let numbers = (0..<6).map { [DecodedValue.number(Double($0))] }
      #expect(stream.rows == numbers.flatMap { [$0, $0, [.missing]] })
      #expect(stream.duplicateKeys == 0)
    }
  }

  @Test func `a spelling with escapes is not taken for the key that has the same bytes`() throws {
    // The first key is a, backslash, n, b; the second a, newline, b.
    let slots = ["a\\nb", "a\nb"].map { Schema.Slot(path: FieldPath([$0]), form: .value) }
    let text = "{\"a\\\\nb\":1,\"a\\nb\":2}\n{\"a\\nb\":3,\"a\\\\nb\":4}\n"
    let stream = DecodedStream(text, Schema(slots: slots))
    #expect(stream.rows == [[.number(1), .number(2)], [.number(4), .number(3)]])
  }

  @Test(arguments: 1...10)
  func `keys in any order give the same rows`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let names = (0..<40).map { "key\(String(repeating: "x", count: $0 % 20))\($0)" }
    let slots = names.enumerated().filter { $0.offset % 3 != 0 }.map {
      Schema.Slot(path: FieldPath(["o", $0.element]), form: .value)
    }
    for unknownKeys in [0, 5, 4096] {
      var text = ""
      for _ in 0..<20 {
        let members = names.enumerated().shuffled(using: &random).map {
          "\"\($0.element)\":\($0.offset)"
        }
        text += "{\"o\":{\(members.joined(separator: ","))}}\n"
      }
      let expected = names.indices.filter { $0 % 3 != 0 }.map { DecodedValue.number(Double($0)) }
      let stream = DecodedStream(
        text,
        Schema(slots: slots),
        limits: DecodingLimits(unknownKeys: unknownKeys)
      )
      #expect(stream.rows == Array(repeating: expected, count: 20), "seed \(seed)")
      #expect(stream.duplicateKeys == 0, "seed \(seed)")
    }
  }

  @Test func `members of two objects with the same keys are kept apart`() throws {
    let text = """
      {"p":{"x":1,"y":2},"q":{"x":3,"y":4},"x":5,"u":6}
      {"q":{"x":7,"y":8},"p":{"x":9,"y":10},"u":{"x":11},"x":12}
      {"x":13,"u":14,"q":{"y":15}}
      """
    for unknownKeys in [0, 4096] {
      let stream = DecodedStream(
        text,
        try schema("p.x", "q.x", "x"),
        limits: DecodingLimits(unknownKeys: unknownKeys)
      )
      #expect(
        stream.rows == [
          [.number(1), .number(3), .number(5)], [.number(9), .number(7), .number(12)],
          [.missing, .missing, .number(13)],
        ]
      )
    }
  }
}
