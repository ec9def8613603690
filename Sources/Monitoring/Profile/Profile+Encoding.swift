internal import Events
internal import Sketches

/// The byte form of a profile:
///
///     │ "leewayP\n" │ format: varint │ length: fixed64 │ payload │ XXH3 of the payload: fixed64 │
extension Profile {
  /// The newest format that is read; it is written where there are delays of labels or a key, format 3
  /// where there is quality, format 2 where there is a table only, else format 1.
  public static let formatVersion = 4

  private var format: Int {
    if !keyCheck.isEmpty || quality?.delays != nil { return 4 }
    return quality != nil ? 3 : table != nil ? 2 : 1
  }

  private static let magic = Array("leewayP\n".utf8)

  /// The most signals, segments and values that a file may claim.
  private static let countLimit = 1 << 20

  /// A hash of the content, 16 hex digits: which reference this is.
  public var contentHash: String {
    StableHash.digits(payload().span)
  }

  /// The profile as bytes.
  public func encoded() -> [UInt8] {
    let payload = payload()
    var writer = ByteWriter(reservingCapacity: payload.count + 32)
    writer.write(raw: Self.magic)
    writer.write(varint: UInt64(format))
    writer.write(fixed64: UInt64(payload.count))
    writer.write(raw: payload)
    writer.write(fixed64: StableHash.hash(payload.span))
    return writer.bytes
  }

  /// Whether some bytes begin as a profile does.
  package static func isBegun(by bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// Reads what `encoded` wrote.
  ///
  /// - Throws: `ProfileError` for anything else, whatever the bytes.
  public init(decoding bytes: [UInt8]) throws(ProfileError) {
    guard bytes.starts(with: Self.magic) else { throw .notAProfile }
    var reader = ByteReader(Array(bytes.dropFirst(Self.magic.count)))
    do {
      let version = Int(clamping: try reader.readVarint())
      guard (1...Self.formatVersion).contains(version) else {
        throw ProfileError.unsupportedVersion(version)
      }
      let length = Int(clamping: try reader.readFixed64())
      guard length.addingReportingOverflow(8).partialValue == reader.remaining else {
        throw ProfileError.wrongLength(
          expected: length,
          got: max(reader.remaining - 8, 0)
        )
      }
      let payload = Array(bytes[(bytes.count - length - 8)..<(bytes.count - 8)])
      var tail = ByteReader(Array(bytes.suffix(8)))
      guard try tail.readFixed64() == StableHash.hash(payload.span) else {
        throw ProfileError.wrongChecksum
      }
      var content = ByteReader(payload)
      try self.init(from: &content, version: version)
      try content.finish()
      try validate()
    } catch let error as ProfileError {
      throw error
    } catch let error as CodingError {
      throw .invalid(offset: error.offset)
    } catch {
      throw .notAProfile
    }
  }

  private func payload() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(string: model)
    writer.write(zigzag: start)
    writer.write(zigzag: end)
    writer.write(varint: UInt64(events))
    writer.write(varint: UInt64(segments.count))
    for segment in segments { segment.encode(into: &writer) }
    writer.write(varint: UInt64(signals.count))
    for signal in signals { signal.encode(into: &writer) }
    let format = format
    if format == 4 {
      writer.write(bytes: keyCheck)
      writer.write(quality != nil)
      writer.write(quality?.delays != nil)
    }
    if format >= 3 { writer.write(table != nil) }
    table?.encode(into: &writer, segments)
    quality?.encode(into: &writer)
    return writer.bytes
  }

  private init(from reader: inout ByteReader, version: Int) throws(CodingError) {
    model = try reader.readString()
    start = try reader.readZigzag()
    end = try reader.readZigzag()
    events = try reader.readCount(limit: .max)
    segments = []
    for _ in 0..<(try reader.readCount(limit: Self.countLimit)) {
      segments.append(try SegmentProfile(from: &reader))
    }
    signals = []
    let shape = segments.map(\.values.count)
    for _ in 0..<(try reader.readCount(limit: Self.countLimit)) {
      signals.append(try SignalProfile(from: &reader, segments: shape))
    }
    var (hasQuality, hasDelays) = (version == 3, false)
    if version == 4 {
      keyCheck = try reader.readBytes()
      hasQuality = try reader.read()
      hasDelays = try reader.read()
    }
    let hasTable = version >= 3 ? try reader.read() as Bool : version == 2
    if hasTable { table = try ReferenceTable(from: &reader, segments, width: tableWidth) }
    if hasQuality {
      quality = try ReferenceQuality(from: &reader, segments: shape, hasDelays: hasDelays)
    }
  }
}

