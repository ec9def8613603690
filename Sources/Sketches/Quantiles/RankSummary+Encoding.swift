extension RankSummary: Equatable {
  /// Whether both hold the same values in the same levels, in whatever order they came.
  public static func == (left: RankSummary, right: RankSummary) -> Bool {
    guard left.count == right.count, left.extremes == right.extremes else { return false }
    guard left.levels == right.levels, left.rankError == right.rankError else { return false }
    guard left.exactLimit == right.exactLimit, left.capacity == right.capacity else { return false }
    guard left.keepsOdd == right.keepsOdd, left.keepsOddPending == right.keepsOddPending else {
      return false
    }
    var (mine, theirs) = (left, right)
    mine.sort()
    theirs.sort()
    return mine.pending == theirs.pending
  }
}

extension RankSummary: ByteCodable {
  /// The greatest exact limit that decoding accepts.
  static let maximumExactLimit = 1 << 26

  /// Appends what is held, sorted.
  ///
  /// Layout: the limit, the capacity, the rank error, the extremes, 0 or 1 for the next offset of
  /// the values of weight 1, their number and the values; the number of levels, and for each 0 or 1
  /// for its next offset, the number of its values and the values. Values are sorted doubles.
  public func encode(into writer: inout ByteWriter) {
    var sorted = self
    sorted.sort()
    writer.write(varint: UInt64(exactLimit))
    writer.write(varint: UInt64(capacity))
    writer.write(varint: rankError)
    extremes.encode(into: &writer)
    writer.write(byte: keepsOddPending ? 1 : 0)
    Self.write(sorted.pending, into: &writer)
    writer.write(varint: UInt64(levels.count))
    for (level, odd) in zip(levels, keepsOdd) {
      writer.write(byte: odd ? 1 : 0)
      Self.write(level, into: &writer)
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let exactLimit = try reader.readCount(limit: Self.maximumExactLimit)
    let capacity = try reader.readCount(limit: Self.maximumExactLimit)
    let isPower = capacity >= 8 && capacity & (capacity - 1) == 0
    guard isPower, exactLimit >= 2 * capacity else { throw .invalid(offset: start) }
    self.init(exactLimit: exactLimit, capacity: capacity)
    rankError = try reader.readVarint()
    extremes = try Extremes(from: &reader)
    keepsOddPending = try Self.readFlag(from: &reader)
    pending = try Self.readValues(limit: exactLimit, extremes: extremes, from: &reader)
    count = UInt64(pending.count)
    // 2^40 values are far beyond any reference.
    for index in 0..<(try reader.readCount(limit: 40)) {
      keepsOdd.append(try Self.readFlag(from: &reader))
      let limit = 2 * capacity - 1
      levels.append(try Self.readValues(limit: limit, extremes: extremes, from: &reader))
      count += UInt64(levels[index].count) << UInt64(index + 1)
    }
    let isSound = levels.isEmpty ? rankError == 0 : rankError <= count
    guard isSound, extremes.isEmpty == (count == 0) else { throw .invalid(offset: start) }
  }

  private static func write(_ values: [Double], into writer: inout ByteWriter) {
    writer.write(varint: UInt64(values.count))
    for value in values { writer.write(double: value) }
  }

  private static func readFlag(from reader: inout ByteReader) throws(CodingError) -> Bool {
    let start = reader.offset
    let flag = try reader.readByte()
    guard flag <= 1 else { throw .invalid(offset: start) }
    return flag == 1
  }

  private static func readValues(
    limit: Int,
    extremes: Extremes,
    from reader: inout ByteReader
  ) throws(CodingError) -> [Double] {
    let count = try reader.readCount(limit: limit)
    guard count <= reader.remaining / 8 else { throw .truncated(offset: reader.offset) }
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      let offset = reader.offset
      let value = try reader.readFiniteDouble()
      guard value >= values.last ?? extremes.minimum, value <= extremes.maximum else {
        throw .invalid(offset: offset)
      }
      values.append(value)
    }
    return values
  }
}
