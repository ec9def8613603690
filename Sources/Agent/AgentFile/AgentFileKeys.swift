/// The keys of an agent file, each list in the order in which docs/kafka.md has them.
enum AgentFileKeys {
  static let file = ["kafka", "sources", "sinks", "fleet", "instance", "rules"]
  static let kafka = ["bootstrap_servers", "tls", "sasl", "compression", "librdkafka"]
  static let tls = ["enabled", "ca_file", "crt_file", "key_file", "key_pass", "verify_hostname"]
  static let sasl = ["mechanism", "username", "password", "password_file"]
  static let logs = ["type", "include", "exclude"]
  static let source = [
    "type", "topics", "group_id", "group_instance_id", "auto_offset_reset", "from",
    "on_regression",
    "session_timeout_ms", "kafka", "key_field", "headers_key", "topic_key", "partition_key",
    "offset_key",
    "timestamp_key", "librdkafka",
  ]
  static let fleet = ["topic"]
  static let rule = [
    "alert", "agent", "for", "keep_firing_for", "severity", "labels", "annotations",
  ]
  static let sinks = ["alerts", "metrics", "feedback", "dead_letters", "transactional_id"]
  static let sink = ["type", "topic"]
}

/// The largest numbers of things in an agent file.
enum AgentFileBounds {
  /// Sources, and logs of one.
  static let sourceLimit = 64
  /// Topics of a source.
  static let topicLimit = 64
}
