internal import CKafka

/// Writes records to topics; what was not acknowledged yet waits in the library's queue.
///
/// The queue is bounded (`queue.buffering.max.messages` and `.kbytes`): who writes more waits. A record
/// is tried for as long as it takes, and written once, in its key's order (`enable.idempotence`).
/// One thread at a time uses a producer.
@safe package final class KafkaProducer {
  let client: KafkaClient
  private let queue: OpaquePointer
  private let servers: String
  private var topics: [String: Topic] = [:]
  /// Behind the last record that is known to be in the partition 0 of each topic.
  private(set) var ends: [String: Int64] = [:]
  /// What was told and nobody has asked for yet.
  private var told = KafkaNotes()

  /// What every producer has.
  private static let properties = [
    "enable.idempotence": "true",
    "partitioner": "murmur2_random",
    "linger.ms": "5",
    "queue.buffering.max.kbytes": "\(outboxLimit >> 10)",
  ]
  /// What one has that writes without transactions: in one a record may fail, as all is tried anew.
  private static let lastingProperties = [
    "message.timeout.ms": "0", "delivery.report.only.error": "true",
  ]

  /// How many bytes of records wait for a cluster before who writes them waits.
  package static let outboxLimit = 64 << 20

  /// Logs in, and looks at the topics.
  ///
  /// - Parameters:
  ///   - settings: How the cluster is reached.
  ///   - topics: Where records will go.
  ///   - transactional: The name under which it writes in transactions; `nil`: it uses none.
  /// - Throws: `StreamError.kafka` where the login is refused, or a topic is not there.
  package init(
    _ settings: KafkaSettings,
    topics: [String],
    transactional: String? = nil
  ) throws(StreamError) {
    var own = Self.lastingProperties
    if let transactional {
      own = ["transactional.id": transactional, "queue.buffering.max.messages": "10000000"]
    }
    let all = KafkaSettings(servers: settings.servers, properties: Self.properties).with(own)
      .with(settings.properties)
    let client = try KafkaClient(
      .producer,
      all,
      events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR
    )
    guard let queue = unsafe rd_kafka_queue_get_main(client.handle) else {
      throw .kafka(KafkaFailure(place: "kafka", rd_kafka_last_error()))
    }
    self.client = client
    unsafe self.queue = queue
    servers = settings.servers
    for topic in topics {
      _ = try unsafe client.partitionCount(of: topic, watching: queue)
      self.topics[topic] = Topic(topic, client)
    }
  }

  deinit { unsafe rd_kafka_queue_destroy(queue) }

  /// The library's handle of a topic.
  @safe private final class Topic {
    let handle: OpaquePointer

    init?(_ name: String, _ client: KafkaClient) {
      guard let made = unsafe rd_kafka_topic_new(client.handle, name, nil) else { return nil }
      unsafe handle = made
    }

    deinit { unsafe rd_kafka_topic_destroy(handle) }
  }

  /// Hands a record over; waits while the queue is full.
  ///
  /// - Parameters:
  ///   - topic: One of those that were named.
  ///   - partition: Where in it; `nil`: where its key has its place.
  ///   - key: By which the partition is chosen, and compaction keeps the last; `nil`: it has none, and
  ///     a compacted topic refuses it.
  ///   - value: The record.
  /// - Throws: `StreamError.kafka` where a record cannot be written at all.
  package func send(
    to topic: String,
    partition: Int32? = nil,
    key: [UInt8]?,
    value: ArraySlice<UInt8>
  ) throws(StreamError) {
    guard let named = topics[topic] else { preconditionFailure("no topic \(topic)") }
    while true {
      let code = unsafe value.withUnsafeBytes { value in
        unsafe (key ?? []).withUnsafeBytes { bytes in
          unsafe rd_kafka_produce(
            named.handle,
            partition ?? RD_KAFKA_PARTITION_UA,
            RD_KAFKA_MSG_F_COPY,
            UnsafeMutableRawPointer(mutating: value.baseAddress),
            value.count,
            key == nil ? nil : bytes.baseAddress,
            key == nil ? 0 : bytes.count,
            nil
          )
        }
      }
      if code == 0 { return }
      let error = rd_kafka_last_error()
      guard error == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
        throw .kafka(KafkaFailure(place: place(topic), error))
      }
      try serve(milliseconds: 100)
    }
  }

  /// Looks at what became of records.
  ///
  /// - Parameter milliseconds: How long to wait for a first word.
  /// - Throws: `StreamError.kafka` where a record cannot be written at all.
  package func serve(milliseconds: Int32 = 0) throws(StreamError) {
    var wait = milliseconds
    while let event = unsafe rd_kafka_queue_poll(queue, wait) {
      defer { unsafe rd_kafka_event_destroy(event) }
      wait = 0
      switch unsafe rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_DR:
        while let message = unsafe rd_kafka_event_message_next(event) {
          let name = unsafe String(cString: rd_kafka_topic_name(message.pointee.rkt))
          guard unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw .kafka(unsafe KafkaFailure(place: place(name), message.pointee.err))
          }
          if unsafe message.pointee.partition == 0 {
            ends[name] = unsafe message.pointee.offset + 1
          }
        }
      case RD_KAFKA_EVENT_ERROR:
        let told = unsafe client.told(event, place: "kafka at \(servers)")
        if told.isFatal { throw .kafka(told.failure) }
        self.told.note(told.failure)
      default: break
      }
    }
  }

  /// Waits until all records are acknowledged.
  ///
  /// - Parameter milliseconds: How long at most.
  /// - Returns: How many are not.
  /// - Throws: `StreamError.kafka` where a record cannot be written at all.
  package func settle(milliseconds: Int64) throws(StreamError) -> Int {
    let deadline = KafkaClient.milliseconds() + milliseconds
    try serve()
    while unacknowledged > 0, KafkaClient.milliseconds() < deadline {
      try serve(milliseconds: 20)
    }
    return unacknowledged
  }

  /// How many records are not acknowledged yet.
  package var unacknowledged: Int { unsafe Int(rd_kafka_outq_len(client.handle)) }

  /// Hands over what is to be said of the cluster, a sentence each.
  package func takeNotes() -> [String] { told.take() }

  private func place(_ topic: String) -> String { "kafka topic \(topic) at \(servers)" }
}
