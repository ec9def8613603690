import Foundation
import Glibc
import TestSupport
import Testing

/// Partitions and topics that come while `leeway run` reads others, on Apache Kafka.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaGrowthTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
  }

  /// Monitors of both kinds of events, without a reference.
  private func write(_ topics: String, group: String) throws {
    for kind in ["a", "b"] {
      let monitor = """
        model: \(kind)
        events:
          prediction:
            when: kind == "\(kind)"
            time: {field: ts, unit: s}
            latency: {field: ms, unit: ms}
        windows: {minute: {size: 1m}}
        lateness: 1h
        """
      _ = try folder.write(monitor, as: "rules/\(kind).yaml")
    }
    let agent = """
      kafka: {bootstrap_servers: "\(broker.addresses["plaintext"] ?? "")"}
      sources:
        - type: kafka
          topics: \(topics)
          group_id: \(group)
          group_instance_id: \(group)-one
          session_timeout_ms: 6000
          librdkafka: {heartbeat.interval.ms: 500, topic.metadata.refresh.interval.ms: 300}
      """
    _ = try folder.write(agent, as: "rules/agent.yaml")
  }

  /// Nine hundred events a part, in parts of a quarter of an hour after each other.
  private func events(part: Int) -> [String] {
    (0..<900).map { index in
      let time = 1_700_000_000 + part * 900 + index
      return "{\"ts\":\(time),\"kind\":\"\(index % 3 == 0 ? "b" : "a")\",\"ms\":\(index)}"
    }
  }

  /// Starts an agent, and waits until it reads so many partitions.
  private func start(_ words: [String], reading partitions: Int) throws -> LeewayProcess {
    let process = try LeewayProcess(
      ["run", "--dead-letters", folder.path("letters"), "--state", folder.path("state")] + words
    )
    waitAMinute { process.errorsSoFar.contains("watching") }
    wait(process, reading: partitions)
    return process
  }

  /// Waits until the agent says that it reads so many partitions.
  private func wait(_ process: LeewayProcess, reading partitions: Int) {
    waitAMinute {
      Set(streams(process).map { $0.split(separator: " ")[1...].first { $0.hasPrefix("name=") } })
        .count == partitions
    }
  }

  /// What the agent says of its streams, now.
  private func streams(_ process: LeewayProcess) -> [Substring] {
    process.send(SIGUSR1)
    usleep(200_000)
    let said = process.errorsSoFar
    guard let last = said.ranges(of: "\nagent ").last else { return [] }
    return said[last.upperBound...].split(separator: "\n").filter { $0.hasPrefix("stream ") }
  }

  /// Waits until so many events of all partitions are counted, and stops the agent.
  private func stop(_ process: LeewayProcess, at count: Int) throws {
    var events = 0
    waitAMinute {
      events = streams(process).compactMap { line in
        line.firstMatch(of: /\ events=([0-9]+)/).flatMap { Int($0.output.1) }
      }.reduce(0, +)
      return events == count
    }
    #expect(events == count)
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test(arguments: [true, false])
  func `partitions and topics that come later are read from their first record`(
    isFolder: Bool
  ) throws {
    let name = isFolder ? "grow-folder" : "grow-one"
    let topics = ["\(name).1", "\(name).2"]
    try write("[\"^\(name)\\\\..*\"]", group: name)
    let words =
      isFolder
      ? ["-c", folder.path("rules")]
      : ["-c", folder.path("rules/agent.yaml"), "-m", folder.path("rules/a.yaml")]
    let share = isFolder ? 900 : 600
    // No topic that the pattern takes is there.
    let first = try start(words, reading: 0)
    try broker.create(topics[0])
    wait(first, reading: 1)
    try broker.produce(events(part: 0), to: topics[0])
    // The topic gets two more partitions, and there is a second topic.
    try broker.setPartitions(of: topics[0], to: 3)
    wait(first, reading: 3)
    try broker.create(topics[1], partitions: 2)
    wait(first, reading: 5)
    try broker.produce(events(part: 1), to: topics[0])
    try broker.produce(events(part: 2), to: topics[1])
    try stop(first, at: 3 * share)
    // One more while nobody reads, with records: a static member is not given it by itself.
    try broker.setPartitions(of: topics[1], to: 3)
    try broker.produce(events(part: 3), to: topics[1])
    let second = try start(words, reading: 6)
    try stop(second, at: 4 * share)
    let letters = try text(of: folder.path("letters"))
    #expect(letters.isEmpty, "\(letters.prefix(600))")
    let committed = try topics.map { try broker.committed(name, $0) }
    #expect(committed.map(\.count) == [3, 3] && committed.joined().reduce(0, +) == 3600)
  }

  @Test func `a topic that is named, and taken by a pattern, is read once`() throws {
    let topic = "grow-twice.1"
    try write("[\"^grow-twice.*\", \(topic)]", group: "grow-twice")
    try broker.create(topic, partitions: 2)
    let process = try start(["-c", folder.path("rules")], reading: 2)
    try broker.produce(events(part: 0), to: topic)
    try stop(process, at: 900)
  }

  @Test func `a pattern that is none is refused with its place`() throws {
    try write("[\"^(\"]", group: "none")
    let run = try LeewayProcess.run(["run", "-c", folder.path("rules")])
    #expect(run.code == 1)
    #expect(run.errors.contains("agent.yaml:4:14: source: topics: \"^(\" is no regular expression"))
  }
}
