internal import CKafka

/// Where partitions begin and end, and offsets by the times of records.
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

  /// The first offset of a partition's log, and the one after its last.
  ///
  /// - Parameters:
  ///   - topic: The topic.
  ///   - number: The partition.
  /// - Returns: Both.
  /// - Throws: `StreamError.kafka` where nobody answers.
  func ends(
    of topic: String,
    _ number: Int32
  ) throws(StreamError) -> (low: Int64, high: Int64) {
    var low: Int64 = 0
    var high: Int64 = 0
    let limit = KafkaConsumer.questionLimit
    let error = unsafe rd_kafka_query_watermark_offsets(handle, topic, number, &low, &high, limit)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw .kafka(KafkaFailure(place: "kafka topic \(topic), partition \(number)", error))
    }
    return (low, high)
  }
}
