internal import CKafka

/// What the library is told and tells in its own forms: lists of partitions, protocols, errors.
extension KafkaConsumer {
  var isCooperative: Bool {
    unsafe rd_kafka_rebalance_protocol(client.handle).map {
      unsafe String(cString: $0) == "COOPERATIVE"
    } ?? false
  }

  func withList(
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

  func note(_ error: OpaquePointer?, _ what: String) {
    guard let error = unsafe error else { return }
    let code = unsafe rd_kafka_error_code(error)
    let words = unsafe String(cString: rd_kafka_error_string(error))
    told.note(KafkaFailure(place: "kafka: \(what)", code, reason: words))
    unsafe rd_kafka_error_destroy(error)
  }
}
