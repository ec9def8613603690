import Events
import Testing

/// Objects one after the other in one line, as writers leave them that lost a newline.
@Suite struct SeveralObjectsTests {
  private static let text =
    "{\"a\":1}\n{\"a\":2}{\"a\":3} \t{\"a\":\"4\"}\r\n\n{\"a\":5}{\"a\":6}{\"a\":7"

  @Test(arguments: [1, 2, 3, 512])
  func `each is an event of its line`(rowCapacity: Int) throws {
    let stream = DecodedStream(
      Array(Self.text.utf8),
      try schema("a"),
      reading: .lenient,
      rowCapacity: rowCapacity
    )
    #expect(
      stream.rows == [
        [.number(1)], [.number(2)], [.number(3)], [.text("4")], [.number(5)], [.number(6)],
      ]
    )
    #expect(
      stream.lines == [[0, 0, 7], [1, 8, 7], [1, 15, 7], [1, 24, 9], [3, 36, 7], [3, 43, 7]]
    )
    #expect(stream.refused.map { [$0.line, $0.offset, $0.length] } == [[3, 50, 6]])
    #expect(stream.reasons == [.syntax])
    #expect(stream.linesSeen == 4)
  }

  @Test func `strict reading refuses the line`() throws {
    let stream = DecodedStream(Self.text, try schema("a"))
    #expect(stream.rows == [[.number(1)]])
    #expect(stream.refused.map(\.line) == [1, 3])
    #expect(stream.linesSeen == 4)
  }

  @Test(arguments: ["{\"a\":1}x\n", "{\"a\":1},{\"a\":2}\n", "{\"a\":1}[2]\n", "{\"a\":1}}\n"])
  func `what is no object behind one refuses the line`(line: String) throws {
    let stream = DecodedStream(line, try schema("a"), reading: .lenient)
    #expect(stream.rows.isEmpty && stream.reasons == [.syntax])
  }

  @Test func `values that cannot be used are noted at the line that they stand in`() throws {
    let text = "{\"a\":1}{\"a\":NaN}\n{\"a\":2}\n{\"a\":tru}{\"a\":3}\n"
    let stream = DecodedStream(text, try schema("a"), reading: .lenient)
    #expect(stream.rows == [[.number(1)], [.notFinite], [.number(2)], [.notJSON], [.number(3)]])
    #expect(stream.unusable.map(\.line) == [0, 2])
  }

  /// Found by fuzzing: values were counted by line, so that a batch that ended between two events of
  /// a line counted others than one that did not.
  @Test(arguments: [
    "{\"a\":NaN}{\"a\":NaN}{\"a\":1}\n", "{\"a\":NaN}{\"a\":NaN,}\n{\"a\":tru}\n",
  ])
  func `values that cannot be used are those of their events, however batches end`(
    text: String
  ) throws {
    let schema = try schema("a")
    let whole = DecodedStream(Array(text.utf8), schema, reading: .lenient)
    #expect(whole.unusable.map(\.count) == [1, 1])
    for rowCapacity in 1...3 {
      let parts = DecodedStream(
        Array(text.utf8),
        schema,
        reading: .lenient,
        rowCapacity: rowCapacity
      )
      #expect(parts.rows == whole.rows && parts.refused == whole.refused)
      #expect(parts.unusable == whole.unusable, "batches of \(rowCapacity)")
    }
  }
}
