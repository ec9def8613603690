import Foundation
import Glibc
import TestSupport
import Testing

/// `leeway run --config FOLDER` on Apache Kafka: several monitors, one consumer group.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaFolderTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
    let lines = MonitorFolderTests.lines(1500, seed: 4, from: 1_700_000_000)
    let reference = try folder.write(
      lines.filter { $0.contains("\"x\"") }.joined(separator: "\n"),
      as: "reference"
    )
    for model in MonitorFolderTests.models {
      let monitor = try folder.write(
        MonitorFolderTests.monitor(model),
        as: "rules/\(model).yaml"
      )
      let made = try LeewayProcess.run(
        ["profile", "-q", "-m", monitor, reference, "-o", folder.path("\(model).leeway")]
      )
      #expect(made.code == 0, "\(made.errors)")
    }
  }

  private func agent(group: String) -> String {
    """
    kafka: {bootstrap_servers: "\(broker.addresses["plaintext"] ?? "")"}
    sources:
      - type: kafka
        topics: [many]
        group_id: \(group)
        auto_offset_reset: earliest
        group_instance_id: \(group)-one
        session_timeout_ms: 6000
        librdkafka: {heartbeat.interval.ms: 500}
    """
  }

  private func metrics(_ name: String) -> [Substring] {
    let text = (try? text(of: folder.path("metrics-\(name)"))) ?? ""
    return text.split(separator: "\n")
  }

  /// Starts an agent, waits until it writes no more for two seconds, and stops it.
  ///
  /// - Returns: What it said.
  private func run(
    _ words: [String],
    as name: String,
    killedOnTheWay: Bool = false
  ) throws -> String {
    let process = try LeewayProcess(
      ["run", "--metrics", folder.path("metrics-\(name)"), "--alerts", folder.path("a-\(name)")]
        + ["--state", folder.path("state-\(name)")] + words
    )
    let before = metrics(name).count
    var last = (count: 0, since: ContinuousClock.now)
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      usleep(20_000)
      let count = metrics(name).count
      if count != last.count { last = (count, .now) }
      if count > before, killedOnTheWay || last.since.duration(to: .now) > .seconds(2) { break }
    }
    process.send(killedOnTheWay ? SIGKILL : SIGTERM)
    let outcome = try process.wait()
    #expect(killedOnTheWay || outcome.code == 0, "\(outcome.errors)")
    return outcome.errors
  }

  @Test func `killed and away for a while, each monitor says what it says alone`() throws {
    let lines = MonitorFolderTests.lines(1800, seed: 9, from: 1_700_100_000)
    let part = lines.count / 3
    let config = ["-c", folder.path("rules")]
    _ = try folder.write(agent(group: "many-all"), as: "rules/agent.yaml")
    try broker.create("many", partitions: 2)
    try broker.produce(Array(lines[..<part]), to: "many")
    _ = try run(config, as: "all", killedOnTheWay: true)
    _ = try run(config, as: "all")
    let (here, away) = (folder.path("rules/c.yaml"), folder.path("c.away"))
    try FileManager.default.moveItem(atPath: here, toPath: away)
    try broker.produce(Array(lines[part..<(2 * part)]), to: "many")
    let second = try run(config, as: "all")
    #expect(second.contains("the state of model c is kept for its monitor"), "\(second)")
    try FileManager.default.moveItem(atPath: away, toPath: here)
    try broker.produce(Array(lines[(2 * part)...]), to: "many")
    _ = try run(config, as: "all")
    #expect(try broker.committed("many-all", "many").reduce(0, +) == lines.count)

    for model in MonitorFolderTests.models {
      let file = try folder.write(agent(group: "many-\(model)"), as: "agent-\(model).yaml")
      _ = try run(["-c", file, "-m", folder.path("rules/\(model).yaml")], as: model)
      let own = metrics("all").filter { $0.contains("\"model\":\"\(model)\"") }
      let expected = metrics(model)
      #expect(Set(own) == Set(expected), "\(model)")
      #expect(expected.count > 100, "\(model)")
    }
  }
}
