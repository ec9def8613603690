import Events
import Monitoring
import Specification
import Testing

@testable import Survey

@Suite struct RoleTests {
  @Test func `time is a text that is RFC 3339`() throws {
    let found = try SampleLog { "\"x\":\($0)" }.findings()
    #expect(found.roles.time?.path.description == "ts")
  }

  @Test(arguments: [1, 1_000, 1_000_000, 1_000_000_000])
  func `time is a number since 1970 that is named so, in any unit`(unit: Int) throws {
    let lines = (0..<50).map { "{\"event_time\":\((1_760_000_000 + $0) * unit),\"x\":\($0 % 7)}" }
    let found = try SampleLog(lines).findings()
    #expect(found.roles.time?.path.description == "event_time")
    #expect(abs(found.traffic.rate - 1) < 1e-9)
  }

  @Test func `an event's own time comes before the time of its arrival`() throws {
    let lines = (0..<20).map { index in
      "{\"arrival_time\":\"2026-01-01T00:00:\(10 + index)Z\",\"data\":{\"when\":1},"
        + "\"time\":\"2026-01-01T00:00:\(10 + index)Z\",\"x\":\(index)}"
    }
    #expect(try SampleLog(lines).findings().roles.time?.path.description == "time")
  }

  @Test func `without a time there is no monitor, and the fields are named`() {
    #expect(throws: SurveyError.noTime(fields: ["a", "b.c"])) {
      try SampleLog(["{\"a\":1,\"b\":{\"c\":\"x\"}}"]).findings()
    }
  }

  @Test func `a time without a zone is one, and the zone is said to be a guess`() throws {
    let lines = (0..<20).map {
      "{\"at\":\"2026-01-01 00:00:\(10 + $0)\",\"x\":\(1.5 + Double($0))}"
    }
    let found = try SampleLog(lines).findings()
    #expect(found.roles.time?.path.description == "at")
    #expect(found.zoneless?.description == "at")
    #expect(abs(found.traffic.rate - 1) < 1e-9)
  }

  @Test(arguments: [
    "2026-01-01T00:00:10+0000", "01/Jan/2026:00:00:10 +0000", "Thu, 01 Jan 2026 00:00:10 GMT",
    "2026-01-01 00:00:10.25 +0000 UTC", "1767225610000000", "1767225610.25",
  ])
  func `a time in another common form is one, with its zone`(text: String) throws {
    let lines = (0..<50).map { "{\"ts\":\"\(text)\",\"x\":\($0 % 7)}" }
    let found = try SampleLog(lines).findings()
    #expect(found.roles.time?.path.description == "ts")
    #expect(found.zoneless == nil)
  }

  @Test func `the id is named so and differs in every line`() throws {
    let found = try SampleLog { "\"customer_id\":\($0 % 5),\"request_id\":\"r\($0)\",\"x\":1" }
      .findings()
    #expect(found.roles.id?.path.description == "request_id")
  }

  @Test func `the score is named so, and lies between 0 and 1 if it can`() throws {
    let found = try SampleLog {
      "\"risk_score\":\(Double($0) * 7),\"score\":0.\($0 + 10),\"x\":0.\($0 + 1)"
    }.findings()
    #expect(found.roles.score?.path.description == "score")
  }

  @Test func `a number in the answer is the score without its name`() throws {
    let found = try SampleLog {
      "\"input\":{\"a\":0.\($0 + 1)},\"output\":{\"value\":0.\($0 + 10)}"
    }.findings()
    #expect(found.roles.score?.path.description == "output.value")
    #expect(found.keptPaths == ["input.a"])
  }

  @Test func `the decision has few values and is named so`() throws {
    let found = try SampleLog { "\"decision\":\"\($0 % 3)\",\"x\":\($0)" }.findings()
    #expect(found.roles.decision?.path.description == "decision")
    #expect(found.roles.decision?.reason == "3 values: 0, 1, 2")
  }

  @Test(arguments: [
    ("latency_ms", "12.5", LatencyUnit.milliseconds, false),
    ("took_us", "900", .microseconds, false),
    ("latencyNanos", "1000", .nanoseconds, false),
    ("response_time_seconds", "0.2", .seconds, false),
    ("latency", "0.0", .seconds, true), ("duration", "35", .milliseconds, true),
    ("elapsed", "35000", .microseconds, true), ("latency", "35000000", .nanoseconds, true),
  ])
  func `latency has its unit from the name, else from its size`(
    name: String,
    value: String,
    unit: LatencyUnit,
    isGuessed: Bool
  ) throws {
    let found = try SampleLog { "\"\(name)\":\(value)\($0 % 7),\"input\":{\"x\":\($0)}" }.findings()
    #expect(found.roles.latency?.unit == unit)
    #expect(found.roles.latency?.isGuessed == isGuessed)
  }

  @Test(arguments: [
    ("\"status\":\"ok\"", "\"status\":\"timeout\"", "status != \"ok\""),
    ("\"status_code\":200", "\"status_code\":503", "status_code >= 500"),
    ("\"success\":true", "\"success\":false", "success == false"),
    ("\"error\":null", "\"error\":\"boom\"", "error is not missing"),
    ("\"failed\":false", "\"failed\":true", "failed == true"),
  ])
  func `a failure is known by a status, a flag or an error`(
    good: String,
    bad: String,
    condition: String
  ) throws {
    let log = SampleLog { ($0 % 20 == 0 ? bad : good) + ",\"input\":{\"x\":\($0)}" }
    #expect(try log.findings().roles.failure?.failed == condition)
    #expect(try log.findings().roles.failure?.share == 0.05)
    #expect(try log.monitor().prediction.failure != nil)
  }

  @Test func `the version is the model's, not the log format's`() throws {
    let found = try SampleLog {
      "\"schema_version\":\"2\",\"eventVersion\":\"0\",\"model\":{\"version\":\"1.\($0 % 2)\"},\"x\":\($0)"
    }.findings()
    #expect(found.roles.version?.path.description == "model.version")
  }

  @Test func `what turned out later is no feature`() throws {
    let found = try SampleLog { "\"label\":\($0 % 2),\"x\":\($0)" }.findings()
    #expect(found.roles.outcomes.map(\.path.description) == ["label"])
    #expect(found.keptPaths == ["x"])
  }

  @Test func `a log of outcomes alone has them as what there is to watch`() throws {
    #expect(
      try SampleLog { "\"id\":\"\($0)\",\"label\":\($0 % 2)" }.findings().keptPaths == ["label"]
    )
  }

  @Test func `several models in one log: the most frequent is watched`() throws {
    let log = SampleLog { "\"model\":\"\($0 % 3 == 0 ? "b" : "a")\",\"x\":\($0)" }
    #expect(try log.monitor().model == "a")
    #expect(try log.monitor().prediction.when != nil)
    #expect(try log.starter().warnings.contains { $0.contains("several models") })
  }

  // MARK: Kinds

  private var mixed: SampleLog {
    SampleLog { index in
      index % 4 == 0
        ? "\"kind\":\"outcome\",\"id\":\"\(index - 1)\",\"label\":\(index % 8)"
        : "\"kind\":\"prediction\",\"id\":\"\(index)\",\"score\":0.\(index + 1),\"features\":{\"a\":\(index)}"
    }
  }

  @Test func `of several kinds of events the predictions are watched`() throws {
    let found = try mixed.findings()
    #expect(found.kind?.value == "prediction")
    #expect(found.kind?.others == ["outcome"])
    #expect(found.events == 75)
    #expect(found.keptPaths == ["features.a"])
    #expect(try mixed.starter().text.contains("when: kind == \"prediction\""))
  }

  @Test func `another kind can be chosen, one that is not there is refused`() throws {
    #expect(try mixed.findings(kind: "outcome").events == 25)
    #expect(throws: SurveyError.noSuchKind("x")) {
      try SampleLog { "\"x\":\($0)" }.findings(kind: "x")
    }
  }

  @Test func `kinds without a name are told apart by what only predictions have`() throws {
    let log = SampleLog { index in
      index % 2 == 0 ? "\"msg\":\"up\"" : "\"score\":0.\(index + 1),\"features\":{\"a\":\(index)}"
    }
    #expect(try log.starter().text.contains("when: exists(score)"))
    #expect(try log.findings().events == 50)
  }

  @Test func `a few-valued field alone makes no kinds`() throws {
    #expect(try SampleLog { "\"type\":\"t\($0 % 3)\",\"x\":\($0)" }.findings().kind == nil)
  }
}
