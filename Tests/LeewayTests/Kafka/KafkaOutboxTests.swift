import Foundation
import Glibc
import TestSupport
import Testing

/// Records that an agent writes to topics in transactions, on Apache Kafka.
@Suite(.serialized, .enabled(if: KafkaBroker.isThere)) struct KafkaOutboxTests {
  private let folder: TemporaryFolder
  private let broker: KafkaBroker
  private let monitor: String
  private let kinds = ["metrics", "alerts", "dead_letters"]

  init() throws {
    folder = try TemporaryFolder()
    broker = try KafkaBroker.shared.get()
    monitor = try folder.write(
      """
      model: m
      events: {prediction: {time: {field: ts, unit: s}, latency: {field: ms, unit: ms}}}
      windows: {minute: {size: 1m}}
      idle: 1h
      rules: [{alert: Slow, expr: p50(latency) > 50ms}]
      """,
      as: "m.yaml"
    )
  }

  /// Lines of so many events, of which some cannot be used.
  private func lines(_ range: Range<Int>) -> String {
    range.map { number in
      number % 50 == 7
        ? "no event \(number)\n"
        : "{\"ts\":\(1_700_000_000 + number * 2),\"ms\":\(number / 2_000 % 2 == 0 ? 10 : 90)}\n"
    }.joined()
  }

  /// Makes the topics of a name, and the agent file of one who writes to them.
  private func makeAgent(_ name: String, transactional: String?) throws -> String {
    for kind in kinds { try broker.create("\(name)-\(kind)") }
    return try writeAgent(name, transactional: transactional)
  }

  private func writeAgent(_ name: String, transactional: String?) throws -> String {
    let id = transactional.map { "  transactional_id: \($0)\n" } ?? ""
    return try folder.write(
      "kafka: {bootstrap_servers: \"\(broker.addresses["plaintext"] ?? "")\"}\n"
        + "sources: [{type: file, include: [\(name).log]}]\nsinks:\n\(id)"
        + kinds.map { "  \($0): {type: kafka, topic: \(name)-\($0)}\n" }.joined(),
      as: "\(name).agent.yaml"
    )
  }

  private func words(_ name: String, _ more: [String] = []) -> [String] {
    ["run", "-m", monitor, "-c", folder.path("\(name).agent.yaml")]
      + ["--state", folder.path("\(name).state")] + more
  }

  private func start(_ name: String, _ more: [String] = []) throws -> LeewayProcess {
    let process = try LeewayProcess(words(name, more))
    waitAMinute { process.errorsSoFar.contains("watching") }
    return process
  }

  private func stop(_ process: LeewayProcess) throws -> String {
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome.errors
  }

  private func append(_ text: String, to name: String) throws {
    let path = folder.path("\(name).log")
    if !FileManager.default.fileExists(atPath: path) { _ = try folder.write("", as: "\(name).log") }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  /// What is in a topic of a name, for who reads committed records alone.
  private func values(_ name: String, _ kind: String) throws -> [String] {
    try TopicContent.values(of: "\(name)-\(kind)", at: broker)
  }

  /// What a replay writes of a log.
  private func expected(_ name: String) throws -> [String: [String]] {
    let outcome = try LeewayProcess.run(
      ["replay", "-q", "-m", monitor, "--allow-refused", "50%", folder.path("\(name).log")]
        + ["--metrics", folder.path("metrics"), "--alerts", folder.path("alerts")]
        + ["--dead-letters", folder.path("dead_letters")]
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Dictionary(
      uniqueKeysWithValues: kinds.map { kind in
        (kind, try text(of: folder.path(kind)).split(separator: "\n").map(String.init))
      }
    )
  }

  @Test func `across kills each record is there once`() throws {
    let name = "once"
    _ = try makeAgent(name, transactional: name)
    var random = SeededGenerator(seed: 5)
    var written = 0
    for _ in 0..<5 {
      try append(lines(written..<(written + 3_000)), to: name)
      written += 3_000
      let agent = try start(name, ["--state-interval", "1s"])
      usleep(UInt32.random(in: 0..<1_500_000, using: &random))
      agent.send(SIGKILL)
      #expect(try agent.wait().code == -SIGKILL)
    }
    let agent = try start(name)
    let expected = try expected(name)
    waitAMinute { (try? values(name, "dead_letters").count) == expected["dead_letters"]?.count }
    _ = try stop(agent)
    try expectOnce(name, expected)
  }

  /// Holds that topics have what is expected, each record once and in its order; of a replay's records
  /// those of windows that are not over are missing.
  private func expectOnce(_ name: String, _ expected: [String: [String]]) throws {
    for kind in kinds {
      let found = try values(name, kind)
      let all = expected[kind] ?? []
      #expect(found.count >= all.count - 60 && found.count > 3, "\(kind): \(found.count)")
      #expect(found == Array(all.prefix(found.count)), "\(kind)")
    }
  }

  /// What a process has written so far, without its alerts' times: how many dead letters.
  private func wait(_ name: String, letters count: Int) {
    waitAMinute { (try? values(name, "dead_letters").count) == count }
  }

  @Test
  func `who takes the name over ends the one that has it, and what that kept is written once`()
    throws
  {
    let name = "fenced"
    _ = try makeAgent(name, transactional: name)
    try append(lines(0..<3_000), to: name)
    let agent = try start(name)
    wait(name, letters: 60)
    // Its twin has nothing to say. Once it may be that the agent hung; twice it is another process.
    _ = try TransactionalProducer(name, to: "\(name)-alerts", at: broker)
    try append(lines(3_000..<6_000), to: name)
    wait(name, letters: 120)
    waitAMinute { agent.errorsSoFar.contains("the name is taken back") }
    let twin = try TransactionalProducer(name, to: "\(name)-alerts", at: broker)
    try append(lines(6_000..<9_000), to: name)
    let ended = try agent.wait()
    #expect(ended.code == 1, "\(ended.errors)")
    #expect(ended.errors.contains("another process has this transactional_id"), "\(ended.errors)")
    #expect(try values(name, "dead_letters").count == 120)
    let report = try LeewayProcess.run(["inspect", folder.path("\(name).state")])
    #expect(report.output.contains("records for the transactions of fenced"), "\(report.output)")

    // Nobody goes on without the name.
    _ = try writeAgent(name, transactional: nil)
    let refused = try LeewayProcess.run(words(name))
    #expect(refused.code == 1 && refused.errors.contains("sinks: {transactional_id: fenced}"))

    _ = try writeAgent(name, transactional: name)
    let next = try start(name)
    wait(name, letters: 180)
    let said = try stop(next)
    #expect(said.contains("of the state are written now"), "\(said)")
    try expectOnce(name, expected(name))
    #expect(throws: TransactionFailure.self) {
      try twin.begin()
      try twin.write(["?"])
      try twin.commit()
    }
    // After a stop the name is free to change, and to come back.
    _ = try writeAgent(name, transactional: nil)
    _ = try stop(try start(name))
    for other in ["\(name)-2", name] {
      _ = try writeAgent(name, transactional: other)
      let said = try stop(try start(name))
      #expect(!said.contains("transaction"), "\(said)")
    }
  }

  @Test func `what is there already is not written again, unless the cluster has forgotten it`()
    throws
  {
    let name = "known"
    _ = try makeAgent(name, transactional: name)
    func killOnceWritten(_ range: Range<Int>, letters: Int) throws {
      try append(lines(range), to: name)
      let agent = try start(name, ["--state-interval", "1h"])
      wait(name, letters: letters)
      // No state since says that they are there.
      agent.send(SIGKILL)
      #expect(try agent.wait().code == -SIGKILL)
    }
    try killOnceWritten(0..<3_000, letters: 60)
    try killOnceWritten(3_000..<6_000, letters: 120)
    var next = try start(name)
    var said = try stop(next)
    #expect(!said.contains("written now") && !said.contains("twice"), "\(said)")
    try expectOnce(name, expected(name))

    try killOnceWritten(6_000..<9_000, letters: 180)
    try broker.deleteGroup(name)
    next = try start(name)
    waitAMinute { (try? values(name, "dead_letters").count) ?? 0 > 180 }
    said = try stop(next)
    #expect(said.contains("may be there twice"), "\(said)")
    #expect(try values(name, "dead_letters").count > 180)
    #expect(try Set(values(name, "dead_letters")).count == 180)
  }

  @Test func `a state that is older than the topics is told`() throws {
    let name = "older"
    _ = try makeAgent(name, transactional: name)
    try append(lines(0..<3_000), to: name)
    _ = try {
      wait(name, letters: 60); return try stop($0)
    }(try start(name))
    let state = folder.path("\(name).state")
    let old = try Data(contentsOf: URL(filePath: state + "/state"))
    try append(lines(3_000..<6_000), to: name)
    var agent = try start(name)
    wait(name, letters: 120)
    _ = try stop(agent)
    try old.write(to: URL(filePath: state + "/state"))
    agent = try start(name)
    wait(name, letters: 180)
    let said = try stop(agent)
    #expect(said.contains("the state is an older one"), "\(said)")
    #expect(try Set(values(name, "dead_letters")).count == 120)
  }

  @Test func `a record that no topic takes ends the agent, which says so`() throws {
    let name = "large"
    for kind in kinds {
      try broker.create("\(name)-\(kind)", settings: ["max.message.bytes=3000"])
    }
    _ = try writeAgent(name, transactional: name)
    try append(lines(0..<100) + String(repeating: "x", count: 4_000) + "\n", to: name)
    for _ in 0..<2 {
      let ended = try LeewayProcess(words(name)).wait()
      #expect(ended.code == 1, "\(ended.errors)")
      #expect(ended.errors.contains("raise max.message.bytes of the topic"), "\(ended.errors)")
    }
    #expect(try values(name, "dead_letters") == [])
  }

  @Test func `a name of transactions needs a state`() throws {
    _ = try writeAgent("stateless", transactional: "stateless")
    _ = try folder.write("", as: "stateless.log")
    let config = folder.path("stateless.agent.yaml")
    let refused = try LeewayProcess.run(["run", "-m", monitor, "-c", config])
    #expect(
      refused.code == 64 && refused.errors.contains("add --state FOLDER"),
      "\(refused.errors)"
    )
  }
}
