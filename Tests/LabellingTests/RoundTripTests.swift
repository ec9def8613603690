import Labelling
import Records
import Testing

/// What goes out in tasks comes back in outcomes, through what the tools make of it.
@Suite struct RoundTripTests {
  private static let requests = [
    request("rq-1"), request("rq-2", prediction: "17"), request("rq-3", version: "null"),
    request("rq-4", prediction: #""é\"\n😀""#, answer: #"{"score":0.2,"decision":false}"#),
  ]

  /// What the outcomes must say, in order.
  private static let expected: [[JSONValue]] = [
    [.string("50000"), .string("7"), .string("rq-1")],
    [.string("17"), .string("7"), .string("rq-2")],
    [.string("50000"), .null, .string("rq-3")],
    [.string("é\"\n😀"), .string("7"), .string("rq-4")],
  ]

  /// A task with more members.
  private static func with(_ task: JSONValue, _ members: String) -> JSONValue {
    guard case .object(let own) = task, case .object(let more)? = JSONValue(members) else {
      return task
    }
    let names = Set(more.map(\.key))
    return .object(own.filter { !names.contains($0.key) } + more)
  }

  private static func text(_ value: JSONValue) -> String {
    var json = JSONWriter()
    json.value(value)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test(arguments: LabellingTool.allCases)
  func `the ids of requests come back with the answers`(tool: LabellingTool) throws {
    let tasks = convert(Self.requests.joined(separator: "\n"), tool)
    #expect(tasks.findings.isEmpty && tasks.tally.written == 4)
    let values =
      tool == .groundTruth
      ? tasks.lines.compactMap { JSONValue($0) } : JSONValue(tasks.output)?.elements ?? []
    let answered = values.map { task in
      switch tool {
      case .labelStudio:
        let result = #"[{"from_name":"label","value":{"choices":["1"]}}]"#
        let annotation = #"{"id":1,"result":\#(result),"created_at":"2026-11-28T12:00:00Z"}"#
        return Self.with(task, #"{"id":9,"annotations":[\#(annotation)]}"#)
      case .argilla:
        return Self.with(task, #"{"responses":{"label":[{"value":"1","user_id":"u"}]}}"#)
      case .groundTruth:
        return Self.with(task, #"{"label":0,"label-metadata":{"class-name":"1"}}"#)
      }
    }
    let outcomes = convert(answered.map(Self.text).joined(separator: "\n"), tool, answers)
    #expect(outcomes.findings.isEmpty)
    let read = try outcomes.lines.map { line in
      let outcome = try #require(JSONValue(line))
      #expect(outcome["label"] == .string("1") && outcome["skipped"] == .boolean(false))
      return ["id", "version", "request_id"].compactMap { outcome[$0] }
    }
    #expect(read == Self.expected)
  }
}
