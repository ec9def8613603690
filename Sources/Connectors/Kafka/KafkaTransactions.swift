internal import CKafka
internal import Glibc

/// Writes records to topics in transactions, each with a remark that is committed with it.
///
/// Who reads committed records alone sees all of a transaction's, or none. A name belongs to one
/// process: whoever takes it last ends what the one before has open, and that one writes no more.
/// The remark of the last transaction stands beside an offset of the group that has the same name, in
/// the partition 0 of the first topic (`send_offsets_to_transaction`). One thread at a time uses it.
///
/// Its 9 properties are who writes to where under which name, and how it stands with the name.
package final class KafkaTransactions {
  private let settings: KafkaSettings
  private let name: String
  private let topics: [String]
  private var producer: KafkaProducer
  /// The offset beside which the remark stands.
  private var offset: Int64
  /// The remark of the last transaction that was committed when the name was taken; `nil` where the
  /// cluster knows of none.
  package private(set) var lastRemark: String?
  /// When the name was last taken from us, in milliseconds of the monotonic clock.
  private var lostAt: Int64?
  /// Whether it is to be taken back before more is written.
  private var isLost = false
  private var told = KafkaNotes()

  /// For how long one call waits before it is repeated, in milliseconds.
  private static let patience: Int32 = 1_000
  /// A name that is lost twice within so many milliseconds is another process'; lost once, it may be
  /// that this one hung, or that brokers were gone, for longer than a transaction may take.
  static let lossInterval: Int64 = 300_000
  /// How long a transaction with a record that is never taken waits to be taken back, in milliseconds.
  private static let abortLimit: Int64 = 5_000

  /// Logs in, looks at the topics, and takes the name over from whoever had it.
  ///
  /// - Parameters:
  ///   - settings: How the cluster is reached.
  ///   - name: The transactional id.
  ///   - topics: Where records will go, at least one; the first one has the remark.
  /// - Throws: `StreamError.kafka` where the login is refused, a topic is not there, the name is not
  ///   ours to use, or nobody answers.
  package init(
    _ settings: KafkaSettings,
    name: String,
    topics: [String]
  ) throws(StreamError) {
    self.settings = settings
    self.name = name
    self.topics = topics
    let begun = try Self.begin(settings, name, topics) { false }
    producer = begun.producer
    lastRemark = begun.last?.remark
    offset = begun.last?.offset ?? 0
  }

  private static func begin(
    _ settings: KafkaSettings,
    _ name: String,
    _ topics: [String],
    givesUp: () -> Bool
  ) throws(StreamError) -> (producer: KafkaProducer, last: (offset: Int64, remark: String)?) {
    let producer = try KafkaProducer(settings, topics: topics, transactional: name)
    let place = place(name, settings)
    try takeOver(producer, place, givesUp)
    return (producer, try lastCommitted(settings, name, topics[0], place, givesUp))
  }

  /// Takes the name over; a broker that has just begun may need seconds for it.
  private static func takeOver(
    _ producer: KafkaProducer,
    _ place: String,
    _ givesUp: () -> Bool
  ) throws(StreamError) {
    let deadline = KafkaClient.milliseconds() + KafkaClient.startLimit
    while true {
      let handle = unsafe producer.client.handle
      let answer = unsafe Refusal(rd_kafka_init_transactions(handle, patience), place)
      guard let answer else { return }
      guard answer.mayRepeat, KafkaClient.milliseconds() < deadline, !givesUp() else {
        throw .kafka(answer.failure)
      }
      try producer.serve()
    }
  }

  /// What was committed last beside an offset of the group with the name; `nil` for nothing.
  private static func lastCommitted(
    _ settings: KafkaSettings,
    _ name: String,
    _ topic: String,
    _ place: String,
    _ givesUp: () -> Bool
  ) throws(StreamError) -> (offset: Int64, remark: String)? {
    // A transaction that ends just now is waited for.
    let own = [
      "group.id": name, "isolation.level": "read_committed", "enable.auto.commit": "false",
    ]
    let asking = try KafkaClient(.consumer, settings.with(own), events: 0)
    guard let list = unsafe rd_kafka_topic_partition_list_new(1) else { return nil }
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    unsafe rd_kafka_topic_partition_list_add(list, topic, 0)
    let deadline = KafkaClient.milliseconds() + KafkaClient.startLimit
    while true {
      var error = unsafe rd_kafka_committed(asking.handle, list, patience)
      let found = unsafe list.pointee.elems[0]
      if error == RD_KAFKA_RESP_ERR_NO_ERROR { unsafe error = found.err }
      if error == RD_KAFKA_RESP_ERR_NO_ERROR {
        guard unsafe found.offset >= 0 else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(
          start: found.metadata,
          count: found.metadata == nil ? 0 : found.metadata_size
        )
        return unsafe (found.offset, String(decoding: bytes, as: UTF8.self))
      }
      let failure = KafkaFailure(place: place, error)
      let isOver = failure.isLasting || KafkaClient.milliseconds() > deadline
      guard !isOver, !givesUp() else { throw .kafka(failure) }
      usleep(100_000)
    }
  }

  /// How a transaction ended.
  package enum Outcome {
    /// Its records are there.
    case committed
    /// None of its records is there, and all may be tried anew; a note says why.
    case aborted
    /// It was given up, and the next process learns from the remark how it ended.
    case abandoned
  }

  /// Writes records in a transaction of their own.
  ///
  /// - Parameters:
  ///   - remark: What is committed with them; no other transaction has the same.
  ///   - givesUp: Whether to wait no longer; asked about once a second while brokers do not answer.
  ///   - records: Sends the records.
  /// - Returns: How it ended.
  /// - Throws: `StreamError.kafka` where a record cannot be written at all, or another process has
  ///   the name.
  package func write(
    _ remark: String,
    givesUp: () -> Bool,
    _ records: (KafkaProducer) throws(StreamError) -> Void
  ) throws(StreamError) -> Outcome {
    do throws(StreamError) {
      if isLost {
        try takeBack(givesUp)
        if lastRemark == remark { return .committed }
      }
      return try attempt(remark, givesUp, records)
    } catch {
      guard case .kafka(let failure) = error else { throw error }
      if !isLost, let cause = producer.client.fatalFailure(at: place) {
        try lose(cause)
        return .aborted
      }
      guard !failure.isLasting else {
        // While it is open, nobody reads on behind it.
        let deadline = KafkaClient.milliseconds() + Self.abortLimit
        if !isLost { _ = try? abort { KafkaClient.milliseconds() > deadline } }
        throw .kafka(failure)
      }
      told.note(failure)
      if isLost { return .aborted }
      return try abort(givesUp) ? .aborted : .abandoned
    }
  }

  /// Takes note of why the producer is of no use any more.
  ///
  /// - Throws: The same where the name is not to be taken back.
  private func lose(_ cause: KafkaFailure) throws(StreamError) {
    let isLoss = ["_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"].contains(cause.code)
    guard isLoss else { throw .kafka(cause) }
    let now = KafkaClient.milliseconds()
    if let lostAt, now - lostAt < Self.lossInterval { throw .kafka(cause.ofFence) }
    lostAt = now
    isLost = true
    told.note(
      KafkaFailure(
        place: place,
        code: "INVALID_PRODUCER_EPOCH",
        reason: "\(cause.reason): the name is taken back, once within five minutes"
      )
    )
  }

  private func takeBack(_ givesUp: () -> Bool) throws(StreamError) {
    let begun = try Self.begin(settings, name, topics, givesUp: givesUp)
    producer = begun.producer
    lastRemark = begun.last?.remark
    offset = begun.last?.offset ?? offset
    isLost = false
  }

  private func attempt(
    _ remark: String,
    _ givesUp: () -> Bool,
    _ records: (KafkaProducer) throws(StreamError) -> Void
  ) throws(StreamError) -> Outcome {
    let handle = unsafe producer.client.handle
    if let refusal = unsafe Refusal(rd_kafka_begin_transaction(handle), place) {
      throw .kafka(refusal.failure)
    }
    try records(producer)
    // The library waits for the reports that nobody takes from it but us.
    while producer.unacknowledged > 0 {
      try producer.serve(milliseconds: Self.patience)
      if givesUp() { return .abandoned }
    }
    guard try unsafe repeated(givesUp, { () throws(StreamError) in try unsafe note(remark) })
    else { return .abandoned }
    let isDone = try unsafe repeated(givesUp) {
      unsafe rd_kafka_commit_transaction(handle, Self.patience)
    }
    return isDone ? .committed : .abandoned
  }

  /// Calls what answers with an error, until it is done.
  ///
  /// - Returns: Whether it is done; `false` where it was given up.
  private func repeated(
    _ givesUp: () -> Bool,
    _ call: () throws(StreamError) -> OpaquePointer?
  ) throws(StreamError) -> Bool {
    while true {
      guard let answer = unsafe Refusal(try call(), place) else { return true }
      guard answer.mayRepeat else { throw .kafka(answer.failure) }
      try producer.serve()
      if givesUp() { return false }
    }
  }

  /// Lets the remark be committed with the records.
  private func note(_ remark: String) throws(StreamError) -> OpaquePointer? {
    offset = producer.ends[topics[0]] ?? offset
    guard let list = unsafe rd_kafka_topic_partition_list_new(1),
      let group = unsafe rd_kafka_consumer_group_metadata_new(name)
    else { throw .kafka(KafkaFailure(place: place, rd_kafka_last_error())) }
    defer {
      unsafe rd_kafka_topic_partition_list_destroy(list)
      unsafe rd_kafka_consumer_group_metadata_destroy(group)
    }
    unsafe rd_kafka_topic_partition_list_add(list, topics[0], 0)
    unsafe list.pointee.elems[0].offset = offset
    // The list frees it.
    unsafe list.pointee.elems[0].metadata = UnsafeMutableRawPointer(strdup(remark))
    unsafe list.pointee.elems[0].metadata_size = remark.utf8.count
    let handle = unsafe producer.client.handle
    return unsafe rd_kafka_send_offsets_to_transaction(handle, list, group, Self.patience)
  }

  /// Takes back what was sent; the reports of it are passed over.
  ///
  /// - Returns: Whether that is done; `false` where it was given up.
  private func abort(_ givesUp: () -> Bool) throws(StreamError) -> Bool {
    let handle = unsafe producer.client.handle
    unsafe rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    while producer.unacknowledged > 0 {
      try? producer.serve(milliseconds: 100)
      if let cause = producer.client.fatalFailure(at: place) {
        try lose(cause)
        return true
      }
      if givesUp() { return false }
    }
    do throws(StreamError) {
      return try unsafe repeated(givesUp) {
        unsafe rd_kafka_abort_transaction(handle, Self.patience)
      }
    } catch {
      guard let cause = producer.client.fatalFailure(at: place) else { throw error }
      try lose(cause)
      return true
    }
  }

  /// Hands over what is to be said of the cluster, a sentence each.
  package func takeNotes() -> [String] { told.take() + producer.takeNotes() }

  /// Where it writes, in words.
  package var place: String { Self.place(name, settings) }

  private static func place(_ name: String, _ settings: KafkaSettings) -> String {
    "kafka transactions of \(name) at \(settings.servers)"
  }
}

