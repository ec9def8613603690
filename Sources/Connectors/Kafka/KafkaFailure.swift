internal import CKafka

/// What a Kafka cluster, or the way there, refused.
public struct KafkaFailure: Sendable, Equatable {
  /// Where: `kafka topic predictions`.
  public let place: String
  /// The name of the error, as librdkafka has it: `TOPIC_AUTHORIZATION_FAILED`, `_TRANSPORT`.
  public let code: String
  /// What it says of itself.
  public let reason: String

  /// A failure of ours, or one that librdkafka has told in words.
  init(place: String, code: String, reason: String) {
    self.place = place
    self.code = code
    self.reason = reason
  }

  /// A failure by librdkafka's number.
  ///
  /// - Parameters:
  ///   - place: Where.
  ///   - error: The number.
  ///   - reason: What is said of it; `nil`: what is always said of that number.
  init(place: String, _ error: rd_kafka_resp_err_t, reason: String? = nil) {
    self.place = place
    code = unsafe String(cString: rd_kafka_err2name(error))
    self.reason = unsafe reason ?? String(cString: rd_kafka_err2str(error))
  }

  /// Records that no broker acknowledged before the end.
  package static func notAcknowledged(_ count: Int, topic: String) -> KafkaFailure {
    KafkaFailure(
      place: "kafka topic \(topic)",
      code: "_TIMED_OUT",
      reason: "\(count) records are not acknowledged, and are written again at the next start "
        + "where there is a state"
    )
  }

  /// A topic of several partitions that needs one order.
  package static func manyPartitions(_ count: Int, topic: String) -> KafkaFailure {
    KafkaFailure(
      place: "kafka topic \(topic)",
      code: "\(count) partitions",
      reason: "a fleet's topic needs one order: make it with one partition"
    )
  }

  /// What to do about it, by its code.
  private static let advice = [
    "_AUTHENTICATION": "check sasl.username and the password",
    "SASL_AUTHENTICATION_FAILED": "check sasl.username and the password",
    "_SSL": "check tls.ca_file, and that this is the port for TLS",
    "_RESOLVE": "check the names in bootstrap_servers",
    "_TRANSPORT": "check bootstrap_servers, and that a broker listens there",
    "_ALL_BROKERS_DOWN": "check bootstrap_servers, and that a broker listens there",
    "_TIMED_OUT": "check bootstrap_servers, and that a broker listens there",
    "_UNKNOWN_TOPIC": "create the topic, or correct its name",
    "_UNKNOWN_PARTITION": "create the topic, or correct its name",
    "UNKNOWN_TOPIC_OR_PART": "create the topic, or correct its name",
    "TOPIC_AUTHORIZATION_FAILED": "give this user the right to use the topic",
    "GROUP_AUTHORIZATION_FAILED": "give this user the right to read with the group of group_id",
    "TRANSACTIONAL_ID_AUTHORIZATION_FAILED":
      "give this user the right to write with the id of transactional_id",
    "CLUSTER_AUTHORIZATION_FAILED": "give this user the right IDEMPOTENT_WRITE on the cluster",
    "INVALID_RECORD": "a compacted topic takes records with keys alone: set cleanup.policy=delete",
    "MSG_SIZE_TOO_LARGE": "raise max.message.bytes of the topic",
    "FENCED_INSTANCE_ID": "another process has this group_instance_id: give each its own",
    "_FENCED": "another process has this group_instance_id: give each its own",
    "PRODUCER_FENCED":
      "another process has this transactional_id, or this one hung for longer than a transaction may "
      + "take: give each its own, and start this one anew",
    "INVALID_TRANSACTION_TIMEOUT":
      "lower transaction.timeout.ms of librdkafka, or raise transaction.max.timeout.ms of the brokers",
    "_INVALID_ARG": "correct it in the agent file",
  ]
}

extension KafkaFailure: CustomStringConvertible {
  /// One line: where, what, why, do what.
  public var description: String {
    "\(place): \(reason) (\(code))" + (Self.advice[code].map { ": " + $0 } ?? "")
  }
}
