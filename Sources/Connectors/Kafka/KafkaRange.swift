internal import CKafka

/// A stretch of time of topics, read once by a member of no group.
public struct KafkaRange: Sendable, Equatable {
  /// The topics, and how the cluster is reached; no group is joined, and nothing is committed.
  public var subscription: KafkaSubscription
  /// The time from which on records are read, in milliseconds since 1970; `nil`: from the first one
  /// that is there.
  public var from: Int64?
  /// The time before which records are read; `nil`: up to the last one that is there at the start.
  public var until: Int64?

  /// A stretch of topics.
  ///
  /// - Parameters:
  ///   - subscription: The topics.
  ///   - from: In milliseconds since 1970.
  ///   - until: In milliseconds since 1970.
  public init(_ subscription: KafkaSubscription, from: Int64? = nil, until: Int64? = nil) {
    self.subscription = subscription
    self.from = from
    self.until = until
  }
}

/// Reads the partitions of a range, each from its first record to its last.
///
/// The times are those that records have in the topic, which are not their events'. Where they do not
/// grow, a partition is read from its first record that is not before `from` to the one before its
/// first that is not before `until`.
@safe package final class KafkaRangeReader {
  /// The partitions, in the topics' order, with their ends.
  package let partitions: [KafkaPartition]
  private let client: KafkaClient
  private let queue: OpaquePointer
  private let pipe: KafkaPipe
  private var hasStarted = false

  private static let properties = [
    "enable.auto.commit": "false",
    "enable.auto.offset.store": "false",
    "enable.partition.eof": "true",
    "auto.offset.reset": "error",
    "check.crcs": "true",
  ].merging(KafkaLibrary.linked.fetching) { $1 }

  /// Logs in, and asks where the range begins and ends; nothing is read yet.
  ///
  /// - Parameter range: What is to be read.
  /// - Throws: `StreamError.kafka` where the login is refused, a topic is not there, or nobody answers.
  package init(_ range: KafkaRange) throws(StreamError) {
    let subscription = range.subscription
    let settings = subscription.settings.with(Self.properties)
    let client = try KafkaClient(.consumer, settings, events: RD_KAFKA_EVENT_ERROR)
    unsafe rd_kafka_poll_set_consumer(client.handle)
    guard let queue = unsafe rd_kafka_queue_get_consumer(client.handle) else {
      throw .kafka(KafkaFailure(place: "kafka", rd_kafka_last_error()))
    }
    let pipe = try KafkaPipe()
    var partitions: [KafkaPartition] = []
    for (topic, count) in try unsafe KafkaConsumer.topics(subscription, client, queue) {
      for number in 0..<count {
        let members = subscription.members
        partitions.append(try KafkaPartition(topic, number, client, members, wake: pipe.writer))
      }
    }
    let begins = try range.from.map { time throws(StreamError) in
      try client.offsets(of: partitions, at: time)
    }
    let ends = try range.until.map { time throws(StreamError) in
      try client.offsets(of: partitions, at: time)
    }
    for (index, partition) in partitions.enumerated() {
      let (low, high) = try client.ends(of: partition.topic, partition.number)
      let begin = begins.map { $0[index] ?? high } ?? low
      partition.end = ends.flatMap { $0[index] } ?? high
      partition.begin(at: max(begin, low))
    }
    self.client = client
    unsafe self.queue = queue
    self.pipe = pipe
    self.partitions = partitions
  }

  deinit {
    unsafe rd_kafka_assign(client.handle, nil)
    unsafe rd_kafka_queue_destroy(queue)
    unsafe rd_kafka_consumer_close(client.handle)
  }

  /// Begins to fetch, each partition from its place.
  private func start() {
    hasStarted = true
    let wanted = partitions.filter { !$0.isAtEnd }
    guard !wanted.isEmpty,
      let list = unsafe rd_kafka_topic_partition_list_new(Int32(wanted.count))
    else { return }
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    for partition in wanted {
      partition.isAssigned = true
      unsafe rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)
        .pointee.offset = partition.next ?? 0
    }
    unsafe rd_kafka_assign(client.handle, list)
  }

  /// Fills a chunk with a partition's next records; waits for them.
  ///
  /// - Parameters:
  ///   - partition: The partition.
  ///   - chunk: Receives a line for each record.
  ///   - target: About how many bytes are wanted.
  /// - Returns: Whether it holds anything: `false` at the end of the range.
  /// - Throws: `StreamError.kafka` where nothing comes for long, or records were deleted.
  package func read(
    _ partition: KafkaPartition,
    into chunk: inout LineChunk,
    target: Int
  ) throws(StreamError) -> Bool {
    if !hasStarted { start() }
    let deadline = KafkaClient.milliseconds() + KafkaClient.startLimit
    while !partition.isAtEnd {
      if partition.read(into: &chunk, target: target) { return true }
      try watch(partition)
      guard KafkaClient.milliseconds() < deadline else {
        throw .kafka(KafkaFailure(place: partition.place, RD_KAFKA_RESP_ERR__TIMED_OUT))
      }
      if !partition.isAtEnd { pipe.wait(milliseconds: 50) }
    }
    return false
  }

  /// Sees whether the partition, or the client, cannot go on.
  private func watch(_ partition: KafkaPartition) throws(StreamError) {
    if partition.isOutOfRange {
      throw .kafka(
        KafkaFailure(
          place: partition.place,
          code: "gap",
          reason: "records were deleted while it was read"
        )
      )
    }
    if let failure = partition.notes.first { throw .kafka(failure) }
    while let event = unsafe rd_kafka_queue_poll(queue, 0) {
      defer { unsafe rd_kafka_event_destroy(event) }
      guard unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR else { continue }
      let told = unsafe client.told(event, place: "kafka")
      if told.isFatal || told.failure.isOfLogin { throw .kafka(told.failure) }
    }
  }
}
