import Labelling
import TestSupport
import Testing

/// Streams of any shape, however they are cut or broken, are read element by element.
@Suite struct SplittingTests {
  /// An answer that is an outcome; `padding` makes its text longer.
  private static func line(_ id: String, padding: String = "") -> String {
    #"{"source":"\#(padding)","leeway":{"prediction_id":"\#(id)"},"label":"1"}"#
  }

  /// The same over many lines.
  private static func pretty(_ id: String) -> String {
    line(id).replacing("{", with: "{\n  ").replacing(",", with: ",\n  ").replacing("}", with: "\n}")
  }

  private static func ids(_ converted: Converted) -> [String] {
    converted.lines.map { line in
      String(line.split(separator: "\"")[7])
    }
  }

  @Test(arguments: [
    "[A,B]", " [\n A ,\n B\n]\n", "A\nB", "A\r\n\r\nB\r\n", "[A][B]", "[A]\nB", "[]A\n[B",
    "[A,,B,]",
    "\u{FEFF}[A,B]", "\u{FEFF}A\nB", "AB", "A B\n", "A[B]", "[A]B", "P\nQ", "PQ\n", "[P,\nQ\n]\n",
    "P,\nQ", "P\nB", "\u{FEFF}P\r\n\r\nQ\r\n", "P[Q]", "P\n[\nQ]",
  ])
  func `elements of arrays, objects and lines are told apart`(shape: String) {
    let text = shape.replacing("A", with: Self.line("a")).replacing("B", with: Self.line("b"))
      .replacing("P", with: Self.pretty("a")).replacing("Q", with: Self.pretty("b"))
    let converted = convert(text, .groundTruth, answers)
    #expect(converted.findings.isEmpty || shape == "[]A\n[B", "\(converted.messages)")
    #expect(Self.ids(converted) == (shape == "[]A\n[B" ? ["a"] : ["a", "b"]))
  }

