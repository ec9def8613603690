/// How a Kafka cluster is reached: properties of librdkafka, by their names there.
public struct KafkaSettings: Sendable, Equatable {
  /// The first brokers to ask, as they were given: `broker-1:9092,broker-2:9092`.
  public var servers: String
  /// All properties but those that a consumer or a producer of ours always has.
  public var properties: [String: String]

  /// Settings of a cluster.
  ///
  /// - Parameters:
  ///   - servers: The first brokers to ask, `HOST:PORT` with commas between.
  ///   - properties: More properties of librdkafka.
  public init(servers: String, properties: [String: String] = [:]) {
    self.servers = servers
    self.properties = properties
  }

  /// The settings with more properties, which win.
  public func with(_ more: [String: String]) -> KafkaSettings {
    KafkaSettings(servers: servers, properties: properties.merging(more) { _, new in new })
  }

  /// Why a property of librdkafka is not passed through; `nil` where it is.
  ///
  /// - Parameter property: Its name.
  /// - Returns: A reason that ends with what to do.
  public static func refusal(of property: String) -> String? {
    if loading.contains(property) {
      return "it loads code into this process: leave it out"
    }
    if let key = keys[property] { return "the agent file has a key for it: write \(key)" }
    return owned[property].map { "\($0): leave it out" }
  }

  /// What would load code.
  private static let loading: Set<String> = [
    "plugin.library.paths", "ssl.engine.location", "ssl.providers",
  ]

  /// What the agent file says by keys of its own.
  private static let keys = [
    "bootstrap.servers": "bootstrap_servers",
    "metadata.broker.list": "bootstrap_servers",
    "group.id": "group_id",
    "group.instance.id": "group_instance_id",
    "session.timeout.ms": "session_timeout_ms",
    "auto.offset.reset": "auto_offset_reset",
    "security.protocol": "tls.enabled and sasl",
    "ssl.ca.location": "tls.ca_file",
    "ssl.certificate.location": "tls.crt_file",
    "ssl.key.location": "tls.key_file",
    "ssl.key.password": "tls.key_pass",
    "sasl.mechanism": "sasl.mechanism",
    "sasl.mechanisms": "sasl.mechanism",
    "sasl.username": "sasl.username",
    "sasl.password": "sasl.password or sasl.password_file",
    "compression.codec": "compression",
    "compression.type": "compression",
    "transactional.id": "sinks: {transactional_id: …}",
  ]

  /// What the promises of the agent rest on.
  private static let owned = [
    "enable.auto.commit": "offsets are committed when what they stand for is kept",
    "auto.commit.interval.ms": "offsets are committed when what they stand for is kept",
    "enable.auto.offset.store": "offsets are committed when what they stand for is kept",
    "enable.partition.eof": "the end of a partition says when it holds no window open",
    "enable.idempotence": "a record is written once",
    "acks": "a record is there when all replicas in sync have it",
    "request.required.acks": "a record is there when all replicas in sync have it",
    "message.timeout.ms": "a record waits until it is written",
    "delivery.timeout.ms": "a record waits until it is written",
    "partitioner": "a key has the partition that Java's clients give it",
    "delivery.report.only.error": "the agent counts the reports",
    "log.queue": "the agent tells what the client says",
    "allow.auto.create.topics": "a topic that is missing is told",
  ]
}
