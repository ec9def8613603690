import Events
import Testing
import TestSupport

@Suite struct CategoryDictionaryTests {
  private func bytes(_ texts: [String]) -> [[UInt8]] {
    texts.map { Array($0.utf8) }
  }

  /// The codes of values, each as the member `a` of an event.
  private func encode(
    _ values: [String],
    _ dictionary: inout CategoryDictionary,
    accepting kinds: TokenKinds = .all,
    form: Schema.Form = .token
  ) throws -> [UInt32] {
    var decoder = EventDecoder(schema: try schema("a", form: form))
    var columns = EventColumns(slotCount: 1)
    let text = values.map { $0.isEmpty ? "{}\n" : "{\"a\":\($0)}\n" }.joined()
    let padded = Array(text.utf8) + [UInt8](repeating: 0x41, count: EventDecoder.padding)
    var codes = [UInt32](repeating: 0, count: values.count)
    unsafe padded.withUnsafeBytes { padded in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: padded[..<text.utf8.count])
      var offset = 0
      var done = 0
      while offset < chunk.count {
        unsafe offset = decoder.decode(chunk, from: offset, atStreamStart: true, into: &columns)
        unsafe codes.withUnsafeMutableBufferPointer { codes in
          guard let start = codes.baseAddress else {
            return
          }
          unsafe dictionary.encode(
            columns.cells(0),
            count: columns.rowCount,
            chunk: chunk,
            accepting: kinds,
            into: start + done
          )
        }
        done += columns.rowCount
      }
      #expect(done == values.count)
    }
    return codes
  }

  @Test func `known values have their index, others are unseen`() throws {
    let known = ["DE", "FR", "", "a value of sixtee", "a value that is longer than sixteen bytes"]
    var dictionary = CategoryDictionary(known: bytes(known))
    let codes = try encode(known.map { "\"\($0)\"" }, &dictionary)
    #expect(codes == [0, 1, 2, 3, 4])
    let others = ["\"D\"", "\"DEE\"", "\"de\"", "\"a value that is longer than sixteen byteS\""]
    #expect(
      try encode(others, &dictionary) == Array(repeating: CategoryDictionary.unseen, count: 4)
    )
  }

  /// A row is compared with the one before: of any length, and of any kind.
  @Test func `a value has the same code whatever stands in the row before`() throws {
    let lengths = [0, 1, 7, 8, 9, 15, 16, 17, 40]
    let known = lengths.map { String(repeating: "x", count: $0) } + ["1", "true", "\"", "xxxxxxxy"]
    let texts =
      known.dropLast(2).map { "\"\($0)\"" }
      + ["\"xxxxxxxz\"", "\"xxxxxxxy\"", "\"\\\"\"", "\"\\u0031\""]
      + ["1", "1.0", "true", "null", "{}", ""]
    var alone = CategoryDictionary(known: bytes(known))
    let expected = try texts.map { try encode([$0], &alone)[0] }
    var random = SeededGenerator(seed: 12)
    let order = (0..<4_000).map { _ in Int(random.next() % UInt64(texts.count)) }
    let rows = order.flatMap { [Int](repeating: $0, count: 1 + $0 % 3) }
    var dictionary = CategoryDictionary(known: bytes(known))
    #expect(try encode(rows.map { texts[$0] }, &dictionary) == rows.map { expected[$0] })
    let strings = try encode(rows.map { texts[$0] }, &dictionary, accepting: .string)
    for (row, code) in zip(rows, strings) where ["1", "1.0", "true"].contains(texts[row]) {
      #expect(code == CategoryDictionary.invalid)
    }
  }

  @Test func `two spellings of one string are one category`() throws {
    var dictionary = CategoryDictionary(known: bytes(["DE", "é", "a\"b", "x\ny", "€😀"]))
    let values = [
      "\"DE\"", "\"\\u0044E\"", "\"\\u0044\\u0045\"", "\"é\"", "\"\\u00e9\"", "\"\\u00E9\"",
      "\"a\\\"b\"", "\"a\\u0022b\"", "\"x\\ny\"", "\"x\\u000Ay\"", "\"\\u20ac\\ud83d\\uDE00\"",
      "\"D\\\\u0045\"",
    ]
    let expected: [UInt32] = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, CategoryDictionary.unseen]
    for _ in 0..<2 {
      #expect(try encode(values, &dictionary) == expected)
    }
  }

  @Test func `two spellings of one number are one category`() throws {
    var dictionary = CategoryDictionary(known: bytes(["1", "0.1", "-2.5", "0", "1e+21"]))
    let values = [
      "1", "1.0", "1e0", "10e-1", "0.1", "0.10", "1E-1", "-2.5", "-25e-1", "0", "-0", "0.0", "0e9",
      "1e21", "1000000000000000000000", "2", "1.0000000000000000000001",
    ]
    let unseen = CategoryDictionary.unseen
    let expected: [UInt32] = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, unseen, unseen]
    for _ in 0..<2 {
      #expect(try encode(values, &dictionary) == expected)
    }
  }

  @Test func `missing and null are absent, what is no category is invalid`() throws {
    var dictionary = CategoryDictionary(known: bytes(["1", "true"]))
    let values = ["", "null", "[]", "{\"b\":1}", "1", "\"1\"", "true", "\"true\"", "false"]
    let absent = CategoryDictionary.absent
    let invalid = CategoryDictionary.invalid
    let unseen = CategoryDictionary.unseen
    for form in [Schema.Form.token, .value] {
      #expect(
        try encode(values, &dictionary, form: form) == [
          absent, absent, invalid, invalid, 0, 0, 1, 1, unseen,
        ]
      )
      #expect(
        try encode(values, &dictionary, accepting: .string, form: form) == [
          absent, absent, invalid, invalid, invalid, 0, invalid, 1, invalid,
        ]
      )
      #expect(
        try encode(values, &dictionary, accepting: [.number, .boolean], form: form) == [
          absent, absent, invalid, invalid, 0, invalid, 1, invalid, unseen,
        ]
      )
    }
    #expect(try encode(["1e999"], &dictionary, form: .value) == [invalid])
  }

  @Test func `more spellings than are remembered still have their codes`() throws {
    var dictionary = CategoryDictionary(known: bytes(["1", "value"]))
    let count = 3 * CategoryDictionary.aliasesMax
    let values = (0..<count).flatMap {
      ["1.\(String(repeating: "0", count: $0 % 50 + 1))", "\($0 + 2)"]
    }
    let codes = try encode(values, &dictionary)
    #expect(codes == (0..<count).flatMap { _ in [0, CategoryDictionary.unseen] })
    #expect(try encode(["\"v\\u0061lue\"", "\"value\""], &dictionary) == [1, 1])
  }

  @Test(arguments: 1...5)
  func `a thousand values are told apart`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var known: Set<String> = []
    while known.count < 1000 {
      known.insert(String((0..<random.below(40)).map { _ in random.pick(Array("abc")) }))
    }
    let values = known.sorted()
    var dictionary = CategoryDictionary(known: bytes(values))
    let order = Array(values.indices).shuffled(using: &random)
    #expect(try encode(order.map { "\"\(values[$0])\"" }, &dictionary) == order.map { UInt32($0) })
  }

  @Test(arguments: [
    ("1", "1"), ("1.0", "1"), ("1e0", "1"), ("100", "100"), ("1e2", "100"), ("-0", "0"),
    ("0.000001", "0.000001"), ("0.0000001", "1e-7"), ("1e21", "1e+21"),
    ("100000000000000000000", "100000000000000000000"), ("2.50E+22", "2.5e+22"),
    ("123.4500", "123.45"), ("-0.00120e-5", "-1.2e-8"), ("0e99", "0"), ("1e-0", "1"),
    ("9007199254740993", "9007199254740993"), ("inf", nil), ("nan", nil), ("", nil), ("-", nil),
    ("1x", nil), ("1e", nil), ("1e+", nil), (".", nil), ("1.2.3", nil),
  ])
  func `a number has one canonical text`(text: String, expected: String?) {
    let canonical = canonicalNumber(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    #expect(canonical == expected)
  }
}
