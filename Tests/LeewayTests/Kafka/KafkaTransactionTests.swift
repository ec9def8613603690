import Foundation
import Glibc
import TestSupport
import Testing

/// Topics that others write in transactions, on Apache Kafka.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaTransactionTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker
  private let monitor: String

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    monitor = try folder.write(
      """
      model: m
      events: {prediction: {time: {field: ts, unit: s}, latency: {field: ms, unit: ms}}}
      windows: {minute: {size: 1m}}
      lateness: 10m
      """,
      as: "m.yaml"
    )
  }

  /// What is in a topic's log, as its producer wrote it.
  private struct Log {
    /// The offset behind the last record of each partition, those that end transactions among them.
    var ends: [Int]
    /// What is to be read: events and lines that are none, in the order in which they were written.
    var committed: [(partition: Int, offset: Int, line: String)] = []
    private var random = SeededGenerator(seed: 7)
    private var written = 0

    init(partitions: Int) { ends = Array(repeating: 0, count: partitions) }

    var events: Int { committed.count { $0.line.hasPrefix("{") } }

    /// The places of the lines that are no events.
    var poison: Set<String> {
      Set(committed.filter { !$0.line.hasPrefix("{") }.map { "\($0.partition):\($0.offset)" })
    }

    /// Writes a transaction to one partition after the other.
    mutating func write(
      by producer: TransactionalProducer,
      to partitions: [Int],
      isCommitted: Bool
    ) throws {
      try producer.begin()
      for partition in partitions {
        let lines = (0..<Int.random(in: 1...20, using: &random)).map { index in
          written += 1
          if index == 3 { return "no event" }
          return "{\"ts\":\(1_700_000_000 + written * 10),"
            + "\"ms\":\(isCommitted ? written % 97 : 90_000)}"
        }
        try producer.write(lines, to: Int32(partition))
        for (index, line) in lines.enumerated() where isCommitted {
          committed.append((partition, ends[partition] + index, line))
        }
        // The record that ends the transaction.
        ends[partition] += lines.count + 1
      }
      if isCommitted { try producer.commit() } else { try producer.abort() }
    }

    /// Writes transactions of one to all partitions, of which every third is aborted.
    mutating func write(_ count: Int, by producer: TransactionalProducer) throws {
      for number in 0..<count {
        let all = ends.indices.shuffled(using: &random)
        let partitions = Array(all.prefix(1 + number % ends.count))
        try write(by: producer, to: partitions, isCommitted: number % 3 != 1)
      }
    }
  }

  private func agent(_ topic: String) throws -> String {
    try folder.write(
      """
      kafka: {bootstrap_servers: "\(broker.addresses["plaintext"] ?? "")"}
      sources:
        - type: kafka
          topics: [\(topic)]
          group_id: \(topic)-group
          auto_offset_reset: earliest
          group_instance_id: \(topic)-one
          session_timeout_ms: 6000
          librdkafka: {heartbeat.interval.ms: 500}
      """,
      as: "agent.yaml"
    )
  }

  private func start(_ topic: String) throws -> LeewayProcess {
    let process = try LeewayProcess(
      ["run", "-m", monitor, "-c", try agent(topic), "--state", folder.path("state")]
        + ["--state-interval", "1s", "--metrics", folder.path("metrics")]
        + ["--alerts", folder.path("alerts"), "--dead-letters", folder.path("letters")]
    )
    waitAMinute { process.errorsSoFar.contains("watching") }
    return process
  }

  private func lines(_ name: String) -> [Substring] {
    ((try? text(of: folder.path(name))) ?? "").split(separator: "\n")
  }

  /// `PARTITION:OFFSET` of each dead letter, in the order in which they were first written.
  private var letters: [String] {
    var seen: Set<String> = []
    return lines("letters").compactMap { line in
      guard let match = line.firstMatch(of: /"partition":(\d+),"offset":(\d+)/) else { return nil }
      let place = "\(match.output.1):\(match.output.2)"
      return seen.insert(place).inserted ? place : nil
    }
  }

  /// How many events of all partitions the agent has counted, those of earlier processes among them.
  private func events(_ process: LeewayProcess) -> Int {
    process.send(SIGUSR1)
    usleep(200_000)
    let said = process.errorsSoFar
    guard let last = said.ranges(of: "\nagent ").last else { return 0 }
    return said[last.upperBound...].split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^stream .* events=(\d+)/).flatMap { Int($0.output.1) }
    }.reduce(0, +)
  }

  /// Waits until so many events are counted.
  private func wait(_ process: LeewayProcess, events count: Int) {
    var found = 0
    waitAMinute {
      found = events(process)
      return found >= count
    }
    #expect(found == count)
  }

  /// Stops an agent, which must not have told of anything that was lost.
  private func stop(_ process: LeewayProcess) throws {
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    for word in ["(gap)", "(offset regression)", " cut"] {
      #expect(!outcome.errors.contains(word), "\(outcome.errors)")
    }
  }

  @Test func `what was committed is counted across kills, and nothing else is seen`() throws {
    let topic = "tx-run"
    try broker.create(topic, partitions: 3)
    var log = Log(partitions: 3)
    let producer = try TransactionalProducer(topic, to: topic, at: broker)
    try log.write(20, by: producer)
    var agent = try start(topic)
    wait(agent, events: log.events)
    for _ in 0..<3 {
      try log.write(15, by: producer)
      agent.send(SIGKILL)
      #expect(try agent.wait().code == -SIGKILL)
      agent = try start(topic)
      waitAMinute { events(agent) > 0 }
    }
    // Each partition ends with what nobody reads: records that were taken back, or an end alone.
    try log.write(by: producer, to: [0, 1], isCommitted: false)
    try log.write(by: producer, to: [1, 2], isCommitted: true)
    wait(agent, events: log.events)
    try stop(agent)
    agent = try start(topic)
    try log.write(by: producer, to: [2, 0], isCommitted: true)
    wait(agent, events: log.events)
    waitAMinute { (try? broker.committed("\(topic)-group", topic).sorted()) == log.ends.sorted() }
    #expect(try broker.committed("\(topic)-group", topic).sorted() == log.ends.sorted())
    try stop(agent)
    #expect(Set(letters) == log.poison)

    let file = try folder.write(
      log.committed.map(\.line).joined(separator: "\n"),
      as: "committed"
    )
    let replay = try LeewayProcess.run(
      ["replay", "-q", "-m", monitor, "--allow-refused", "50%", file]
        + ["--metrics", folder.path("expected"), "--dead-letters", folder.path("refused")]
    )
    #expect(replay.code == 0, "\(replay.errors)")
    let found = Set(lines("metrics"))
    #expect(found.isSubset(of: lines("expected")))
    #expect(found.count > 100)
  }

  @Test func `behind an open transaction all waits, and then comes in its order`() throws {
    let topic = "tx-open"
    try broker.create(topic, partitions: 2)
    let slow = try TransactionalProducer("\(topic)-slow", to: topic, at: broker)
    let quick = try TransactionalProducer("\(topic)-quick", to: topic, at: broker)
    try slow.begin()
    try slow.write(Array(repeating: "slow", count: 10), to: 0)
    try quick.begin()
    try quick.write(Array(repeating: "quick", count: 10), to: 0)
    try quick.write(Array(repeating: "quick", count: 10), to: 1)
    try quick.commit()
    var agent = try start(topic)
    waitAMinute { letters.count == 10 }
    #expect(letters == (0..<10).map { "1:\($0)" })
    // A restart waits at the same place.
    try stop(agent)
    agent = try start(topic)
    try quick.begin()
    try quick.write(["quick"], to: 1)
    try quick.commit()
    waitAMinute { letters.count == 11 }
    #expect(letters.last == "1:11")
    try slow.write(Array(repeating: "slow", count: 5), to: 0)
    try slow.commit()
    waitAMinute { letters.count == 36 }
    // 20 is the end of the quick one.
    let expected = (Array(0..<20) + Array(21..<26)).map { "0:\($0)" }
    #expect(letters.filter { $0.hasPrefix("0:") } == expected)
    try stop(agent)
  }

  @Test func `what a producer wrote that was fenced is not counted`() throws {
    let topic = "tx-fence"
    try broker.create(topic)
    let old = try TransactionalProducer(topic, to: topic, at: broker)
    try old.begin()
    try old.write(["old", "old", "old"])
    // Its twin ends what it has open.
    let new = try TransactionalProducer(topic, to: topic, at: broker)
    try new.begin()
    try new.write(["new", "new"])
    #expect(throws: TransactionFailure.self) {
      try old.write(["old"])
      try old.commit()
    }
    try new.commit()
    let agent = try start(topic)
    waitAMinute { letters.count == 2 }
    try stop(agent)
    #expect(letters == ["0:4", "0:5"])
  }

  @Test func `a replay ends at what is committed, and goes on behind it`() throws {
    let topic = "tx-range"
    try broker.create(topic, partitions: 4)
    var log = Log(partitions: 4)
    let producer = try TransactionalProducer("\(topic)-1", to: topic, at: broker)
    let open = try TransactionalProducer("\(topic)-2", to: topic, at: broker)
    try log.write(12, by: producer)
    // The first ends with what was taken back, the second has nothing else behind an open one.
    try log.write(by: producer, to: [0], isCommitted: false)
    let before = log
    try open.begin()
    try open.write([#"{"ts":1700009000,"ms":1}"#], to: 1)
    log.ends[1] += 1
    try log.write(by: producer, to: [1], isCommitted: true)
    let words = ["replay", "-m", monitor, "-c", try agent(topic), "--allow-refused", "50%"]
    func replay(_ more: [String] = [], _ count: Int) throws {
      let outcome = try LeewayProcess.run(words + more)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\(count) predictions"), "\(outcome.output)")
    }
    let state = ["--state", folder.path("range-state")]
    try replay(state, before.events)
    try replay(["--from", "2026-01-01"], before.events)
    try replay(["--until", "2100-01-01"], before.events)
    try replay(state, 0)
    try open.commit()
    try replay(state, log.events + 1 - before.events)
    try replay([], log.events + 1)
  }

  /// The state's place is behind the records that end transactions: else the offset of the last of them
  /// would be one that was deleted before it was read.
  @Test func `where only ends of transactions were deleted there is no gap`() throws {
    let topic = "tx-gap"
    try broker.create(topic)
    var log = Log(partitions: 1)
    let producer = try TransactionalProducer(topic, to: topic, at: broker)
    try log.write(by: producer, to: [0], isCommitted: true)
    try log.write(by: producer, to: [0], isCommitted: false)
    var agent = try start(topic)
    waitAMinute { (try? broker.committed("\(topic)-group", topic)) == log.ends }
    try stop(agent)
    try broker.delete(topic, before: log.ends[0])
    try log.write(by: producer, to: [0], isCommitted: true)
    agent = try start(topic)
    wait(agent, events: log.events)
    try stop(agent)
    #expect(Set(letters) == log.poison)
  }
}
