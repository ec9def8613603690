internal import CKafka
internal import Glibc
internal import Records

/// One partition of a topic: its records in the order of their offsets, each as a line.
///
/// Each record is a line whose number is its offset plus one: of offsets that are not there
/// (compacted, of transactions) there are blank lines in a chunk, or a chunk ends. So all that counts
/// lines counts offsets. A record without a value, or with an empty one, is a blank line. Of the others
/// a newline within becomes a return, which is the same between JSON's tokens and as little allowed
/// within its strings.
///
/// Its 21 properties are whose partition it is, the batch in hand, and where it stands.
@safe package final class KafkaPartition {
  /// The topic.
  package let topic: String
  /// The partition's number in it.
  package let number: Int32

  private var client: KafkaClient
  /// What records are given beside their value; `nil` for nothing.
  private let members: RecordMembers?
  /// The members of the record in hand that its value does not have.
  private var prefix = JSONWriter()
  private(set) var queue: OpaquePointer
  let batch: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
  var batchRange = 0..<0
  /// The offset of the next record that counts; `nil` until it is known.
  package internal(set) var next: Int64?
  /// The offset that the group is told next; `nil` where it is told none.
  var noted: Int64?
  /// Whether records are read from it for us now.
  package internal(set) var isAssigned = false
  /// Whether the end was told, and nothing has come since.
  var hasSeenEnd = false
  /// Whether a connection was lost since, so that there may be records behind its end.
  var isUnheard = false
  /// The number of the sharing-out in which it was given to us last; -1 where none is known.
  package var generation: Int32 = -1
  /// What the group is told beside the place, for the member that has the partition next.
  package var remark: String?
  /// Whether its offset is not there, so that where to go on must be asked for.
  private(set) var isOutOfRange = false
  /// The offset before which records are read; `nil` where there is no end.
  package var end: Int64?
  /// Whether records between two that were read were deleted; whoever asks takes it back.
  package var isCut = false
  /// Records that came again and were passed over.
  package private(set) var duplicates = 0
  /// Records without a value, or with an empty one.
  package private(set) var emptyRecords = 0
  /// What is to be told of it.
  var notes: [KafkaFailure] = []

  /// How many records are taken from the library at a time.
  static let batchSize = 1024
  private static let space = UInt8(ascii: " ")
  private static let openArray = UInt8(ascii: "[")
  private static let openObject = UInt8(ascii: "{")
  private static let closeObject = UInt8(ascii: "}")
  private static let comma = UInt8(ascii: ",")

  /// Up to how many offsets that are not there are made up for by blank lines within a chunk.
  private static let gapLimit: Int64 = 256

  /// A partition from which nothing is read yet.
  ///
  /// - Parameters:
  ///   - topic: The topic.
  ///   - number: The partition.
  ///   - client: Whose it is.
  ///   - members: What records are given beside their value.
  ///   - wake: Written to when a first record has come.
  /// - Throws: `StreamError.kafka` where the library has no queue for it.
  init(
    _ topic: String,
    _ number: Int32,
    _ client: KafkaClient,
    _ members: RecordMembers,
    wake: Int32
  ) throws(StreamError) {
    unsafe queue = try Self.queue(topic, number, client, wake: wake)
    self.topic = topic
    self.number = number
    self.client = client
    self.members = members.isEmpty ? nil : members
    unsafe batch = .allocate(capacity: Self.batchSize)
  }

  /// The queue of a partition's records: its own, and not that of all, so that the partition that is
  /// furthest behind is read first.
  private static func queue(
    _ topic: String,
    _ number: Int32,
    _ client: KafkaClient,
    wake: Int32
  ) throws(StreamError) -> OpaquePointer {
    guard let queue = unsafe rd_kafka_queue_get_partition(client.handle, topic, number) else {
      throw .kafka(KafkaFailure(place: "kafka topic \(topic)", rd_kafka_last_error()))
    }
    unsafe rd_kafka_queue_forward(queue, nil)
    unsafe rd_kafka_queue_io_event_enable(queue, wake, "r", 1)
    return unsafe queue
  }

  /// Takes the queue that a client has for it now: where the topic was deleted and made anew, or the
  /// client is another one, it is another queue.
  ///
  /// - Parameters:
  ///   - client: The client.
  ///   - wake: Written to when a first record has come.
  /// - Throws: `StreamError.kafka` where the library has no queue for it.
  func takeQueue(of client: KafkaClient, wake: Int32) throws(StreamError) {
    let taken = try unsafe Self.queue(topic, number, client, wake: wake)
    unsafe rd_kafka_queue_destroy(queue)
    unsafe queue = taken
    self.client = client
  }

  /// Belongs to another client from now on, which has not been told to read it.
  ///
  /// - Parameters:
  ///   - client: The other client.
  ///   - wake: Written to when a first record has come.
  /// - Throws: `StreamError.kafka` where the library has no queue for it.
  func move(to client: KafkaClient, wake: Int32) throws(StreamError) {
    leave()
    try takeQueue(of: client, wake: wake)
  }

  deinit {
    dropBatch()
    unsafe batch.deallocate()
    unsafe rd_kafka_queue_destroy(queue)
  }

  /// What it is called in words.
  package var place: String { "kafka topic \(topic), partition \(number)" }

  /// What it is called among streams.
  package var name: String { PartitionName(topic: topic, number: Int(number)).description }

  /// Whether `read` has something to look at.
  package var isReadable: Bool {
    guard isAssigned else { return false }
    return unsafe !batchRange.isEmpty || rd_kafka_queue_length(queue) > 0
  }

  /// Whether all was read that the partition has: since it was given to us, and since a connection was
  /// lost, its broker has said that nothing is there behind what was read last.
  package var isCaughtUp: Bool {
    isAssigned && batchRange.isEmpty && !isOutOfRange && hasSeenEnd && !isUnheard
  }

  /// How many records it has that were not read yet, as far as its broker has said; `nil` where it has
  /// not.
  var lag: Int64? {
    if batchRange.isEmpty, hasSeenEnd { return 0 }
    var low: Int64 = 0
    var high: Int64 = 0
    let error = unsafe rd_kafka_get_watermark_offsets(client.handle, topic, number, &low, &high)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0, let next else { return nil }
    return max(high - next, 0)
  }

  /// Whether all was read that is before its end: nothing is there behind what was read last.
  package var isAtEnd: Bool {
    guard let end, let next else { return false }
    return next >= end || batchRange.isEmpty && hasSeenEnd
  }

  /// Goes on from an offset.
  package func begin(at offset: Int64) {
    next = offset
    noted = nil
    hasSeenEnd = false
    isUnheard = false
    isOutOfRange = false
    dropBatch()
  }

  /// Forgets what is in hand: somebody else reads from here on.
  func leave() {
    isAssigned = false
    noted = nil
    hasSeenEnd = false
    isUnheard = false
    dropBatch()
  }

  /// The record in hand, or the first one of the next batch; `nil` where none has come.
  func nextMessage() -> UnsafeMutablePointer<rd_kafka_message_t>? {
    if batchRange.isEmpty {
      let got = unsafe rd_kafka_consume_batch_queue(queue, 0, batch, Self.batchSize)
      guard got > 0 else { return nil }
      batchRange = 0..<got
    }
    return unsafe batch[batchRange.lowerBound]
  }

  /// Goes on behind the record in hand.
  ///
  /// Records are given back a batch at a time: one by one, the thread that fetches and this one would
  /// wait for each other at every other record, since both use the same part of the heap.
  func passMessage() {
    batchRange = (batchRange.lowerBound + 1)..<batchRange.upperBound
    if batchRange.isEmpty { dropBatch() }
  }

  private func dropBatch() {
    for index in 0..<batchRange.upperBound {
      if let message = unsafe batch[index] { unsafe rd_kafka_message_destroy(message) }
    }
    batchRange = 0..<0
  }

  /// Fills a chunk with records that have come; never waits.
  ///
  /// - Parameters:
  ///   - chunk: Receives a line for each record, and the first one's number.
  ///   - target: About how many bytes are wanted.
  /// - Returns: Whether it holds anything.
  package func read(into chunk: inout LineChunk, target: Int) -> Bool {
    // Not at the start of a stream of bytes, where a mark would be skipped: records have none.
    chunk.clear(at: 1)
    while isAssigned, chunk.count < target, next ?? 0 < end ?? .max {
      guard let message = unsafe nextMessage(), unsafe take(message, into: &chunk) else { break }
      passMessage()
    }
    chunk.wipePadding()
    return chunk.count > 0
  }

  /// Takes one record.
  ///
  /// - Returns: Whether it was taken; `false` where the chunk has to end before it.
  private func take(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>,
    into chunk: inout LineChunk
  ) -> Bool {
    let offset = unsafe message.pointee.offset
    let next = next
    guard unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
      // The place behind what has no record is a chunk's of its own.
      if chunk.count > 0, let next, unsafe endsBehind(message, next) { return false }
      unsafe takeError(message)
      return true
    }
    if let next, offset < next {
      duplicates += 1
      return true
    }
    if let end, offset >= end {
      self.next = end
      return true
    }
    if chunk.count == 0 {
      chunk.setFirstLine(Int(offset))
    } else if let next, offset > next {
      guard offset - next <= Self.gapLimit else { return false }
      chunk.append([UInt8](repeating: 0x0a, count: Int(offset - next)))
    }
    unsafe append(message, to: &chunk)
    self.next = offset + 1
    hasSeenEnd = false
    return true
  }

  private func append(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>,
    to chunk: inout LineChunk
  ) {
    let length = unsafe message.pointee.len
    guard length > 0, let payload = unsafe message.pointee.payload else {
      emptyRecords += 1
      chunk.append([0x0a])
      return
    }
    let record = unsafe UnsafeRawBufferPointer(start: payload, count: length)
    let first = unsafe record.firstIndex { $0 > Self.space }
    if let first, unsafe record[first] == Self.openArray { chunk.holdArray() }
    var start = 0
    if let members, let first, unsafe record[first] == Self.openObject {
      start = first + 1
      unsafe members.write(message, from: (topic, number), to: &prefix)
      let isAlone = unsafe record[start...].first { $0 > Self.space } == Self.closeObject
      chunk.append(isAlone ? prefix.bytes : prefix.bytes + [Self.comma])
    }
    _ = unsafe chunk.append(upTo: length - start + 1) { room in
      guard let line = room.baseAddress else { return 0 }
      let length = length - start
      unsafe memcpy(line, payload + start, length)
      var rest = unsafe line
      let end = unsafe line + length
      while let newline = unsafe memchr(rest, 0x0a, end - rest) {
        unsafe newline.storeBytes(of: 0x0d, as: UInt8.self)
        unsafe rest = newline + 1
      }
      unsafe end.storeBytes(of: 0x0a, as: UInt8.self)
      return length + 1
    }
  }

  /// Whether a partition ends behind offsets that have no record for us: those that end transactions,
  /// and those that were taken back.
  private func endsBehind(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>,
    _ place: Int64
  ) -> Bool {
    unsafe message.pointee.err == RD_KAFKA_RESP_ERR__PARTITION_EOF
      && message.pointee.offset > place
  }

  /// Takes what came instead of a record.
  ///
  /// At its end the place is behind all that it has, also behind what has no record for us. Else the
  /// group would seem to lag for ever, and what is deleted would seem to be lost.
  func takeError(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
    switch unsafe message.pointee.err {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      hasSeenEnd = true
      isUnheard = false
      if let next, unsafe endsBehind(message, next) { self.next = unsafe message.pointee.offset }
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      isOutOfRange = true
    default:
      notes.append(unsafe KafkaFailure(place: place, message.pointee.err))
    }
  }
}
