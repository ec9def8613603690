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
  func findPlaces(of named: [KafkaPartition], isFirst: Bool) {
    let asked = named.filter { $0.next == nil || !awaitsPlaces && !isFirst && !$0.isAssigned }
    guard !asked.isEmpty else { return }
    unsafe withList(asked) { list in
      let error = unsafe rd_kafka_committed(client.handle, list, Self.questionLimit)
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        told.note(KafkaFailure(place: "kafka: the group's offsets", error))
        return
      }
      for (index, partition) in asked.enumerated() {
        let offset = unsafe list.pointee.elems[index].offset
        if offset >= 0, offset > partition.next ?? -1 { partition.begin(at: offset) }
      }
    }
    let placed = partitions.filter { $0.next != nil }
    let hasPattern = subscription.topics.contains(where: TopicPattern.isOne)
    for partition in asked where partition.next == nil {
      if hasPattern && !placed.isEmpty || placed.contains(where: { $0.topic == partition.topic }) {
        partition.begin(at: 0)
        continue
      }
      // A place, and not "the end": what comes while nobody reads is read by the next process.
      guard let ends = ends(of: partition) else { continue }
      switch subscription.start {
      case .earliest: partition.begin(at: ends.low)
      case .latest: partition.begin(at: ends.high)
      case .time(let time):
        guard let offset = offset(of: partition, at: time) else { continue }
        partition.begin(at: offset ?? ends.high)
      }
    }
  }

  /// What the group was told of partitions last: a place, and a remark beside it.
  ///
  /// - Parameter named: The partitions.
  /// - Returns: Of each its place, `nil` where the group knows none, and the remark; `nil` for all where
  ///   nobody answers.
  package func committed(
    _ named: [KafkaPartition]
  ) -> [(offset: Int64?, remark: String)]? {
    var found: [(offset: Int64?, remark: String)]?
    unsafe withList(named) { list in
      let error = unsafe rd_kafka_committed(client.handle, list, Self.questionLimit)
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        told.note(KafkaFailure(place: "kafka: the group's offsets", error))
        return
      }
      found = named.indices.map { index in
        let element = unsafe list.pointee.elems[index]
        let bytes = unsafe UnsafeRawBufferPointer(
          start: element.metadata,
          count: element.metadata == nil ? 0 : element.metadata_size
        )
        let remark = unsafe String(decoding: bytes, as: UTF8.self)
        return unsafe (element.offset >= 0 ? element.offset : nil, remark)
      }
    }
    return found
  }

  /// Tells the group of a partition's place, and waits for its answer.
  ///
  /// - Parameters:
  ///   - partition: The partition.
  ///   - offset: Its place.
  /// - Returns: Whether it was taken: only from a member that has the partition.
  package func accepts(_ partition: KafkaPartition, at offset: Int64) -> Bool {
    var isTaken = false
    unsafe withList([partition]) { list in
      unsafe list.pointee.elems[0].offset = offset
      let error = unsafe rd_kafka_commit(client.handle, list, 0)
      isTaken = error == RD_KAFKA_RESP_ERR_NO_ERROR
      if !isTaken { told.note(KafkaFailure(place: "kafka: offsets cannot be committed", error)) }
    }
    return isTaken
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
  package func ends(of partition: KafkaPartition) -> (low: Int64, high: Int64)? {
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

  /// The first offset of a partition that is not before a time; `nil` within where it has none, and
  /// without, with a note, where nobody answers.
  private func offset(of partition: KafkaPartition, at time: Int64) -> Int64?? {
    do {
      return try client.offsets(of: [partition], at: time)[0]
    } catch {
      if case .kafka(let failure) = error { told.note(failure) }
      return nil
    }
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
    } else {
      partition.begin(at: place)
    }
    partition.isCut = true
    let isCooperative = isCooperative
    if isCooperative {
      unsafe withList([partition]) { list in
        unsafe note(rd_kafka_incremental_unassign(client.handle, list), "the assignment")
      }
    }
    assign(isCooperative ? [partition] : partitions.filter(\.isAssigned), adding: isCooperative)
  }
}