extension SegmentProfile {
  func encode(into writer: inout ByteWriter) {
    writer.write(string: path.description)
    writer.write(byte: isTruncated ? 1 : 0)
    writer.write(varint: UInt64(values.count))
    for (value, count) in zip(values, events) {
      writer.write(bytes: value)
      writer.write(varint: UInt64(count))
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    path = try FieldPath(from: &reader)
    isTruncated = try reader.readByte() == 1
    values = []
    events = []
    for _ in 0..<(try reader.readCount(limit: 1 << 20)) {
      values.append(try reader.readBytes())
      events.append(try reader.readCount(limit: .max))
    }
  }
}

extension SignalProfile {
  func encode(into writer: inout ByteWriter) {
    writer.write(string: name)
    writer.write(string: path.description)
    writer.write(varint: UInt64(missing))
    writer.write(varint: UInt64(invalid))
    switch reference {
    case .number(let number):
      writer.write(byte: 0)
      number.encode(into: &writer)
    case .category(let category):
      writer.write(byte: 1)
      category.encode(into: &writer)
    }
  }

  init(from reader: inout ByteReader, segments: [Int]) throws(CodingError) {
    name = try reader.readString()
    path = try FieldPath(from: &reader)
    missing = try reader.readCount(limit: .max)
    invalid = try reader.readCount(limit: .max)
    let offset = reader.offset
    switch try reader.readByte() {
    case 0: reference = .number(try NumericReference(from: &reader, segments: segments))
    case 1: reference = .category(try CategoryReference(from: &reader, segments: segments))
    default: throw .invalid(offset: offset)
    }
  }
}

extension NumericReference {
  func encode(into writer: inout ByteWriter) {
    grid.encode(into: &writer)
    writer.write(counts: counts)
    for values in segmentCounts { for value in values { writer.write(counts: value) } }
    writer.write(varint: UInt64(summary.count))
    for number in summary.numbers { writer.write(double: number) }
    writer.write(varint: UInt64(summary.distinct))
    writer.write(double: rankError)
  }

  init(from reader: inout ByteReader, segments: [Int]) throws(CodingError) {
    grid = try ReferenceGrid(from: &reader)
    let cells = grid.cellCount
    counts = try reader.readCounts(cells)
    segmentCounts = try reader.readSegmentCounts(segments, cells: cells)
    let offset = reader.offset
    let count = try reader.readCount(limit: .max)
    var numbers: [Double] = []
    for _ in 0..<8 { numbers.append(try reader.readFiniteDouble()) }
    let distinct = try reader.readCount(limit: .max)
    summary = NumericSummary(count: count, numbers: numbers, distinct: distinct)
    rankError = try reader.readFiniteDouble()
    guard summary.minimum <= summary.maximum, summary.standardDeviation >= 0 else {
      throw .invalid(offset: offset)
    }
    // Sums over cells must not overflow, whatever a file claims.
    guard counts.allSatisfy({ $0 < 1 << 50 }) else { throw .invalid(offset: offset) }
  }
}

extension NumericSummary {
  /// The numbers in the order of the file.
  var numbers: [Double] {
    [mean, standardDeviation, minimum, maximum, p50, p90, p95, p99]
  }

  init(count: Int, numbers: [Double], distinct: Int) {
    self.init(
      count: count,
      mean: numbers[0],
      standardDeviation: numbers[1],
      minimum: numbers[2],
      maximum: numbers[3],
      p50: numbers[4],
      p90: numbers[5],
      p95: numbers[6],
      p99: numbers[7],
      distinct: distinct
    )
  }
}

extension CategoryReference {
  func encode(into writer: inout ByteWriter) {
    writer.write(byte: (isBoolean ? 1 : 0) | (hasOther ? 2 : 0))
    writer.write(byte: kinds.rawValue)
    writer.write(varint: UInt64(values.count))
    for value in values { writer.write(bytes: value) }
    writer.write(counts: counts)
    for values in segmentCounts { for value in values { writer.write(counts: value) } }
  }

  init(from reader: inout ByteReader, segments: [Int]) throws(CodingError) {
    let offset = reader.offset
    let flags = try reader.readByte()
    isBoolean = flags & 1 != 0
    hasOther = flags & 2 != 0
    kinds = TokenKinds(rawValue: try reader.readByte())
    values = []
    for _ in 0..<(try reader.readCount(limit: 1 << 20)) { values.append(try reader.readBytes()) }
    let bins = values.count + (hasOther ? 1 : 0)
    counts = try reader.readCounts(bins)
    segmentCounts = try reader.readSegmentCounts(segments, cells: bins)
    let isSorted = zip(values, values.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
    guard isSorted, bins > 0, counts.allSatisfy({ $0 < 1 << 50 }) else {
      throw .invalid(offset: offset)
    }
  }
}

extension FieldPath {
  init(from reader: inout ByteReader) throws(CodingError) {
    let offset = reader.offset
    let text = try reader.readString()
    guard let path = try? FieldPath(parsing: text) else { throw .invalid(offset: offset) }
    self = path
  }
}

extension ByteReader {
  fileprivate mutating func readSegmentCounts(
    _ segments: [Int],
    cells: Int
  ) throws(CodingError) -> [[[UInt64]]] {
    var all: [[[UInt64]]] = []
    for values in segments {
      var counts: [[UInt64]] = []
      for _ in 0..<values { counts.append(try readCounts(cells)) }
      all.append(counts)
    }
    return all
  }
}
