internal import CVector

/// A hash table from spellings to codes: open addressing, at most half full.
///
/// The first 16 bytes of a spelling stand in its entry, so that an ordinary one is found with one
/// multiplication and three comparisons. The hash is of all bytes, 16 at a time: the upper half of a
/// product added to the lower one without carry, as in wyhash, with a random seed. Values of one form
/// (URLs, padded numbers) differ anywhere, and a chain must not be as long as there are values.
@safe
struct SpellingTable: ~Copyable {
  @unsafe
  private struct Entry {
    var key = Key()
    var code: UInt32 = 0
    /// The bytes beyond 16 and 16 more, or `nil`.
    var rest: UnsafePointer<UInt8>?
  }

  /// What a spelling is looked up by; two of up to 16 bytes are equal when their keys are.
  struct Key: Equatable {
    /// The first 16 bytes, then zeros.
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// Tag and length; 0 in an empty entry, as no tag is 0.
    var tagAndLength: UInt64 = 0

    /// The key of no spelling.
    init() {}

    /// The key of a spelling; after its bytes 16 more must be readable.
    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, _ length: Int, _ tag: UInt64) {
      (low, high) = unsafe SpellingTable.head(bytes, length)
      tagAndLength = tag << 32 | UInt64(truncatingIfNeeded: length)
    }

    /// The number of bytes.
    var length: Int { Int(truncatingIfNeeded: tagAndLength & 0xFFFF_FFFF) }

    /// Whether the key holds all bytes.
    @inline(__always)
    var isWhole: Bool { length <= 16 }

    @inline(__always)
    static func == (left: Key, right: Key) -> Bool {
      (left.low ^ right.low) | (left.high ^ right.high)
        | (left.tagAndLength ^ right.tagAndLength) == 0
    }
  }

  /// The tag of what is its own value: a string without escapes (kind 1, not escaped), a boolean.
  static var plain: UInt64 { 0b010 }
  static var notFound: UInt32 { .max }
  /// The longest alias that is worth its memory, in bytes.
  static var aliasBytesMax: Int { 1024 }

  private var entries: UnsafeMutablePointer<Entry>
  private var mask: Int
  private var shift: UInt64
  private var count = 0
  private let seedLow: UInt64
  private let seedHigh: UInt64

  /// An empty table.
  ///
  /// - Parameters:
  ///   - capacity: How many spellings it has room for before it grows.
  ///   - seed: What the hash begins with, so that nobody can send spellings that collide.
  init(
    capacity: Int,
    seed: (low: UInt64, high: UInt64) = (.random(in: 0 ... .max), .random(in: 0 ... .max))
  ) {
    var size = 16
    while size < 2 * (capacity + 1) {
      size *= 2
    }
    unsafe entries = .allocate(capacity: size)
    unsafe entries.initialize(repeating: Entry(), count: size)
    mask = size - 1
    shift = UInt64(64 - size.trailingZeroBitCount)
    (seedLow, seedHigh) = seed
  }

  deinit {
    for index in 0...mask {
      unsafe entries[index].rest?.deallocate()
    }
    unsafe entries.deallocate()
  }

  /// The code of a spelling, or ``notFound``.
  ///
  /// - Parameters:
  ///   - key: Its key.
  ///   - bytes: Its bytes.
  /// - Returns: The code.
  @inline(__always)
  func find(_ key: Key, _ bytes: UnsafePointer<UInt8>) -> UInt32 {
    var index = unsafe position(key, key.isWhole ? nil : bytes + 16)
    while true {
      let entry = unsafe entries + index
      if unsafe entry.pointee.key == key {
        guard let rest = unsafe entry.pointee.rest else {
          return unsafe entry.pointee.code
        }
        if unsafe areEqual(bytes + 16, rest, key.length - 16) {
          return unsafe entry.pointee.code
        }
      } else if unsafe entry.pointee.key.tagAndLength == 0 {
        return SpellingTable.notFound
      }
      index = (index &+ 1) & mask
    }
  }

  /// Adds a spelling that is not there.
  mutating func insert(_ spelling: [UInt8], _ tag: UInt64, _ code: UInt32) {
    if 2 * (count + 1) > mask + 1 {
      grow()
    }
    count += 1
    var entry = unsafe Entry()
    let padded = spelling + [UInt8](repeating: 0, count: 16)
    unsafe padded.withUnsafeBufferPointer { padded in
      if let bytes = padded.baseAddress {
        unsafe entry.key = Key(bytes, spelling.count, tag)
      }
    }
    unsafe entry.code = code
    if spelling.count > 16 {
      let rest = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: padded.count - 16)
      _ = unsafe rest.initialize(from: padded.dropFirst(16))
      unsafe entry.rest = UnsafePointer(rest.baseAddress)
    }
    unsafe place(entry)
  }

  private func place(_ entry: Entry) {
    var index = unsafe position(entry.key, entry.rest)
    while unsafe entries[index].key.tagAndLength != 0 {
      index = (index + 1) & mask
    }
    unsafe entries[index] = entry
  }

  private mutating func grow() {
    let old = unsafe entries
    let oldCount = mask + 1
    unsafe entries = .allocate(capacity: 2 * oldCount)
    unsafe entries.initialize(repeating: Entry(), count: 2 * oldCount)
    mask = 2 * oldCount - 1
    shift -= 1
    for index in 0..<oldCount where unsafe old[index].key.tagAndLength != 0 {
      unsafe place(old[index])
    }
    unsafe old.deallocate()
  }

  /// Where the search for a spelling begins.
  @inline(__always)
  private func position(_ key: Key, _ rest: UnsafePointer<UInt8>?) -> Int {
    var hash = SpellingTable.mix(key.low ^ seedLow, key.high ^ key.tagAndLength ^ seedHigh)
    if let rest = unsafe rest {
      unsafe hash = hashed(hash, rest, key.length - 16)
    }
    return Int(truncatingIfNeeded: hash &>> shift)
  }

  /// Takes the bytes beyond 16 into a hash; after them 16 more must be readable.
  @inline(never)
  private func hashed(_ hash: UInt64, _ rest: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    var hash = hash
    for offset in stride(from: 0, to: length, by: 16) {
      let (low, high) = unsafe SpellingTable.head(rest + offset, length &- offset)
      hash = SpellingTable.mix(low ^ seedLow, high ^ hash)
    }
    return hash
  }

  /// A word whose upper bits depend on all bits of both factors.
  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// The entries that a search for a spelling looks at, at the worst of all spellings of the table
  /// and on average.
  var searchLengths: (worst: Int, mean: Double) {
    var worst = 0
    var sum = 0
    for index in 0...mask where unsafe entries[index].key.tagAndLength != 0 {
      let entry = unsafe entries[index]
      let length = unsafe (index &- position(entry.key, entry.rest)) & mask + 1
      worst = max(worst, length)
      sum += length
    }
    return (worst, Double(sum) / Double(max(1, count)))
  }

  /// The first 16 bytes, of which those beyond `length` are zeros.
  @inline(__always)
  private static func head(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> (UInt64, UInt64) {
    let low = unsafe leeway_load64(bytes)
    let high = unsafe leeway_load64(bytes + 8)
    if length >= 16 {
      return (low, high)
    }
    // 8 · length bits are kept; a shift by 64 or more, which Swift's &<< would wrap, is a branch.
    let bits = UInt64(truncatingIfNeeded: 8 &* length)
    if length < 8 {
      return (low & ((1 &<< bits) &- 1), 0)
    }
    return (low, high & ((1 &<< (bits &- 64)) &- 1))
  }
}
