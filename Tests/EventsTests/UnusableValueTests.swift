import Events
import Testing
import TestSupport

/// Values that JSON does not have, read leniently: each costs itself and nothing else.
@Suite struct UnusableValueTests {
  private func decoded(_ line: [UInt8], _ paths: String...) throws -> DecodedStream {
    let slots = try paths.map { Schema.Slot(path: try FieldPath(parsing: $0), form: .value) }
    return DecodedStream(line + [0x0A], Schema(slots: slots), reading: .lenient)
  }

  static let notFinite = [
    "NaN", "Infinity", "-Infinity", "nan", "NAN", "-nan", "inf", "-inf", "+Inf", "INF",
    "-nan(ind)", "nan(snan)", "1.#INF", "-1.#IND", "1.#QNAN",
  ]

  @Test(arguments: notFinite)
  func `a number that is not finite costs itself alone`(word: String) throws {
    for end in ["", " ", "\t"] {
      let line = Array("{\"a\":1,\"b\":\(word)\(end),\"x\":[\(word),{\"y\":\(word)}],\"c\":2}".utf8)
      let stream = try decoded(line, "a", "b", "c")
      #expect(stream.rows == [[.number(1), .notFinite, .number(2)]])
      #expect(
        stream.unusable == [
          UnusableValues(reason: .notFinite, line: 0, offset: 11, length: word.utf8.count)
        ]
      )
    }
    let last = try decoded(Array("{\"a\":\(word)}".utf8), "a")
    #expect(last.rows == [[.notFinite]])
  }

  @Test(arguments: ["None", "True", "undefined", ".5", "+1", "007", "-", "0.", "tru", "NaNa"])
  func `another word in a value's place costs itself alone`(word: String) throws {
    let stream = try decoded(Array("{\"a\":\(word), \"b\":\"x\"}".utf8), "a", "b")
    #expect(stream.rows == [[.notJSON, .text("x")]])
    #expect(stream.unusable.map(\.reason) == [.notJSON])
  }

  static let texts: [[UInt8]] = [
    Array("\\ud83d".utf8), Array("cut \\ud83d off".utf8), Array("\\udc00 low first".utf8),
    Array("\\ud83d\\ud83d".utf8), [0x61, 0x09, 0x62], [0x00], [0x63, 0x61, 0x66, 0xE9],
    [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE], Array("a long text and then \\x41".utf8),
    Array("\\u12".utf8), Array("C:\\dir \\\" quoted".utf8),
  ]

  @Test(arguments: texts)
  func `a string that is no text costs itself alone`(text: [UInt8]) throws {
    for form in [Schema.Form.value, .token] {
      let line = Array("{\"a\":\"".utf8) + text + Array("\",\"b\":3}\n".utf8)
      let slots = [
        Schema.Slot(path: FieldPath(["a"]), form: form),
        Schema.Slot(path: FieldPath(["b"]), form: .value),
      ]
      let stream = DecodedStream(line, Schema(slots: slots), reading: .lenient)
      #expect(stream.rows == [[.notText, .number(3)]])
      #expect(
        stream.unusable == [
          UnusableValues(reason: .notText, line: 0, offset: 5, length: text.count + 2)
        ]
      )
      #expect(DecodedStream(line, Schema(slots: slots)).rows.isEmpty)
    }
    for line in ["{\"x\":\"", "{\"x\":{\"y\":[\""] {
      let end = line.contains("y") ? "\"]},\"b\":3}" : "\",\"b\":3}"
      let stream = try decoded(Array(line.utf8) + text + Array(end.utf8), "b")
      #expect(stream.rows == [[.number(3)]] && stream.unusable.isEmpty)
    }
  }

  @Test(arguments: texts)
  func `a key that is no text is one that nobody wants`(text: [UInt8]) throws {
    for line in ["{\"a\":1,\"", "{\"a\":1,\"x\":{\""] {
      let end = line.contains("x") ? "\":{\"c\":1}},\"b\":2}" : "\":{\"c\":1},\"b\":2}"
      let stream = try decoded(Array(line.utf8) + text + Array(end.utf8), "a", "b", "c")
      #expect(stream.rows == [[.number(1), .number(2), .missing]])
    }
  }

  @Test(arguments: [
    "{\"a\":NaN", "{\"a\":NaN NaN}", "{\"a\":}", "{\"a\":,\"b\":1}", "{\"a\":x\"y\"}",
    "{\"a\":x:1}", "{\"a\":\"\\ud83d}", "{\"a\":1,NaN}", "{NaN:1}", "{\"a\" NaN}", "nonsense",
    "INFO {\"a\":1}", "{\"a\":[NaN}", "{\"a\":{NaN}}", "{\"a\":\"x\\",
  ])
  func `a broken structure refuses the line, and no value of it is told`(line: String) throws {
    let stream = try decoded(Array(line.utf8), "a", "b")
    #expect(stream.reasons == [.syntax], "\(line)")
    #expect(stream.rows.isEmpty && stream.unusable.isEmpty)
    #expect(stream.refused.allSatisfy { $0.fault != nil })
  }

  @Test func `a line's values of one reason are one note, and lines keep their numbers`() throws {
    let text = """
      {"a":1,"b":2}

      {"a":NaN,"b":NaN}
      {"a":NaN,"b":
      {"a":None,"b":NaN}
      """
    for rows in [1, 2, 512] {
      let stream = DecodedStream(
        Array(text.utf8),
        try schema("a", "b"),
        reading: .lenient,
        rowCapacity: rows
      )
      #expect(stream.refused.map(\.line) == [3])
      #expect(
        stream.unusable == [
          UnusableValues(reason: .notFinite, count: 2, line: 2, offset: 20, length: 3),
          UnusableValues(reason: .notJSON, line: 4, offset: 52, length: 4),
          UnusableValues(reason: .notFinite, line: 4, offset: 61, length: 3),
        ]
      )
    }
  }

  @Test func `parts of a string that is no text are missing`() throws {
    let stream = try decoded(Array("{\"d\":\"1,\\ud83d,3\"}".utf8), "d.0", "d.2")
    #expect(stream.rows == [[.missing, .missing]])
  }

  @Test(arguments: 1...20)
  func `what is strictly read is leniently read as well, bit by bit`(seed: UInt64) throws {
    var generator = LineGenerator(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<100 {
      let line = generator.line()
      bytes += (generator.random.chance(0.5) ? line : generator.mutated(line)) + [0x0A]
    }
    let paths = try OracleTests.paths.map { try FieldPath(parsing: $0) }
    let schema = Schema(slots: paths.map { Schema.Slot(path: $0, form: .value) })
    let strict = DecodedStream(bytes, schema)
    let lenient = DecodedStream(bytes, schema, reading: .lenient)
    let values = Dictionary(
      uniqueKeysWithValues: zip(lenient.lines.map { $0[0] }, lenient.rows)
    )
    for (line, row) in zip(strict.lines, strict.rows) {
      #expect(values[line[0]] == row, "seed \(seed), line \(line[0])")
    }
    #expect(lenient.rows.count >= strict.rows.count)
  }

  @Test(arguments: [
    ("{\"a\":1,\"b\":NaN}", 11), ("{\"a\":\"\\ud83d\"}", 6), ("{\"a\":1 \"b\":2}", 7),
    ("{\"a\":1}}", 7), ("{\"a\":1", 6), ("nonsense", 0), ("{a:1}", 1), ("{\"a\":[1,2}", 9),
  ])
  func `a refused line tells the byte that cannot stand there`(line: String, byte: Int) throws {
    let stream = DecodedStream(line + "\n", try schema("a", "b"))
    #expect(stream.refused.map(\.fault) == [byte], "\(line)")
  }
}

