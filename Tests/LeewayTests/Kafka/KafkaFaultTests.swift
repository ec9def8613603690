import Foundation
import Glibc
import TestSupport
import Testing

/// `leeway run --config` on brokers that fail on command: librdkafka's mock cluster in this process.
@Suite struct KafkaFaultTests {
  private let folder: TemporaryFolder
  private let cluster: MockCluster
  private let small: SmallModel

  init() throws {
    folder = try TemporaryFolder()
    cluster = try MockCluster()
    small = try SmallModel.shared.get()
    try cluster.create("events", partitions: 2)
  }

  private func start(
    sink: String = "",
    member: String = "",
    cluster properties: String = "{}",
    words: [String] = []
  ) throws -> LeewayProcess {
    let text = """
      kafka: {bootstrap_servers: "\(cluster.servers)", librdkafka: \(properties)}
      sources:
        - type: kafka
          topics: [events]
          group_id: group
          auto_offset_reset: earliest
          session_timeout_ms: 4000
          \(member)
          librdkafka: {heartbeat.interval.ms: 500, topic.metadata.refresh.interval.ms: 500}
      \(sink)
      """
    let config = try folder.write(text, as: "agent.yaml")
    return try LeewayProcess(
      ["run", "-c", config, "--alerts", folder.path("alerts"), "--metrics", folder.path("metrics")]
        + ["--dead-letters", folder.path("letters")] + small.arguments + words
    )
  }

  /// A hundred events of each partition, in parts one after the other; every tenth is broken.
  private func writeEvents(part: Int) throws {
    var random = SeededGenerator(seed: UInt64(part))
    for partition in Int32(0)..<2 {
      let lines = (0..<100).map { index in
        let time = SmallModel.start + 60 * (100 * part + index)
        let line = SmallModel.event(at: time, score: 0.5, &random)
        return index % 10 == 9 ? String(line.dropLast()) : line
      }
      try cluster.write(lines, to: "events", partition)
    }
  }

