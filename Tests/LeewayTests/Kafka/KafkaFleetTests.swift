import Foundation
import Glibc
import TestSupport
import Testing

/// Several agents with one verdict, on Apache Kafka.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaFleetTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker
  private let events: [String]

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    events = MonitorFolderTests.lines(1600, seed: 5, from: 1_700_000_000)
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
    try profile("b", in: "rules")
  }

  /// Writes a monitor into a folder, and makes its profile beside that.
  private func profile(_ model: String, in rules: String) throws {
    let monitor = try folder.write(MonitorFolderTests.monitor(model), as: "\(rules)/\(model).yaml")
    let reference = try folder.write(
      events.prefix(1500).filter { $0.contains("\"x\"") }.joined(separator: "\n"),
      as: "reference"
    )
    let made = try LeewayProcess.run(
      ["profile", "-q", "--force", "-m", monitor, reference, "-o", folder.path("\(model).leeway")]
    )
    #expect(made.code == 0, "\(made.errors)")
  }

  /// An agent file; of a fleet where a topic is given.
  private func agent(_ topic: String, group: String, fleet: String? = nil) throws -> String {
    let text = """
      kafka: {bootstrap_servers: "\(broker.addresses["plaintext"] ?? "")"}
      sources:
        - type: kafka
          topics: [\(topic)]
          group_id: \(group)
          auto_offset_reset: earliest
          session_timeout_ms: 3000
          librdkafka: {heartbeat.interval.ms: 500}
      \(fleet.map { "fleet: {topic: \($0)}" } ?? "")
      """
    return try folder.write(text, as: "\(group).yaml")
  }

  /// A folder of two monitors, with an agent file.
  private func folderOfTwo(_ agent: String, as name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: folder.path(name),
      withIntermediateDirectories: true
    )
    for model in ["b", "c"] { try profile(model, in: name) }
    try FileManager.default.copyItem(atPath: agent, toPath: folder.path("\(name)/agent.yaml"))
    return folder.path(name)
  }

  /// Starts a member, whose outputs have a name of their own; a folder has its monitors with it.
  private func start(
    _ config: String,
    as name: String,
    _ more: [String] = []
  ) throws
    -> LeewayProcess
  {
    try LeewayProcess(
      ["run", "-c", config]
        + (config.hasSuffix(".yaml") ? ["-m", folder.path("rules/b.yaml")] : [])
        + ["--metrics", folder.path("metrics-\(name)"), "--alerts", folder.path("alerts-\(name)")]
        + ["--dead-letters", folder.path("letters-\(name)")] + more
    )
  }

  private static let often = ["--state-interval", "1s"]

  /// The different lines that all of some names have written of a kind.
  private func written(_ kind: String, _ names: [String]) -> Set<Substring> {
    names.reduce(into: []) { all, name in
      let text = (try? text(of: folder.path("\(kind)-\(name)"))) ?? ""
      // A line that is being written has no end yet.
      all.formUnion(text.split(separator: "\n", omittingEmptySubsequences: false).dropLast())
    }
  }

  /// Waits until the group was told of so many events, and all metrics are written that are expected.
  private func wait(
    _ group: String,
    _ topic: String,
    for count: Int,
    _ names: [String],
    _ expected: Set<Substring>
  ) throws {
    waitAMinute { (try? broker.committed(group, topic).reduce(0, +)) == count }
    waitAMinute { written("metrics", names).isSuperset(of: expected) }
    #expect(try broker.committed(group, topic).reduce(0, +) == count)
    for kind in ["metrics", "alerts", "letters"] {
      let found = written(kind, names)
      let alone = written(kind, ["alone"])
      let lost = alone.subtracting(found)
      let more = found.subtracting(alone)
      #expect(lost.isEmpty, "\(kind): \(lost.count) lost, such as \(lost.first ?? "")")
      #expect(more.isEmpty, "\(kind): \(more.count) others, such as \(more.first ?? "")")
    }
    #expect(written("metrics", ["alone"]).count > 500)
    #expect(written("letters", ["alone"]).count > 3 && written("alerts", ["alone"]).count > 1)
  }

  /// What one agent writes that reads all.
  private func alone(_ topic: String, isOfTwo: Bool = false) throws -> Set<Substring> {
    let agent = try agent(topic, group: "\(topic)-alone")
    let config = isOfTwo ? try folderOfTwo(agent, as: "\(topic)-alone") : agent
    let process = try start(config, as: "alone", ["--state", folder.path("state")] + Self.often)
    waitAMinute {
      (try? broker.committed("\(topic)-alone", topic).reduce(0, +)) == events.count
    }
    process.send(SIGTERM)
    #expect(try process.wait().code == 0)
    return written("metrics", ["alone"])
  }

  private func stop(_ members: [LeewayProcess]) throws {
    for member in members { member.send(SIGTERM) }
    for member in members {
      let outcome = try member.wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  @Test func `SIGHUP takes up other rules on the member itself, and no other source`() throws {
    try broker.create("fleet-rules")
    try broker.create("fleet-rules-told")
    let config = try agent("fleet-rules", group: "fleet-rules", fleet: "fleet-rules-told")
    let member = try start(config, as: "rules", Self.often)
    waitAMinute { member.errorsSoFar.contains("watching b in a fleet") }
    let rules = "rules: [{alert: Up, agent: uptime > 0s}, {alert: Old, agent: state_age > 1m}]\n"
    _ = try folder.write(
      text(of: config).replacing("[fleet-rules]", with: "[fleet-rules, more]") + "\n" + rules,
      as: "fleet-rules.yaml"
    )
    member.send(SIGHUP)
    waitAMinute { member.errorsSoFar.contains("Up fires") }
    member.send(SIGTERM)
    let outcome = try member.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    for words in [
      "what changed of sources is taken up when the process is started anew",
      "taken up: 2 rules are new", "rule \"Old\": state_age is not known without --state",
    ] {
      #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)")
    }
    #expect(written("alerts", ["rules"]).count { $0.contains("\"alert\":\"Up\"") } == 2)
  }

  @Test func `members that come, leave, are killed and stopped say what one agent says`() throws {
    try broker.create("fleet", partitions: 4)
    try broker.create("fleet-told")
    let config = try agent("fleet", group: "fleet-all", fleet: "fleet-told")
    let part = events.count / 4
    var names: [String] = []
    func member() throws -> LeewayProcess {
      names.append("\(names.count)")
      return try start(config, as: names.last ?? "", Self.often)
    }
    let (first, second) = (try member(), try member())
    try broker.produce(Array(events[..<part]), to: "fleet")
    waitAMinute { (try? broker.committed("fleet-all", "fleet").reduce(0, +)) ?? 0 > part / 2 }
    first.send(SIGKILL)
    _ = try first.wait()
    let third = try member()
    try broker.produce(Array(events[part..<(2 * part)]), to: "fleet")
    waitAMinute { (try? broker.committed("fleet-all", "fleet").reduce(0, +)) == 2 * part }
    // It is taken for dead, others have what it had, and it wakes.
    second.send(SIGSTOP)
    try broker.produce(Array(events[(2 * part)..<(3 * part)]), to: "fleet")
    waitAMinute { (try? broker.committed("fleet-all", "fleet").reduce(0, +)) == 3 * part }
    second.send(SIGCONT)
    let fourth = try member()
    try stop([third])
    try broker.produce(Array(events[(3 * part)...]), to: "fleet")
    let expected = try alone("fleet")
    try wait("fleet-all", "fleet", for: events.count, names, expected)
    try stop([second, fourth])
  }

  @Test func `members with several monitors say what one agent says of each`() throws {
    try broker.create("several", partitions: 3)
    try broker.create("several-told")
    let agent = try agent("several", group: "several-all", fleet: "several-told")
    let config = try folderOfTwo(agent, as: "several")
    let part = events.count / 3
    try broker.produce(Array(events[..<part]), to: "several")
    let first = try start(config, as: "0", Self.often)
    waitAMinute { (try? broker.committed("several-all", "several").reduce(0, +)) == part }
    let second = try start(config, as: "1", Self.often)
    try broker.produce(Array(events[part..<(2 * part)]), to: "several")
    waitAMinute { (try? broker.committed("several-all", "several").reduce(0, +)) == 2 * part }
    first.send(SIGKILL)
    _ = try first.wait()
    let third = try start(config, as: "2", Self.often)
    try broker.produce(Array(events[(2 * part)...]), to: "several")
    let expected = try alone("several", isOfTwo: true)
    #expect(
      Set(
        ["\"model\":\"b\"", "\"model\":\"c\""].filter { model in
          expected.contains { $0.contains(model) }
        }
      ).count == 2
    )
    try wait("several-all", "several", for: events.count, ["0", "1", "2"], expected)
    #expect(!third.errorsSoFar.contains("cut"), "\(third.errorsSoFar)")
    second.send(SIGUSR1)
    waitAMinute { second.errorsSoFar.contains("monitor model=c lines=") }
    #expect(second.errorsSoFar.contains("stream model=b name=kafka:several["))
    try stop([second, third])
  }

  @Test func `where the group was deleted, what was kept in the topic goes on`() throws {
    try broker.create("reset", partitions: 2)
    try broker.create("reset-told")
    let config = try agent("reset", group: "reset-all", fleet: "reset-told")
    let half = events.count / 2
    try broker.produce(Array(events[..<half]), to: "reset")
    let first = try start(config, as: "0", Self.often)
    waitAMinute { (try? broker.committed("reset-all", "reset").reduce(0, +)) == half }
    // The second one that comes is given a partition in the second sharing-out.
    let second = try start(config, as: "1", Self.often)
    waitAMinute { second.errorsSoFar.contains("watching") }
    waitAMinute {
      second.send(SIGUSR1)
      usleep(100_000)
      return second.errorsSoFar.contains("\nstream name=kafka:reset[")
    }
    try stop([first, second])
    try broker.deleteGroup("reset-all")
    try broker.produce(Array(events[half...]), to: "reset")
    let third = try start(config, as: "2", Self.often)
    let expected = try alone("reset")
    try wait("reset-all", "reset", for: events.count, ["0", "1", "2"], expected)
    #expect(third.errorsSoFar.contains("begins anew: what was kept of its streams goes on"))
    #expect(!third.errorsSoFar.contains("cut"), "\(third.errorsSoFar)")
    try stop([third])
  }

  @Test func `a topic of several partitions, one that is missing, and --state are refused`() throws
  {
    try broker.create("refused")
    try broker.create("refused-two", partitions: 2)
    try broker.create("refused-compacted", settings: ["cleanup.policy=compact"])
    for (topic, more, reason) in [
      ("refused-two", [], "kafka topic refused-two: a fleet's topic needs one order"),
      ("refused-none", [], "kafka topic refused-none"),
      ("refused-compacted", [], "(INVALID_RECORD): a compacted topic takes records with keys"),
      ("refused", ["--state", folder.path("s")], "fleet: all is kept in its topic: leave out"),
      ("refused", ["extra"], "fleet: only topics are shared out"),
    ] {
      let config = try agent("refused", group: "refused-all", fleet: topic)
      let outcome = try start(config, as: "refused", more).wait()
      #expect(outcome.code != 0 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
  }
}
