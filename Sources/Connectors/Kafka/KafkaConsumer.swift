internal import CKafka
internal import Glibc

/// A member of a consumer group, and the partitions of its topics.
///
/// The place in a partition is ours (`KafkaPartition.next`): it is given to the library at each
/// assignment, and committed when what was read up to it is kept. Nothing is done by itself: `serve`
/// is called between rounds, when every record that was read has been counted.
///
/// Its 18 properties are the client with its queue and pipe, what it reads, and how it stands in its
/// group.
@safe package final class KafkaConsumer {
  private(set) var client: KafkaClient
  private(set) var queue: OpaquePointer
  private let pipe: KafkaPipe
  let subscription: KafkaSubscription
  /// All partitions of the topics: in the topics' order, behind them those that came later, as they
  /// came.
  package private(set) var partitions: [KafkaPartition]
  /// Whether partitions are read that come after the start; others are told of.
  package var mayGrow = true
  /// Partitions that the group has given us and nobody reads yet, until `takeFresh`.
  private var fresh: [KafkaPartition] = []
  /// What the group has given us and is not read yet, because somebody is to say where it begins or
  /// the group does not say where it stands; and whether it is the first that it gave.
  private var given: (partitions: [KafkaPartition], isFirst: Bool)?
  /// Whether somebody else says where partitions begin, between two `serve`s: the group's word on it
  /// is not taken for better.
  package var awaitsPlaces = false
  /// Whether the group was joined, which the first `serve` does.
  package private(set) var hasSubscribed = false
  /// Whether the group has given us partitions at least once.
  package private(set) var hasAssignment = false
  /// Whether the group was asked to share the partitions out anew, and has not done so yet.
  package private(set) var isRejoining = false
  /// Whether partitions were taken back, and it is not known yet who has them now.
  private var isUndecided = false
  /// The partitions that the group takes back, until `handOver`.
  private var leaving: [KafkaPartition]?
  /// When the client was made anew, in milliseconds of the monotonic clock.
  private var renewedAt: Int64?
  /// Whether brokers are heard.
  var reach = KafkaReach()
  var told = KafkaNotes()
  /// What befell the partitions so far.
  var counts = KafkaCounts()

  /// What every consumer has, unless `librdkafka` says otherwise.
  private static let properties = [
    "topic.metadata.refresh.interval.ms": "10000",
    "check.crcs": "true",
  ]
  private static let ownProperties = [
    "enable.auto.commit": "false",
    "enable.auto.offset.store": "false",
    "enable.partition.eof": "true",
    "auto.offset.reset": "error",
  ]

  /// How many partitions one agent reads: of no more the places are kept.
  static let partitionLimit = 1024
  /// How many bytes of a partition's records are fetched ahead, unless `librdkafka` says otherwise.
  static let prefetchLimit = 4 << 20
  /// The same with a librdkafka that stops for a second whenever its queue is full: what is read of a
  /// partition in that time.
  static let oldPrefetchLimit = 64 << 20
  /// For how long after a client was made anew it is not made anew again, in milliseconds: of two
  /// processes with one name the older one ends so, when it is told of the other for the second time.
  static let renewalLimit: Int64 = 300_000
  /// How long a question about offsets may take, in milliseconds.
  static let questionLimit: Int32 = 10_000

  /// Logs in, and looks at the topics; nothing is read yet.
  ///
  /// - Parameter subscription: What is to be read.
  /// - Throws: `StreamError.kafka` where the login is refused, a topic is not there, or nobody answers.
  package init(_ subscription: KafkaSubscription) throws(StreamError) {
    let pipe = try KafkaPipe()
    let (client, queue) = try unsafe Self.connect(subscription, wake: pipe.writer)
    var partitions: [KafkaPartition] = []
    for (topic, count) in try unsafe Self.topics(subscription, client, queue) {
      for number in 0..<count {
        guard partitions.count < Self.partitionLimit else {
          throw .kafka(Self.tooMany("kafka topic \(topic)"))
        }
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

  /// A client that reads nothing yet, and the queue of what it is told.
  private static func connect(
    _ subscription: KafkaSubscription,
    wake: Int32
  ) throws(StreamError) -> (client: KafkaClient, queue: OpaquePointer) {
    var settings = KafkaSettings(
      servers: subscription.settings.servers,
      properties: Self.properties
    ).with(KafkaLibrary.linked.fetching)
    if subscription.takesNoInternalTopic {
      settings = settings.with(["topic.blacklist": TopicPattern.internalTopics])
    }
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
    unsafe rd_kafka_queue_io_event_enable(queue, wake, "e", 1)
    return unsafe (client, queue)
  }

  /// The topics that are there, each once, with the number of their partitions.
  static func topics(
    _ subscription: KafkaSubscription,
    _ client: KafkaClient,
    _ queue: OpaquePointer
  ) throws(StreamError) -> [(name: String, count: Int32)] {
    var topics: [(name: String, count: Int32)] = []
    for topic in subscription.topics {
      guard let pattern = TopicPattern(topic) else {
        if topics.contains(where: { $0.name == topic }) { continue }
        topics.append((topic, try unsafe client.partitionCount(of: topic, watching: queue)))
        continue
      }
      topics += try unsafe client.topics(watching: queue).filter { found in
        pattern.takes(found.name) && !topics.contains { $0.name == found.name }
      }
    }
    return topics
  }

  private static func tooMany(_ place: String) -> KafkaFailure {
    KafkaFailure(
      place: place,
      code: "too many",
      reason: "more than \(partitionLimit) partitions in one agent: share them out among several "
        + "groups"
    )
  }

  /// Readable once something has come, a record or a word of the group.
  package var wakeDescriptor: Int32 { pipe.reader }

  /// Why nothing more can be read.
  package var failure: KafkaFailure? { told.failure }

  /// Whether nothing is read for now: the group takes partitions back, or shares them out.
  package var isPaused: Bool { mustHandOver || isRejoining }

  /// Whether the group takes partitions back: nothing is read until `handOver`.
  package var mustHandOver: Bool { leaving != nil }

  /// Whether somebody else reads a partition.
  package func isAway(_ partition: KafkaPartition) -> Bool {
    hasAssignment && !isRejoining && !isUndecided && !partition.isAssigned
      && !(given?.partitions.contains { $0 === partition } ?? false)
  }

  /// Hands over the partitions that came since this was last asked: whoever knows their places says so
  /// before `serve` is called again, and then they are read.
  package func takeFresh() -> [KafkaPartition] {
    defer { fresh = [] }
    return fresh
  }

  /// The partitions that the group has given us and that are read from the next `serve` on: whoever
  /// knows their places says so before.
  package var givenPartitions: [KafkaPartition] { given?.partitions ?? [] }

  /// Does what the group and the brokers ask for; of use between rounds.
  package func serve() {
    pipe.drain()
    if !hasSubscribed {
      hasSubscribed = true
      subscribe()
    }
    if let (named, isFirst) = given.take() { read(named, isFirst: isFirst) }
    var end: KafkaFailure?
    while leaving == nil, given == nil, let event = unsafe rd_kafka_queue_poll(queue, 0) {
      defer { unsafe rd_kafka_event_destroy(event) }
      switch unsafe rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_REBALANCE: unsafe rebalance(event)
      case RD_KAFKA_EVENT_ERROR:
        let error = unsafe client.told(event, place: "kafka at \(subscription.settings.servers)")
        if error.isFatal { end = error.failure } else { told.note(error.failure) }
        noteLoss(error.failure)
      case RD_KAFKA_EVENT_OFFSET_COMMIT:
        reach.toldAt = nil
        let error = unsafe rd_kafka_event_error(event)
        if error != RD_KAFKA_RESP_ERR_NO_ERROR, error != RD_KAFKA_RESP_ERR__NO_OFFSET {
          told.note(KafkaFailure(place: "kafka: offsets cannot be committed", error))
        }
      default: break
      }
    }
    if let end { goOn(after: end) }
    askUnheard()
    for partition in partitions {
      if partition.isOutOfRange, partition.isAssigned { recover(partition) }
      for failure in partition.notes { told.note(failure) }
      partition.notes = []
    }
  }

  /// Joins the group anew with another client where it says that another process has our name, once.
  ///
  /// A coordinator that comes after one that hung may say so of ourselves: it has heard what we said
  /// before we joined again.
  private func goOn(after end: KafkaFailure) {
    let now = KafkaClient.milliseconds()
    let isFirst = renewedAt.map { now - $0 > Self.renewalLimit } ?? true
    guard end.code == "FENCED_INSTANCE_ID", isFirst else {
      told.failure = end
      return
    }
    told.note(end)
    renewedAt = now
    do throws(StreamError) {
      let (client, queue) = try unsafe Self.connect(subscription, wake: pipe.writer)
      for partition in partitions { try partition.move(to: client, wake: pipe.writer) }
      unsafe rd_kafka_queue_destroy(self.queue)
      unsafe self.queue = queue
      self.client = client
    } catch {
      told.failure = end
      return
    }
    (hasSubscribed, isRejoining, given, leaving) = (false, false, nil, nil)
    isUndecided = true
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
        let topics = subscription.topics.joined(separator: ", ")
        told.failure = KafkaFailure(place: "kafka topics \(topics)", error)
      }
    }
  }

  // MARK: The group

  private func rebalance(_ event: OpaquePointer) {
    var named: [KafkaPartition] = []
    if let list = unsafe rd_kafka_event_topic_partition_list(event) {
      named = unsafe known(list)
    }
    switch unsafe rd_kafka_event_error(event) {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
      let isFirst = !hasAssignment
      hasAssignment = true
      counts.rebalances += 1
      isRejoining = false
      isUndecided = false
      reach.toldAt = nil
      let generation = unsafe leeway_kafka_generation(client.handle)
      for partition in named { partition.generation = generation }
      if fresh.isEmpty, !awaitsPlaces {
        read(named, isFirst: isFirst)
      } else {
        given = (named, isFirst)
      }
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      leaving = named
      isUndecided = true
    default:
      leaving = partitions.filter(\.isAssigned)
      isUndecided = true
    }
  }

  /// Reads partitions that the group has given us, once it says where it stands in them.
  private func read(_ named: [KafkaPartition], isFirst: Bool) {
    guard findPlaces(of: named, isFirst: isFirst) else {
      given = (named, isFirst)
      return
    }
    assign(named, adding: isCooperative)
    if isFirst, subscription.isStatic, hasUnreadPartitions { rejoin() }
  }

  /// Asks the group to share the partitions out anew; until then nothing is read.
  ///
  /// A static member that comes back is given what it had before, and what came while it was away is
  /// nobody's.
  private func rejoin() {
    isRejoining = true
    hasSubscribed = false
    unsafe rd_kafka_unsubscribe(client.handle)
  }

  /// The partitions of a list; those that are new are made.
  private func known(
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) -> [KafkaPartition] {
    var found: [KafkaPartition] = []
    for index in unsafe 0..<Int(list.pointee.cnt) {
      let topic = unsafe String(cString: list.pointee.elems[index].topic)
      let number = unsafe list.pointee.elems[index].partition
      if let partition = partitions.first(where: { $0.topic == topic && $0.number == number }) {
        found.append(partition)
      } else if let partition = made(topic, number) {
        partitions.append(partition)
        fresh.append(partition)
        found.append(partition)
      }
    }
    return found
  }

  /// A partition that came after the start; `nil`, with a note, where it is not read.
  private func made(_ topic: String, _ number: Int32) -> KafkaPartition? {
    let place = "kafka topic \(topic), partition \(number)"
    guard mayGrow else {
      let reason =
        "it came after the start and is not read: a window of a number of events needs one stream"
      told.note(KafkaFailure(place: place, code: "new", reason: reason))
      return nil
    }
    guard partitions.count < Self.partitionLimit else {
      told.note(Self.tooMany(place))
      return nil
    }
    do throws(StreamError) {
      return try KafkaPartition(topic, number, client, subscription.members, wake: pipe.writer)
    } catch {
      told.note(KafkaFailure(place: place, code: "new", reason: "it is not read: \(error)"))
      return nil
    }
  }

  /// Lets the library read partitions, each from its place.
  func assign(_ named: [KafkaPartition], adding: Bool) {
    for partition in named {
      partition.isAssigned = true
      do throws(StreamError) {
        try partition.takeQueue(of: client, wake: pipe.writer)
      } catch {
        if case .kafka(let failure) = error { told.note(failure) }
      }
    }
    let start = Int64(
      subscription.start == .latest ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING
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

  /// Leaves the group.
  package func close() {
    for partition in partitions { partition.leave() }
    unsafe rd_kafka_consumer_close(client.handle)
  }
}
