import Foundation
import TestSupport
import Testing

/// Kinds that come together: several objects in a line with batches, numbers as other languages
/// write them, and answers of which nothing can be used.
@Suite struct ReportedCombinationTests {
  private static func time(_ index: Int) -> String {
    let minute = index % 60
    return "2026-01-01T\(10 + index / 60):\(minute < 10 ? "0" : "")\(minute):00Z"
  }

  private static func replayed(
    _ events: String,
    _ log: String,
    reference: String? = nil,
    options: [String] = []
  ) throws -> LeewayProcess.Outcome {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(
      "model: m\nevents:\n\(events)\nreference: {profile: p}\nwindows: {main: 1h}\nrules: []\n",
      as: "m.yaml"
    )
    let stream = try folder.write(log, as: "log.ndjson")
    let usual = try folder.write(reference ?? log, as: "reference.ndjson")
    let profiled = try LeewayProcess.run(
      ["profile", "-q", "-m", monitor, usual, "-o", folder.path("p")]
    )
    #expect(profiled.code == 0, "\(profiled.errors)")
    return try LeewayProcess.run(["replay", "-m", monitor, stream] + options)
  }

  @Test(arguments: [["--threads", "1"], ["--threads", "3", "--batch", "7"]])
  func `objects one after the other in a line are taken apart with every key`(
    options: [String]
  ) throws {
    let event = { (index: Int) in
      #"{"id":\#(index),"ts":"\#(Self.time(index))","x":[{"a":1},{"a":2}],"s":[0.1,0.9]}"#
    }
    let wrapped = { (index: Int) in
      #"{"log":"\#(event(index).replacing("\"", with: "\\\""))\n","n":1}"#
    }
    let prefix = "2026-01-01T10:00:00.5Z stdout F "
    let cases: [(String, (Int) -> String, String)] = [
      ("  each: [x, s]\n  prediction: {id: id, time: ts, score: s, features: x.*}", event, ""),
      (
        "  prefix: cri\n  each: [x, s]\n"
          + "  prediction: {id: id, time: ts, score: s, features: x.*}", event, prefix
      ),
      (
        "  unwrap: log\n  each: [log.x, log.s]\n"
          + "  prediction: {id: log.id, time: log.ts, score: log.s, features: log.x.*}", wrapped, ""
      ),
    ]
    for (events, event, prefix) in cases {
      let single = (0..<240).map { prefix + event($0) + "\n" }.joined()
      let several = (0..<120).map { index in
        prefix + event(2 * index) + (index % 2 == 0 ? prefix : "") + event(2 * index + 1) + "\n"
      }.joined()
      let expected = try Self.replayed(events, single, options: options)
      #expect(expected.output.contains("Read: 240 lines, 480 predictions, none refused"))
      let outcome = try Self.replayed(events, several, reference: single, options: options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let words = outcome.output.replacing("Read: 120 lines", with: "Read: 240 lines")
      #expect(words == expected.output)
      let array = "[" + (0..<240).map(event).joined(separator: ",\n") + "]\n"
      let listed = try Self.replayed(events, array, reference: single, options: options)
      #expect(listed.output.contains("480 predictions, none refused"), "\(listed.output)")
    }
  }

  @Test func `what init writes of decimal commas and of NaN is checked, profiled and read`() throws
  {
    let folder = try TemporaryFolder()
    let log = (0..<240).map { index in
      #"{"ts":"\#(Self.time(index))","features":{"price":"\#(index % 90),\#(10 + index % 80)","#
        + #""age":\#(index % 9 == 0 ? "NaN" : "\(index % 70)")},"score":0.\#(10 + index % 80)}"#
        + "\n"
    }.joined()
    let stream = try folder.write(log, as: "log.ndjson")
    let monitor = folder.path("m.yaml")
    let begun = try LeewayProcess.run(["init", stream, "-o", monitor])
    #expect(begun.code == 0)
    #expect(begun.errors.contains("features.price: numbers in texts, with a decimal comma"))
    #expect(begun.errors.contains("features.age: 11.3 % of its values are NaN or infinite"))
    #expect(try LeewayProcess.run(["check", "--strict", monitor]).code == 0)
    let profile = folder.path("m.profile")
    let profiled = try LeewayProcess.run(["profile", "-m", monitor, stream, "-o", profile])
    #expect(profiled.code == 0, "\(profiled.errors)")
    let metrics = folder.path("metrics")
    let outcome = try LeewayProcess.run(["replay", "-m", monitor, stream, "--metrics", metrics])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = try String(contentsOfFile: metrics, encoding: .utf8).split(separator: "\n")
    let means = lines.filter {
      $0.contains(#""signal":"features.price","statistic":"mean""#)
    }
    #expect(!means.isEmpty)
    let values = means.compactMap {
      $0.firstMatch(of: /"value":([0-9.]+)/).flatMap { Double($0.1) }
    }
    #expect(values.allSatisfy { (20...70).contains($0) }, "\(values)")
  }

  /// A stream like the reference, and one in which something is written otherwise.
  private static func unusable(
    _ change: (String) -> String
  ) throws -> LeewayProcess.Outcome {
    let folder = try TemporaryFolder()
    let lines = (0..<240).map { index in
      #"{"ts":"\#(time(index))","f":{"a":\#(index % 50),"b":\#(index % 7)},"s":0.\#(10 + index % 80),"#
        + #""d":"\#(index % 5 == 0 ? "no" : "yes")","ms":\#(index % 60)}"# + "\n"
    }.joined()
    let monitor = try folder.write(
      """
      model: m
      events:
        prediction:
          time: ts
          score: s
          decision: d
          latency: {field: ms, unit: ms}
          features: f.*
      reference: {profile: p}
      windows: {main: 1h}
      rules: []
      """,
      as: "m.yaml"
    )
    let reference = try folder.write(lines, as: "reference")
    let stream = try folder.write(change(lines), as: "stream")
    _ = try LeewayProcess.run(["profile", "-m", monitor, reference, "-o", folder.path("p"), "-q"])
    return try LeewayProcess.run(["replay", "-m", monitor, stream])
  }

  @Test(arguments: [
    ("\"s\":", "\"score\":", "score"), ("\"d\":", "\"decision\":", "decision"),
    ("\"ms\":", "\"took\":", "latency"), ("\"s\":0", "\"s\":\"x\",\"z\":0", "score"),
  ])
  func `an answer without one usable value ends a replay with 1`(
    old: String,
    new: String,
    signal: String
  ) throws {
    let outcome = try Self.unusable { $0.replacing(old, with: new) }
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("\nCannot be told: \(signal): 100 % of its values are "))
    #expect(outcome.errors.contains("\(signal): not one value could be used: 100 % of its values"))
  }

  @Test func `one feature that is gone is a finding, all of them end with 1`() throws {
    let one = try Self.unusable { $0.replacing("\"a\":", with: "\"c\":") }
    #expect(one.code == 0, "\(one.errors)")
    #expect(one.output.contains("\nCannot be told: f.a: 100 % of its values are missing"))
    let all = try Self.unusable { $0.replacing("\"f\":", with: "\"g\":") }
    #expect(all.code == 1)
    #expect(all.errors.contains("f.a: not one value could be used"), "\(all.errors)")
    #expect(all.errors.contains("f.b: not one value could be used"), "\(all.errors)")
    #expect(try Self.unusable { $0 }.code == 0)
  }
}
