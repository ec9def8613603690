import Foundation
import Glibc
import TestSupport
import Testing

/// `leeway run --config`: topics in, topics out, on Apache Kafka itself.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaRunTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
  }

  /// An agent file.
  private func agent(
    _ topic: String,
    listener: String = "plaintext",
    cluster: String = "",
    source: String = "",
    sinks: [String] = []
  ) throws -> String {
    var text = """
      kafka:
        bootstrap_servers: \(broker.addresses[listener] ?? "")
      \(cluster)
      sources:
        - type: kafka
          topics: [\(topic)]
          group_id: \(topic)-group
          auto_offset_reset: earliest
          group_instance_id: \(topic)-one
          session_timeout_ms: 6000
          librdkafka: {heartbeat.interval.ms: 500}
      \(source)

      """
    if !sinks.isEmpty { text += "sinks:\n" }
    for kind in sinks { text += "  \(kind): {type: kafka, topic: \(topic)-\(kind)}\n" }
    return try folder.write(text, as: "\(topic)-\(listener).yaml")
  }

  private func lines(_ name: String) -> [String] {
    let text = (try? text(of: folder.path(name))) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// What follows the key of a record that was consumed.
  private func value(_ record: String) -> String { String(record.drop { $0 != "|" }.dropFirst()) }

  /// Whether an agent says that it has read so many lines.
  private func hasRead(_ process: LeewayProcess, _ count: Int) -> Bool {
    guard process.errorsSoFar.contains("watching") else { return false }
    process.send(SIGUSR1)
    usleep(100_000)
    return process.errorsSoFar.contains("agent lines=\(count) ")
  }

  /// The first of each of equal lines.
  private func distinct(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
  }

  /// The events of `RunTests`, and what a replay of them says.
  private struct Recorded {
    let arguments: [String]
    let lines: [String]
    let alerts: [String]

    init() throws {
      let recorded = try RunTests.Recorded.shared.get()
      arguments = recorded.arguments
      lines = String(decoding: recorded.bytes, as: UTF8.self).split(separator: "\n").map(
        String.init
      )
      alerts = recorded.alerts.split(separator: "\n").map(String.init)
    }
  }

  @Test func `records become the alerts of a replay, in a file and in a topic`() throws {
    let recorded = try Recorded()
    try broker.create("whole")
    try broker.create("whole-alerts")
    try broker.produce(recorded.lines, to: "whole")
    let config = try agent("whole", sinks: ["alerts"])
    let alerts = folder.path("alerts")
    let process = try LeewayProcess(
      ["run", "-c", config, "--alerts", alerts] + recorded.arguments
    )
    waitAMinute { hasRead(process, recorded.lines.count) }
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("stopped: \(recorded.lines.count) predictions"))
    #expect(lines("alerts") == recorded.alerts)
    let records = try broker.consume(recorded.alerts.count, from: "whole-alerts")
    #expect(records.map(value) == recorded.alerts)
    // Transitions of one alert have one key, so that compaction keeps the last.
    for record in records where record.contains("\"type\":\"alert\"") {
      let key = record.prefix { $0 != "|" }
      #expect(record.contains("\"fingerprint\":\"\(key)\""))
    }
    #expect(try broker.committed("whole-group", "whole") == [recorded.lines.count])
  }

  /// Waits until a file has something, and nothing more has come for two seconds.
  private func waitUntilStill(_ name: String) {
    var last = (count: 0, polls: 0)
    waitAMinute {
      let count = lines(name).count
      last = count == last.count ? (count, last.polls + 1) : (count, 0)
      return count > 0 && last.polls >= 20
    }
  }

  /// The state holds the place; what the group has been told does not count.
  @Test func `killed and stopped on the way, it says what it says uninterrupted`() throws {
    let recorded = try Recorded()
    let middle = recorded.lines.count / 2
    try broker.create("cut", partitions: 2)
    try broker.create("cut-alerts")
    let config = try agent("cut", sinks: ["alerts"])
    let command = ["run", "-c", config] + recorded.arguments
    let outputs = ["--state", folder.path("state"), "--alerts", folder.path("cut")]
    try broker.produce(Array(recorded.lines[..<middle]), to: "cut")
    let first = try LeewayProcess(command + outputs)
    waitAMinute { !lines("cut").isEmpty }
    first.send(SIGTERM)
    #expect(try first.wait().code == 0)
    try broker.produce(Array(recorded.lines[middle...]), to: "cut")

    // The uninterrupted one reads the same topic in a group of its own, and writes no topic.
    let text = try text(of: config).replacing("cut-group", with: "other-group")
    let other = try folder.write(
      text.replacing("sinks:", with: "#").replacing(
        "  alerts: {type",
        with: "# {type"
      ),
      as: "other.yaml"
    )
    let reader = try LeewayProcess(
      ["run", "-c", other] + recorded.arguments
        + ["--state", folder.path("other"), "--alerts", folder.path("uninterrupted")]
    )
    waitUntilStill("uninterrupted")
    reader.send(SIGTERM)
    #expect(try reader.wait().code == 0)
    let expected = lines("uninterrupted")
    #expect(expected.count > 10)

    for pause: UInt32 in [100_000, 400_000, 900_000] {
      let killed = try LeewayProcess(command + outputs)
      waitAMinute { killed.errorsSoFar.contains("watching") }
      usleep(pause)
      killed.send(SIGKILL)
      #expect(try killed.wait().code == -SIGKILL)
    }
    let last = try LeewayProcess(command + outputs)
    waitAMinute {
      last.errorsSoFar.contains("watching") && distinct(lines("cut")).count >= expected.count
    }
    last.send(SIGTERM)
    let outcome = try last.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(distinct(lines("cut")) == expected)
    let written = try broker.consume(expected.count, from: "cut-alerts")
    #expect(Set(written.map(value)).isSubset(of: expected))
  }

  @Test func `it logs in over TLS by SCRAM, and says which password is wrong`() throws {
    let recorded = try Recorded()
    try broker.create("login")
    try broker.produce(Array(recorded.lines.prefix(50)), to: "login")
    for (password, isRight) in [("alice-secret", true), ("wrong", false)] {
      let secret = try folder.write(password + "\n", as: "password")
      let cluster = """
          tls: {enabled: true, ca_file: "\(broker.addresses["ca"] ?? "")"}
          sasl: {mechanism: SCRAM-SHA-512, username: alice, password_file: "\(secret)"}
        """
      let config = try agent("login", listener: "sasl_ssl", cluster: cluster)
      let process = try LeewayProcess(
        ["run", "-c", config, "--alerts", folder.path("a")] + recorded.arguments
      )
      if isRight {
        waitAMinute { (try? broker.committed("login-group", "login")) == [50] }
        process.send(SIGTERM)
      }
      let outcome = try process.wait()
      #expect(outcome.code == (isRight ? 0 : 1), "\(outcome.errors)")
      let isTold = outcome.errors.contains("_AUTHENTICATION")
      #expect(isTold != isRight, "\(outcome.errors)")
      if !isRight { #expect(outcome.errors.contains("check sasl.username and the password")) }
    }
  }

  @Test func `an event has its record's key, headers and time, where it is asked for`() throws {
    let monitor = try folder.write(
      """
      model: m
      events:
        prediction:
          when: head.ce_type == "scored"
          id: record_key
          time: {field: stamp, unit: ms}
          score: score
          segments: [head.region, part]
      windows: {hour: 1h}
      rules: [{alert: Some, expr: count(score) > 0}]
      """,
      as: "members.yaml"
    )
    // What it is held against: lines that have as members what the records have beside their values.
    let lines = (0..<200).map { index in
      let head = #"{"ce_type":"scored","region":"\#(index % 2 == 0 ? #"n\"1\""# : "ü")"}"#
      let time = 1_700_000_000_000 + index * 1000
      return #"{"record_key":"r\#(index)","head":\#(head),"part":"own","stamp":\#(time),"#
        + #""score":0.5}"#
    }
    let reference = try folder.write(lines.joined(separator: "\n"), as: "reference")
    let profile = folder.path("members.leeway")
    let made = try LeewayProcess.run(["profile", "-q", "-m", monitor, reference, "-o", profile])
    #expect(made.code == 0, "\(made.errors)")
    let records = (0..<60).map { index in
      let type = index % 3 == 0 ? "other" : "scored"
      let region = index % 2 == 0 ? #"n"1""# : "ü"
      return "ce_type:x,ce_type:\(type),region:\(region)|p\(index)|"
        + [" {\"score\":0.5}", "{ }", "[1]", "{\"score\":0.25,\"part\":\"own\"}"][index % 4]
    }
    try broker.create("members")
    try broker.produce(records, to: "members", keyed: true, headed: true)
    let source = """
          key_field: record_key
          headers_key: head
          partition_key: part
          timestamp_key: stamp
      """
    let config = try agent("members", source: source)
    let process = try LeewayProcess(
      ["run", "-c", config, "--metrics", folder.path("m"), "--alerts", folder.path("a")]
        + ["--dead-letters", folder.path("l"), "-m", monitor, "--profile", profile]
    )
    // The last of the records that are refused.
    waitAMinute { self.lines("l").count == 15 }
    usleep(500_000)
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    // 15 are no objects; of the other 45 a third is of another type.
    #expect(outcome.errors.contains("30 predictions, 15 other events, 15 refused"), "\(outcome)")
    let metrics = try text(of: folder.path("m"))
    for part in ["head.region=ü", "part=own", "part=0"] {
      #expect(metrics.contains("\"segment\":\"\(part)\""), "\(part)")
    }
  }

  @Test func `poison goes to the dead letters with its place, and a tombstone is none`() throws {
    let small = try SmallModel.shared.get()
    var random = SeededGenerator(seed: 3)
    var records = (0..<40).map { index in
      "k|" + SmallModel.event(at: SmallModel.start + 30 * index, score: 0.5, &random)
    }
    records[7] = "k|{broken"
    records[11] = "k|NULL"
    records[12] = "k|"
    records[20] = "k|{\"kind\":\"p\",\"ts\":\"yesterday\"}"
    records[31] = "k|[[[[[[[[[[[[1]]]]]]]]]]]]"
    try broker.create("poison")
    try broker.create("poison-dead_letters")
    try broker.produce(records, to: "poison", keyed: true)
    let config = try agent("poison", sinks: ["dead_letters"])
    let letters = folder.path("letters")
    let process = try LeewayProcess(
      ["run", "-c", config, "--dead-letters", letters, "--alerts", folder.path("a")]
        + small.arguments
    )
    waitAMinute { lines("letters").count >= 3 }
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.errors.contains("stopped: 35 predictions, 0 other events, 3 refused"))
    let places = lines("letters").compactMap { line in
      line.range(
        of: #""reason":"[a-z_]+","source":"[^"]+","topic":"poison","partition":0,"offset":\d+"#,
        options: .regularExpression
      ).map { String(line[$0]) }
    }
    let expected = [("syntax", 7), ("time_invalid", 20), ("nesting", 31)].map { reason, offset in
      #""reason":"\#(reason)","source":"kafka:poison[0]","topic":"poison","partition":0,"#
        + #""offset":\#(offset)"#
    }
    #expect(places == expected, "\(lines("letters"))")
    let written = try broker.consume(3, from: "poison-dead_letters")
    #expect(
      written.map { $0.prefix { $0 != "|" } } == [
        "kafka:poison[0]:8", "kafka:poison[0]:21", "kafka:poison[0]:32",
      ]
    )
  }

  @Test func `deleted records are a gap, and a topic made anew is no duplicate`() throws {
    let small = try SmallModel.shared.get()
    var random = SeededGenerator(seed: 4)
    let events = (0..<200).map { index in
      SmallModel.event(at: SmallModel.start + 30 * index, score: 0.5, &random)
    }
    try broker.create("moved")
    try broker.produce(events, to: "moved")
    let config = try agent("moved")
    let outputs = ["--state", folder.path("moved-state"), "--alerts", folder.path("moved")]
    /// Runs until something is said, and a little longer.
    func run(until word: String) throws -> LeewayProcess.Outcome {
      let process = try LeewayProcess(["run", "-c", config] + small.arguments + outputs)
      waitAMinute { process.errorsSoFar.contains(word) }
      usleep(1_500_000)
      process.send(SIGTERM)
      let outcome = try process.wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome
    }
    #expect(try run(until: "watching").errors.contains("stopped: 200 predictions"))

    let later = (200..<300).map { index in
      SmallModel.event(at: SmallModel.start + 30 * index, score: 0.5, &random)
    }
    try broker.produce(later, to: "moved")
    try broker.delete("moved", before: 230)
    let gap = try run(until: "gap").errors
    #expect(gap.contains("the records 200 to 229 were deleted before they were read: 30 offsets"))
    #expect(gap.contains("stopped: 70 predictions"), "\(gap)")

    try broker.recreate("moved")
    try broker.produce(Array(later.suffix(40)), to: "moved")
    let anew = try run(until: "regression").errors
    #expect(anew.contains("the log ends at 40, and it was read up to 300"), "\(anew)")
    #expect(anew.contains("stopped: 40 predictions"), "\(anew)")
  }
}
