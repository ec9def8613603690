import Foundation
import Glibc
import TestSupport
import Testing

/// Topics that are read as recorded streams, on Apache Kafka.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaRangeTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker
  private let events: [String]
  private let monitor: String

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    events = MonitorFolderTests.lines(1200, seed: 6, from: 1_700_000_000)
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
    monitor = try folder.write(MonitorFolderTests.monitor("b"), as: "rules/b.yaml")
  }

  private func agent(_ topic: String) throws -> String {
    try folder.write(
      """
      kafka: {bootstrap_servers: "\(broker.addresses["plaintext"] ?? "")"}
      sources: [{type: kafka, topics: ["\(topic)"], group_id: \(topic.filter(\.isLetter))}]
      """,
      as: "agent.yaml"
    )
  }

  /// Writes a profile of what is named.
  private func profile(_ name: String, _ words: [String]) throws -> [UInt8] {
    let path = folder.path(name)
    let outcome = try LeewayProcess.run(["profile", "-q", "-m", monitor, "-o", path] + words)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Array(Data(contentsOf: URL(filePath: path)))
  }

  /// The metrics of a replay, and its dead letters.
  private func replay(_ words: [String]) throws -> (metrics: String, letters: String) {
    let (metrics, letters) = (folder.path("metrics"), folder.path("letters"))
    let outcome = try LeewayProcess.run(
      ["replay", "-q", "-m", monitor, "--allow-refused", "10%", "--metrics", metrics]
        + ["--dead-letters", letters] + words
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    return (try text(of: metrics), try text(of: letters))
  }

  @Test func `a stretch of topics is profiled and replayed as a file of its records`() throws {
    let half = events.count / 2
    let parts = try [events[..<half], events[half...]].enumerated().map { index, part in
      try folder.write(part.joined(separator: "\n") + "\n", as: "part-\(index)")
    }
    try broker.create("ranged.a", partitions: 3)
    try broker.produce(Array(events[..<half]), to: "ranged.a")
    let middle = Date.now.addingTimeInterval(0.5).formatted(
      Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    )
    // The tool that writes takes longer than that to start.
    try broker.produce(Array(events[half...]), to: "ranged.a")
    let config = ["-c", try agent("^ranged\\\\..*")]
    let until = config + ["--until", middle]
    let from = config + ["--from", middle]

    let reference = try profile("b.leeway", [parts[0]])
    let isSame = try profile("of-topics.leeway", until) == reference
    #expect(isSame)
    try FileManager.default.copyItem(
      atPath: folder.path("b.leeway"),
      toPath: folder.path("rules/b.leeway")
    )
    for (ofTopics, ofFiles) in [(until, [parts[0]]), (from, [parts[1]])] {
      let expected = try replay(ofFiles)
      #expect(expected.metrics.split(separator: "\n").count > 400)
      let found = try replay(ofTopics)
      let isSame = found.metrics == expected.metrics
      #expect(isSame)
      let letters = found.letters.split(separator: "\n")
      #expect(letters.count == expected.letters.split(separator: "\n").count)
      #expect(letters.allSatisfy { $0.contains("\"topic\":\"ranged.a\",\"partition\":") })
    }
    // All of it, by several threads, and what was read is remembered.
    let whole = try replay(config + ["--threads", "3"])
    #expect(whole.metrics.contains("\"statistic\":\"psi\""))
    let state = ["--state", folder.path("state")]
    _ = try replay(until + state)
    let rest = try replay(config + state)
    #expect(!rest.metrics.isEmpty)
    let again = try LeewayProcess.run(["replay", "-m", monitor] + config + state)
    #expect(again.code == 0 && again.output.contains("0 predictions"), "\(again.output)")
    // A live agent begins at the same place.
    let live = try folder.write(
      text(of: config[1]).replacing("group_id: ranged", with: "from: \(middle), group_id: live"),
      as: "live.yaml"
    )
    let process = try LeewayProcess(["run", "-m", monitor, "-c", live])
    waitAMinute { (try? broker.committed("live", "ranged.a").reduce(0, +)) == events.count }
    process.send(SIGTERM)
    let outcome = try process.wait()
    let own = events[half...].count { $0.contains("\"model\":\"b\"") }
    #expect(outcome.errors.contains("stopped: \(own) predictions"), "\(outcome.errors)")
    // No group was joined, and none is told of anything.
    #expect(try broker.committed("ranged", "ranged.a") == [])
  }

  @Test func `what is no time, no topic or nothing at all is refused with what to do`() throws {
    let config = ["-c", try agent("no-such-topic")]
    let plain = try folder.write("sources: [{type: file, include: [a]}]\n", as: "plain.yaml")
    for (words, code, reason) in [
      (config, 1, "kafka topic no-such-topic"),
      (config + ["--from", "yesterday"], 64, "--from: got \"yesterday\": give a time, such as"),
      (config + ["--from", "2026-01-02", "--until", "2026-01-01"], 64, "--from is not before"),
      (["--until", "2026-01-01", monitor], 64, "--from and --until are of topics"),
      ([], 64, "give the streams that are to be replayed, or topics with --config"),
      (["-c", plain], 64, "plain.yaml: no topics are read: add a source"),
    ] as [([String], Int32, String)] {
      let outcome = try LeewayProcess.run(["replay", "-m", try ruleless()] + words)
      #expect(outcome.code == code && outcome.errors.contains(reason), "\(outcome.errors)")
    }
  }

  /// A monitor that needs no profile.
  private func ruleless() throws -> String {
    try folder.write(
      """
      model: m
      events: {prediction: {time: ts, latency: {field: ms, unit: ms}}}
      windows: {w: {size: 1h, slide: 10m}}
      """,
      as: "plain-monitor.yaml"
    )
  }
}
