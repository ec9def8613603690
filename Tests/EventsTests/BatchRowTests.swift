import TestSupport
import Testing

@testable import Events

/// Rows of batches that are cut out of their line without being read.
@Suite struct BatchRowTests {
  private static func take(
    _ text: String,
    _ paths: [String],
    _ json: JSONReading = .strict
  ) -> [String] {
    let shape = EventShape(batches: paths.map { FieldPath([$0]) })
    let reading = EventRewriter.Reading(id: FieldPath(["id"]), numbersRows: true, json: json)
    var rewriter = EventRewriter(shape, reading: reading)
    let bytes = Array(text.utf8) + [UInt8](repeating: 0x7B, count: EventDecoder.padding)
    var lines = RewrittenLines()
    var rows: [String] = []
    rewriter.begin()
    unsafe bytes.withUnsafeBytes { all in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: all[..<text.utf8.count])
      var isLast = false
      while !isLast {
        isLast = unsafe rewriter.next(of: chunk, atStreamStart: true, areLines: true, into: &lines)
        let made = lines.bytes[..<lines.count].split(separator: 0x0A)
        #expect(made.count == lines.rows)
        rows += made.map { String(decoding: $0, as: UTF8.self) }
      }
    }
    return rows
  }

  /// Values that a cut at the wrong comma, bracket or quote would break.
  private static let scalars = [
    "1", "-2.5e10", "true", "null", #""""#, #""a,b""#, #""[{""#, #""]}""#, #""\"""#, #""\\""#,
    #""\\\",[""#, #""ä€😀""#, #""\u005B""#, #""0123456789012345678901234567890123456789,""#,
  ]
  private static let containers = [
    "[]", "{}", "[1,[2,{\"k\":[3]}]]", #"{"a":"]","b":{"c":[]}}"#, #"[ "," , "\\" ]"#,
  ]

  @Test(arguments: UInt64(1)...40)
  func `rows are what stands in the batch, however it is written`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
    let isSpaced = below(2) == 0
    func space() -> String { isSpaced ? ["", " ", "  ", "\t"][below(4)] : "" }
    func list(_ items: [String]) -> String {
      "[\(space())" + items.joined(separator: space() + "," + space()) + "\(space())]"
    }
    let (rows, width) = (1 + below(40), 1 + below(24))
    let holdsContainers = below(2) == 0
    let cells = (0..<rows).map { _ in
      (0..<width).map { _ in
        holdsContainers && below(3) == 0
          ? Self.containers[below(Self.containers.count)]
          : Self.scalars[below(Self.scalars.count)]
      }
    }
    let stem = ["n", "Y_y", "a_name_of_more_than_sixteen_bytes_"][below(3)]
    let names = (0..<width).map { "\"\(stem)\($0),\"" }
    func named(_ row: Int) -> String {
      "{" + zip(names, cells[row]).map { "\($0):\($1)" }.joined(separator: ",") + "}"
    }
    let table = [
      "\"index\":\(list(["0", #""]""#]))", "\"columns\":\(space())\(list(names))",
      "\"data\":\(list(cells.map(list)))",
    ]
    let order = below(2) == 0 ? table : table.reversed()
    let split = "{\(space())" + order.joined(separator: space() + "," + space()) + "}"
    let columns = names.enumerated().map { index, name in
      "\(name):\(list(cells.map { $0[index] }))"
    }
    let out = (0..<rows).map { "0.\($0)" }
    let byColumn = "{" + columns.joined(separator: ",") + "}"
    for batch in [split, byColumn, list(cells.indices.map(named))] {
      let line = #"{"id":"a","x":\#(space())\#(batch),"y":\#(list(out))\#(space())}"#
      let expected = (0..<rows).map { row in
        #"{"id":"a/\#(row)","x":\#(named(row)),"y":0.\#(row),"leeway:row":\#(row)}"#
      }
      let taken = Self.take(line + "\n", ["x", "y"]).map { Self.compacted($0) }
      #expect(taken == expected.map { Self.compacted($0) }, "seed \(seed)")
    }
    if !holdsContainers {
      let flat = #"{"shape":[\#(rows),\#(width)],"data":\#(list(cells.flatMap { $0 }))}"#
      let taken = Self.take(#"{"x":\#(flat)}"# + "\n", ["x"]).map { Self.compacted($0) }
      let expected = cells.enumerated().map { row, cells in
        #"{"x":[\#(cells.joined(separator: ","))],"leeway:row":\#(row)}"#
      }
      #expect(taken == expected.map { Self.compacted($0) }, "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(1)...40)
  func `columns of a line are not those of the next, unless it has the same`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
    let columns = [
      #"["a","b"]"#, #"["a","c"]"#, #"["a", "b"]"#, #"["b"]"#, "[]", "[1,2]", #"["a" "b"]"#,
      #"["aa","b"]"#, #"["0123456789012345678901234567","b,]"]"#, #"["\q","b"]"#,
    ]
    func table() -> String {
      let names = columns[below(columns.count)]
      let row = [["1", "[2,3]", #""x,y""#][below(3)], " 4 "].prefix(1 + below(2))
      return #"{"columns":\#(names),"data":[[\#(row.joined(separator: ","))],[5,6]]}"#
    }
    let lines = (0..<20).map { _ in #"{"x":\#(table()),"y":\#(table())}"# + "\n" }
    let together = Self.take(lines.joined(), ["x", "y"])
    let alone = lines.flatMap { Self.take($0, ["x", "y"]) }
    #expect(together == alone)
    #expect(together.contains { $0.contains(#"{"a":5,"b":6}"#) })
  }

  /// A text of JSON without the white space between its values.
  private static func compacted(_ text: String) -> String {
    var (isQuoted, isEscaped) = (false, false)
    return String(
      text.filter { character in
        defer {
          if isQuoted, character == "\\", !isEscaped {
            isEscaped = true
          } else {
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = false
          }
        }
        return isQuoted || !character.isWhitespace
      }
    )
  }

  @Test func `rows of more than a piece are all written`() {
    let numbers = (0..<20_000).map { "\($0 * 7)" }
    let context = String(repeating: "c", count: 300)
    let line = #"{"c":"\#(context)","x":[\#(numbers.joined(separator: ","))]}"# + "\n"
    let rows = Self.take(line + #"{"x":[5]}"#, ["x"])
    #expect(rows.count == 20_001)
    #expect(
      rows.dropLast().enumerated().allSatisfy { row, text in
        text == #"{"c":"\#(context)","x":\#(row * 7),"leeway:row":\#(row)}"#
      }
    )
    #expect(rows.last == #"{"x":5,"leeway:row":0}"#)
  }

  @Test(arguments: [
    #"{"x":[1,2}"#, #"{"x":[1,]}"#, #"{"x":[,1]}"#, #"{"x":[1,,2]}"#, #"{"x":["a]}"#,
    #"{"x":[1][2]}"#, #"{"x":[[1] 2]}"#, #"{"x":[1[2]]}"#, #"{"x" [1,2]}"#, #"{"x":[1,2]} }"#,
    #"{"x":[1,2],"y":tru}"#, #"{"x":{"columns":["a"],"index":[0 1],"data":[[1],[2]]}}"#,
    #"{"x":{"columns":["a"] "data":[[1],[2]]}}"#, #"{"x":[1,2],"y":"\q"}"#,
  ])
  func `what is broken around the rows is one line, for the decoder to refuse`(line: String) {
    #expect(Self.take(line + "\n", ["x"]) == [line])
  }

  @Test(arguments: [
    (#"{"x":[{"a":1},{"a" 2},{"a":3}]}"#, [true, false, true]),
    (#"{"x":[[1,2],[1,,2],[3 4],[5,6]]}"#, [true, false, false, true]),
    (#"{"x":{"columns":["a","b"],"data":[[1,2],[,2],[1, ],[3,4]]}}"#, [true, false, false, true]),
    (#"{"x":{"shape":[2,2],"data":[1,2,,3]}}"#, [true, false]),
    (
      #"{"x":{"columns":["a","b"],"data":[[1, 2 ],[y,_],[-Infinity,3],[\#u{1}4,5],[6,7]]}}"#,
      [true, false, false, false, true]
    ),
  ])
  func `a row that is broken costs no other`(line: String, isRight: [Bool]) {
    let rows = Self.take(line + "\n", ["x"])
    #expect(rows.count == isRight.count)
    for (row, isRight) in zip(rows, isRight) {
      let decoded = DecodedStream(Array(row.utf8), Schema(slots: []))
      #expect(decoded.refused.isEmpty == isRight, "\(row)")
    }
  }

  @Test func `a value that JSON does not have costs no row where reading is lenient`() {
    let line = #"{"x":[NaN,2],"y":[1,-Infinity],"z":"\#("a\u{1}b")"}"# + "\n"
    #expect(Self.take(line, ["x", "y"]).count == 1)
    let rows = Self.take(line, ["x", "y"], .lenient)
    #expect(rows.count == 2)
    #expect(rows[0].hasPrefix(#"{"x":NaN,"y":1,"#) && rows[1].hasPrefix(#"{"x":2,"y":-Infinity,"#))
  }
}
