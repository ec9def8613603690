import CKafkaMock
import Glibc

/// A cluster of librdkafka's mock brokers in this process, which does on command what a real one will
/// not.
@safe final class MockCluster {
  /// Kinds of requests, by Kafka's numbers.
  enum Request: Int32 {
    case produce = 0
    case fetch = 1
    case offsetFetch = 9
    case heartbeat = 12
    case addPartitionsToTransaction = 24
    case endTransaction = 26
    case addOffsetsToTransaction = 25
    case commitOffsetsInTransaction = 28
  }

  private let mock: OpaquePointer

  /// Starts brokers, numbered from 1.
  init(brokers: Int32 = 3) throws {
    guard let started = unsafe leeway_mock_start(brokers) else { throw MockFailure("start") }
    unsafe mock = started
  }

  deinit { unsafe leeway_mock_stop(mock) }

  /// `HOST:PORT` of each broker, with commas between.
  var servers: String { unsafe String(cString: leeway_mock_servers(mock)) }

  /// Makes a topic, whose partitions the first broker leads.
  func create(_ topic: String, partitions: Int32 = 1) throws {
    guard unsafe leeway_mock_create(mock, topic, partitions) != 0 else {
      throw MockFailure("create \(topic)")
    }
    for partition in 0..<partitions { try lead(topic, partition, by: 1) }
  }

  /// Makes a broker the leader of a partition.
  func lead(_ topic: String, _ partition: Int32, by broker: Int32) throws {
    guard unsafe leeway_mock_lead(mock, topic, partition, broker) != 0 else {
      throw MockFailure("lead \(topic)")
    }
  }

  /// Makes a broker the coordinator of a group.
  func coordinate(_ group: String, by broker: Int32) throws {
    guard unsafe leeway_mock_coordinate(mock, group, broker) != 0 else {
      throw MockFailure("coordinate \(group)")
    }
  }

  /// Lets a broker do the next request of a kind and answer it late.
  func delay(_ request: Request, at broker: Int32, milliseconds: Int32) throws {
    guard unsafe leeway_mock_delay(mock, broker, request.rawValue, milliseconds) != 0 else {
      throw MockFailure("delay \(request)")
    }
  }

  /// Refuses the next requests of a kind with an error, by Kafka's number.
  func refuse(_ request: Request, with error: Int32, times: Int32) {
    unsafe leeway_mock_refuse(mock, request.rawValue, error, times)
  }

  /// How many requests of a kind to a broker are to be delayed still.
  func delays(of request: Request, at broker: Int32) -> Int {
    unsafe Int(leeway_mock_delays(mock, broker, request.rawValue))
  }

  /// Writes lines to a partition, a record each.
  func write(_ lines: some Sequence<String>, to topic: String, _ partition: Int32 = 0) throws {
    for line in lines {
      guard unsafe leeway_mock_write(mock, topic, partition, line) != 0 else {
        throw MockFailure("write to \(topic)")
      }
    }
  }

  /// The values of a partition.
  func values(of topic: String, _ partition: Int32 = 0) throws -> [String] {
    guard let text = unsafe leeway_mock_values(mock, topic, partition) else {
      throw MockFailure("read \(topic)")
    }
    defer { unsafe free(text) }
    return unsafe String(cString: text).split(separator: "\n").map(String.init)
  }
}

/// What the mock cluster could not do.
struct MockFailure: Error {
  let what: String

  init(_ what: String) { self.what = what }
}
