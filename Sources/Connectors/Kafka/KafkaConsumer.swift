internal import CKafka
internal import Glibc

/// A member of a consumer group, and the partitions of its topics.
///
/// The place in a partition is ours (`KafkaPartition.next`): it is given to the library at each
/// assignment, and committed when what was read up to it is kept. Nothing is done by itself: `serve`
/// is called between rounds, when every record that was read has been counted.
///
/// Its 9 properties are the client with its queue and pipe, what it reads, and how it stands in its
/// group.
@safe package final class KafkaConsumer {
  private let client: KafkaClient
  private let queue: OpaquePointer
  private let pipe: KafkaPipe
  private let subscription: KafkaSubscription
  /// All partitions of the topics, in the topics' order.
  package let partitions: [KafkaPartition]
  /// Whether the group was joined, which the first `serve` does.
  package private(set) var hasSubscribed = false
  /// Whether the group has given us partitions at least once.
  package private(set) var hasAssignment = false
  /// The partitions that the group takes back, until `handOver`.
  private var leaving: [KafkaPartition]?
  private var told = KafkaNotes()

  /// What every consumer has; of the first two more are allowed.
  private static let properties = [
    "queued.max.messages.kbytes": "\(prefetchLimit >> 10)",
    "fetch.queue.backoff.ms": "5",
    "check.crcs": "true",
  ]
  private static let ownProperties = [
    "enable.auto.commit": "false",
    "enable.auto.offset.store": "false",
    "enable.partition.eof": "true",
    "auto.offset.reset": "error",
  ]

  /// How many bytes of a partition's records are fetched ahead, unless `librdkafka` says otherwise.
  static let prefetchLimit = 4 << 20
  /// How long a question about offsets may take, in milliseconds.
  static let questionLimit: Int32 = 10_000

  /// Logs in, and looks at the topics; nothing is read yet.
  ///
  /// - Parameter subscription: What is to be read.
  /// - Throws: `StreamError.kafka` where the login is refused, a topic is not there, or nobody answers.
  package init(_ subscription: KafkaSubscription) throws(StreamError) {
    var settings = KafkaSettings(
      servers: subscription.settings.servers,
      properties: Self.properties
    )
    settings = settings.with(subscription.settings.properties).with(Self.ownProperties)
    let client = try KafkaClient(
      .consumer,
      settings,
      events: RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_OFFSET_COMMIT
    )
    unsafe rd_kafka_poll_set_consumer(client.handle)
    guard let queue = unsafe rd_kafka_queue_get_consumer(client.handle) else {
      throw .kafka(KafkaFailure(place: "kafka", rd_kafka_last_error()))
    }
    let pipe = try KafkaPipe()
    unsafe rd_kafka_queue_io_event_enable(queue, pipe.writer, "e", 1)
    var partitions: [KafkaPartition] = []
    for topic in subscription.topics {
      let count = try unsafe client.partitionCount(of: topic, watching: queue)
      for number in 0..<count {
        let members = subscription.members
        partitions.append(try KafkaPartition(topic, number, client, members, wake: pipe.writer))
      }
    }
    self.client = client
    unsafe self.queue = queue
    self.pipe = pipe
    self.subscription = subscription
    self.partitions = partitions
  }

  deinit { unsafe rd_kafka_queue_destroy(queue) }

  /// Readable once something has come, a record or a word of the group.
  package var wakeDescriptor: Int32 { pipe.reader }

  /// Why nothing more can be read.
  package var failure: KafkaFailure? { told.failure }

  /// Whether the group takes partitions back: nothing is read until `handOver`.
  package var mustHandOver: Bool { leaving != nil }

  /// Whether somebody else reads a partition.
  package func isAway(_ partition: KafkaPartition) -> Bool {
    hasAssignment && !partition.isAssigned
  }

  /// Does what the group and the brokers ask for; of use between rounds.
  package func serve() {
    pipe.drain()
    if !hasSubscribed {
      hasSubscribed = true
      subscribe()
    }
    while leaving == nil, let event = unsafe rd_kafka_queue_poll(queue, 0) {
      defer { unsafe rd_kafka_event_destroy(event) }
      switch unsafe rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_REBALANCE: unsafe rebalance(event)
      case RD_KAFKA_EVENT_ERROR:
        let error = unsafe client.told(event, place: "kafka at \(subscription.settings.servers)")
        if error.isFatal { told.failure = error.failure } else { told.note(error.failure) }
      case RD_KAFKA_EVENT_OFFSET_COMMIT:
        let error = unsafe rd_kafka_event_error(event)
        if error != RD_KAFKA_RESP_ERR_NO_ERROR, error != RD_KAFKA_RESP_ERR__NO_OFFSET {
          told.note(KafkaFailure(place: "kafka: offsets cannot be committed", error))
        }
      default: break
      }
    }
    for partition in partitions {
      if partition.isOutOfRange, partition.isAssigned { recover(partition) }
      for failure in partition.notes { told.note(failure) }
      partition.notes = []
    }
  }

  /// Hands over what is to be said, a sentence each; the same at most once a minute.
  package func takeNotes() -> [String] { told.take() }

  private func subscribe() {
    unsafe withList([]) { list in
      for topic in subscription.topics {
        unsafe rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA)
      }
      let error = unsafe rd_kafka_subscribe(client.handle, list)
      if error != RD_KAFKA_RESP_ERR_NO_ERROR {
        told.failure = KafkaFailure(place: "kafka", error)
      }
    }
  }

  // MARK: The group

  private var isCooperative: Bool {
    unsafe rd_kafka_rebalance_protocol(client.handle).map {
      unsafe String(cString: $0) == "COOPERATIVE"
    } ?? false
  }

  private func rebalance(_ event: OpaquePointer) {
    var named: [KafkaPartition] = []
    if let list = unsafe rd_kafka_event_topic_partition_list(event) {
      named = unsafe known(list)
    }
    switch unsafe rd_kafka_event_error(event) {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
      let isFirst = !hasAssignment
      hasAssignment = true
      findPlaces(of: named, trustingGroup: !isFirst)
      assign(named, adding: isCooperative)
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      leaving = named
    default:
      leaving = partitions.filter(\.isAssigned)
    }
  }

  private func known(
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) -> [KafkaPartition] {
    var found: [KafkaPartition] = []
    for index in unsafe 0..<Int(list.pointee.cnt) {
      let topic = unsafe String(cString: list.pointee.elems[index].topic)
      let number = unsafe list.pointee.elems[index].partition
      if let partition = partitions.first(where: { $0.topic == topic && $0.number == number }) {
        found.append(partition)
      } else {
        told.note(
          KafkaFailure(
            place: "kafka topic \(topic), partition \(number)",
            code: "new",
            reason: "it came after the start and is not read: start the agent anew"
          )
        )
      }
    }
    return found
  }

  /// Asks the group for the places that we do not know, and the log where the group knows none.
  ///
  /// - Parameters:
  ///   - named: The partitions.
  ///   - trustingGroup: Whether the group may know more than we do: another member has read on.
  private func findPlaces(of named: [KafkaPartition], trustingGroup: Bool) {
    let asked = named.filter { $0.next == nil || trustingGroup && !$0.isAssigned }
    guard !asked.isEmpty else { return }
    unsafe withList(asked) { list in
      let error = unsafe rd_kafka_committed(client.handle, list, Self.questionLimit)
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        told.note(KafkaFailure(place: "kafka: the group's offsets", error))
        return
      }
      for (index, partition) in asked.enumerated() {
        let offset = unsafe list.pointee.elems[index].offset
        if offset >= 0, offset > partition.next ?? -1 { partition.begin(at: offset) }
      }
    }
    // A place, and not "the end": what comes while nobody reads is read by the next process.
    for partition in asked where partition.next == nil {
      guard let ends = ends(of: partition) else { continue }
      partition.begin(at: subscription.start == .earliest ? ends.low : ends.high)
    }
  }

  /// The first offset of a partition's log, and the one after its last; `nil`, with a note, where
  /// nobody answers.
  private func ends(of partition: KafkaPartition) -> (low: Int64, high: Int64)? {
    var low: Int64 = 0
    var high: Int64 = 0
    let error = unsafe rd_kafka_query_watermark_offsets(
      client.handle,
      partition.topic,
      partition.number,
      &low,
      &high,
      Self.questionLimit
    )
    if error == RD_KAFKA_RESP_ERR_NO_ERROR { return (low, high) }
    told.note(KafkaFailure(place: partition.place, error))
    return nil
  }

  /// Lets the library read partitions, each from its place.
  private func assign(_ named: [KafkaPartition], adding: Bool) {
    for partition in named { partition.isAssigned = true }
    let start = Int64(
      subscription.start == .earliest ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END
    )
    unsafe withList(named) { list in
      for (index, partition) in named.enumerated() {
        unsafe list.pointee.elems[index].offset = partition.next ?? start
      }
      if adding {
        unsafe note(rd_kafka_incremental_assign(client.handle, list), "the assignment")
      } else {
        let error = unsafe rd_kafka_assign(client.handle, list)
        if error != RD_KAFKA_RESP_ERR_NO_ERROR {
          told.note(KafkaFailure(place: "kafka: the assignment", error))
        }
      }
    }
  }

  /// Gives back what the group takes; of use when all that was read is kept.
  package func handOver() {
    guard let named = leaving else { return }
    leaving = nil
    for partition in named { partition.leave() }
    if isCooperative {
      unsafe withList(named) { list in
        unsafe note(rd_kafka_incremental_unassign(client.handle, list), "the assignment")
      }
    } else {
      unsafe rd_kafka_assign(client.handle, nil)
    }
  }

  /// Tells the group how far we are.
  ///
  /// - Parameter waits: Whether to wait for its answer.
  package func commit(waits: Bool) {
    let known = partitions.filter { $0.isAssigned && $0.next != nil }
    guard !known.isEmpty, unsafe rd_kafka_assignment_lost(client.handle) == 0 else { return }
    unsafe withList(known) { list in
      for (index, partition) in known.enumerated() {
        unsafe list.pointee.elems[index].offset = partition.next ?? 0
      }
      let error = unsafe rd_kafka_commit(client.handle, list, waits ? 0 : 1)
      if error != RD_KAFKA_RESP_ERR_NO_ERROR {
        told.note(KafkaFailure(place: "kafka: offsets cannot be committed", error))
      }
    }
  }

  /// Leaves the group.
  package func close() {
    for partition in partitions { partition.leave() }
    unsafe rd_kafka_consumer_close(client.handle)
  }

  // MARK: Offsets that are not there

  /// Goes on where a partition's log does not have our place any more.
  private func recover(_ partition: KafkaPartition) {
    guard let (low, high) = ends(of: partition) else { return }
    let place = partition.next ?? low
    if place < low {
      told.note(
        KafkaFailure(
          place: partition.place,
          code: "gap",
          reason: "the records \(place) to \(low - 1) were deleted before they were read: "
            + "\(low - place) offsets, whose windows are cut"
        )
      )
      partition.begin(at: low)
    } else if place > high {
      let failure = KafkaFailure(
        place: partition.place,
        code: "offset regression",
        reason: "the log ends at \(high), and it was read up to \(place): it was made anew or cut"
      )
      if subscription.onRegression == .stop {
        told.failure = failure
        return
      }
      told.note(failure)
      partition.begin(at: subscription.onRegression == .earliest ? low : high)
    } else {
      partition.begin(at: place)
    }
    partition.isCut = true
    let isCooperative = isCooperative
    if isCooperative {
      unsafe withList([partition]) { list in
        unsafe note(rd_kafka_incremental_unassign(client.handle, list), "the assignment")
      }
    }
    assign(isCooperative ? [partition] : partitions.filter(\.isAssigned), adding: isCooperative)
  }

  // MARK: The library's lists and errors

  private func withList(
    _ named: [KafkaPartition],
    _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Void
  ) {
    guard let list = unsafe rd_kafka_topic_partition_list_new(Int32(max(named.count, 1))) else {
      return
    }
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    for partition in named {
      unsafe rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)
    }
    unsafe body(list)
  }

  private func note(_ error: OpaquePointer?, _ what: String) {
    guard let error = unsafe error else { return }
    let code = unsafe rd_kafka_error_code(error)
    let words = unsafe String(cString: rd_kafka_error_string(error))
    told.note(KafkaFailure(place: "kafka: \(what)", code, reason: words))
    unsafe rd_kafka_error_destroy(error)
  }
}
