/// Counts over the 64 buckets of each octave, for the magnitudes of one sign.
struct BucketCounts: Sendable {
  /// Buckets in [2^e, 2^(e+1)): the first six bits of the fraction.
  static let bucketsPerOctave = 64
  /// log₂ of the least and the greatest bound: wide enough for any quantity with a unit.
  static let octaves = -64..<64
  /// The index of the first bucket of all: a double's biased exponent and six bits.
  static let firstIndex = (1_023 + octaves.lowerBound) * bucketsPerOctave
  /// The index one past the last bucket.
  static let endIndex = (1_023 + octaves.upperBound) * bucketsPerOctave

  /// The index of `counts[0]`, at the beginning of an octave.
  private(set) var start = 0
  /// The counts from the least octave in use through the greatest.
  private(set) var counts: [UInt64] = []

  /// The bucket of a magnitude in [2^−64, 2^64).
  @inline(__always)
  static func index(of magnitude: Double) -> Int {
    Int(truncatingIfNeeded: magnitude.bitPattern &>> 46)
  }

  /// The value whose relative error is the same at both ends of a bucket: `2ab / (a + b)`.
  static func middle(of index: Int) -> Double {
    let low = Double(bitPattern: UInt64(index) << 46)
    let high = Double(bitPattern: UInt64(index + 1) << 46)
    return 2 * low * (high / (low + high))
  }

  /// The bounds of a bucket, the last one's without an end.
  static func bounds(of index: Int) -> ClosedRange<Double> {
    let low = Double(bitPattern: UInt64(index) << 46)
    return low...(index == endIndex - 1 ? .infinity : Double(bitPattern: UInt64(index + 1) << 46))
  }

  /// Adds to a bucket, between ``firstIndex`` and ``endIndex``.
  mutating func add(_ count: UInt64, at index: Int) {
    reserve(index, index)
    counts[index - start] &+= count
  }

  /// Adds one for each value from `row` on until one is not in the buckets at hand.
  ///
  /// - Returns: The row of that value, or the number of values.
  mutating func insert(_ values: UnsafeBufferPointer<Double>, from row: Int) -> Int {
    let start = start
    return unsafe counts.withUnsafeMutableBufferPointer { counts in
      var row = row
      while row < values.count {
        let offset = unsafe Self.index(of: values[row]) &- start
        guard UInt(bitPattern: offset) < UInt(bitPattern: counts.count) else { break }
        unsafe counts[offset] &+= 1
        row &+= 1
      }
      return row
    }
  }

  mutating func merge(_ other: BucketCounts) {
    guard !other.counts.isEmpty else { return }
    reserve(other.start, other.start + other.counts.count - 1)
    let shift = other.start - start
    for (position, count) in other.counts.enumerated() { counts[shift + position] &+= count }
  }

  /// Takes away counts that were added before.
  mutating func subtract(_ other: BucketCounts) {
    guard !other.counts.isEmpty else { return }
    reserve(other.start, other.start + other.counts.count - 1)
    let shift = other.start - start
    for (position, count) in other.counts.enumerated() {
      let held = counts[shift + position]
      precondition(held >= count, "\(count) values are taken from a bucket of \(held)")
      counts[shift + position] = held &- count
    }
  }

  var isEmpty: Bool { counts.isEmpty || total == 0 }

  var total: UInt64 { counts.reduce(0, &+) }

  /// The counts without empty octaves at either end, so that equal contents compare equal.
  var trimmed: (start: Int, counts: ArraySlice<UInt64>) {
    guard let first = counts.firstIndex(where: { $0 != 0 }),
      let last = counts.lastIndex(where: { $0 != 0 })
    else { return (0, []) }
    let octave = Self.bucketsPerOctave
    let low = first / octave * octave
    return (start + low, counts[low..<(last / octave + 1) * octave])
  }

  /// Makes sure that both buckets, `low ≤ high`, have counters.
  private mutating func reserve(_ low: Int, _ high: Int) {
    let octave = Self.bucketsPerOctave
    let (low, end) = (low / octave * octave, (high / octave + 1) * octave)
    if counts.isEmpty {
      start = low
      counts = [UInt64](repeating: 0, count: end - low)
      return
    }
    if low < start {
      counts.insert(contentsOf: repeatElement(0, count: start - low), at: 0)
      start = low
    }
    let missing = end - start - counts.count
    if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
  }
}

extension BucketCounts: Equatable {
  static func == (left: BucketCounts, right: BucketCounts) -> Bool {
    left.trimmed.start == right.trimmed.start && left.trimmed.counts == right.trimmed.counts
  }
}

extension BucketCounts: ByteCodable {
  /// Layout: the number of octaves; unless 0, the first octave's number among all and the counts.
  func encode(into writer: inout ByteWriter) {
    let (start, counts) = trimmed
    writer.write(varint: UInt64(counts.count / Self.bucketsPerOctave))
    guard !counts.isEmpty else { return }
    writer.write(varint: UInt64((start - Self.firstIndex) / Self.bucketsPerOctave))
    writer.write(counts: Array(counts))
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let offset = reader.offset
    let octaves = try reader.readCount(limit: Self.octaves.count)
    guard octaves > 0 else { return }
    let first = try reader.readCount(limit: Self.octaves.count - octaves)
    start = Self.firstIndex + first * Self.bucketsPerOctave
    counts = try reader.readCounts(octaves * Self.bucketsPerOctave)
    guard trimmed.counts.count == counts.count else { throw .invalid(offset: offset) }
  }
}
