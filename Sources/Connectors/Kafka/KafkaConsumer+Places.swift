internal import CKafka
internal import Glibc

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
  /// - Returns: Whether the group and the logs have answered; else they must be asked again before
  ///   anything is read, because another place would lose records or count them twice.
  func findPlaces(of named: [KafkaPartition], isFirst: Bool) -> Bool {
    let asked = named.filter { $0.next == nil || !awaitsPlaces && !isFirst && !$0.isAssigned }
    guard !asked.isEmpty else { return true }
    var hasAnswer = false
    unsafe withList(asked) { list in
      hasAnswer = unsafe askPlaces(list, asked.count)
      guard hasAnswer else { return }
      for (index, partition) in asked.enumerated() {
        let offset = unsafe list.pointee.elems[index].offset
        if offset >= 0, offset > partition.next ?? -1 { partition.begin(at: offset) }
      }
    }
    guard hasAnswer else { return false }
    let placed = partitions.filter { $0.next != nil }
    let hasPattern = subscription.topics.contains(where: TopicPattern.isOne)
    let new = asked.filter { $0.next == nil }
    // All of them first: one that has a place makes the others of its topic such that came later.
    var places: [Int64] = []
    for partition in new {
      let cameLater =
        hasPattern && !placed.isEmpty || placed.contains { $0.topic == partition.topic }
      guard let place = cameLater ? 0 : start(of: partition) else { return false }
      places.append(place)
    }
    for (partition, place) in zip(new, places) { partition.begin(at: place) }
    return true
  }

  /// Where a partition begins of which nothing is known; `nil`, with a note, where nobody answers.
  ///
  /// A place, and not "the end": what comes while nobody reads is read by the next process.
  private func start(of partition: KafkaPartition) -> Int64? {
    guard let ends = ends(of: partition) else { return nil }
    switch subscription.start {
    case .earliest: return ends.low
    case .latest: return ends.high
    case .time(let time):
      guard let offset = offset(of: partition, at: time) else { return nil }
      return offset ?? ends.high
    }
  }

  /// Asks the group for the places of a list's partitions.
  ///
  /// - Returns: Whether it has answered for each.
  private func askPlaces(
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>,
    _ count: Int
  ) -> Bool {
    var error = unsafe rd_kafka_committed(client.handle, list, Self.questionLimit)
    for index in 0..<count where error == RD_KAFKA_RESP_ERR_NO_ERROR {
      unsafe error = list.pointee.elems[index].err
    }
    if error == RD_KAFKA_RESP_ERR_NO_ERROR { return true }
    told.note(KafkaFailure(place: "kafka: the group's offsets", error))
    return false
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
      guard unsafe askPlaces(list, named.count) else { return }
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

  /// Takes note of how far the partitions are read.
  package func notePlaces() {
    for partition in partitions where partition.isAssigned { partition.noted = partition.next }
  }

  /// Tells the group how far we were when that was noted.
  ///
  /// Where no broker answers, or the group has not answered to the last word, it is told the next time.
  ///
  /// - Parameter waits: Whether to wait for its answer.
  package func commit(waits: Bool) {
    let known = partitions.filter { $0.isAssigned && $0.noted != nil }
    guard !known.isEmpty, !isLost, mayTell(waits: waits) else { return }
    unsafe withList(known) { list in
      for (index, partition) in known.enumerated() {
        unsafe list.pointee.elems[index].offset = partition.noted ?? 0
        guard let remark = partition.remark else { continue }
        // The list frees it.
        unsafe list.pointee.elems[index].metadata = UnsafeMutableRawPointer(strdup(remark))
        unsafe list.pointee.elems[index].metadata_size = remark.utf8.count
      }
      let error =
        waits
        ? unsafe rd_kafka_commit(client.handle, list, 0)
        : unsafe rd_kafka_commit_queue(client.handle, list, queue, nil, nil)
      if !waits, error == RD_KAFKA_RESP_ERR_NO_ERROR {
        reach.toldAt = KafkaClient.milliseconds()
      }
      if error != RD_KAFKA_RESP_ERR_NO_ERROR {
        told.note(KafkaFailure(place: "kafka: offsets cannot be committed", error))
      }
    }
  }

  /// Whether the group has given our partitions to others without asking: we were not heard for too
  /// long.
  package var isLost: Bool { unsafe rd_kafka_assignment_lost(client.handle) != 0 }

  /// The group's name.
  package var group: String { subscription.settings.properties["group.id"] ?? "" }

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
    do {
      return try client.ends(of: partition.topic, partition.number)
    } catch {
      if case .kafka(let failure) = error { told.note(failure) }
      return nil
    }
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
      counts.deleted += low - place
      partition.begin(at: low)
      partition.isCut = true
    } else if place > high {
      let failure = KafkaFailure(
        place: partition.place,
        code: "offset regression",
        reason: "the log ends at \(high), and it was read up to \(place): it was made anew or cut"
      )
      counts.regressions += 1
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
