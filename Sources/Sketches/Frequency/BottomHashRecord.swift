import CXXHash

/// Which unforeseen values were seen, how often, and about how many different ones.
///
/// Of all values inserted, the record keeps the ``limit`` with the smallest hash. A value that is
/// kept now was kept since it first came (the threshold only falls), so its count is exact.
///
/// - **Guarantee**: counts of the values kept are exact; which values are kept depends on the set
///   of values alone, neither on their order nor on their frequency.
/// - **Distinct values**: exact until ``limit`` is reached; after that probabilistic with a
///   standard error of 1/√(limit − 2) = 12.7 % (k-minimum-values).
/// - **Memory**: at most ``limit`` × (``valueBytesLimit`` + 64) bytes, 20 KB.
/// - **Merge**: exact, commutative, associative. It cannot be subtracted: windows merge panes.
/// - **Source**: bottom-k sketches, E. Cohen and H. Kaplan, PODC 2007; the estimate (k − 1)/U₍ₖ₎,
///   Z. Bar-Yossef and others, RANDOM 2002.
public struct BottomHashRecord: Sendable, Equatable {
  /// How many values are kept: enough for a person to read, small enough for every pane.
  public static let limit = 64
  /// How many bytes of a value are kept; longer values are told apart by their hash.
  public static let valueBytesLimit = 256

  /// One value that was kept.
  public struct Entry: Sendable, Equatable {
    /// The stable hash of the whole value: XXH3, 64 bits, seed 0.
    public var hash: UInt64
    /// The first ``BottomHashRecord/valueBytesLimit`` bytes of the value.
    public var bytes: [UInt8]
    /// How often it came.
    public var count: UInt64
  }

  /// What is kept, by increasing hash.
  public private(set) var entries: [Entry] = []
  /// How often any value was inserted, kept or not.
  public private(set) var total: UInt64 = 0
  /// Whether values were left out.
  private var hasOverflowed = false

  /// No values yet.
  public init() {}

  /// Whether nothing has been inserted.
  public var isEmpty: Bool { total == 0 }

  /// Whether every value inserted has its entry.
  public var isComplete: Bool { !hasOverflowed }

  /// Adds a value `count` times.
  ///
  /// - Complexity: O(bytes) for values that are not kept, otherwise O(limit).
  public mutating func insert(_ value: UnsafeRawBufferPointer, count: UInt64 = 1) {
    guard count > 0 else { return }
    total &+= count
    let hash = unsafe leeway_xxh3(value.baseAddress, value.count, 0)
    if entries.count == Self.limit, let last = entries.last, last.hash < hash {
      hasOverflowed = true
      return
    }
    let index = index(of: hash)
    if index < entries.count, entries[index].hash == hash {
      entries[index].count &+= count
      return
    }
    let bytes = unsafe [UInt8](value.prefix(Self.valueBytesLimit))
    entries.insert(Entry(hash: hash, bytes: bytes, count: count), at: index)
    trim()
  }

  /// Adds a value `count` times.
  public mutating func insert(_ value: [UInt8], count: UInt64 = 1) {
    unsafe value.withUnsafeBytes { unsafe insert($0, count: count) }
  }

  /// Adds the values of another record.
  ///
  /// - Complexity: O(limit).
  public mutating func merge(_ other: BottomHashRecord) {
    total &+= other.total
    hasOverflowed = hasOverflowed || other.hasOverflowed
    guard !other.entries.isEmpty else { return }
    var merged: [Entry] = []
    merged.reserveCapacity(entries.count + other.entries.count)
    var (left, right) = (0, 0)
    while left < entries.count || right < other.entries.count {
      if right == other.entries.count
        || (left < entries.count && entries[left].hash < other.entries[right].hash)
      {
        merged.append(entries[left])
        left += 1
      } else if left < entries.count && entries[left].hash == other.entries[right].hash {
        merged.append(entries[left])
        merged[merged.count - 1].count &+= other.entries[right].count
        left += 1
        right += 1
      } else {
        merged.append(other.entries[right])
        right += 1
      }
    }
    entries = merged
    trim()
  }

  /// The estimated number of different values: exact while ``isComplete``.
  public var distinctEstimate: Double {
    guard hasOverflowed, let last = entries.last else { return Double(entries.count) }
    // The greatest kept hash as a share of all hashes, 2^64 of them.
    let share = (Double(last.hash) + 1) * 0x1p-64
    return Double(entries.count - 1) / share
  }

  /// The entries by falling count, ties by hash: what a person wants to see first.
  public var mostFrequent: [Entry] {
    entries.sorted { ($0.count, $1.hash) > ($1.count, $0.hash) }
  }

  private mutating func trim() {
    guard entries.count > Self.limit else { return }
    entries.removeSubrange(Self.limit...)
    hasOverflowed = true
  }

  /// The index of the first entry whose hash is not less than `hash`.
  private func index(of hash: UInt64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension BottomHashRecord: ByteCodable {
  /// Layout: the total, a flag for values left out, the number of entries; for each the hash in
  /// eight bytes, the count, the value's bytes behind their length.
  public func encode(into writer: inout ByteWriter) {
    writer.write(varint: total)
    writer.write(byte: hasOverflowed ? 1 : 0)
    writer.write(varint: UInt64(entries.count))
    for entry in entries {
      writer.write(fixed64: entry.hash)
      writer.write(varint: entry.count)
      writer.write(bytes: entry.bytes)
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    total = try reader.readVarint()
    let flag = try reader.readByte()
    hasOverflowed = flag == 1
    let entryCount = try reader.readCount(limit: Self.limit)
    var kept: UInt64 = 0
    for _ in 0..<entryCount {
      let offset = reader.offset
      let hash = try reader.readFixed64()
      let count = try reader.readVarint()
      let bytes = try reader.readBytes(limit: Self.valueBytesLimit)
      let (sum, overflow) = kept.addingReportingOverflow(count)
      guard count > 0, !overflow, entries.last.map({ $0.hash < hash }) ?? true else {
        throw .invalid(offset: offset)
      }
      kept = sum
      entries.append(Entry(hash: hash, bytes: bytes, count: count))
    }
    // Values are left out only by a full record, and then they are part of the total.
    let isSound = hasOverflowed ? entryCount == Self.limit && kept < total : kept == total
    guard flag <= 1, isSound else { throw .invalid(offset: start) }
  }
}
