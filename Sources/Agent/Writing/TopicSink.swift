public import Connectors

/// Where records go that are written to topics: one producer for all kinds.
public struct TopicOutputs: Sendable, Equatable {
  /// How the cluster is reached.
  public var settings: KafkaSettings
  /// The topic of each kind; the other kinds go to none.
  public var topics: [RecordKind: String]
  /// The name under which they are written in transactions; `nil` where they are in none.
  public var transactionalID: String?

  /// Kinds of records and their topics.
  public init(
    settings: KafkaSettings,
    topics: [RecordKind: String],
    transactionalID: String? = nil
  ) {
    self.settings = settings
    self.topics = topics
    self.transactionalID = transactionalID
  }
}

/// Records of one kind as messages of a Kafka topic, each with its key.
///
/// What was not acknowledged waits in the producer, which is bounded: the caller waits where it is full.
final class TopicSink: RecordSink {
  private let producer: KafkaProducer
  private let topic: String
  private var batch = RecordBatch(wantsKeys: true)

  init(_ producer: KafkaProducer, topic: String) {
    self.producer = producer
    self.topic = topic
  }

  /// How long the end waits until all is acknowledged, in milliseconds.
  static let drainLimit: Int64 = 30_000
  /// How long a state waits for it, in milliseconds.
  static let settleLimit: Int64 = 5_000

  let mended: String? = nil

  func write(
    _ count: Int,
    _ fill: @escaping @Sendable (inout RecordBatch) -> Void
  ) throws(StreamError) {
    batch.hold(fill)
    try batch.forEach { key, value throws(StreamError) in
      try producer.send(to: topic, key: Array(key.utf8), value: value)
    }
  }

  func flush(waits: Bool) throws(StreamError) { try producer.serve() }

  func settle() throws(StreamError) -> Int {
    try producer.settle(milliseconds: Self.settleLimit)
  }

  var unacknowledged: Int { producer.unacknowledged }

  func finish() throws(StreamError) {
    let left = try producer.settle(milliseconds: Self.drainLimit)
    guard left == 0 else { throw .kafka(.notAcknowledged(left, topic: topic)) }
  }

  func reopen() throws(StreamError) {}

  func takeNotes() -> [String] { producer.takeNotes() }
}
