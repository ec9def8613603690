internal import CKafka

/// Where partitions are read from, at an assignment and where a log does not have our place.
extension KafkaConsumer {
  /// Asks the group for the places that we do not know, and the log where the group knows none.
  ///
  /// A partition that came later than others begins with its first record: nobody has seen those that
  /// it has. It came later where another one of its topic has a place, or where topics are named by a
  /// pattern and any other has one.
  ///
  /// - Parameters:
  ///   - named: The partitions.
  ///   - isFirst: Whether the group gave us none before. Else it may know more than we do: another
  ///     member has read on.
  /// - Returns: Whether the group has answered; else it must be asked again before anything is read,
  ///   because another place would lose records or count them twice.
  func findPlaces(of named: [KafkaPartition], isFirst: Bool) -> Bool {
    let asked = named.filter { $0.next == nil || !isFirst && !$0.isAssigned }
    guard !asked.isEmpty else { return true }
    var hasAnswer = false
    unsafe withList(asked) { list in
      var error = unsafe rd_kafka_committed(client.handle, list, Self.questionLimit)
      for index in asked.indices where error == RD_KAFKA_RESP_ERR_NO_ERROR {
        unsafe error = list.pointee.elems[index].err
      }
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        told.note(KafkaFailure(place: "kafka: the group's offsets", error))
        return
      }
      hasAnswer = true
      for (index, partition) in asked.enumerated() {
        let offset = unsafe list.pointee.elems[index].offset
        if offset >= 0, offset > partition.next ?? -1 { partition.begin(at: offset) }
      }
    }
    guard hasAnswer else { return false }
    let placed = partitions.filter { $0.next != nil }
    let hasPattern = subscription.topics.contains(where: TopicPattern.isOne)
    for partition in asked where partition.next == nil {
      if hasPattern && !placed.isEmpty || placed.contains(where: { $0.topic == partition.topic }) {
        partition.begin(at: 0)
        continue
      }
      // A place, and not "the end": what comes while nobody reads is read by the next process.
      guard let ends = ends(of: partition) else { continue }
      partition.begin(at: subscription.start == .earliest ? ends.low : ends.high)
    }
    return true
  }

  /// Whether there are partitions of which the group knows no place, and that were not given to us:
  /// nobody has ever read them.
  var hasUnreadPartitions: Bool {
    let others = partitions.filter { !$0.isAssigned && $0.next == nil }
    guard !others.isEmpty else { return false }
    var isUnread = false
    unsafe withList(others) { list in
      guard
        unsafe rd_kafka_committed(client.handle, list, Self.questionLimit)
          == RD_KAFKA_RESP_ERR_NO_ERROR
      else { return }
      isUnread = others.indices.contains { unsafe list.pointee.elems[$0].offset < 0 }
    }
    return isUnread
  }

  /// The first offset of a partition's log, and the one after its last; `nil`, with a note, where
  /// nobody answers.
  private func ends(of partition: KafkaPartition) -> (low: Int64, high: Int64)? {
    var low: Int64 = 0
    var high: Int64 = 0
    let error = unsafe rd_kafka_query_watermark_offsets(
      client.handle,
      partition.topic,
      partition.number,
      &low,
      &high,
      Self.questionLimit
    )
    if error == RD_KAFKA_RESP_ERR_NO_ERROR { return (low, high) }
    told.note(KafkaFailure(place: partition.place, error))
    return nil
  }

  /// Goes on where a partition's log does not have our place any more.
  func recover(_ partition: KafkaPartition) {
    guard let (low, high) = ends(of: partition) else { return }
    let place = partition.next ?? low
    if place < low {
      told.note(
        KafkaFailure(
          place: partition.place,
          code: "gap",
          reason: "the records \(place) to \(low - 1) were deleted before they were read: "
            + "\(low - place) offsets, whose windows are cut"
        )
      )
      partition.begin(at: low)
      partition.isCut = true
    } else if place > high {
      let failure = KafkaFailure(
        place: partition.place,
        code: "offset regression",
        reason: "the log ends at \(high), and it was read up to \(place): it was made anew or cut"
      )
      if subscription.onRegression == .stop {
        told.failure = failure
        return
      }
      told.note(failure)
      partition.begin(at: subscription.onRegression == .earliest ? low : high)
      partition.isCut = true
    } else {
      // A leader that took over does not know yet how far we were: nothing was lost.
      partition.begin(at: place)
    }
    let isCooperative = isCooperative
    if isCooperative {
      unsafe withList([partition]) { list in
        unsafe note(rd_kafka_incremental_unassign(client.handle, list), "the assignment")
      }
    }
    assign(isCooperative ? [partition] : partitions.filter(\.isAssigned), adding: isCooperative)
  }
}