  private var letters: [String] {
    let text = (try? text(of: folder.path("letters"))) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// How many lines the agent has read, as it says itself.
  private func linesRead(_ process: LeewayProcess) -> Int {
    guard process.errorsSoFar.contains("watching") else { return 0 }
    process.send(SIGUSR1)
    usleep(100_000)
    return process.errorsSoFar.matches(of: /agent lines=([0-9]+)/).last.flatMap {
      Int($0.output.1)
    } ?? 0
  }

  /// Stops an agent once it has read so many lines.
  private func stop(_ process: LeewayProcess, at count: Int) throws -> String {
    waitAMinute { linesRead(process) >= count }
    process.send(SIGTERM)
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome.errors
  }

  @Test func `a record whose acknowledgement is lost is there, as its bytes are in the file`()
    throws
  {
    try cluster.create("letters")
    try cluster.lead("letters", 0, by: 2)
    let process = try start(
      sink: "sinks: {dead_letters: {type: kafka, topic: letters}}",
      // Whoever has no answer for a second asks again.
      cluster: "{socket.timeout.ms: 1000}"
    )
    waitAMinute { process.errorsSoFar.contains("watching") }
    // Of the second broker's topics only the agent writes one.
    try cluster.delay(.produce, at: 2, milliseconds: 3000)
    try writeEvents(part: 0)
    let said = try stop(process, at: 200)
    #expect(said.contains("stopped: 180 predictions, 0 other events, 20 refused"), "\(said)")
    #expect(cluster.delays(of: .produce, at: 2) == 0)
    let values = try cluster.values(of: "letters")
    #expect(letters.count == 20)
    #expect(Set(values) == Set(letters))
  }

  /// The errors are Kafka's: of an epoch and a producer that a broker does not know, of a coordinator
  /// that is busy, gone or not there yet.
  @Test(arguments: [
    (MockCluster.Request.produce, Int32(47)), (.produce, 59), (.addPartitionsToTransaction, 51),
    (.addOffsetsToTransaction, 16), (.commitOffsetsInTransaction, 47), (.endTransaction, 15),
  ])
  func `what a cluster refuses within a transaction is written all the same`(
    request: MockCluster.Request,
    error: Int32
  ) throws {
    try cluster.create("letters")
    let process = try start(
      sink: "sinks: {transactional_id: one, dead_letters: {type: kafka, topic: letters}}",
      words: ["--state", folder.path("state")]
    )
    waitAMinute { process.errorsSoFar.contains("watching") }
    try writeEvents(part: 0)
    waitAMinute { (try? cluster.values(of: "letters").count) ?? 0 >= 20 }
    try writeEvents(part: 1)
    cluster.refuse(request, with: error, times: 1)
    waitAMinute { (try? Set(cluster.values(of: "letters")).count) ?? 0 >= 40 }
    let said = try stop(process, at: 400)
    #expect(said.contains("stopped: 360 predictions, 0 other events, 40 refused"), "\(said)")
    #expect(!said.contains("for the next start"), "\(said)")
    #expect(letters.count == 40)
    #expect(try Set(cluster.values(of: "letters")) == Set(letters))
  }

  @Test func `leaders and the coordinator move, and each record counts once`() throws {
    let process = try start()
    for part in 0..<3 {
      try writeEvents(part: part)
      waitAMinute { linesRead(process) >= 200 * part + 100 }
      try cluster.lead("events", 0, by: Int32(2 + part % 2))
      try cluster.lead("events", 1, by: Int32(3 - part % 3))
      try cluster.coordinate("group", by: Int32(1 + part % 3))
    }
    let said = try stop(process, at: 600)
    #expect(said.contains("stopped: 540 predictions, 0 other events, 60 refused"), "\(said)")
    #expect(!said.contains("passed over"), "\(said)")
    #expect(Set(letters).count == 60)
    // The new coordinator knows the group's places.
    try cluster.coordinate("group", by: 2)
    let next = try start()
    waitAMinute { next.errorsSoFar.contains("watching") }
    try writeEvents(part: 3)
    #expect(try stop(next, at: 200).contains("stopped: 180 predictions, 0 other events, 20 "))
  }

  @Test func `nothing is read before the group says where it stands`() throws {
    try writeEvents(part: 0)
    #expect(try stop(start(), at: 200).contains("stopped: 180 predictions"))
    let isNotAuthorized: Int32 = 30
    cluster.refuse(.offsetFetch, with: isNotAuthorized, times: 2)
    let process = try start()
    waitAMinute { process.errorsSoFar.contains("GROUP_AUTHORIZATION_FAILED") }
    try writeEvents(part: 1)
    let said = try stop(process, at: 200)
    #expect(said.contains("stopped: 180 predictions, 0 other events, 20 refused"), "\(said)")
  }

  @Test func `a leader that does not know our place cuts no window where the record is there`()
    throws
  {
    let process = try start()
    try writeEvents(part: 0)
    waitAMinute { linesRead(process) >= 200 }
    let isOutOfRange: Int32 = 1
    cluster.refuse(.fetch, with: isOutOfRange, times: 6)
    try writeEvents(part: 1)
    let said = try stop(process, at: 400)
    #expect(said.contains("stopped: 360 predictions, 0 other events, 40 refused"), "\(said)")
    #expect(!said.contains("passed over"), "\(said)")
    // The second part begins at 14:06:40; windows at the ends of a stream are cut in any case.
    let window = "\"start\":\"2020-09-13T13:30:00Z\",\"end\":\"2020-09-13T14:30:00Z\","
    let metrics = try text(of: folder.path("metrics")).split(separator: "\n")
    let cuts = Set(
      metrics.filter { $0.contains(window) }.map { $0.contains(window + "\"cut\":true") }
    )
    #expect(cuts == [false])
  }

  @Test func `a coordinator that takes the agent for its twin is believed the second time`()
    throws
  {
    let process = try start(member: "group_instance_id: one")
    try writeEvents(part: 0)
    waitAMinute { linesRead(process) >= 200 }
    let isFenced: Int32 = 82
    cluster.refuse(.heartbeat, with: isFenced, times: 1)
    waitAMinute { process.errorsSoFar.contains("FENCED_INSTANCE_ID") }
    try writeEvents(part: 1)
    waitAMinute { linesRead(process) >= 400 }
    cluster.refuse(.heartbeat, with: isFenced, times: 1)
    let outcome = try process.wait()
    #expect(outcome.code == 1)
    let said = outcome.errors
    #expect(said.contains("end of input: 360 predictions, 0 other events, 40 refused"), "\(said)")
    #expect(Set(letters).count == 40)
  }
}
