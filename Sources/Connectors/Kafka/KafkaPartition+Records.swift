internal import CKafka

/// A record of a topic as bytes.
package struct KafkaRecord: Sendable, Equatable {
  /// Its place in its partition.
  package let offset: Int64
  /// When it was written, as its producer or the broker said, in milliseconds since 1970; 0 where
  /// nobody did.
  package let time: Int64
  /// Its value; empty where it has none.
  package let value: [UInt8]

  /// A record.
  package init(offset: Int64, time: Int64, value: [UInt8]) {
    self.offset = offset
    self.time = time
    self.value = value
  }

  /// What the library hands out.
  init(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    offset = unsafe message.pointee.offset
    time = unsafe max(rd_kafka_message_timestamp(message, &kind), 0)
    value = unsafe Array(
      UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len)
    )
  }
}

/// Records that are no lines.
extension KafkaPartition {
  /// Hands over records that have come; never waits.
  ///
  /// - Parameter limit: How many at most.
  /// - Returns: The records in the order of their offsets; those that came before are passed over.
  package func records(limit: Int) -> [KafkaRecord] {
    var found: [KafkaRecord] = []
    while isAssigned, found.count < limit {
      guard let message = unsafe nextMessage() else { break }
      defer { passMessage() }
      guard unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
        unsafe takeError(message)
        continue
      }
      let record = unsafe KafkaRecord(message)
      guard record.offset >= next ?? 0 else { continue }
      next = record.offset + 1
      hasSeenEnd = false
      found.append(record)
    }
    return found
  }
}
