import Foundation
import Glibc
import TestSupport
import Testing

/// Several sources of topics in one agent, each in a group of its own, on Apache Kafka.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaSourcesTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker
  private let events: [String]

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    events = MonitorFolderTests.lines(1200, seed: 8, from: 1_700_000_000)
    _ = try folder.write(
      """
      model: b
      events:
        prediction:
          when: model == "b"
          time: {field: ts, unit: s}
          latency: {field: score, unit: s}
      windows: {hour: {size: 1h, slide: 10m}}
      idle: 1h
      rules: [{alert: Slow, expr: mean(latency) > 400ms}]
      """,
      as: "b.yaml"
    )
  }

  private var cluster: String {
    "{bootstrap_servers: \"\(broker.addresses["plaintext"] ?? "")\"}"
  }

  private func source(
    _ topics: [String],
    _ group: String,
    _ more: String = "",
    properties: String = ""
  ) -> String {
    "{type: kafka, topics: [\(topics.joined(separator: ", "))], group_id: \(group), "
      + "auto_offset_reset: earliest, session_timeout_ms: 3000, "
      + "librdkafka: {heartbeat.interval.ms: 500\(properties)}\(more)}"
  }

  private func start(_ name: String, _ sources: [String]) throws -> LeewayProcess {
    let config = try folder.write(
      "kafka: \(cluster)\nsources:\n" + sources.map { "  - \($0)\n" }.joined(),
      as: "\(name).agent.yaml"
    )
    return try LeewayProcess(
      ["run", "-m", folder.path("b.yaml"), "-c", config, "--state", folder.path("state-\(name)")]
        + ["--state-interval", "1s", "--metrics", folder.path("metrics-\(name)")]
        + ["--alerts", folder.path("alerts-\(name)")]
    )
  }

  private func written(_ name: String) throws -> [Set<Substring>] {
    try ["metrics", "alerts"].map {
      try Set(text(of: folder.path("\($0)-\(name)")).split(separator: "\n"))
    }
  }

  private func wait(for counts: [(group: String, topic: String, count: Int)]) throws {
    for (group, topic, count) in counts {
      waitAMinute { (try? broker.committed(group, topic).reduce(0, +)) == count }
      #expect(try broker.committed(group, topic).reduce(0, +) == count)
    }
  }

  @Test func `two sources, killed and started again, say what one says of the same topics`() throws
  {
    try broker.create("two-odd", partitions: 2)
    try broker.create("two-even")
    let odd = stride(from: 1, to: events.count, by: 2).map { events[$0] }
    let even = stride(from: 0, to: events.count, by: 2).map { events[$0] }
    let half = odd.count / 2
    try broker.produce(Array(odd[..<half]), to: "two-odd")
    try broker.produce(Array(even[..<half]), to: "two-even")
    // The second one has a cluster of its own, which is the same.
    let sources = [
      source(["two-odd"], "two-first"),
      source(["two-even"], "two-second", ", key_field: key, kafka: \(cluster)"),
    ]
    let first = try start("two", sources)
    try wait(for: [("two-first", "two-odd", half), ("two-second", "two-even", half)])
    first.send(SIGKILL)
    _ = try first.wait()
    try broker.produce(Array(odd[half...]), to: "two-odd")
    try broker.produce(Array(even[half...]), to: "two-even")
    let second = try start("two", sources)
    try wait(for: [("two-first", "two-odd", odd.count), ("two-second", "two-even", even.count)])
    waitAMinute {
      second.send(SIGUSR1)
      usleep(100_000)
      return second.errorsSoFar.contains("partitions=3 lag=0")
    }
    #expect(second.errorsSoFar.contains("partitions=3 lag=0"), "\(second.errorsSoFar)")
    second.send(SIGTERM)
    #expect(try second.wait().code == 0)

    let alone = try start("alone", [source(["two-odd", "two-even"], "two-alone")])
    let all = [("two-alone", "two-odd", odd.count), ("two-alone", "two-even", even.count)]
    try wait(for: all)
    alone.send(SIGTERM)
    #expect(try alone.wait().code == 0)
    let expected = try written("alone")
    #expect(expected[0].count > 100 && !expected[1].isEmpty)
    for (found, alone) in zip(try written("two"), expected) {
      let (lost, more) = (alone.subtracting(found), found.subtracting(alone))
      #expect(lost.isEmpty, "\(lost.count) lost, such as \(lost.sorted().first ?? "")")
      #expect(more.isEmpty, "\(more.count) others, such as \(more.sorted().first ?? "")")
    }

    // Recorded, too.
    let replayed = try [("two", "a"), ("alone", "b")].map { name, metrics in
      let outcome = try LeewayProcess.run(
        ["replay", "-q", "-m", folder.path("b.yaml"), "-c", folder.path("\(name).agent.yaml")]
          + ["--allow-refused", "10%", "--metrics", folder.path(metrics)]
      )
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try text(of: folder.path(metrics))
    }
    #expect(replayed[0].count > 1_000)
    let isReplayedAlike = replayed[0] == replayed[1]
    #expect(isReplayedAlike)
  }

  @Test func `a member that gave a topic away judges on without it`() throws {
    for topic in ["away-one", "away-two"] {
      try broker.create(topic)
      try broker.produce(Array(events[..<1000]), to: topic)
    }
    let both = [
      source(
        ["away-one", "away-two"],
        "away",
        properties: ", partition.assignment.strategy: cooperative-sticky"
      )
    ]
    let first = try start("first", both)
    try wait(for: [("away", "away-one", 1000), ("away", "away-two", 1000)])
    let second = try start("second", both)
    waitAMinute {
      for process in [first, second] where process.errorsSoFar.contains("watching") {
        process.send(SIGUSR1)
      }
      usleep(200_000)
      return second.errorsSoFar.contains("partitions=1")
        && (first.errorsSoFar.split(separator: "\n").last { $0.hasPrefix("agent") } ?? "").contains(
          "partitions=1"
        )
    }
    for topic in ["away-one", "away-two"] {
      try broker.produce(Array(events[1000...]), to: topic)
    }
    // The last event is at 07:49:30.
    for name in ["first", "second"] {
      waitAMinute { (try? written(name)[0].contains { $0.contains("T07:40:00Z") }) ?? false }
      #expect(try written(name)[0].contains { $0.contains("T07:40:00Z") })
    }
    for process in [first, second] {
      process.send(SIGTERM)
      let outcome = try process.wait()
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  @Test func `where one source can be read no more, all ends with 1`() throws {
    try broker.create("half-whole")
    try broker.create("half-gone")
    for topic in ["half-whole", "half-gone"] {
      try broker.produce(Array(events[..<500]), to: topic)
    }
    let process = try start(
      "half",
      [
        source(["half-whole"], "half-first"),
        source(["half-gone"], "half-second", ", on_regression: stop"),
      ]
    )
    try wait(for: [("half-first", "half-whole", 500), ("half-second", "half-gone", 500)])
    try broker.recreate("half-gone")
    try broker.produce(Array(events[..<5]), to: "half-gone")
    waitAMinute { process.errorsSoFar.contains("offset regression") }
    // Else it goes on for ever.
    if !process.errorsSoFar.contains("offset regression") { process.send(SIGKILL) }
    let outcome = try process.wait()
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("offset regression"), "\(outcome.errors)")
  }
}
