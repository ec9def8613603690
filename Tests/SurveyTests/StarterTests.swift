import Events
import Monitoring
import Specification
import TestSupport
import Testing

@testable import Survey

@Suite struct StarterTests {
  @Test(arguments: [
    (0.5, "1h", "5m"), (3.5, "1h", "5m"), (10, "6h", "30m"), (60, "1d", "2h"), (600, "7d", "1d"),
    (3_600, "28d", "1d"),
  ])
  func `the main window holds a thousand events where it can`(
    seconds: Double,
    main: String,
    slide: String
  ) throws {
    let windows = try SampleLog(every: seconds) { "\"x\":\($0)" }.findings().traffic.windows
    #expect(windows.main == main)
    #expect(windows.slide == slide)
    #expect(windows.isThin == (seconds == 3_600))
  }

  @Test func `events of one time give a guess that is said to be one`() throws {
    let log = SampleLog(every: 0) { "\"x\":\($0)" }
    #expect(try log.findings().traffic.rate == 0)
    #expect(try log.starter().text.contains("an hour is a guess"))
  }

  @Test func `the lateness is twice the disorder of the sample`() throws {
    let times = [0, 100, 40, 200, 300].map { "{\"ts\":\(1_760_000_000 + $0),\"x\":\($0)}" }
    let found = try SampleLog(times).findings()
    #expect(found.traffic.disorder == 60)
    #expect(found.traffic.lateness == "2m")
  }

  @Test func `silence is four times the longest gap`() throws {
    let times = [0, 100, 900].map { "{\"ts\":\(1_760_000_000 + $0),\"x\":\($0)}" }
    #expect(try SampleLog(times).findings().traffic.silence == "1h")
  }

  @Test(arguments: [
    (0.0123, "20ms"), (0.25, "300ms"), (4, "5s"), (0.00012, "200us"), (12, "20s"), (0, "1us"),
  ])
  func `limits of latency are round`(seconds: Double, text: String) {
    #expect(MonitorRules.roundedUp(seconds) == text)
  }

  @Test(arguments: [(0, "99.9%"), (1, "95%"), (10, "90%")])
  func `an objective leaves twice the errors of the sample`(failed: Int, share: String) throws {
    let log = SampleLog { "\"status\":\"\($0 < failed ? "bad" : "ok")\",\"input\":{\"x\":\($0)}" }
    #expect(try log.starter().text.contains("objective: \(share)}"))
  }

