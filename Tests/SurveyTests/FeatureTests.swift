import Events
import Testing

@testable import Survey

@Suite struct FeatureTests {
  @Test func `the members of an object named features are the features`() throws {
    let found = try SampleLog { "\"features\":{\"a\":\($0),\"b\":{\"c\":true}},\"y\":\($0)" }
      .findings()
    #expect(found.keptPaths == ["features.a", "features.b.c"])
    #expect(found.reason("y") == "outside features: add it if the model reads it")
  }

  @Test func `without such an object every field is one that says nothing of the logging`() throws {
    let found = try SampleLog {
      "\"amount\":\($0),\"country\":\"\($0 % 3)\",\"level\":\"info\",\"env\":\"prod\",\"region\":\"x\""
    }.findings()
    #expect(found.keptPaths == ["amount", "country"])
    #expect(found.reason("level") == "says how it was logged")
    #expect(found.reason("region") == "always x in the sample")
  }

  @Test func `codes, ids and free text are left out, each with its reason`() throws {
    let found = try SampleLog(200) {
      "\"features\":{\"a\":\($0),\"code\":\"x\($0)\",\"note\":\"some words \($0)\",\"user_id\":\($0 * 7)}"
    }.findings()
    #expect(found.reason("features.code") == "a code: nearly every value differs")
    #expect(found.reason("features.note") == "free text: nearly every value differs")
    #expect(found.reason("features.user_id") == "an id: every value differs")
    #expect(found.keptPaths == ["features.a"])
  }

