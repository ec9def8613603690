/// The byte form of an array of counts, made for adding and subtracting without unpacking first.
///
/// The counts stand in blocks of eight; the last block is filled up with zeros. Two blocks share a
/// header byte, the first one's code in the low half:
///
///     header  block 0       block 1       header  block 2 …
///     [c₁c₀]  [w(c₀) bytes] [w(c₁) bytes] [c₃c₂]  …
///
/// All counts of a block take the same number of bits w, the least of 0, 1, …, 8, 16, 24, 32, 48,
/// 64 that fits, so that a block takes w bytes, and eight zeros take none. Bits run from the lowest
/// up. Small counts cost what their magnitude needs, and there is no branch for each count, as
/// there is in varints and in runs of zeros.
enum CountCoding {
  static let blockLength = 8

  /// The bits of a count for each code; 14 and 15 are not in use.
  static func width(ofCode code: Int) -> Int? {
    switch code {
    case 0...8: code
    case 9: 16
    case 10: 24
    case 11: 32
    case 12: 48
    case 13: 64
    default: nil
    }
  }

  /// The most bytes that so many counts take.
  static func longestBytes(_ count: Int) -> Int {
    let blocks = (count + blockLength - 1) / blockLength
    return blocks * 64 + (blocks + 1) / 2
  }

  /// The code of the least width that fits `value`.
  static func code(fitting value: UInt64) -> Int {
    switch 64 - value.leadingZeroBitCount {
    case let bits where bits <= 8: bits
    case ...16: 9
    case ...24: 10
    case ...32: 11
    case ...48: 12
    default: 13
    }
  }
}

extension ByteWriter {
  /// Appends an array of counts; its length is not written.
  ///
  /// - Complexity: O(counts); at most 8.1 bytes a count, 1/16 byte for a zero among zeros.
  public mutating func write(counts: UnsafeBufferPointer<UInt64>) {
    // Stores of eight bytes, each of which may write over what the next one writes.
    let capacity = CountCoding.longestBytes(counts.count) + 8
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { bytes, size in
      guard let base = bytes.baseAddress else { return }
      size = unsafe Self.pack(counts, into: UnsafeMutableRawPointer(base))
    }
    write(raw: packed)
  }

  /// Packs counts.
  ///
  /// - Returns: How many bytes they take; up to eight behind them are written, too.
  private static func pack(
    _ counts: UnsafeBufferPointer<UInt64>,
    into bytes: UnsafeMutableRawPointer
  ) -> Int {
    var end = 0
    var start = 0
    while start < counts.count {
      let middle = start &+ CountCoding.blockLength
      let low = unsafe code(of: counts, from: start)
      let high = unsafe code(of: counts, from: middle)
      unsafe bytes.storeBytes(of: UInt8(low | high << 4), toByteOffset: end, as: UInt8.self)
      end &+= 1
      if low > 0 { unsafe end &+= pack(counts, from: start, code: low, into: bytes + end) }
      if high > 0 { unsafe end &+= pack(counts, from: middle, code: high, into: bytes + end) }
      start = middle &+ CountCoding.blockLength
    }
    return end
  }

  /// Appends an array of counts; its length is not written.
  public mutating func write(counts: [UInt64]) {
    unsafe counts.withUnsafeBufferPointer { unsafe write(counts: $0) }
  }

  /// The code of the block that starts at an index; 0 behind the end.
  @inline(__always)
  private static func code(of counts: UnsafeBufferPointer<UInt64>, from start: Int) -> Int {
    var all: UInt64 = 0
    if start &+ CountCoding.blockLength <= counts.count {
      // Most blocks of most panes are zeros: eight in a row, without a branch for each.
      for index in 0..<CountCoding.blockLength { all |= unsafe counts[start &+ index] }
    } else {
      for index in min(start, counts.count)..<counts.count { all |= unsafe counts[index] }
    }
    return all == 0 ? 0 : CountCoding.code(fitting: all)
  }

  /// Packs the block that starts at an index.
  ///
  /// - Returns: How many bytes it takes.
  @inline(__always)
  private static func pack(
    _ counts: UnsafeBufferPointer<UInt64>,
    from start: Int,
    code: Int,
    into bytes: UnsafeMutableRawPointer
  ) -> Int {
    let length = min(CountCoding.blockLength, counts.count &- start)
    if code <= 8 {
      var word: UInt64 = 0
      for index in 0..<length {
        unsafe word |= counts[start &+ index] &<< UInt64(truncatingIfNeeded: index &* code)
      }
      unsafe bytes.storeBytes(of: word.littleEndian, as: UInt64.self)
      return code
    }
    guard let width = CountCoding.width(ofCode: code) else { return 0 }
    for index in 0..<CountCoding.blockLength {
      let count = index < length ? unsafe counts[start &+ index] : 0
      let place = unsafe bytes + index &* width / 8
      unsafe place.storeBytes(of: count.littleEndian, as: UInt64.self)
    }
    return width
  }
}

extension ByteReader {
  /// The greatest array of counts that ``readCounts(_:)`` makes: far above any grid or dictionary.
  public static let maximumCounts = 1 << 20

  /// Adds the next `count` encoded counts to `cells`.
  ///
  /// When this throws, some of the cells may have been changed.
  ///
  /// - Parameters:
  ///   - count: As many as were written.
  ///   - cells: That many counters; sums wrap.
  /// - Throws: ``CodingError`` when the bytes end too early or were not written as counts.
  /// - Complexity: O(count), less than 1 ns a count.
  public mutating func addCounts(
    _ count: Int,
    into cells: UnsafeMutablePointer<UInt64>
  ) throws(CodingError) {
    unsafe try combineCounts(count, cells, isAddition: true)
  }

  /// Subtracts the next `count` encoded counts from `cells`, to which they were added before.
  ///
  /// When this throws, some of the cells may have been changed. A cell that is less than what is
  /// taken away traps: it would become a count of 2^64, and nothing downstream could tell.
  ///
  /// - Parameters:
  ///   - count: As many as were written.
  ///   - cells: That many counters, each at least as great as what is taken away.
  /// - Throws: ``CodingError`` when the bytes end too early or were not written as counts.
  /// - Complexity: O(count), less than 1 ns a count.
  public mutating func subtractCounts(
    _ count: Int,
    from cells: UnsafeMutablePointer<UInt64>
  ) throws(CodingError) {
    unsafe try combineCounts(count, cells, isAddition: false)
  }

  /// Reads `count` counts, at most ``maximumCounts``.
  public mutating func readCounts(_ count: Int) throws(CodingError) -> [UInt64] {
    guard (0...Self.maximumCounts).contains(count) else {
      throw .tooLarge(
        offset: offset,
        value: UInt64(clamping: count),
        limit: UInt64(Self.maximumCounts)
      )
    }
    // Sixteen counts take a byte at least, which bounds what a damaged count may allocate.
    guard count <= remaining * 16 else { throw .truncated(offset: bytes.count) }
    var cells = [UInt64](repeating: 0, count: count)
    var failure: CodingError?
    unsafe cells.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(CodingError) { unsafe try addCounts(count, into: base) } catch { failure = error }
    }
    if let failure { throw failure }
    return cells
  }

  @inline(__always)
  private mutating func combineCounts(
    _ count: Int,
    _ cells: UnsafeMutablePointer<UInt64>,
    isAddition: Bool
  ) throws(CodingError) {
    let start = offset
    let end = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe Self.combine(bytes, from: start, count, cells, isAddition: isAddition)
    }
    guard let end else { throw .truncated(offset: start) }
    guard end >= 0 else { throw .invalid(offset: start) }
    try advance(by: end - start)
  }
}
