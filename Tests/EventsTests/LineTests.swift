import Events
import Testing

@Suite struct LineTests {
  @Test func `blank lines are counted and skipped, carriage returns belong to the line's end`()
    throws
  {
    let text = "\n{\"a\":1}\r\n \t\r\n{\"a\":2} \r\n\n{\"a\":3}\t\n"
    let stream = DecodedStream(text, try schema("a"))
    #expect(stream.rows == [[.number(1)], [.number(2)], [.number(3)]])
    #expect(stream.lines == [[1, 1, 7], [3, 14, 8], [5, 25, 8]])
    #expect(stream.linesSeen == 6)
    #expect(stream.refused.isEmpty)
  }

  @Test func `the last line may lack its newline, whatever the padding holds`() throws {
    for padding: UInt8 in [0x00, 0x20, 0x31, 0x22, 0x2C, 0x7D, 0x0A, 0xFF] {
      for (text, value) in [
        ("{\"a\":1}\n{\"a\":23}", DecodedValue.number(23)),
        ("{\"a\":1}\n{\"a\":\"x\"}", .text("x")),
        ("{\"a\":1}\n{\"a\":true} ", .boolean(true)), ("{\"a\":1}\n{\"a\":\"é\\n\"}", .text("é\n")),
      ] {
        let stream = DecodedStream(Array(text.utf8), try schema("a"), padding: padding)
        #expect(stream.rows == [[.number(1)], [value]])
      }
      for text in ["{\"a\":1", "{\"a\":", "{\"a\":\"x", "{", "{\"a\":tru", "{\"a\":1.", "{\"a"] {
        let stream = DecodedStream(Array(text.utf8), try schema("a"), padding: padding)
        #expect(stream.reasons == [.syntax])
        #expect(stream.refused.first?.length == text.utf8.count)
      }
    }
  }

  @Test func `a byte order mark is skipped at the stream's start only`() throws {
    let schema = try schema("a")
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let line = Array("{\"a\":1}\n".utf8)
    let stream = DecodedStream(mark + line + mark + line, schema)
    #expect(stream.rows == [[.number(1)]])
    #expect(stream.lines == [[0, 3, 7]])
    #expect(
      stream.refused == [RefusedLine(reason: .syntax, line: 1, offset: 11, length: 10, fault: 0)]
    )