  @Test(arguments: [
    (#"[A,{"x":nul},B]"#, [2]), (#"[A,{"x":1],B]"#, [2]), (#"[A,{"x":1}},B]"#, [2]),
    ("[A,{\"x\":\"\n},B]", [2]), (#"[A,"x,B]"#, [2]), (#"[A,{"x":"\"},B]"#, [2]),
    ("[A B]", [1]), ("A\n{\"x\":\nB", [2]), ("A}\nB", [1]), ("[A,B", [2]), ("[A,B,", [3]),
    ("[A,{\"x\":[1\n,B]", [2]), ("[A,\u{0},B]", [2]),
  ])
  func `a broken element is said with its number, and the rest goes on`(
    shape: String,
    broken: [Int]
  ) {
    let text = shape.replacing("A", with: Self.line("a")).replacing("B", with: Self.line("b"))
    let converted = convert(text, .groundTruth, answers)
    #expect(converted.findings.map(\.element) == broken, "\(converted.messages)")
  }

  @Test(arguments: [
    ("P\n{\n\"x\": [1\n}\nQ\nP", ["a", "b", "a"], [2]), ("P\nnul\nQ", ["a", "b"], [2]),
    ("P\n{\n\"x\": {\"y\": 1,\n{\"z\": 1}\nQ", ["a", "b"], [2, 3]), ("P x\nQ", ["b"], [1]),
    ("P\n{\n\"x\": \"\n}\nQ", ["a", "b"], [2]), ("P\n{\n\"x\":", ["a"], [2]),
    ("A\n{\"x\":\nB", ["a", "b"], [2]), ("AB}\nA", ["a", "a"], [2]),
  ])
  func `of objects over many lines a broken one costs itself`(
    shape: String,
    ids: [String],
    broken: [Int]
  ) {
    let text = shape.replacing("A", with: Self.line("a")).replacing("B", with: Self.line("b"))
      .replacing("P", with: Self.pretty("a")).replacing("Q", with: Self.pretty("b"))
    let converted = convert(text, .groundTruth, answers)
    #expect(Self.ids(converted) == ids)
    #expect(converted.findings.filter { !$0.message.isEmpty }.map(\.element) == broken)
  }

  @Test func `requests over many lines become tasks as those of a line each do`() throws {
    let lines = (0..<40).map { request("rq-\($0)") }
    let pretty = lines.map { $0.replacing(",\"", with: ",\n\"").replacing("{", with: "{\n") }
    let expected = convert(lines.joined(separator: "\n"), .labelStudio)
    #expect(expected.tally.written == 40)
    for text in [pretty.joined(separator: "\n"), pretty.joined(), lines.joined()] {
      let converted = convert(text, .labelStudio)
      #expect(converted.output == expected.output && converted.tally == expected.tally)
    }
  }

  @Test func `where an element begins is said by line and byte`() {
    let text = "[\n  \(Self.line("a")),\n\n   {},\n {\"x\"}]"
    let converted = convert(text, .groundTruth, answers)
    #expect(converted.findings.map(\.line) == [4, 5])
    let bytes = Array(text.utf8)
    #expect(converted.findings.map { bytes[$0.offset] } == [0x7B, 0x7B])
    #expect(bytes[converted.findings[1].offset + 1] == UInt8(ascii: "\""))
  }

  @Test func `a file that is cut off gives what is whole of it`() {
    let text = "[" + (0..<5).map { Self.line("id\($0)") }.joined(separator: ",") + "]"
    let whole = Array(text.utf8)
    for count in whole.indices {
      let converted = convert(Array(whole[..<count]), .groundTruth, answers)
      let complete = whole[..<count].count { $0 == UInt8(ascii: ",") }
      #expect(converted.tally.written <= 5)
      #expect(converted.tally.unusable == (count == 0 ? 0 : 1), "\(count) of \(complete)")
      let said = converted.messages.allSatisfy { $0.hasSuffix("export it again") }
      #expect(said, "\(converted.messages)")
    }
    #expect(convert(text, .groundTruth, answers).findings.isEmpty)
  }

  @Test func `an element that is too long is passed without being held`() {
    let padding = String(repeating: "x", count: 1 << 22)
    let parts = [Self.line("a"), Self.line("b", padding: padding), Self.line("c")]
    for text in ["[\(parts.joined(separator: ","))]", parts.joined(separator: "\n")] {
      let converted = convert(text, .groundTruth, answers)
      #expect(Self.ids(converted) == ["a", "c"])
      #expect(
        converted.messages == [
          "it has 4,194,360 bytes, more than the 4,194,304 that are read of one: leave out what is "
            + "no answer"
        ]
      )
    }
  }

  @Test func `what a finding quotes is short`() {
    let long = String(repeating: "x", count: 1_000_000)
    let converted = convert(request(long), .labelStudio)
    #expect(converted.messages.count == 1 && converted.messages[0].utf8.count < 300)
    let marks = convert(request("a" + String(repeating: "\u{301}", count: 100_000)), .labelStudio)
    #expect(marks.messages.count == 1 && marks.messages[0].utf8.count < 400)
  }

  @Test func `where the bytes are cut changes nothing`() {
    var random = SeededGenerator(seed: 31)
    let texts = [
      "[\n" + request("a") + ",\n" + request("b") + "]", request("a") + "\n" + request("é"),
      "[" + Self.line("é\\\"😀,]") + ",{\"x\":]}," + Self.line("b"), "\u{FEFF}" + Self.line("a"),
      Self.pretty("a") + Self.pretty("é") + "\n{\n \"x\": [\n" + Self.pretty("b"),
      Self.line("a") + Self.line("b") + "\n" + request("c"),
    ]
    for text in texts {
      for direction in [FeedbackConversion.Direction.requests, answers] {
        for tool in LabellingTool.allCases {
          let whole = convert(text, tool, direction)
          for piece in [1, 2, 3, 7, 1 + random.below(40)] {
            #expect(convert(text, tool, direction, piece: piece) == whole, "\(piece): \(text)")
          }
        }
      }
    }
  }

  @Test func `any change of some bytes is survived, and lines stay lines`() {
    var random = SeededGenerator(seed: 47)
    let text = Array(("[" + (0..<3).map { Self.line("\($0)") }.joined(separator: ",") + "]").utf8)
    let marks = Array("[]{},:\"\\\n\u{0}1n".utf8)
    for seed in 0..<2000 {
      var changed = text
      for _ in 0...random.below(3) {
        changed[random.below(changed.count)] = marks[random.below(marks.count)]
      }
      let converted = convert(changed, .groundTruth, answers)
      #expect(converted.lines.count == converted.tally.written, "seed \(seed)")
      let total =
        converted.tally.written + converted.tally.unusable + converted.tally.passedOver
        + converted.tally.unanswered
      #expect(total >= converted.tally.elements, "seed \(seed)")
    }
  }
}
