import Events
import Testing

@Suite struct DiscoveryTests {
  private func discover(
    _ text: String,
    _ paths: [String],
    _ wildcards: [String],
    limits: DecodingLimits = DecodingLimits()
  ) throws -> DecodedStream {
    let slots = try paths.map { Schema.Slot(path: try FieldPath(parsing: $0), form: .value) }
    let wildcards = try wildcards.map { try FieldPath(parsing: $0) }
    return DecodedStream(text, Schema(slots: slots, wildcards: wildcards), limits: limits)
  }

  @Test func `unknown scalars of a wildcard are reported once, in order of first sight`() throws {
    let text = """
      {"id":1,"features":{"a":1,"new":2,"s":"x"},"other":{"b":1}}
      {"id":1,"features":{"s":"y","new":3,"t":null,"a b":true}}
      """
    let stream = try discover(text, ["features.a"], ["features.*"])
    #expect(stream.discovered == ["features.new", "features.s", "features.t", "features.\"a b\""])
    #expect(stream.rows == [[.number(1)], [.missing]])
  }

  @Test func `objects are reported by their members, arrays not at all`() throws {
    let text = """
      {"f":{"o":{"x":1,"p":{"y":2}},"list":[1,{"z":1}]}}
      {"f":{"o":{"x":1},"o":3,"list":[2]}}
      {"f":{"list":"now a string"}}
      """
    let stream = try discover(text, [], ["f.*"])
    #expect(stream.discovered == ["f.o.x", "f.o.p.y", "f.list"])
  }

  @Test func `a star alone means the members of the event`() throws {
    let stream = try discover("{\"a\":1,\"b\":{\"c\":2}}\n", ["a"], ["*"])
    #expect(stream.discovered == ["b.c"])
  }

  @Test func `members of an object in the schema are reported under a wildcard above it`() throws {
    let stream = try discover("{\"f\":{\"o\":{\"a\":1,\"b\":2}}}\n", ["f.o.a"], ["f.*"])
    #expect(stream.discovered == ["f.o.b"])
    #expect(stream.rows == [[.number(1)]])
  }

  @Test func `without a wildcard nothing is reported`() throws {
    #expect(try discover("{\"f\":{\"a\":1}}\n", ["f.b"], []).discovered.isEmpty)
  }

  @Test func `what is reported is bounded`() throws {
    let members = (0..<100).map { "\"k\($0)\":1" }.joined(separator: ",")
    let text = "{\"f\":{\(members)}}\n"
    let few = try discover(text, [], ["f.*"], limits: DecodingLimits(discoveredPaths: 7))
    #expect(few.discovered == (0..<7).map { "f.k\($0)" })
    let known = try discover(text, [], ["f.*"], limits: DecodingLimits(unknownKeys: 9))
    #expect(known.discovered.count == 9)
    #expect(known.refused.isEmpty)
  }

  @Test func `an unknown object deeper than the limit refuses the line`() throws {
    let text = "{\"f\":{\"o\":{\"p\":1}}}\n"
    let stream = try discover(text, [], ["f.*"], limits: DecodingLimits(nesting: 2))
    #expect(stream.reasons == [.nesting])
  }

  @Test func `keys with escapes are reported as what they mean`() throws {
    let stream = try discover("{\"f\":{\"\\u0061\":1,\"a\":2,\"q\\\"\":3}}\n", [], ["f.*"])
    #expect(stream.discovered == ["f.a", "f.\"q\\\"\""])
  }
}
