internal import Connectors
internal import Events
internal import Monitoring
internal import Sketches

/// An entry of a fleet's topic.
enum FleetEntry {
  /// A member says something of a stream.
  case report(StreamReport)
  /// Whoever judges has kept how all stands.
  case verdict(VerdictState)
}

extension FleetEntry: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .report(let report):
      writer.write(byte: 0)
      writer.write(report)
    case .verdict(let state):
      writer.write(byte: 1)
      writer.write(state)
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    switch try reader.readByte() {
    case 0: self = .report(try reader.read())
    case 1: self = .verdict(try reader.read())
    default: throw .invalid(offset: start)
    }
  }
}

/// An entry as records of a topic: in parts where it is long, with whose it is and which it is.
///
/// Layout of a part: a magic word, a format number, whose it is, the writer, the entry's number, the
/// part's, how many there are, its bytes, and the XXH3 of all that.
enum FleetParts {
  private static let magic = Array("lwfleet".utf8)
  private static let format: UInt8 = 1
  /// The most bytes of a part: a topic takes records of a million, unless it is told otherwise.
  static let partLimit = 900_000
  /// How many parts an entry may have: as many bytes as a state.
  static let countLimit = 1 << 12

  /// A part that was read.
  struct Part {
    /// Whose it is: another one's is none of ours.
    let owner: StateOwner
    let writer: UInt64
    let number: UInt64
    let index: Int
    let count: Int
    let bytes: [UInt8]
  }

  /// An entry as records.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - owner: Whose it is.
  ///   - writer: A number of the process.
  ///   - number: The entry's number among those of the process.
  /// - Returns: The records' values.
  static func records(
    of entry: FleetEntry,
    _ owner: StateOwner,
    writer: UInt64,
    number: UInt64
  ) -> [[UInt8]] {
    var content = ByteWriter()
    entry.encode(into: &content)
    let bytes = content.bytes
    let count = max((bytes.count + partLimit - 1) / partLimit, 1)
    return (0..<count).map { index in
      var part = ByteWriter()
      part.write(raw: magic)
      part.write(byte: format)
      part.write(owner)
      part.write(fixed64: writer)
      part.write(fixed64: number)
      part.write(index)
      part.write(count)
      part.write(bytes: Array(bytes[index * partLimit..<min((index + 1) * partLimit, bytes.count)]))
      part.write(fixed64: StableHash.hash(part.bytes.span))
      return part.bytes
    }
  }

  /// Reads a part.
  ///
  /// - Parameter record: A record's value.
  /// - Returns: The part.
  /// - Throws: `CodingError` where it is none of this version, or damaged.
  static func part(of record: [UInt8]) throws(CodingError) -> Part {
    var tail = ByteReader(Array(record.suffix(8)))
    let content = Array(record.dropLast(8))
    guard try tail.readFixed64() == StableHash.hash(content.span) else {
      throw .invalid(offset: content.count)
    }
    var reader = ByteReader(content)
    for byte in magic + [format] {
      let start = reader.offset
      guard try reader.readByte() == byte else { throw .invalid(offset: start) }
    }
    let owner: StateOwner = try reader.read()
    let writer = try reader.readFixed64()
    let number = try reader.readFixed64()
    let start = reader.offset
    let index: Int = try reader.read()
    let count: Int = try reader.read()
    guard (1...countLimit).contains(count), (0..<count).contains(index) else {
      throw .invalid(offset: start)
    }
    let bytes = try reader.readBytes(limit: partLimit)
    try reader.finish()
    return Part(
      owner: owner,
      writer: writer,
      number: number,
      index: index,
      count: count,
      bytes: bytes
    )
  }
}

/// Puts entries together of the parts of a partition, in its order.
struct FleetAssembler {
  /// Whose entries are wanted.
  private let owners: [StateOwner]
  /// The entry of each writer that has parts to come.
  private var open: [UInt64: Open] = [:]
  /// Records that are no entries of this version.
  private(set) var unreadable = 0

  /// An entry that has parts to come.
  private struct Open {
    let number: UInt64
    /// Where its first part is.
    let offset: Int64
    var next = 1
    var bytes: [UInt8]
  }

  /// How many writers may have an entry open; of more the others' are given up.
  static let writerLimit = 1024

  /// Nothing taken yet.
  ///
  /// - Parameter owners: Whose entries are wanted, of each monitor in its order.
  init(_ owners: [StateOwner]) { self.owners = owners }

  /// Where the first part is of an entry that has parts to come; `nil` without one.
  var firstOffset: Int64? { open.values.map(\.offset).min() }

  /// Takes a record.
  ///
  /// - Parameter record: The record.
  /// - Returns: The entry that it completes, and the number of the monitor that it is about; `nil` where
  ///   it completes none, or another's.
  mutating func take(_ record: KafkaRecord) -> (entry: FleetEntry, monitor: Int)? {
    do throws(CodingError) {
      let part = try FleetParts.part(of: record.value)
      guard let monitor = owners.firstIndex(of: part.owner),
        let bytes = join(part, at: record.offset)
      else { return nil }
      var reader = ByteReader(bytes)
      let entry: FleetEntry = try reader.read()
      try reader.finish()
      return (entry, monitor)
    } catch {
      unreadable += 1
      return nil
    }
  }

  /// The bytes of the entry that a part completes.
  private mutating func join(_ part: FleetParts.Part, at offset: Int64) -> [UInt8]? {
    if part.index == 0 {
      if part.count == 1 { return part.bytes }
      if open.count >= Self.writerLimit { open = [:] }
      open[part.writer] = Open(number: part.number, offset: offset, bytes: part.bytes)
      return nil
    }
    // One whose beginning was not read, or that its writer gave up.
    guard var entry = open[part.writer], entry.number == part.number, entry.next == part.index
    else { return nil }
    entry.bytes += part.bytes
    entry.next += 1
    open[part.writer] = entry.next < part.count ? entry : nil
    return entry.next < part.count ? nil : entry.bytes
  }
}
