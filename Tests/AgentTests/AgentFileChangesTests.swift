import Connectors
import Testing

@testable import Agent
@testable import YAML

/// Another agent file in the place of the one that a process began with.
@Suite struct AgentFileChangesTests {
  private static let text = """
    kafka: {bootstrap_servers: "b:9092", compression: zstd}
    sources:
      - {type: kafka, topics: [p], group_id: g}
      - {type: kafka, topics: [q], group_id: h, kafka: {bootstrap_servers: "c:9092"}}
      - {type: file, include: ["/logs/*.log"]}
    sinks: {alerts: {type: kafka, topic: a}}
    instance: box
    rules:
      - {alert: Old, agent: state_age > 5m, for: 1m}
      - {alert: Behind, agent: lag > 100}
    """

  private func load(_ text: String) throws -> AgentFile {
    let (agent, diagnostics) = AgentFile.load(
      bytes: Array(text.utf8),
      file: "agent.yaml",
      environment: [:],
      library: KafkaLibrary(number: 0x0208_00ff)
    )
    return try #require(agent, "\(diagnostics.map(\.message))")
  }

  @Test(arguments: [
    ("b:9092", "b:9093", ["kafka"]), ("zstd", "lz4", ["kafka"]),
    ("[p]", "[p, r]", ["sources"]), ("c:9092", "b:9092", ["sources"]),
    ("group_id: h", "group_id: h, librdkafka: {fetch.min.bytes: 2}", ["sources"]),
    ("/logs", "/log", ["sources"]), ("/logs/*.log", "/logs/a.log", ["sources"]),
    ("topic: a", "topic: b", ["sinks"]), ("alerts:", "metrics:", ["sinks"]),
    ("alerts:", "transactional_id: t, alerts:", ["sinks"]),
    ("instance: box", "instance: other", []), ("lag > 100", "lag > 200", []),
    ("for: 1m", "for: 1m ", []),
  ])
  func `what a new process takes up is named by its key`(
    was: String,
    now: String,
    keys: [String]
  ) throws {
    let changed = Self.text.replacing(was, with: now)
    #expect(changed != Self.text)
    let (one, other) = (try load(Self.text), try load(changed))
    #expect(one.keysOfRestart(beside: other) == keys)
    #expect(other.keysOfRestart(beside: one) == keys)
    #expect(one.takingUp(other).keysOfRestart(beside: one) == [])
    #expect(one.takingUp(other).watch.isDue(now: 0))
  }

  @Test func `a file that comes or goes names all that it says`() throws {
    let agent = try load(Self.text)
    #expect(agent.keysOfRestart(beside: AgentFile()) == ["kafka", "sources", "sinks"])
    #expect(AgentFile().changes(to: agent) == ["2 rules are new", "instance is box"])
    let alone = """
      kafka: {bootstrap_servers: "b:9092"}
      sources: [{type: kafka, topics: [p], group_id: g}]
      """
    let fleet = try load(alone + "\nfleet: {topic: f}\n")
    #expect(try load(alone).keysOfRestart(beside: fleet) == ["fleet"])
  }

  @Test func `rules that are new, others and gone are counted`() throws {
    let agent = try load(Self.text)
    let other = try load(
      Self.text.replacing("for: 1m", with: "for: 2m").replacing("alert: Behind", with: "alert: B")
    )
    #expect(agent.changes(to: agent) == [])
    #expect(
      agent.changes(to: other) == ["1 rule is new", "1 rule has changed", "1 rule is gone"]
    )
    let taken = agent.takingUp(other)
    #expect(taken.rules == other.rules && taken.topics == agent.topics)
  }
}
