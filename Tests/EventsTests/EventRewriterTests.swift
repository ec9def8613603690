import Testing

@testable import Events

/// What lines are taken apart into.
@Suite struct EventRewriterTests {
  /// The rows of a text, with the line of each.
  private struct Taken: Equatable {
    var rows: [String] = []
    var lines: [Int] = []
    var refused: [Refusal] = []
    var count = 0
  }

  private static func take(
    _ text: String,
    _ shape: EventShape,
    _ reading: EventRewriter.Reading = EventRewriter.Reading(),
    areLines: Bool = true
  ) -> Taken {
    var rewriter = EventRewriter(shape, reading: reading)
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: EventDecoder.padding)
    var rows = RewrittenLines()
    var taken = Taken()
    rewriter.begin()
    unsafe bytes.withUnsafeBytes { all in
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: all[..<text.utf8.count])
      var isLast = false
      while !isLast {
        isLast = unsafe rewriter.next(
          of: chunk,
          atStreamStart: true,
          areLines: areLines,
          into: &rows
        )
        var offset = 0
        for line in rows.bytes[..<rows.count].split(separator: 0x0A) {
          taken.rows.append(String(decoding: line, as: UTF8.self))
          taken.lines.append(taken.count + (rows.place(at: offset)?.line ?? -1))
          offset += line.count + 1
        }
        taken.refused += rows.refused.map(\.reason)
        taken.count += rows.lines
      }
    }
    return taken
  }

  private static func path(_ text: String) -> FieldPath {
    FieldPath(text.split(separator: ".").map(String.init))
  }

  private static func each(_ paths: String...) -> EventShape {
    EventShape(batches: paths.map(path))
  }

  @Test func `a line that is an array of objects is an event each`() {
    let text = "{\"a\":0}\n[{\"a\":1}, {\"a\":[2]}]\r\n\n[1,2]\n [ {\"a\":3},{\"b\":]\n{\"a\":4}\n"
    let taken = Self.take(text, EventShape())
    #expect(
      taken.rows == [
        "{\"a\":0}", "{\"a\":1}", "{\"a\":[2]}", "[1,2]", "{\"a\":3}", "{\"b\":]", "{\"a\":4}",
      ]
    )
    #expect(taken.lines == [0, 1, 1, 3, 4, 4, 5])
    #expect(taken.count == 6)
  }

  // MARK: Rows

  @Test func `each row of nested rows is an event, zipped with the answers`() {
    let taken = Self.take(
      #"{"id":"a","in":{"instances":[[1,2],[3,4]]},"out":[0.1,[0.2]],"m":7}"# + "\n",
      Self.each("in.instances", "out"),
      EventRewriter.Reading(id: Self.path("id"))
    )
    #expect(
      taken.rows == [
        #"{"id":"a/0","in":{"instances":[1,2]},"out":0.1,"m":7}"#,
        #"{"id":"a/1","in":{"instances":[3,4]},"out":[0.2],"m":7}"#,
      ]
    )
    #expect(taken.lines == [0, 0] && taken.count == 1)
  }

  @Test(arguments: [
    (#"{"x":{"columns":["a","b"],"index":[0,1],"data":[[1,"u"],[2,"v"]]}}"#, "a,b"),
    (#"{"x":{"names":["a","b"],"ndarray":[[1,"u"],[2,"v"]]}}"#, "a,b"),
    (#"{"x":{"a":[1,2],"b":["u","v"]}}"#, "a,b"),
    (
      #"{"x":[{"name":"a","shape":[2,1],"datatype":"INT64","data":[1,2]},"#
        + #"{"name":"b","shape":[2],"data":["u","v"]}]}"#, "tensors"
    ),
    (#"{"x":[{"a":1,"b":"u"},{"a":2,"b":"v"}]}"#, "a,b"),
  ])
  func `tables, columns and tensors give rows by name`(line: String, kind: String) {
    let rows = Self.take(line, Self.each("x")).rows
    let first = kind == "tensors" ? "[1]" : "1"
    let second = kind == "tensors" ? "[2]" : "2"
    #expect(
      rows == [
        #"{"x":{"a":\#(first),"b":"u"}}"#, #"{"x":{"a":\#(second),"b":"v"}}"#,
      ]
    )
  }

  @Test(arguments: [
    #"{"x":{"shape":[2,3],"data":[1,2,3,4,5,6]}}"#,
    #"{"x":{"tensor":{"shape":[2,3],"values":[1,2,3,4,5,6]}}}"#,
    #"{"x":{"shape":[2,3],"data":[[1,2,3],[4,5,6]]}}"#,
  ])
  func `a flat tensor has the rows of its shape`(line: String) {
    #expect(Self.take(line, Self.each("x")).rows == [#"{"x":[1,2,3]}"#, #"{"x":[4,5,6]}"#])
  }

  @Test func `flat data has the rows of the shape beside it`() {
    let rows = Self.take(#"{"x":{"shape":[2,2],"data":[1,2,3,4]}}"#, Self.each("x.data")).rows
    #expect(
      rows == [
        #"{"x":{"shape":[2,2],"data":[1,2]}}"#, #"{"x":{"shape":[2,2],"data":[3,4]}}"#,
      ]
    )
  }

  @Test func `what has no partner is null, and what has no batch is an event as it is`() {
    let shape = Self.each("a", "b")
    #expect(
      Self.take(#"{"a":[1,2],"b":[3]}"#, shape).rows == [
        #"{"a":1,"b":3}"#, #"{"a":2,"b":null}"#,
      ]
    )
    #expect(Self.take(#"{"a":[1,2]}"#, shape).rows == [#"{"a":1}"#, #"{"a":2}"#])
    #expect(Self.take(#"{"c":[1,2],"a":5}"#, shape).rows == [#"{"c":[1,2],"a":5}"#])
  }

  @Test func `a line that is broken is handed on as it is, to be refused by the decoder`() {
    for line in [#"{"a":[1,2]"#, #"{"a":[1,}"#, "nothing", "[1,2]"] {
      #expect(Self.take(line, Self.each("a")).rows == [line])
    }
  }

  @Test func `numbers are ids, too, and rows say which they are`() {
    let reading = EventRewriter.Reading(id: Self.path("id"), numbersRows: true)
    let rows = Self.take(#"{"id":17,"a":[1,2]}"#, Self.each("a"), reading).rows
    #expect(
      rows == [
        #"{"id":"17/0","a":1,"leeway:row":0}"#, #"{"id":"17/1","a":2,"leeway:row":1}"#,
      ]
    )
  }

  // MARK: Strings

  private static func unwrap(
    _ line: String,
    _ fields: [WrappedField],
    _ prefix: LinePrefix? = nil,
    wanted: [String] = []
  ) -> Taken {
    take(
      line,
      EventShape(prefix: prefix, wrapped: fields),
      EventRewriter.Reading(paths: wanted.map(path))
    )
  }

  private static let log = WrappedField(path: FieldPath(["log"]))

  @Test func `a string that holds JSON is read as JSON`() {
    let rows = Self.unwrap(#"{"log":"{\"a\": \"\\u00e4\\n\"}\n","s":1}"#, [Self.log]).rows
    #expect(rows == [#"{"log":{"a": "\u00e4\n"} ,"s":1}"#])
  }

  @Test func `strings in strings, lists of strings and base64 are read`() {
    let inner = WrappedField(path: FieldPath(["log", "q"]))
    #expect(
      Self.unwrap(#"{"log":"{\"q\":\"[1,2]\"}"}"#, [inner, Self.log]).rows == [
        #"{"log":{"q":[1,2]}}"#
      ]
    )
    #expect(
      Self.unwrap(#"{"log":["{\"a\":1}","[2]"]}"#, [Self.log]).rows == [
        #"{"log":[{"a":1},[2]]}"#
      ]
    )
    // printf '{"a":1}' | base64
    let packed = WrappedField(path: FieldPath(["log"]), encoding: .base64)
    #expect(Self.unwrap(#"{"log":"eyJhIjoxfQ=="}"#, [packed]).rows == [#"{"log":{"a":1}}"#])
    // printf '5.1,"x"' | base64
    #expect(
      Self.unwrap(#"{"log":"NS4xLCJ4Ig=="}"#, [packed]).rows == [
        #"{"log":"5.1,\"x\""}"#
      ]
    )
  }

  @Test func `strings in the objects of a list, and lines of JSON in a string are read`() {
    let events = WrappedField(path: FieldPath(["events", "m"]))
    #expect(
      Self.unwrap(#"{"events":[{"m":"{\"a\":1}"},{"m":"{\"a\":2}"}]}"#, [events]).rows == [
        #"{"events":[{"m":{"a":1}},{"m":{"a":2}}]}"#
      ]
    )
    #expect(
      Self.unwrap(#"{"log":"{\"a\":1}\n{\"a\":2}\n"}"#, [Self.log]).rows == [
        #"{"log":[{"a":1},{"a":2}]}"#
      ]
    )
  }

  @Test func `the lines of comma-separated values are rows`() {
    #expect(
      Self.take(#"{"x":"1,\\n,a\n2,b\r\n"}"#, Self.each("x")).rows == [
        #"{"x":"1,\\n,a"}"#, #"{"x":"2,b"}"#,
      ]
    )
  }

  @Test func `what a string holds cannot reach outside it`() {
    let line = #"{"log":"{\"a\":1},\"score\":1"}"#
    #expect(Self.unwrap(line, [Self.log]).rows == [line])
    #expect(Self.unwrap(line, [Self.log], wanted: ["log.a"]).refused == [.syntax])
  }

  @Test func `a text without an event is refused where members of it are wanted`() {
    let line = #"{"log":"Listening on 8080\n"}"#
    #expect(Self.unwrap(line, [Self.log], wanted: ["log.score"]).refused == [.notAnObject])
    #expect(Self.unwrap(line, [Self.log], wanted: ["log.0"]).rows == [line])
  }

  @Test(arguments: [
    (LinePrefix.cri, "2026-01-31T12:00:00.000000000Z stdout F "), (.compose, "web-1  | "),
    (.text, "INFO:root: "),
  ])
  func `a prefix is skipped, in lines and in strings`(prefix: LinePrefix, text: String) {
    let line = text + #"{"a":1}"#
    #expect(Self.unwrap(line, [], prefix).rows == [#"{"a":1}"#])
    #expect(Self.unwrap(#"{"a":1}"#, [], prefix).rows == [#"{"a":1}"#])
    let wrapped = #"{"log":"\#(text){\"a\":1}"}"#
    #expect(Self.unwrap(wrapped, [Self.log], prefix).rows == [#"{"log":{"a":1}}"#])
  }

  // MARK: Objects that are no lines

  @Test func `objects in arrays, one after the other and over lines are events`() {
    let text =
      "[\n{\"a\":1},\n {\"a\":\n  2},{\"a\":[3,\n4]}\n]\n{\"a\":5}{\"a\":6}\nfoo\n{\"a\":7}"
    let taken = Self.take(text, EventShape(), areLines: false)
    #expect(
      taken.rows == [
        #"{"a":1}"#, #"{"a":   2}"#, #"{"a":[3, 4]}"#, #"{"a":5}"#, #"{"a":6}"#, "foo", #"{"a":7}"#,
      ]
    )
    #expect(taken.lines == [1, 2, 3, 6, 6, 7, 8])
    #expect(taken.count == 8)
  }

  private static let lenient = EventRewriter.Reading(json: .lenient)

  /// Shapes, the text of an event that has the number of `#`, and what its events are.
  private static let shapes: [(shape: EventShape, text: String, rows: [String])] = [
    (each("x"), #"{"x":[#,7]}"#, [#"{"x":#}"#, #"{"x":7}"#]),
    (
      EventShape(wrapped: [WrappedField(path: path("log"))]), #"{"log":"{\"a\":#}"}"#,
      [#"{"log":{"a":#}}"#]
    ),
    (EventShape(), #"{"x":#}"#, [#"{"x":#}"#]),
    (EventShape(prefix: .compose, batches: [path("x")]), #"{"x":[#]}"#, [#"{"x":#}"#]),
    (EventShape(prefix: .text, batches: [path("x")]), #"{"x":[#]}"#, [#"{"x":#}"#]),
    (
      EventShape(
        prefix: .cri,
        wrapped: [WrappedField(path: path("log"))],
        batches: [path("log.x")]
      ), #"{"log":"{\"x\":[#]}"}"#, [#"{"log":{"x":#}}"#]
    ),
  ]

  @Test(arguments: shapes.indices)
  func `objects one after the other in a line are taken apart each`(index: Int) {
    let (shape, text, rows) = Self.shapes[index]
    let event = { (number: Int) in text.replacing("#", with: "\(number)") }
    let prefix =
      switch shape.prefix {
      case .cri: "2026-01-31T12:00:00.0Z stdout F "
      case .compose: "web-1  | "
      case .text: "INFO:root: "
      case nil: ""
      }
    let log =
      prefix + event(1) + "\n" + prefix + event(2) + event(3) + " \t" + prefix + event(4) + "\r\n"
      + prefix + event(5) + event(6) + "x\n" + prefix + event(7)
    let expected = (1...7).flatMap { number in
      rows.map { $0.replacing("#", with: "\(number)") } + (number == 6 ? ["x"] : [])
    }
    let taken = Self.take(log, shape, Self.lenient)
    #expect(taken.rows == expected)
    #expect(Self.take(event(1) + event(2), shape, Self.lenient).count == 1)
    #expect(Self.take("[" + event(1) + "," + event(2) + "]", shape, Self.lenient).count == 1)
    #expect(taken.count == 4 && taken.refused.isEmpty)
    #expect(Set(zip(taken.rows, taken.lines).filter { $0.0.contains("6") }.map(\.1)) == [2])
    #expect(Self.take(event(1) + event(2) + "\n", shape).rows == [event(1) + event(2)])
  }

  @Test func `objects one after the other behind a prefix alone are left to the decoder`() {
    let taken = Self.take(
      "web-1 | {\"x\":1}{\"x\":2}\n",
      EventShape(prefix: .compose),
      Self.lenient
    )
    #expect(taken.rows == [#"{"x":1}{"x":2}"#])
  }

  @Test(arguments: shapes.indices)
  func `objects in an array and over many lines are taken apart each`(index: Int) {
    var (shape, text, rows) = Self.shapes[index]
    let event = { (number: Int) in text.replacing("#", with: "\(number)") }
    let expected = (1...3).flatMap { number in
      rows.map { $0.replacing("#", with: "\(number)") }
    }
    let array = "[" + event(1) + ", " + event(2) + "," + event(3) + "]\n"
    #expect(Self.take(array, shape, Self.lenient).rows == expected)
    shape.prefix = nil
    let pretty = (1...3).map { "{\n  " + event($0).dropFirst() }.joined(separator: "\n")
    let taken = Self.take(pretty, shape, Self.lenient, areLines: false)
    #expect(taken.rows.map { $0.replacing(" ", with: "") } == expected)
  }

  @Test func `an object that lost its end costs no other`() {
    let text = "{\"a\":{\"b\":1\n{\"a\":2}\n{\n\"a\": \"x\n}\n{\"a\":3}\n"
    let taken = Self.take(text, EventShape(), areLines: false)
    #expect(taken.rows == [#"{"a":{"b":1"#, #"{"a":2}"#, #"{ "a": "x }"#, #"{"a":3}"#])
  }
}

/// How events stand in a stream, by its first bytes.
@Suite struct StreamLayoutTests {
  @Test(arguments: [
    ("{\"a\":1}\n", StreamLayout.lines), ("\u{FEFF}{\"a\":1}\n{", .lines), ("[\n{", .objects),
    ("[[1,2],\n", .lines), ("[1,2]\n", .lines), ("{\"a\":1}{\"a\":2}\n", .objects),
    ("{\n \"a\": 1\n}\n", .objects), ("{\"a\":\"}\n", .lines), ("ts,id\n", .lines),
    ("{\"a\":{\"b\":1}\n{\"a\":2}\n", .lines), ("{\"a\":\n{\"a\":2}\n{\"a\":3}\n", .lines),
  ])
  func `the first bytes say`(text: String, layout: StreamLayout) {
    #expect(StreamLayout.decide(Array(text.utf8), isAll: true) == layout)
  }

  @Test(arguments: ["", " \n", "{\"a\":", "{\"a\":1}", "[ ", "{\n"])
  func `more bytes are asked for where they do not`(text: String) {
    #expect(StreamLayout.decide(Array(text.utf8), isAll: false) == nil)
  }

  @Test(arguments: [
    ("PK\u{3}\u{4}rest", StreamContainer.zip), ("BZh91AY", .bzip2), ("PAR1abc", .parquet),
    ("Obj\u{1}x", .avro), ("\u{1E}{\"a\":1}\n", .sequence), ("{\"a\":1}\r{\"a\":2}\r", .returns),
    ("data: {\"a\":1}\n\ndata: {\"a\":2}\n", .serverSent),
    ("{\"a\":1},\n{\"a\":2},\n{\"a\":3}\n", .commas), ("{'a': 1}\n{'a': 2}\n", .python),
    ("ts,id\n1,2\n3,\"4,5\"\n", .csv), ("ts\tid\n1\t2\n", .tsv),
    ("{\u{0}\"\u{0}a\u{0}\"\u{0}", .utf16),
  ])
  func `another container is told`(text: String, container: StreamContainer) {
    #expect(StreamContainer(Array(text.utf8)) == container)
  }

  @Test(arguments: [
    "{\"a\":1}\n{\"a\":2}\n", "Starting up, now\nready\n", "", "{\"a\":1},\n", "a,b\n",
    "1,2\n{\"a\":1}\n", "INFO {\"a\":1,\"b\":2}\nINFO {\"a\":1,\"b\":2}\n",
    "{\"a\":1}\r\n{\"a\":2}\r\n",
  ])
  func `what may be JSON lines is no other container`(text: String) {
    #expect(StreamContainer(Array(text.utf8)) == nil)
  }
}
