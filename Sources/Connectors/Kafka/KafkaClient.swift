internal import CKafka
internal import Glibc

/// A client of librdkafka, which is destroyed with its owner.
@safe final class KafkaClient {
  /// What it is made for.
  enum Kind {
    case consumer, producer
  }

  /// The client.
  let handle: OpaquePointer
  private let servers: String
  private let kind: Kind

  /// Makes a client; nothing is asked of a broker yet.
  ///
  /// - Parameters:
  ///   - kind: What it is for.
  ///   - settings: Its properties.
  ///   - events: What comes as an event of its queue, a sum of `RD_KAFKA_EVENT_…`.
  /// - Throws: `StreamError.kafka` where a property is refused.
  init(_ kind: Kind, _ settings: KafkaSettings, events: Int32) throws(StreamError) {
    let all = settings.with(["bootstrap.servers": settings.servers])
    let configuration = try unsafe Self.configuration(all)
    // What goes wrong comes as an event; the library's own lines would break into those of others.
    unsafe rd_kafka_conf_set_log_cb(configuration, nil)
    unsafe rd_kafka_conf_set_events(configuration, events)
    let type = kind == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER
    var words = [CChar](repeating: 0, count: 512)
    guard let made = unsafe rd_kafka_new(type, configuration, &words, words.count) else {
      unsafe rd_kafka_conf_destroy(configuration)
      throw .kafka(
        KafkaFailure(place: "kafka", RD_KAFKA_RESP_ERR__INVALID_ARG, reason: text(words))
      )
    }
    unsafe handle = made
    servers = settings.servers
    self.kind = kind
  }

