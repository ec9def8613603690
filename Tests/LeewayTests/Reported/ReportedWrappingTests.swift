import Foundation
import TestSupport
import Testing

/// K10, K11, K13, K14, K15 and K17: events that are wrapped, batched, or stand no line each.
@Suite struct ReportedWrappingTests {
  private static func stream(_ count: Int, _ line: (Int, Int) -> String) -> String {
    (0..<count).map { index in
      let minute = index % 60
      let hour = 10 + index / 60
      return line(hour, minute) + "\n"
    }.joined()
  }

  private static func time(_ hour: Int, _ minute: Int) -> String {
    "2026-01-01T\(hour):\(minute < 10 ? "0" : "")\(minute):00Z"
  }

  /// A monitor, the stream that it is of, and what `profile` and `replay` say.
  private static func said(
    _ events: String,
    _ log: String,
    _ others: [String] = []
  ) throws -> String {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(
      """
      model: m
      events:
      \(events.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      reference: {profile: p}
      windows: {main: 1h}
      slide: 30m
      rules: [{alert: Drift, expr: drift(*) > 0.1}]
      """,
      as: "m.yaml"
    )
    let stream = try folder.write(log, as: "log.ndjson")
    let profiled = try LeewayProcess.run(
      ["profile", "-m", monitor, stream, "-o", folder.path("p"), "-q"]
    )
    let replayed = try LeewayProcess.run(["replay", "-m", monitor, stream] + others)
    return profiled.errors + replayed.output + replayed.errors
  }

  private static func starter(_ log: String) throws -> String {
    let folder = try TemporaryFolder()
    let stream = try folder.write(log, as: "log.ndjson")
    let outcome = try LeewayProcess.run(["init", stream])
    return outcome.output + outcome.errors
  }

  // MARK: Batches

  private static let batches = stream(120) { hour, minute in
    let ts = time(hour, minute)
    let bad = minute < 30
    return
      #"{"ts":"\#(ts)","id":"r\#(hour)-\#(minute)","ms":\#(minute),"status":\#(bad ? 500 : 200),"#
      + #""instances":[[1.5,\#(minute)],[2.5,2],[3.5,3],[4.5,4]],"predictions":[0.1,0.2,0.3,0.\#(100 + minute + hour)]}"#
  }