/// Numbers that are written as text.
@Suite struct TextNumberTests {
  @Test(arguments: [
    ("55.01", 55.01), ("-3", -3), ("+1.5", 1.5), (" 7 ", 7), (".5", 0.5), ("5.", 5), ("007", 7),
    ("1e3", 1_000), ("2.5E-2", 0.025), ("\t0", 0), ("12345678901234567890", 1.2345678901234567e19),
  ])
  func `a text that is wholly a number is that number`(text: String, number: Double) {
    #expect(textNumber(Array(text.utf8), decimal: .dot) == number)
    let comma = text.replacing(".", with: ",")
    #expect(textNumber(Array(comma.utf8), decimal: .comma) == number)
  }

  @Test(arguments: [
    "", " ", ".", "-", "1,234.5", "1 234", "1.2.3", "12%", "€5", "nan", "inf", "0x10", "1e", "e5",
    "--1", "1_000", "5 kg", "١",
  ])
  func `what else stands in a text leaves it a text`(text: String) {
    #expect(textNumber(Array(text.utf8), decimal: .dot) == nil)
    #expect(textNumber(Array(text.utf8), decimal: .comma) == nil)
  }

  @Test func `the mark of one form is none of the other`() {
    #expect(textNumber(Array("55,01".utf8), decimal: .dot) == nil)
    #expect(textNumber(Array("1.234".utf8), decimal: .comma) == nil)
  }

  @Test func `a column's texts become numbers, and all else stays`() throws {
    let text = #"""
      {"a":"1.5"}
      {"a":2}
      {"a":"x"}
      {"a":"\u0033"}
      {"a":null}
      {"a":"1e999"}
      """#
    let bytes = Array(text.utf8)
    let padded = bytes + [UInt8](repeating: 0, count: EventDecoder.padding)
    var decoder = EventDecoder(schema: try schema("a"))
    var columns = EventColumns(slotCount: 1)
    unsafe padded.withUnsafeBytes { padded in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: padded[0..<bytes.count])
      _ = unsafe decoder.decode(chunk, from: 0, atStreamStart: true, into: &columns)
      unsafe columns.readNumbers(slot: 0, chunk, decimal: .dot)
    }
    let cells = (0..<columns.rowCount).map { columns.cell(slot: 0, row: $0) }
    #expect(cells[0] == Cell(1.5) && cells[1] == Cell(2) && cells[3] == Cell(3))
    #expect(cells[2].reference != nil && cells[4] == .null && cells[5] == .overflow)
  }
}
