import Foundation
import Glibc
import TestSupport
import Testing

/// Apache Kafka itself, for the tests that need it: one broker, started once, gone with this process.
struct KafkaBroker {
  /// The script that starts and stops brokers; `nil` where there is no Kafka.
  static let script: String? = {
    let named = ProcessInfo.processInfo.environment["KAFKA_HOME"].map { URL(filePath: $0) }
    let beside = Repository.root.deletingLastPathComponent().appending(path: "shared/kafka")
    for folder in [named, beside].compactMap({ $0 }) {
      let place = folder.appending(path: "broker").path
      if FileManager.default.isExecutableFile(atPath: place) { return place }
    }
    print("SKIPPED: the tests on Apache Kafka: KAFKA_HOME names no folder of a broker")
    return nil
  }()

  static let isThere = script != nil

  static let shared = Result { try KafkaBroker() }

  private let folder: TemporaryFolder
  /// `HOST:PORT` of the listeners: `plaintext`, `sasl`, `ssl`, `sasl_ssl`; and `ca`, a file.
  let addresses: [String: String]

  private init() throws {
    folder = try TemporaryFolder()
    let place = folder.path("broker")
    try Self.watch(place)
    let told = try Self.call(["start", place])
    var addresses: [String: String] = [:]
    for line in told.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { addresses[String(parts[0])] = String(parts[1]) }
    }
    self.addresses = addresses
  }

  /// Removes the broker when this process has ended, however it ends.
  private static func watch(_ place: String) throws {
    guard let script else { return }
    let loop = "while kill -0 \(getpid()) 2>/dev/null; do sleep 0.5; done"
    let words = ["-c", "trap '' INT TERM HUP; \(loop); '\(script)' remove '\(place)'"]
    _ = try LeewayProcess(words, program: "/bin/bash")
  }

  /// Runs the script, and returns what it printed.
  @discardableResult
  private static func call(_ words: [String], input: String? = nil) throws -> String {
    guard let script else { throw ProcessFailure(ENOENT) }
    // Not Foundation's: it waits until the broker, which the script leaves behind, has ended, too.
    let folder = try TemporaryFolder()
    let given = try input.map { LeewayProcess.Input.file(try folder.write($0, as: "input")) }
    let outcome = try LeewayProcess(words, input: given ?? .nothing, program: script).wait()
    guard outcome.code == 0 else { throw BrokerFailure(words: words, errors: outcome.errors) }
    return outcome.output
  }

  private func tool(_ words: [String], input: String? = nil) throws -> String {
    let name = ["tool", words[0], "--bootstrap-server", addresses["plaintext"] ?? ""]
    return try Self.call(name + words.dropFirst(), input: input)
  }

  /// Makes a topic.
  func create(_ topic: String, partitions: Int = 1, settings: [String] = []) throws {
    let words = ["topics", "--create", "--topic", topic, "--partitions", "\(partitions)"]
    _ = try tool(words + settings.flatMap { ["--config", $0] })
  }

  /// Gives a topic more partitions.
  func setPartitions(of topic: String, to count: Int) throws {
    _ = try tool(["topics", "--alter", "--topic", topic, "--partitions", "\(count)"])
  }

  /// Deletes a topic and makes it anew.
  func recreate(_ topic: String) throws {
    _ = try tool(["topics", "--delete", "--topic", topic])
    try create(topic)
  }

  /// Deletes the records of a topic's only partition that are before an offset.
  func delete(_ topic: String, before offset: Int) throws {
    let folder = try TemporaryFolder()
    let places = "{\"partitions\":[{\"topic\":\"\(topic)\",\"partition\":0,\"offset\":\(offset)}]}"
    let file = try folder.write(places, as: "offsets.json")
    _ = try tool(["delete-records", "--offset-json-file", file])
  }

  /// Writes lines as records, by Kafka's own producer: spread over the partitions.
  ///
  /// - Parameters:
  ///   - lines: The values, `KEY|VALUE` where they are keyed, and before that `NAME:TEXT,NAME:TEXT|` where
  ///     they have headers.
  ///   - topic: The topic.
  ///   - keyed: Whether they have keys.
  ///   - headed: Whether they have headers.
  /// - Throws: `BrokerFailure` where the tool refuses them.
  func produce(
    _ lines: [String],
    to topic: String,
    keyed: Bool = false,
    headed: Bool = false
  ) throws {
    var words = ["produce", "--topic", topic, "--producer-property", "batch.size=400"]
    if keyed {
      words += ["--property", "parse.key=true", "--property", "key.separator=|"]
      words += ["--property", "null.marker=NULL"]
    }
    if headed {
      words += ["--property", "parse.headers=true", "--property", "headers.delimiter=|"]
    }
    _ = try tool(words, input: lines.joined(separator: "\n") + "\n")
  }

  /// Reads so many records of a topic, `KEY|VALUE` each, by Kafka's own consumer.
  func consume(_ count: Int, from topic: String) throws -> [String] {
    let words = [
      "consume", "--topic", topic, "--from-beginning", "--max-messages", "\(count)",
      "--timeout-ms", "15000", "--property", "print.key=true", "--property", "key.separator=|",
    ]
    // The tool begins with a word about its own options.
    return try tool(words).split(separator: "\n").map(String.init).filter { $0.contains("|") }
  }

  /// Deletes a group that nobody is in.
  func deleteGroup(_ group: String) throws {
    _ = try tool(["groups", "--delete", "--group", group])
  }

  /// Where a group stands in a topic, by partition.
  func committed(_ group: String, _ topic: String) throws -> [Int] {
    let told = try tool(["groups", "--describe", "--group", group])
    return told.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count > 3, words[0] == group, words[1] == topic else { return nil }
      return Int(words[3])
    }
  }
}

/// What the script refused.
struct BrokerFailure: Error {
  let words: [String]
  let errors: String
}
