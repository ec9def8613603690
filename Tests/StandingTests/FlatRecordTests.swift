import Testing

@testable import Standing

@Suite struct FlatRecordTests {
  @Test(arguments: [
    "{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":1e999}", "{\"a\":[]}", "{\"a\":{}}", "{\"a\":1}}",
    "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\x\"}",
    "{\"a\":nul}",
    "{\"a\":1,}", "{\"a\"}", "[]", "{\"a\":\"", "{\"a\":\"\u{1}\"}",
  ])
  func `a line that is not a flat object is none`(line: String) {
    #expect(FlatRecord(Array(line.utf8)[...]) == nil)
  }

  @Test func `escapes, numbers and white space are read as RFC 8259 says`() throws {
    let line = #" { "a" : -1.5e+2 , "b":"\u00e9\ud83d\ude00\n\/", "c":null,"d":true, "e":false } "#
    let record = try #require(FlatRecord(Array(line.utf8)[...]))
    #expect(record.number("a") == -150)
    #expect(record.text("b") == "é😀\n/")
    #expect(record.isNull("c"))
    #expect(record.members["d"] == .truth(true))
    #expect(record.members["e"] == .truth(false))
  }
}
