internal import Sketches

/// What is committed with a transaction, by which it is told from all others.
struct OutboxMark: Sendable, Equatable {
  /// How many transactions there were, this one included, as far as its process knew.
  let number: Int
  /// The process, by chance: two of one name are told from each other.
  let process: UInt64

  /// The mark as text.
  var remark: String { "\(number) \(String(process, radix: 16))" }

  /// A transaction of a process.
  init(number: Int, process: UInt64) {
    self.number = number
    self.process = process
  }

  /// Reads what was committed; `nil` where it is no mark.
  init?(remark: String) {
    let parts = remark.split(separator: " ")
    guard parts.count == 2, let number = Int(parts[0]), number > 0,
      let process = UInt64(parts[1], radix: 16)
    else { return nil }
    self.init(number: number, process: process)
  }
}

/// Records that are written to topics in one transaction.
struct OutboxBatch: Sendable {
  /// What is committed with them; `nil` before a state has taken them in.
  var mark: OutboxMark?
  /// The topics that records go to.
  private(set) var topics: [String] = []
  /// How many records there are.
  private(set) var count = 0
  /// Of each record the place of its topic among these, its key and its value, each behind its length.
  private var content = ByteWriter()

  /// The number of the transaction; 0 before it has one.
  var number: Int { mark?.number ?? 0 }

  /// The bytes of its records.
  var byteCount: Int { content.bytes.count }

  /// Adds a record.
  mutating func add(to topic: String, key: String, value: ArraySlice<UInt8>) {
    let place = topics.firstIndex(of: topic) ?? topics.count
    if place == topics.count { topics.append(topic) }
    content.write(varint: UInt64(place))
    content.write(string: key)
    content.write(varint: UInt64(value.count))
    content.write(raw: value)
    count += 1
  }

  /// Visits the records in their order: the topic, the key and the value of each.
  func forEach<E: Error>(
    _ visit: (String, [UInt8], [UInt8]) throws(E) -> Void
  ) throws(E) {
    var reader = ByteReader(content.bytes)
    while let record = try? next(&reader) { try visit(record.topic, record.key, record.value) }
  }

  private func next(
    _ reader: inout ByteReader
  ) throws(CodingError) -> (topic: String, key: [UInt8], value: [UInt8])? {
    guard reader.remaining > 0 else { return nil }
    let offset = reader.offset
    let place = try reader.readCount(limit: topics.count)
    guard place < topics.count else { throw .invalid(offset: offset) }
    return (topics[place], try reader.readBytes(), try reader.readBytes(limit: .max))
  }
}

/// The records of a state that may not be in their topics yet.
struct OutboxState: Sendable {
  /// The transactional id that they are written with.
  let name: String
  /// The last transaction that was known to be there; `nil` where none was.
  let known: OutboxMark?
  /// The transactions after it, in their order.
  let batches: [OutboxBatch]

  /// How many records there are.
  var count: Int { batches.reduce(0) { $0 + $1.count } }

  /// The number of the last transaction that there is.
  var number: Int { max(batches.last?.number ?? 0, known?.number ?? 0) }

  /// What of it is to be written, and how sure that is.
  ///
  /// - Parameter last: The last transaction that is there, as the cluster says; `nil` for none.
  /// - Returns: The transactions, and whether they are known not to be there.
  func left(after last: OutboxMark?) -> (batches: [OutboxBatch], isCertain: Bool) {
    if last == known { return (batches, true) }
    guard let place = batches.firstIndex(where: { $0.mark == last }) else {
      return (batches, false)
    }
    return (Array(batches[(place + 1)...]), true)
  }
}

// MARK: In a state

extension OutboxMark: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(number)
    writer.write(fixed64: process)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let offset = reader.offset
    number = try reader.read()
    process = try reader.readFixed64()
    guard number > 0 else { throw .invalid(offset: offset) }
  }
}

extension OutboxBatch: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(mark)
    writer.write(topics)
    writer.write(bytes: content.bytes)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let offset = reader.offset
    mark = try reader.read()
    topics = try reader.read()
    let bytes = try reader.readBytes(limit: .max)
    guard mark != nil else { throw .invalid(offset: offset) }
    content.write(raw: bytes)
    var records = ByteReader(bytes)
    while try next(&records) != nil { count += 1 }
  }
}

extension OutboxState: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(known)
    writer.write(batches)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    name = try reader.read()
    known = try reader.read()
    let offset = reader.offset
    batches = try reader.read()
    let numbers = batches.map(\.number)
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .invalid(offset: offset)
    }
  }
}
