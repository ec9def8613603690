internal import CKafka

/// Reads stretches of a topic's partitions, as a member of no group.
@safe package final class KafkaReader {
  private let client: KafkaClient
  private let pipe: KafkaPipe
  private let topic: String
  /// How many partitions the topic has.
  package let partitionCount: Int32

  private static let properties = [
    "enable.auto.commit": "false",
    "enable.auto.offset.store": "false",
    "auto.offset.reset": "earliest",
  ].merging(KafkaLibrary.linked.fetching) { $1 }

  /// Logs in, and looks at the topic.
  ///
  /// - Parameters:
  ///   - settings: How the cluster is reached.
  ///   - topic: The topic.
  /// - Throws: `StreamError.kafka` where the login is refused, or the topic is not there.
  package init(_ settings: KafkaSettings, topic: String) throws(StreamError) {
    let own = settings.with(Self.properties)
    client = try KafkaClient(.consumer, own, events: RD_KAFKA_EVENT_ERROR)
    pipe = try KafkaPipe()
    self.topic = topic
    guard let queue = unsafe rd_kafka_queue_get_main(client.handle) else {
      throw .kafka(KafkaFailure(place: "kafka", rd_kafka_last_error()))
    }
    defer { unsafe rd_kafka_queue_destroy(queue) }
    partitionCount = try unsafe client.partitionCount(of: topic, watching: queue)
  }

  deinit {
    unsafe rd_kafka_assign(client.handle, nil)
    unsafe rd_kafka_consumer_close(client.handle)
  }

  /// The first offset of a partition, and the one after its last.
  ///
  /// - Parameter number: The partition.
  /// - Returns: Both.
  /// - Throws: `StreamError.kafka` where nobody answers.
  package func ends(of number: Int32) throws(StreamError) -> (low: Int64, high: Int64) {
    try client.ends(of: topic, number)
  }

  /// Reads a partition from a place on until it is told to stop, or its end.
  ///
  /// What is at the end when this begins is read; what comes later may be.
  ///
  /// - Parameters:
  ///   - number: The partition.
  ///   - offset: Where to begin; what was deleted before it was read is passed over.
  ///   - milliseconds: How long no record may come.
  ///   - take: Takes a record, and says whether to go on.
  /// - Throws: `StreamError.kafka` where no record comes for so long.
  package func read(
    _ number: Int32,
    from offset: Int64,
    milliseconds: Int64,
    _ take: (KafkaRecord) -> Bool
  ) throws(StreamError) {
    let end = try ends(of: number).high
    guard offset < end else { return }
    let none = RecordMembers()
    let partition = try KafkaPartition(topic, number, client, none, wake: pipe.writer)
    partition.begin(at: offset)
    partition.isAssigned = true
    guard let list = unsafe rd_kafka_topic_partition_list_new(1) else { return }
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    unsafe rd_kafka_topic_partition_list_add(list, topic, number).pointee.offset = offset
    unsafe rd_kafka_assign(client.handle, list)
    defer { unsafe rd_kafka_assign(client.handle, nil) }
    var heardAt = KafkaClient.milliseconds()
    while true {
      let records = partition.records(limit: 256)
      for record in records where !take(record) { return }
      if let next = partition.next, next >= end { return }
      let now = KafkaClient.milliseconds()
      if !records.isEmpty { heardAt = now }
      guard now - heardAt < milliseconds else {
        throw .kafka(
          KafkaFailure(place: partition.place, RD_KAFKA_RESP_ERR__TIMED_OUT)
        )
      }
      if records.isEmpty { pipe.wait(milliseconds: 20) }
      if let failure = partition.notes.first { throw .kafka(failure) }
    }
  }
}
