internal import CKafka

/// Whether the brokers of a consumer are heard.
struct KafkaReach {
  /// Whether a connection was lost, and no broker has answered since.
  var isCutOff = false
  /// When the group was told of places and has not answered yet, in milliseconds of the monotonic clock.
  var toldAt: Int64?
  /// When the ends of partitions were last asked for, on the same clock.
  var askedAt: Int64?
}

/// What follows where brokers are gone.
extension KafkaConsumer {
  /// How long a broker may take to answer, where a connection was lost, in milliseconds.
  static let heardLimit: Int32 = 500
  /// After how long brokers are asked again for the ends of partitions, in milliseconds.
  static let askInterval: Int64 = 5_000
  /// After how long the group is told of places again where it did not answer, in milliseconds.
  static let answerLimit: Int64 = 60_000

  /// Takes note of a failure: behind a lost connection there may be records that nobody tells us of.
  func noteLoss(_ failure: KafkaFailure) {
    guard failure.isOfConnection else { return }
    reach.isCutOff = true
    for partition in partitions where partition.isAssigned { partition.isUnheard = true }
  }

  /// Asks, now and then, for the ends of partitions that were read to their end and are not heard: one
  /// that has nothing behind what was read is quiet, and not out of reach.
  func askUnheard() {
    let unheard = partitions.filter { $0.isAssigned && $0.isUnheard && $0.hasSeenEnd }
    guard !unheard.isEmpty else { return }
    let now = KafkaClient.milliseconds()
    if let last = reach.askedAt, now - last < Self.askInterval { return }
    reach.askedAt = now
    unsafe withList(unheard) { list in
      for index in unheard.indices {
        unsafe list.pointee.elems[index].offset = Int64(RD_KAFKA_OFFSET_END)
      }
      let error = unsafe rd_kafka_offsets_for_times(client.handle, list, Self.heardLimit)
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
      for (index, partition) in unheard.enumerated() {
        let element = unsafe list.pointee.elems[index]
        guard unsafe element.err == RD_KAFKA_RESP_ERR_NO_ERROR, let next = partition.next else {
          continue
        }
        partition.isUnheard = unsafe element.offset > next
      }
    }
  }

  /// Whether the group may be told of places now.
  ///
  /// Before all that it was told is answered, or too old, the library lets it share out nothing: told of
  /// places while brokers are gone, it would give us no partitions for a minute after they are back.
  ///
  /// - Parameter waits: Whether its answer is waited for.
  /// - Returns: The same.
  func mayTell(waits: Bool) -> Bool {
    if !waits, let last = reach.toldAt {
      guard KafkaClient.milliseconds() - last >= Self.answerLimit else { return false }
    }
    if reach.isCutOff { reach.isCutOff = !client.answers(within: Self.heardLimit) }
    return !reach.isCutOff
  }
}