  @Test func `each row of a batch is a prediction, its request's latency is counted once`() throws {
    let said = try Self.said(
      """
      each: [instances, predictions]
      prediction:
        id: id
        time: ts
        score: predictions
        latency: {field: ms, unit: ms}
        failure: status >= 500
        features: instances.*
      """,
      Self.batches,
      ["--metrics", "-"]
    )
    #expect(said.contains("Read: 120 lines, 480 predictions, none refused"), "\(said.suffix(600))")
    let counts = said.split(separator: "\n").filter {
      $0.contains(#""signal":"latency""#) && $0.contains(#""statistic":"count""#)
    }
    #expect(counts.contains { $0.contains(#""value":60"#) }, "\(counts.prefix(4))")
  }

  @Test func `rows that nobody looks at are said`() throws {
    let said = try Self.said(
      "prediction: {time: ts, features: instances.0.*}",
      Self.batches
    )
    #expect(said.contains("360 of 480 rows were not looked at"), "\(said.suffix(600))")
  }

  @Test func `init finds the batch, its answers, and the id of its rows`() throws {
    let said = try Self.starter(Self.batches)
    #expect(said.contains("each: [instances, predictions]"), "\(said)")
    #expect(said.contains("score: predictions") && said.contains("- instances.0"), "\(said)")
    #expect(said.contains("id: id"), "\(said)")
  }

  /// Requests of serving systems of two or three rows, and the batches and features of each.
  private static let servers: [(name: String, line: String, words: [String])] = [
    (
      "KServe V2",
      #""request":{"inputs":[{"name":"age","shape":[N,1],"datatype":"FP32","data":[A]},"#
        + #"{"name":"pay","shape":[N,1],"datatype":"FP32","data":[B]}]},"#
        + #""response":{"outputs":[{"name":"proba","shape":[N],"datatype":"FP32","data":[P]}]}"#,
      [
        "each: [request.inputs, response.outputs]", "- request.inputs.age.0",
        "score: response.outputs.proba",
      ]
    ),
    (
      "MLflow",
      #""request":{"dataframe_split":{"columns":["age","pay"],"data":[R]}},"#
        + #""response":{"predictions":[P]}"#,
      [
        "each: [request.dataframe_split, response.predictions]",
        "- request.dataframe_split.age", "score: response.predictions",
      ]
    ),
    (
      "Seldon",
      #""request":{"data":{"names":["age","pay"],"ndarray":[R]}},"#
        + #""response":{"data":{"names":["proba"],"ndarray":[Q]}}"#,
      ["each: [request.data, response.data]", "- request.data.age", "score: response.data.proba"]
    ),
    (
      "Vertex",
      #""request":{"instances":[O]},"response":{"predictions":[P]}"#,
      [
        "each: [request.instances, response.predictions]", "- request.instances.age",
        "score: response.predictions",
      ]
    ),
  ]

  @Test(arguments: ["KServe V2", "MLflow", "Seldon", "Vertex"])
  func `init reads the batches of serving systems`(name: String) throws {
    let server = try #require(Self.servers.first { $0.name == name })
    var random = SeededGenerator(seed: 9)
    let log = Self.stream(120) { hour, minute in
      let rows = 2 + Int(random.next() % 2)
      let ages = (0..<rows).map { _ in "\(Double(random.next() % 600) / 10)" }
      let pays = (0..<rows).map { _ in "\(random.next() % 900)" }
      let probabilities = (0..<rows).map { _ in "0.\(100 + random.next() % 899)" }
      let values = [
        "N": "\(rows)", "A": ages.joined(separator: ","), "B": pays.joined(separator: ","),
        "P": probabilities.joined(separator: ","),
        "Q": probabilities.map { "[\($0)]" }.joined(separator: ","),
        "R": zip(ages, pays).map { "[\($0),\($1)]" }.joined(separator: ","),
        "O": zip(ages, pays).map { #"{"age":\#($0),"pay":\#($1)}"# }.joined(separator: ","),
      ]
      var line = server.line
      for (key, value) in values {
        line = line.replacingOccurrences(of: "[\(key)", with: "[\(value)")
      }
      return #"{"ts":"\#(Self.time(hour, minute))",\#(line)}"#
    }
    let said = try Self.starter(log)
    for words in server.words { #expect(said.contains(words), "\(said)") }
  }

  // MARK: Strings

  private static func event(_ hour: Int, _ minute: Int) -> String {
    #"{"ts":"\#(time(hour, minute))","score":0.\#(10 + minute),"features":{"x":\#(minute)}}"#
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "\"", with: "\\\"")
  }

  @Test(arguments: ["log", "message", "MESSAGE", "payload.body"])
  func `init reads JSON in strings`(field: String) throws {
    let keys = field.split(separator: ".")
    let said = try Self.starter(
      Self.stream(60) { hour, minute in
        let inner = "\"\(Self.escaped(Self.event(hour, minute)))\\n\""
        return keys.reversed().reduce(inner) { "{\"\($1)\":\($0)}" }
      }
    )
    #expect(said.contains("unwrap: \(field)"), "\(said)")
    #expect(said.contains("score: \(field).score"), "\(said)")
  }

  @Test func `a prefix before the object is skipped`() throws {
    let said = try Self.said(
      "prefix: cri\nprediction: {time: ts, score: score, features: features.*}",
      Self.stream(120) { "\(Self.time($0, $1)) stdout F " + Self.event($0, $1) }
    )
    #expect(said.contains("Read: 120 lines, 120 predictions, none refused"), "\(said)")
  }

  @Test func `a text without an event is refused and costs no other`() throws {
    let said = try Self.said(
      "unwrap: log\nprediction: {time: log.ts, score: log.score, features: log.features.*}",
      #"{"log":"listening\n"}"# + "\n"
        + Self.stream(120) { #"{"log":"\#(Self.escaped(Self.event($0, $1)))"}"# }
    )
    #expect(said.contains("120 predictions"), "\(said)")
    #expect(said.contains("not_an_object"), "\(said)")
  }

  // MARK: Objects that are no lines

  private static let prediction = "prediction: {time: ts, score: score, features: features.*}"

  @Test(arguments: ["array", "one line", "pretty", "concatenated"])
  func `objects that do not stand a line each are read as they are`(kind: String) throws {
    let events = (0..<120).map { Self.event(10 + $0 / 60, $0 % 60) }
    let text =
      switch kind {
      case "array": "[\n" + events.joined(separator: ",\n") + "\n]\n"
      case "one line": "[" + events.joined(separator: ",") + "]"
      case "pretty":
        events.map { $0.replacingOccurrences(of: ",", with: ",\n  ") + "\n" }.joined()
      default: events.joined()
      }
    let said = try Self.said(Self.prediction, text)
    #expect(said.contains("120 predictions, none refused"), "\(kind): \(said)")
    #expect(try Self.starter(text).contains("score: score"))
  }

  @Test func `a broken object in an array is told with its place`() throws {
    var events = (0..<120).map { Self.event(10 + $0 / 60, $0 % 60) }
    events[5] = #"{"ts": nothing}"#
    let folder = try TemporaryFolder()
    let letters = folder.path("letters")
    let text = "[\n" + events.joined(separator: ",\n") + "\n]\n"
    _ = try Self.said(Self.prediction, text, ["--dead-letters", letters])
    let letter = try String(contentsOfFile: letters, encoding: .utf8)
    #expect(letter.contains(#""line":7,"#), "\(letter)")
  }

  @Test func `another container is named, with a command that helps`() throws {
    let said = try Self.said(Self.prediction, "ts,score\n2026-01-01T00:00:00Z,0.1\n")
    #expect(said.contains("comma-separated values") && said.contains("csv.DictReader"), "\(said)")
  }

  // MARK: The cases

  private func said(_ name: String) throws -> String {
    try ReportedCase(name, in: #require(ReportedCase.folder)).said
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the rows of a batch are predictions, and their drift is told`() throws {
    let said = try said("k10-batch-only-first-row")
    #expect(said.contains("600 lines, 4,800 predictions, none refused"), "\(said)")
    #expect(said.contains("request.instances.0: 20 of 20 windows"), "\(said)")
  }

  @Test(
    .enabled(if: ReportedCase.folder != nil),
    arguments: [
      "k11-cloudwatch-message", "k11-docker-json-file", "k11-sagemaker-json", "k13-jsonpayload",
      "k13-payload-time", "k17-pretty-printed",
    ]
  )
  func `the roles inside wrappers are found`(name: String) throws {
    let said = try said(name)
    #expect(said.contains("4 features, a score"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `JSON in a string is not read as comma-separated`() throws {
    let said = try said("k11-json-string-read-as-csv")
    #expect(said.contains("- captureData.endpointInput.data.instances.0.features.3"), "\(said)")
    #expect(!said.contains("{\"instances"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `of two probabilities the score is the last, and neither is a feature`() throws {
    let said = try said("k14-binary-probabilities")
    #expect(said.contains("score: response.probabilities.1"), "\(said)")
    #expect(!said.contains("- response.probabilities.0  #"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `a decimal comma is no table`() throws {
    let said = try said("k15-decimal-comma")
    #expect(!said.contains("amount.0") && said.contains("decimal comma"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `an array is read whole, and a table is named`() throws {
    let said = try said("k17-json-array")
    #expect(said.contains("100 predictions in 100 lines"), "\(said)")
    #expect(try self.said("k17-csv").contains("comma-separated values"))
  }
}
