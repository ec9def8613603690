internal import CKafka

/// Offsets by the times of records.
extension KafkaClient {
  /// The first offsets of partitions that are not before a time.
  ///
  /// - Parameters:
  ///   - partitions: The partitions.
  ///   - time: In milliseconds since 1970, as the topic has it.
  /// - Returns: Of each its offset; `nil` where no record is so late.
  /// - Throws: `StreamError.kafka` where nobody answers.
  func offsets(
    of partitions: [KafkaPartition],
    at time: Int64
  ) throws(StreamError) -> [Int64?] {
    let count = Int32(max(partitions.count, 1))
    guard let list = unsafe rd_kafka_topic_partition_list_new(count) else {
      return partitions.map { _ in nil }
    }
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    for partition in partitions {
      unsafe rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)
        .pointee.offset = time
    }
    let error = unsafe rd_kafka_offsets_for_times(handle, list, KafkaConsumer.questionLimit)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw .kafka(KafkaFailure(place: "kafka: offsets by time", error))
    }
    return partitions.indices.map { index in
      let offset = unsafe list.pointee.elems[index].offset
      return offset >= 0 ? offset : nil
    }
  }
}