  @Test func `rules speak of what there is`() throws {
    let plain = try SampleLog { "\"features\":{\"a\":\($0)}" }.monitor()
    #expect(plain.rules.map(\.alert) == ["InputDrift", "UnusableValues", "OutOfRange", "Refused"])
    let full = try SampleLog {
      "\"features\":{\"a\":\($0),\"b\":\"\($0 % 2)\"},\"score\":0.\($0 + 10),\"latency_ms\":\($0),"
        + "\"status\":\"ok\""
    }.monitor()
    #expect(
      full.rules.map(\.alert) == [
        "InputDrift", "PredictionDrift", "UnusableValues", "UnusableScore", "NewValues",
        "OutOfRange", "Refused", "SlowAnswers", "Failures",
      ]
    )
    #expect(full.burnRules.map(\.alert) == ["AvailabilityBurn", "SpeedBurn"])
    #expect(full.slos.map(\.name) == ["availability", "speed"])
    #expect(full.silenceRules.map(\.alert) == ["Silence"])
    #expect(full.prediction.latency != nil && full.prediction.failure != nil)
  }

  @Test func `a log with ids and times of features is asked whether it came once, and of the past`()
    throws
  {
    let log = SampleLog {
      "\"id\":\"e\($0)\",\"features\":{\"c\":\"v\($0 % 2)\","
        + "\"updated_at\":\"2025-10-09T08:00:00Z\",\"departs\":\"2025-10-09T08:00:00Z\"}"
    }
    let monitor = try log.monitor()
    #expect(monitor.prediction.duplicates?.horizon == DuplicateSpecification.defaultHorizon)
    #expect(monitor.prediction.featureTimes.map(\.path.description) == ["features.updated_at"])
    #expect(
      monitor.rules.map(\.alert) == [
        "InputDrift", "UnusableValues", "NewValues", "Refused", "Duplicates", "Lookahead",
      ]
    )
    let plain = try SampleLog { "\"features\":{\"c\":\"v\($0 % 2)\"}" }.monitor()
    #expect(plain.prediction.duplicates == nil && plain.prediction.featureTimes.isEmpty)
  }

  @Test func `fields without a common place are judged by a rule on every signal`() throws {
    #expect(try SampleLog { "\"a\":\($0),\"b\":1.5" }.starter().text.contains("drift(*) > 0.1"))
  }

  @Test func `the model's name is the caller's, the log's, the file's`() throws {
    let log = SampleLog { "\"x\":\($0)" }
    #expect(try log.starter().model == "log")
    #expect(try SampleLog { "\"model\":\"m\",\"x\":\($0)" }.starter().model == "m")
    var context = SampleLog.context
    context.model = "mine"
    #expect(try log.survey.starter(context).model == "mine")
  }

  @Test func `lines that are no objects are counted and passed over`() throws {
    var log = SampleLog { "\"score\":\($0)" }
    for line in ["[1]", "{", "x", "", "  "] { log.survey.add(Array(line.utf8)) }
    #expect(log.survey.refused == 3)
    #expect(try log.starter().warnings == ["3 lines of the sample: not a JSON object"])
  }

  @Test func `no more lines are looked at than asked for`() {
    let log = SampleLog(50, limits: SurveyLimits(lines: 20)) { "\"x\":\($0)" }
    #expect(log.survey.lines == 20 && log.survey.isFull)
    #expect(throws: SurveyError.noEvents(lines: 0)) { try SampleLog([]).findings() }
  }

  @Test func `the same lines give the same file`() throws {
    let lines = (0..<60).map { index in
      "{\"ts\":\(1_760_000_000 + index),\"features\":{\"b\":\"v\(index % 7)\",\"a\":\(index)}}"
    }
    let first = try SampleLog(lines).starter()
    for _ in 0..<5 { #expect(try SampleLog(lines).starter() == first) }
  }

  /// Keys and values that are hard to write: what comes out must be read back.
  @Test(arguments: 1...40)
  func `whatever the log, the monitor is accepted by its own loader`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func pick(_ texts: [String]) -> String {
      texts[Int.random(in: 0..<texts.count, using: &random)]
    }
    let keys = [
      "a", "a b", "in", "x.y", "'", "quo\\\"te", "0", "1.5", "true", "null", "é", "{x}", "- a", "#",
      "*",
      "a: b", "$", "${X}", "`", "\\\\", "events", "latency", "score", "kpis", "%", "@t", "",
      "status",
    ]
    let chosen = (0..<8).map { _ in pick(keys) }
    let values = [
      "1", "2.5", "-3e9", "true", "null", "\"x\"", "\"it's\"", "\"a: b # c\"", "\"1,2\"", "[1,2]",
      "{\"k\":1}", "\"\\u2028\\u0007\"", "\"{{ x }}\"", "0.25", "\"ok\"", "[[1.5],[2]]", "1e300",
    ]
    let log = SampleLog(60) { _ in
      let object = "{" + chosen.map { "\"\($0)\":\(pick(values))" }.joined(separator: ",") + "}"
      return "\"features\":\(object),"
        + chosen.prefix(3).map { "\"\($0)\":\(pick(values))" }
        .joined(separator: ",")
    }
    do {
      _ = try log.monitor()
    } catch let error as SurveyError {
      // Only when the lines leave nothing to watch.
      #expect(error == .nothingToWatch, "seed \(seed)")
    }
  }
}
