import Events
import Testing

@Suite struct ElementTests {
  @Test func `digits reach into an array, through arrays and objects in it`() throws {
    let wanted = try schema("data.instances.0.2", "data.1.x", "data.1", "in.0.data.1")
    let text = """
      {"data":{"instances":[[6.8,2.8,4.8],[6,3.4]]}}
      {"data":[0,{"x":"y"}]}
      {"in":[{"name":"input-0","data":[1,2],"shape":[2]}]}
      """
    let stream = DecodedStream(text, wanted)
    #expect(
      stream.rows == [
        [.number(4.8), .missing, .missing, .missing],
        [.missing, .text("y"), .composite, .missing],
        [.missing, .missing, .missing, .number(2)],
      ]
    )
  }

  @Test func `a place that an array lacks is missing`() throws {
    let text = """
      {"a":[1]}
      {"a":[]}
      {"a":7}
      {"b":[1,2,3]}
      """
    let stream = DecodedStream(text, try schema("a.1", "a.0.0"))
    #expect(stream.rows.allSatisfy { $0 == [.missing, .missing] })
    #expect(stream.refused.isEmpty)
  }

  @Test func `an object with the key 0 keeps working beside arrays`() throws {
    let stream = DecodedStream("{\"a\":{\"0\":1}}\n{\"a\":[2]}\n", try schema("a.0"))
    #expect(stream.rows == [[.number(1)], [.number(2)]])
  }

  @Test func `only plain digits are places`() throws {
    let wanted = try schema("a.00", "a.+0", "a.\"0 \"", "a.1")
    #expect(
      DecodedStream("{\"a\":[5,6]}\n", wanted).rows == [[.missing, .missing, .missing, .number(6)]]
    )
  }

  @Test func `the parts of a string between commas are numbers where they are spelled so`() throws {
    let wanted = try schema("data.0", "data.1", "data.2", "data.3", "data.4", "data.5")
    let stream = DecodedStream("{\"data\":\"132,-2.5e1, a b ,,1.\\n9,9\"}\n", wanted)
    #expect(
      stream.rows == [
        [.number(132), .number(-25), .text("a b"), .null, .text("1."), .missing]
      ]
    )
  }

  @Test func `a string without a comma is its own first part`() throws {
    let stream = DecodedStream("{\"data\":\"0.0107\\n\"}\n", try schema("data.0", "data.1"))
    #expect(stream.rows == [[.number(0.0107), .missing]])
  }

  @Test func `a part in quotes may hold commas and line ends`() throws {
    let wanted = try schema("d.0", "d.1", "d.2")
    let stream = DecodedStream(#"{"d":"\"a, \\ \n\" ,\"b\"\"c\",2"}"# + "\n", wanted)
    #expect(stream.rows == [[.text("a, \\ \n"), .text("b\"\"c"), .number(2)]])
  }

  @Test func `a part is a token as it is written, of the kind that it is`() throws {
    let stream = DecodedStream(
      "{\"d\":\"1.0,x\"}\n",
      try schema("d.0", "d.1", form: .token)
    )
    #expect(stream.rows == [[.numeral("1.0"), .text("x")]])
  }

  @Test func `a whole value and its parts can be wanted together, in both forms`() throws {
    let whole = try FieldPath(parsing: "d")
    let part = try FieldPath(parsing: "d.1")
    let wanted = Schema(
      slots: [whole, part].flatMap { path in
        [Schema.Slot(path: path, form: .value), Schema.Slot(path: path, form: .token)]
      }
    )
    let stream = DecodedStream("{\"d\":\"a,2\"}\n{\"d\":[true,false]}\n{\"d\":3}\n", wanted)
    #expect(
      stream.rows == [
        [.text("a,2"), .text("a,2"), .number(2), .numeral("2")],
        [.composite, .composite, .boolean(false), .token(.boolean, Array("false".utf8))],
        [.number(3), .numeral("3"), .missing, .missing],
      ]
    )
  }

  @Test func `an array that comes twice counts with its last value only`() throws {
    let stream = DecodedStream("{\"a\":[1,2],\"a\":[3]}\n", try schema("a.0", "a.1"))
    #expect(stream.rows == [[.number(3), .missing]])
    #expect(stream.duplicateKeys > 0)
  }

  @Test(arguments: ["[1,]", "[,1]", "[1 2]", "[1", "[\"a]", "[{\"x\":1]", "[[1],", "[1}"])
  func `a broken array refuses its line alone`(array: String) throws {
    let wanted = try schema("a.0", "a.1", "a.0.x", "b")
    let stream = DecodedStream("{\"a\":\(array),\"b\":1}\n{\"b\":2}\n", wanted)
    #expect(stream.reasons == [.syntax])
    #expect(stream.rows == [[.missing, .missing, .missing, .number(2)]])
  }

  @Test func `arrays count as nesting, wanted or not`() throws {
    let limits = DecodingLimits(nesting: 3)
    let wanted = try schema("a.0.0.0", "a.1")
    let stream = DecodedStream(
      "{\"a\":[[1]]}\n{\"a\":[[[1]]]}\n{\"a\":[0,[[1]]]}\n",
      wanted,
      limits: limits
    )
    #expect(stream.rows == [[.missing, .missing]])
    #expect(stream.reasons == [.nesting, .nesting])
  }

  @Test func `a place beyond the limit of elements finds nothing`() throws {
    let text = "{\"a\":[1,2,3],\"b\":\"1,2,3\"}\n"
    let wanted = try schema("a.1", "a.2", "b.1", "b.2")
    let stream = DecodedStream(text, wanted, limits: DecodingLimits(elements: 2))
    #expect(stream.rows == [[.number(2), .missing, .number(2), .missing]])
  }

  // MARK: Wildcards

  private func discover(_ text: String, _ wildcard: String, elements: Int = 4096) throws -> [String]
  {
    let wanted = Schema(slots: [], wildcards: [try FieldPath(parsing: wildcard)])
    return DecodedStream(text, wanted, limits: DecodingLimits(elements: elements)).discovered
  }

  @Test func `a wildcard stands for the elements of an array at its place`() throws {
    let text = "{\"d\":{\"i\":[[1,\"x\",null,[5],{\"y\":6}]]}}\n{\"d\":{\"i\":[[1,2,3,4,5,6]]}}\n"
    #expect(
      try discover(text, "d.i.0.*")
        == ["d.i.0.0", "d.i.0.1", "d.i.0.2", "d.i.0.4.y", "d.i.0.3", "d.i.0.5"]
    )
  }

  @Test func `a wildcard stands for the parts of a string with commas`() throws {
    #expect(try discover("{\"d\":\"n/a\"}\n{\"d\":\"1,x\\n\"}\n", "d.*") == ["d.0", "d.1"])
  }

  @Test func `arrays and strings below a wildcard's own place stay whole`() throws {
    #expect(try discover("{\"f\":{\"e\":[1,2],\"s\":\"1,2\"}}\n", "f.*") == ["f.s"])
  }

  @Test func `the elements that a wildcard reports are bounded`() throws {
    #expect(try discover("{\"d\":[1,2,3]}\n", "d.*", elements: 2) == ["d.0", "d.1"])
    let wanted = Schema(slots: [], wildcards: [try FieldPath(parsing: "d.*")])
    let few = DecodedStream("{\"d\":[1,2,3]}\n", wanted, limits: DecodingLimits(unknownKeys: 1))
    #expect(few.discovered == ["d.0"])
  }
}
