import CKafka
import Foundation

/// What is in a topic at one moment.
enum TopicContent {
  /// Who reads it.
  enum Reader: String {
    case committed = "read_committed"
    case uncommitted = "read_uncommitted"
  }

  /// Reads all partitions from their beginning to the first record that is not to be read yet.
  ///
  /// - Parameters:
  ///   - topic: The topic.
  ///   - partitions: How many partitions it has.
  ///   - broker: The cluster.
  ///   - reader: Whether what is in no committed transaction is read, too.
  /// - Returns: The values, of one partition after the other.
  /// - Throws: `TransactionFailure` where the cluster does not answer.
  static func values(
    of topic: String,
    partitions: Int = 1,
    at broker: KafkaBroker,
    by reader: Reader = .committed
  ) throws -> [String] {
    let settings = unsafe rd_kafka_conf_new()
    for (key, value) in [
      ("bootstrap.servers", broker.addresses["plaintext"] ?? ""), ("group.id", "content"),
      ("isolation.level", reader.rawValue), ("enable.partition.eof", "true"),
      ("enable.auto.commit", "false"), ("auto.offset.reset", "earliest"),
    ] {
      unsafe rd_kafka_conf_set(settings, key, value, nil, 0)
    }
    unsafe rd_kafka_conf_set_log_cb(settings, nil)
    guard let client = unsafe rd_kafka_new(RD_KAFKA_CONSUMER, settings, nil, 0) else {
      throw TransactionFailure(code: "new")
    }
    defer { unsafe rd_kafka_destroy(client) }
    unsafe rd_kafka_poll_set_consumer(client)
    let list = unsafe rd_kafka_topic_partition_list_new(Int32(partitions))
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    for number in 0..<partitions {
      let element = unsafe rd_kafka_topic_partition_list_add(list, topic, Int32(number))
      unsafe element?.pointee.offset = 0
    }
    unsafe rd_kafka_assign(client, list)
    var found = Array(repeating: [String](), count: partitions)
    var ended: Set<Int32> = []
    let end = ContinuousClock.now + .seconds(60)
    while ended.count < partitions {
      guard ContinuousClock.now < end else { throw TransactionFailure(code: "_TIMED_OUT") }
      guard let message = unsafe rd_kafka_consumer_poll(client, 100) else { continue }
      defer { unsafe rd_kafka_message_destroy(message) }
      let number = unsafe message.pointee.partition
      switch unsafe message.pointee.err {
      case RD_KAFKA_RESP_ERR__PARTITION_EOF: ended.insert(number)
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        let bytes = unsafe UnsafeRawBufferPointer(
          start: message.pointee.payload,
          count: message.pointee.len
        )
        found[Int(number)].append(unsafe String(decoding: bytes, as: UTF8.self))
      default: continue
      }
    }
    return found.flatMap { $0 }
  }
}
