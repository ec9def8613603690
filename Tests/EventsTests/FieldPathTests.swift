import Events
import Testing

@Suite struct FieldPathTests {
  @Test(arguments: [
    ("a", ["a"]), ("features.amount", ["features", "amount"]), ("a.b.c", ["a", "b", "c"]),
    ("\"a.b\".c", ["a.b", "c"]), ("f.\"a b\"", ["f", "a b"]), ("\"q\\\"\\\\\"", ["q\"\\"]),
    ("\"\"", [""]), ("größe", ["größe"]), ("2nd-try", ["2nd-try"]), ("\"*\"", ["*"]),
  ])
  func `a written path reads as its keys and writes back`(text: String, keys: [String]) throws {
    let path = try FieldPath(parsing: text)
    #expect(path.components == keys)
    #expect(!path.isWildcard)
    #expect(path.description == text)
    #expect(path == FieldPath(keys))
  }

  @Test func `quotes that are not needed are left out`() throws {
    #expect(try FieldPath(parsing: "\"a\".\"b\"").description == "a.b")
  }

  @Test func `a star at the end is a wildcard`() throws {
    let path = try FieldPath(parsing: "features.*")
    #expect(path.isWildcard)
    #expect(path.components == ["features"])
    #expect(path.description == "features.*")
    #expect(try FieldPath(parsing: "*").description == "*")
    let amount = try FieldPath(parsing: "features.amount")
    #expect(path.contains(amount))
    #expect(!amount.contains(path))
    #expect(!path.contains(try FieldPath(parsing: "other.amount")))
  }

  @Test(arguments: [
    ("", FieldPathError.emptyKey(offset: 0)), (".a", .emptyKey(offset: 0)),
    ("a.", .emptyKey(offset: 2)), ("a..b", .emptyKey(offset: 2)), ("a b", .needsQuotes(offset: 1)),
    ("a\"b", .needsQuotes(offset: 1)), ("a*", .needsQuotes(offset: 1)),
    ("a.*.b", .wildcardNotLast(offset: 2)), ("\"a", .unterminatedQuote(offset: 0)),
    ("a.\"b\\n\"", .unknownEscape(offset: 4)), ("\"a\"b", .missingDot(offset: 3)),
    ("a\n", .needsQuotes(offset: 1)),
  ])
  func `a text that is no path says why and where`(text: String, error: FieldPathError) {
    #expect(throws: error) { try FieldPath(parsing: text) }
  }

  @Test func `paths are ordered by their keys`() throws {
    let texts = ["a", "a.*", "a.b", "a.b.c", "a.c", "ab", "b"]
    let paths = try texts.map { try FieldPath(parsing: $0) }
    #expect(paths.shuffled().sorted() == paths)
  }

  @Test func `keys that only look the same are different`() {
    #expect(FieldPath(["\u{E9}"]) != FieldPath(["e\u{301}"]))
  }
}