/// Why a call was not done.
private struct Refusal {
  let failure: KafkaFailure
  /// Whether the same call may be done later.
  let mayRepeat: Bool

  /// Reads an error of the library, and destroys it; `nil` where it is none.
  init?(_ error: OpaquePointer?, _ place: String) {
    guard let error = unsafe error else { return nil }
    defer { unsafe rd_kafka_error_destroy(error) }
    let reason = unsafe rd_kafka_error_string(error).map { unsafe String(cString: $0) }
    let code = unsafe rd_kafka_error_code(error)
    failure = KafkaFailure(place: place, code, reason: reason)
    mayRepeat = unsafe rd_kafka_error_is_retriable(error) != 0
  }
}

extension KafkaFailure {
  /// The same with a name that has advice of its own.
  fileprivate var ofFence: KafkaFailure {
    KafkaFailure(place: place, code: "PRODUCER_FENCED", reason: reason)
  }

  /// Whether records that failed so fail again whenever they are tried.
  fileprivate var isLasting: Bool { Self.lasting.contains(code) }

  private static let lasting: Set<String> = [
    "_FATAL", "_AUTHENTICATION", "_SSL", "MSG_SIZE_TOO_LARGE",
    "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC",
    "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED",
    "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED",
    "INVALID_TRANSACTION_TIMEOUT", "UNSUPPORTED_VERSION", "UNSUPPORTED_FOR_MESSAGE_FORMAT",
  ]
}