  deinit { unsafe rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) }

  private static func configuration(
    _ settings: KafkaSettings
  ) throws(StreamError) -> OpaquePointer {
    guard let made = unsafe rd_kafka_conf_new() else {
      throw .kafka(
        KafkaFailure(place: "kafka", code: "_CRIT_SYS_RESOURCE", reason: "out of memory")
      )
    }
    var words = [CChar](repeating: 0, count: 512)
    for (name, value) in settings.properties.sorted(by: { $0.key < $1.key }) {
      guard unsafe rd_kafka_conf_set(made, name, value, &words, words.count) == RD_KAFKA_CONF_OK
      else {
        unsafe rd_kafka_conf_destroy(made)
        let failure = KafkaFailure(
          place: "kafka property \(name)",
          RD_KAFKA_RESP_ERR__INVALID_ARG,
          reason: text(words)
        )
        throw .kafka(failure)
      }
    }
    return unsafe made
  }

  /// How long the first answer of a cluster is waited for, in milliseconds.
  static let startLimit: Int64 = 30_000

  /// How many partitions a topic has; waits for the cluster's first answer.
  ///
  /// - Parameters:
  ///   - topic: The topic.
  ///   - queue: Where the client's errors come.
  /// - Returns: At least 1.
  /// - Throws: `StreamError.kafka` where there is no such topic, where the login is refused, or where
  ///   nobody answers.
  func partitionCount(
    of topic: String,
    watching queue: OpaquePointer
  ) throws(StreamError) -> Int32 {
    let place = "kafka topic \(topic) at \(servers)"
    guard let named = unsafe rd_kafka_topic_new(handle, topic, nil) else {
      throw .kafka(KafkaFailure(place: place, rd_kafka_last_error()))
    }
    defer { unsafe rd_kafka_topic_destroy(named) }
    let started = Self.milliseconds()
    while true {
      let answer = unsafe try topics(named, place, until: started + Self.startLimit, queue)
      if let first = answer.first, first.error == RD_KAFKA_RESP_ERR_NO_ERROR, first.count > 0 {
        return first.count
      }
      let error = answer.first?.error ?? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
      // A producer's question makes the topic where the cluster does such things.
      let mayCome = kind == .producer && Self.milliseconds() < started + Self.startLimit / 6
      guard mayCome, error != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED else {
        throw .kafka(KafkaFailure(place: place, error))
      }
      usleep(100_000)
    }
  }

  /// All topics of the cluster that we may see, with how many partitions each has; waits for its first
  /// answer.
  ///
  /// - Parameter queue: Where the client's errors come.
  /// - Returns: The topics, by their names.
  /// - Throws: `StreamError.kafka` where the login is refused, or where nobody answers.
  func topics(watching queue: OpaquePointer) throws(StreamError) -> [(name: String, count: Int32)] {
    let deadline = Self.milliseconds() + Self.startLimit
    let answer = try unsafe topics(nil, "kafka at \(servers)", until: deadline, queue)
    return answer.filter { $0.error == RD_KAFKA_RESP_ERR_NO_ERROR && $0.count > 0 }
      .map { ($0.name, $0.count) }.sorted { $0.name < $1.name }
  }

  /// What the cluster says of one topic, or of all.
  private func topics(
    _ named: OpaquePointer?,
    _ place: String,
    until deadline: Int64,
    _ queue: OpaquePointer
  ) throws(StreamError) -> [(name: String, count: Int32, error: rd_kafka_resp_err_t)] {
    while true {
      var found: UnsafePointer<rd_kafka_metadata>?
      let error = unsafe rd_kafka_metadata(handle, named == nil ? 1 : 0, named, &found, 500)
      if error == RD_KAFKA_RESP_ERR_NO_ERROR, let answer = unsafe found {
        defer { unsafe rd_kafka_metadata_destroy(answer) }
        let topics = unsafe UnsafeBufferPointer(
          start: answer.pointee.topics,
          count: Int(answer.pointee.topic_cnt)
        )
        return unsafe topics.map { topic in
          unsafe (String(cString: topic.topic), topic.partition_cnt, topic.err)
        }
      }
      for told in unsafe errors(of: queue, place: place)
      where told.failure.isOfLogin || told.isFatal {
        throw .kafka(told.failure)
      }
      if Self.milliseconds() > deadline { throw .kafka(KafkaFailure(place: place, error)) }
    }
  }

  /// Whether any broker answers.
  ///
  /// - Parameter milliseconds: How long it may take.
  /// - Returns: The same.
  func answers(within milliseconds: Int32) -> Bool {
    var found: UnsafePointer<rd_kafka_metadata>?
    let error = unsafe rd_kafka_metadata(handle, 0, nil, &found, milliseconds)
    if let found = unsafe found { unsafe rd_kafka_metadata_destroy(found) }
    return error == RD_KAFKA_RESP_ERR_NO_ERROR
  }

  /// An error that the client told.
  struct Told {
    let failure: KafkaFailure
    /// Whether the client is of no use any more.
    let isFatal: Bool
  }

  /// The errors that wait in a queue in which nothing else can be yet.
  private func errors(of queue: OpaquePointer, place: String) -> [Told] {
    var found: [Told] = []
    while let event = unsafe rd_kafka_queue_poll(queue, 0) {
      defer { unsafe rd_kafka_event_destroy(event) }
      if unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR {
        found.append(unsafe told(event, place: place))
      }
    }
    return found
  }

  /// What an event of an error says.
  func told(_ event: OpaquePointer, place: String) -> Told {
    let error = unsafe rd_kafka_event_error(event)
    let words = unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) }
    let isFatal = unsafe rd_kafka_event_error_is_fatal(event) != 0
    guard isFatal else {
      return Told(failure: KafkaFailure(place: place, error, reason: words), isFatal: false)
    }
    let cause = fatalFailure(at: place) ?? KafkaFailure(place: place, error, reason: words)
    return Told(failure: cause, isFatal: true)
  }

  /// Why the client is of no use any more; `nil` while it is.
  func fatalFailure(at place: String) -> KafkaFailure? {
    var reason = [CChar](repeating: 0, count: 512)
    let cause = unsafe rd_kafka_fatal_error(handle, &reason, reason.count)
    guard cause != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    return KafkaFailure(place: place, cause, reason: text(reason))
  }

  /// The monotonic clock, in milliseconds.
  static func milliseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension KafkaFailure {
  /// Whether asking again will not help before somebody changes something.
  var isOfLogin: Bool { ["_AUTHENTICATION", "_SSL"].contains(code) }

  /// Whether a connection was lost or is not there.
  var isOfConnection: Bool {
    ["_TRANSPORT", "_ALL_BROKERS_DOWN", "_TIMED_OUT", "_RESOLVE"].contains(code)
  }
}

/// The text that C wrote into a buffer.
func text(_ buffer: [CChar]) -> String {
  String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