    var decoder = EventDecoder(schema: schema)
    var later = DecodedStream()
    later.decode(mark + line, with: &decoder, atStreamStart: false)
    #expect(later.reasons == [.syntax])
  }

  @Test func `nothing decodes to nothing`() throws {
    for text in ["", "\n", "\n\n", " ", "\r\n", "\u{FEFF}"] {
      let stream = DecodedStream(text, try schema("a"))
      #expect(stream.rows.isEmpty && stream.refused.isEmpty, "\(text.debugDescription)")
    }
  }

  @Test func `a refused line leaves no trace and decoding goes on at the next one`() throws {
    let text = """
      {"a":1,"b":"x"}
      {"a":2,"b":"y"
      {"a":3}
      {"a":4,"b":"\u{1}"}
      [5]
      {"b":"z"}
      """
    let stream = DecodedStream(text, try schema("a", "b"))
    #expect(
      stream.rows == [[.number(1), .text("x")], [.number(3), .missing], [.missing, .text("z")]]
    )
    #expect(stream.lines.map { $0[0] } == [0, 2, 5])
    #expect(
      stream.refused == [
        RefusedLine(reason: .syntax, line: 1, offset: 16, length: 14, fault: 14),
        RefusedLine(reason: .syntax, line: 3, offset: 39, length: 15, fault: 12),
        RefusedLine(reason: .notAnObject, line: 4, offset: 55, length: 3),
      ]
    )
  }

  @Test func `a line up to the limit is accepted and a longer one refused by name`() throws {
    let limits = DecodingLimits(lineBytes: 100)
    for ending in ["\n", "\r\n", ""] {
      for length in [99, 100, 101, 1000] {
        let filling = String(repeating: "x", count: length - 15)
        let line = "{\"a\":1,\"b\":\"\(filling)\" }"
        let text = "{\"a\":0}\n" + line + ending
        let stream = DecodedStream(text, try schema("a"), limits: limits)
        if length <= 100 {
          #expect(stream.rows == [[.number(0)], [.number(1)]])
        } else {
          #expect(stream.rows == [[.number(0)]])
          #expect(
            stream.refused == [
              RefusedLine(reason: .lineTooLong, line: 1, offset: 8, length: length)
            ]
          )
        }
      }
    }
    let broken = DecodedStream(
      String(repeating: "x", count: 101) + "\n",
      try schema("a"),
      limits: limits
    )
    #expect(broken.reasons == [.lineTooLong])
  }

  @Test func `a token that a reference cannot say is too long, in lines that are allowed to be`()
    throws
  {
    let limits = DecodingLimits(lineBytes: 1 << 22)
    let filling = String(repeating: "x", count: 1 << 20)
    let digits = String(repeating: "1", count: 1 << 20)
    let text = "{\"a\":\"\(filling)\"}\n{\"a\":\"\(filling.dropFirst())\"}\n{\"a\":\(digits)}\n"
    let stream = DecodedStream(text, try schema("a", form: .token), limits: limits)
    #expect(stream.rows.map { $0[0] }.first == .tooLong)
    #expect(stream.rows[1] == [.text(String(filling.dropFirst()))])
    #expect(stream.rows[2] == [.tooLong])
  }

  @Test(arguments: 1...5)
  func `lines split over chunks anywhere decode as one chunk does`(seed: UInt64) throws {
    var generator = LineGenerator(seed: seed)
    let lines = (0..<30).map { _ in
      (generator.random.chance(0.8) ? generator.line() : generator.mutated(generator.line()))
        + [0x0A]
    }
    let schema = try schema("a", "b", "o.a", "amount")
    let whole = DecodedStream(lines.flatMap { $0 }, schema)
    for first in 0...lines.count {
      var decoder = EventDecoder(schema: schema)
      var stream = DecodedStream()
      stream.decode(lines[..<first].flatMap { $0 }, with: &decoder)
      stream.decode(lines[first...].flatMap { $0 }, with: &decoder, atStreamStart: false)
      #expect(stream.rows == whole.rows, "seed \(seed), split at \(first)")
      #expect(stream.reasons == whole.reasons, "seed \(seed), split at \(first)")
      #expect(stream.linesSeen == whole.linesSeen, "seed \(seed), split at \(first)")
    }
  }

  @Test func `columns of one row give the same events, lines and refusals`() throws {
    let text = (0..<50).map { $0 % 7 == 3 ? "oops" : "{\"a\":\($0)}" }.joined(separator: "\n")
    let schema = try schema("a")
    let whole = DecodedStream(text, schema)
    #expect(whole.rows.count == 43)
    #expect(DecodedStream(Array(text.utf8), schema, rowCapacity: 1) == whole)
    #expect(DecodedStream(Array(text.utf8), schema, rowCapacity: 43) == whole)
    #expect(DecodedStream(Array(text.utf8), schema, rowCapacity: 44) == whole)
  }

  @Test func `cells beyond the last row are missing`() throws {
    let schema = try schema("a")
    var decoder = EventDecoder(schema: schema)
    var columns = EventColumns(slotCount: 1, rowCapacity: 4)
    let lines = [UInt8]("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n".utf8)
    for text in [lines, Array("{\"a\":4}\n{\"a\":".utf8)] {
      let padded = text + [UInt8](repeating: 0, count: EventDecoder.padding)
      unsafe padded.withUnsafeBytes { padded in
        let chunk = unsafe UnsafeRawBufferPointer(rebasing: padded[..<text.count])
        _ = unsafe decoder.decode(chunk, from: 0, atStreamStart: false, into: &columns)
      }
    }
    #expect(columns.rowCount == 1)
    let cells = (0..<4).map { unsafe Cell(bits: columns.cells(0)[$0]) }
    #expect(cells == [Cell(4), .missing, .missing, .missing])
  }
}
