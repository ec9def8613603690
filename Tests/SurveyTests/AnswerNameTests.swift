import Events
import Testing

@testable import Survey

/// Names of answers, ids, latencies and failures as other tools write them.
@Suite struct AnswerNameTests {
  @Test(arguments: ["y_pred", "pred", "pred_label", "yhat", "output", "PredictedLabel"])
  func `a class under a name of answers is the decision`(name: String) throws {
    let found = try SampleLog { "\"\(name)\":\"\($0 % 2 == 0 ? "stay" : "churn")\",\"x\":\($0)" }
      .findings()
    #expect(found.roles.decision?.path.description == name)
    #expect(found.roles.outcomes.isEmpty)
    #expect(found.keptPaths == ["x"])
  }

  @Test(arguments: ["proba", "y_pred_proba", "p_fraud", "pChurn", "propensity", "model_logit"])
  func `a share or a logit under a name of answers is the score`(name: String) throws {
    let found = try SampleLog { "\"\(name)\":0.\(100 + $0),\"x\":\($0)" }.findings()
    #expect(found.roles.score?.path.description == name)
  }

  @Test(arguments: ["y_pred", "pred", "output", "yhat"])
  func `a number with fractions under the same names is the score`(name: String) throws {
    let found = try SampleLog { "\"\(name)\":\(20 + $0).25,\"x\":\($0)" }.findings()
    #expect(found.roles.score?.path.description == name)
    #expect(found.roles.decision == nil)
  }

  @Test func `whole numbers of which there are many are a predicted value, no decision`() throws {
    let found = try SampleLog { "\"predicted_minutes\":\($0 + 3),\"x\":\($0 % 7)" }.findings()
    #expect(found.roles.score?.path.description == "predicted_minutes")
    #expect(found.roles.decision == nil)
  }

  @Test func `a second answer is no feature`() throws {
    let found = try SampleLog {
      "\"y_pred\":\"\($0 % 2)\",\"pred_label\":\"b\($0 % 3)\",\"x\":\($0)"
    }.findings()
    #expect(found.roles.decision?.path.description == "y_pred")
    #expect(found.reason("pred_label")?.contains("another answer") == true)
  }

  @Test func `without a score and a decision a warning says so`() throws {
    let warnings = try SampleLog { "\"amount\":\($0),\"country\":\"c\($0 % 3)\"" }.starter()
      .warnings
    #expect(warnings.contains { $0.contains("no field looks like the model's answer") })
    let named = try SampleLog { "\"amount\":\($0),\"y_pred\":\"c\($0 % 3)\"" }.starter().warnings
    #expect(named == [])
  }

  @Test func `an id stays one when every event came twice, and a warning says so`() throws {
    let log = SampleLog(200) {
      "\"id\":\"r\($0 / 2)\",\"trace\":\"t\($0 / 2)\",\"order_id\":\($0 / 2),\"x\":\($0 % 7)"
    }
    let found = try log.findings()
    #expect(found.roles.id?.path.description == "id")
    #expect(found.keptPaths == ["x"])
    #expect(try log.starter().warnings.contains { $0.contains("100 values in 200 lines") })
  }

  @Test func `a customer's id is none of the events although it comes again`() throws {
    let found = try SampleLog(200) { "\"customer_id\":\"c\($0 / 2)\",\"x\":\($0 % 7)" }.findings()
    #expect(found.roles.id == nil)
  }

  @Test(arguments: [
    ("request_time", "0.0", LatencyUnit.seconds), ("upstream_response_time", "0.1", .seconds),
    ("process_time", "0.0", .seconds), ("latency", "1", .milliseconds),
    ("elapsed_us", "1", .microseconds),
  ])
  func `latencies of proxies have the unit that is customary`(
    name: String,
    digits: String,
    unit: LatencyUnit
  ) throws {
    let found = try SampleLog {
      "\"\(name)\":\(digits)\($0 % 50 + 10),\"score\":0.\($0 + 100)"
    }.findings()
    #expect(found.roles.latency?.choice.path.description == name)
    #expect(found.roles.latency?.unit == unit)
  }

  @Test func `a unit is made smaller where a thousand answers would be under way`() {
    #expect(RoleFinder.guessedUnit(median: 3, rate: 10).unit == .seconds)
    #expect(RoleFinder.guessedUnit(median: 3, rate: 5_000).unit == .milliseconds)
    #expect(RoleFinder.guessedUnit(median: 900, rate: 5_000).unit == .microseconds)
    #expect(RoleFinder.guessedUnit(median: 2e6, rate: 0).unit == .nanoseconds)
    #expect(RoleFinder.guessedUnit(median: 3, rate: 5_000).reason.contains("5,000 a second"))
  }

  @Test(arguments: [
    ("timed_out", "true", "false", "timed_out == true"),
    ("is_error", "1", "0", "is_error == 1"),
    ("grpc_code", "14", "0", "grpc_code != 0"),
    ("grpc_status", "\"UNAVAILABLE\"", "\"OK\"", "grpc_status != \"OK\""),
    ("error", "\"boom\"", "\"\"", "error != \"\""),
    ("error", "\"boom\"", "\"none\"", "error != \"none\""),
  ])
  func `failures under other names`(name: String, bad: String, good: String, failed: String) throws
  {
    let found = try SampleLog {
      "\"\(name)\":\($0 % 10 == 0 ? bad : good),\"score\":0.\($0 + 100)"
    }.findings()
    #expect(found.roles.failure?.failed == failed)
    #expect(found.roles.failure?.share == 0.1)
  }

  @Test func `names of machines, files and loggers are no persons`() throws {
    let warnings = try SampleLog {
      "\"record\":{\"level\":{\"name\":\"l\($0 % 3)\"},\"name\":\"app\($0 % 4)\","
        + "\"thread\":{\"name\":\"t\($0)\"}},\"pod_name\":\"m-\($0 % 5)\",\"logName\":\"x\($0)\","
        + "\"inputs\":[{\"name\":\"input-\($0 % 2)\",\"data\":[\($0)]}],"
        + "\"signature_name\":\"s\($0 % 2)\",\"name\":\"always\",\"score\":0.\($0 + 100)"
    }.starter().warnings
    #expect(warnings == [])
  }

  @Test func `a person's name still is one`() throws {
    let found = try SampleLog {
      "\"customer\":{\"name\":\"p\($0)\"},\"first_name\":\"q\($0 % 9)\",\"score\":0.\($0 + 100)"
    }.findings()
    #expect(found.reason("customer.name")?.contains("a person's name") == true)
    #expect(found.reason("first_name")?.contains("a person's name") == true)
  }

  @Test func `a latency in texts that say their unit is read as it is`() throws {
    let log = SampleLog { "\"took\":\"\($0 + 10).5ms\",\"score\":0.\($0 + 100)" }
    let found = try log.findings()
    #expect(found.roles.latency?.choice.path.description == "took")
    #expect(try log.starter().text.contains("latency: {field: took, from: text}"))
    _ = try log.monitor()
  }
}