  @Test func `a comment says type, range and what is missing`() throws {
    let found = try SampleLog {
      "\"features\":{\"a\":\($0 % 10 == 0 ? "null" : "\($0)"),\"b\":\"v\($0 % 2)\",\"c\":true}"
    }.findings()
    #expect(
      found.kept.map(\.comment)
        == ["number, 1 to 99, 10 % missing", "category, 2 values: v0, v1", "true or false"]
    )
  }

  @Test func `an array of steady length has a feature in each place`() throws {
    let log = SampleLog { "\"features\":[\($0),\"x\($0 % 2)\",[1,2]]" }
    let found = try log.findings()
    #expect(found.keptPaths.isEmpty || found.keptPaths == ["features.0"])
    let flat = try SampleLog { "\"features\":{\"v\":[\($0),\($0 + 1)]}" }.findings()
    #expect(flat.keptPaths == ["features.v.0", "features.v.1"])
  }

  @Test func `each row of a batch is a prediction`() throws {
    let log = SampleLog { index in
      let rows = Array(repeating: "[\(index),1.5]", count: 1 + index % 3).joined(separator: ",")
      return "\"instances\":[\(rows)]"
    }
    #expect(try log.findings().keptPaths == ["instances.0", "instances.1"])
    let starter = try log.starter()
    #expect(starter.text.contains("each: instances"))
    #expect(!starter.warnings.contains { $0.contains("instances") })
  }

  @Test func `a long array is left out as a whole`() throws {
    let array = Array(repeating: "0.5", count: 65).joined(separator: ",")
    let found = try SampleLog { "\"features\":{\"a\":\($0),\"e\":[\(array)]}" }.findings()
    #expect(found.reason("features.e")?.contains("65 values") == true)
    #expect(found.keptPaths == ["features.a"])
  }

  @Test func `a list whose length varies is left out`() throws {
    let found = try SampleLog { index in
      let list = (0..<(index % 4)).map(String.init).joined(separator: ",")
      return "\"features\":{\"a\":\(index),\"l\":[\(list)]}"
    }.findings()
    #expect(found.reason("features.l") == "a list whose length varies")
  }

  @Test func `comma-separated values in a text are features`() throws {
    let found = try SampleLog { "\"input\":{\"data\":\"\($0),,x\($0 % 2),1.5\\n\"}" }.findings()
    #expect(
      found.keptPaths == ["input.data.0", "input.data.2", "input.data.3"]
        && found.reason("input.data.1") == "never has a value in the sample"
    )
  }

  @Test func `numbers that are written as texts are read as numbers`() throws {
    let found = try SampleLog {
      "\"features\":{\"amount\":\"\($0).5\",\"version\":\"1.\($0 % 2)\"}"
    }
    .findings()
    #expect(found.keptPaths == ["features.amount.0", "features.version"])
  }

  @Test func `words with commas stay one text`() throws {
    #expect(
      try SampleLog { "\"features\":{\"t\":\"a,b\($0 % 3)\"}" }.findings().keptPaths == [
        "features.t"
      ]
    )
  }

  @Test func `few-valued categories split the traffic, those with a telling name first`() throws {
    let found = try SampleLog {
      "\"features\":{\"c\":\"\($0 % 2)\",\"country\":\"\($0 % 4)\",\"many\":\"\($0 % 40)\",\"n\":\($0 % 2)}"
    }.findings()
    #expect(found.segments.map(\.path.description) == ["features.country"])
    let unnamed = try SampleLog { "\"features\":{\"c\":\"\($0 % 2)\",\"d\":\"\($0 % 4)\"}" }
      .findings()
    #expect(unnamed.segments.map(\.path.description) == ["features.c"])
  }

  @Test func `more features than the limit are listed as left out`() throws {
    let members = (0..<12).map { "\"f\($0)\":1" }.joined(separator: ",")
    let log = SampleLog(50, limits: SurveyLimits(features: 10)) { _ in "\"features\":{\(members)}" }
    let found = try log.findings()
    #expect(found.kept.count == 10)
    #expect(found.reason("features.f11")?.hasPrefix("more than 10 features") == true)
  }

  // MARK: Personal data

  @Test(arguments: [
    ("\"x\":\"a@example.com\"", "features.x"), ("\"x\":\"+49 30 123456\"", "features.x"),
    ("\"x\":\"DE89370400440532013000\"", "features.x"),
    ("\"x\":\"4111111111111111\"", "features.x"),
    ("\"x\":\"10.0.0.1\"", "features.x"), ("\"email\":\"hidden\"", "features.email"),
    ("\"Nachname\":\"hidden\"", "features.Nachname"),
    ("\"date_of_birth\":\"hidden\"", "features.date_of_birth"),
    ("\"clientIp\":\"hidden\"", "features.clientIp"),
    ("\"phone_number\":\"hidden\"", "features.phone_number"),
  ])
  func `what looks like a person's is left out and warned of`(member: String, path: String) throws {
    let log = SampleLog { index in
      let varied = member.replacing("hidden", with: "hidden\(index % 7)")
      return "\"features\":{\"a\":\(index),\(varied)}"
    }
    let found = try log.findings()
    #expect(found.keptPaths == ["features.a"])
    #expect(found.reason(path)?.hasPrefix("personal data?") == true)
    let starter = try log.starter()
    #expect(starter.warnings.contains { $0.hasPrefix("\(path): personal data?") })
    #expect(starter.text.contains("\n# pii: [\(path)]\n"))
    #expect(!starter.text.contains("hidden") && !starter.text.contains("example.com"))
  }

  @Test func `a name that is always the same is left out without a warning, and is not shown`()
    throws
  {
    let log = SampleLog { "\"features\":{\"a\":\($0),\"nickname\":1,\"name\":\"hidden\"}" }
    #expect(try log.findings().reason("features.name")?.hasPrefix("always the same") == true)
    let starter = try log.starter()
    #expect(!starter.warnings.contains { $0.contains("features.name") })
    #expect(!starter.text.contains("hidden"))
  }

  @Test(arguments: [
    "\"email_length\":12", "\"has_phone\":true", "\"model_name\":\"x\"", "\"ipo\":\"y\"",
  ])
  func `what is only named after a person's is kept`(member: String) throws {
    let found = try SampleLog { "\"features\":{\"a\":\($0),\(member)}" }.findings()
    #expect(found.features.allSatisfy { !$0.isPersonal })
    #expect(
      try !SampleLog { "\"features\":{\"a\":\($0),\(member)}" }.starter().text.contains("pii")
    )
  }
}
