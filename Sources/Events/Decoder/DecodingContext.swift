/// What the loops of the decoder share, at a fixed address.
///
/// It is one allocation, reached by pointer, so that the loops pay neither for exclusivity checks
/// nor for reference counts.
///
/// Its 26 properties stand in one type because every loop needs some of each: a part of its own
/// would only be passed around with the others.
@unsafe
struct DecodingContext {
  /// The cells from one column to the next.
  var columnStride = 0
  /// The address that offsets are counted from.
  var base: UnsafePointer<UInt8>
  /// What the last line was, or the last object of it.
  var ending = LineEnding.whole
  /// Where a slow path has stopped reading.
  var cursor: UnsafePointer<UInt8>
  /// Why a slow path has refused the line.
  var refusal = Refusal.syntax
  /// Whether a value that JSON does not have costs itself alone and not the line.
  var isLenient = false
  /// The last value that cannot be used.
  var unusable: UnsafePointer<UInt8>?
  /// Whether the last string had escapes.
  var isEscaped = false
  /// The number of the line over all decodings, to notice a key that comes twice.
  var line: UInt64 = 0
  var duplicateKeys = 0
  /// The rows of batches that were passed over, and the line of which they were counted last.
  var passedRows = PassedRows()
  var passedLine: UInt64 = 0
  /// The object that a member's value opened, of which the loop goes on to read the members.
  var entered: UnsafeMutablePointer<Node>?

  /// The event's object.
  var root: UnsafeMutablePointer<Node>
  var nestingMax: Int

  var powersOfFive: UnsafePointer<UInt64>
  var exactTens: UnsafePointer<Double>
  var integerTens: UnsafePointer<UInt64>

  /// What learns keys; not retained here, as it owns this context.
  var table: Unmanaged<KeyTable>
  /// The hash table of keys; `entryShift` leaves the upper bits of a hash as an index.
  var entries: UnsafeMutablePointer<KeyEntry>
  var entryMask = -1
  var entryShift: UInt64 = 0
  /// Odd random multipliers, so that nobody can send keys that collide.
  var hashLow: UInt64
  var hashHigh: UInt64
  /// For n from 0 to 16 the pair of words that keeps the first n of 16 bytes.
  var keepMasks: UnsafeMutablePointer<UInt64>
  /// One bit a level of a skipped value: 1 in an object, 0 in an array.
  var levels: UnsafeMutablePointer<UInt64>
}

/// What was read of a line.
enum LineEnding: UInt8 {
  /// An object, or something that is refused.
  case whole
  /// Nothing but white space.
  case blank
  /// An object behind which another one stands.
  case continued
}

extension DecodingContext {
  /// The context of a new decoder, which knows no keys yet.
  init(root: UnsafeMutablePointer<Node>, table: KeyTable, nestingMax: Int) {
    let nowhere = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    unsafe nowhere.deallocate()
    let keepMasks = UnsafeMutablePointer<UInt64>.allocate(capacity: 34)
    for count in 0...16 {
      unsafe (keepMasks + 2 * count).initialize(to: lowBytes(count))
      unsafe (keepMasks + 2 * count + 1).initialize(to: lowBytes(count - 8))
    }
    let levels = UnsafeMutablePointer<UInt64>.allocate(capacity: nestingMax / 64 + 1)
    unsafe levels.initialize(repeating: 0, count: nestingMax / 64 + 1)
    unsafe self.init(
      base: UnsafePointer(nowhere),
      cursor: UnsafePointer(nowhere),
      root: root,
      nestingMax: nestingMax,
      powersOfFive: PowersOfFive.shared.words,
      exactTens: PowersOfFive.shared.exactTens,
      integerTens: PowersOfFive.shared.integerTens,
      table: .passUnretained(table),
      entries: .allocate(capacity: 0),
      hashLow: .random(in: 0...UInt64.max) | 1,
      hashHigh: .random(in: 0...UInt64.max) | 1,
      keepMasks: keepMasks,
      levels: levels
    )
  }

  /// Frees what the context has allocated.
  func deallocate() {
    unsafe entries.deallocate()
    unsafe keepMasks.deallocate()
    unsafe levels.deallocate()
  }
}

/// A word of which the lowest `count` bytes, from none to all, are set.
private func lowBytes(_ count: Int) -> UInt64 {
  count >= 8 ? .max : (1 << UInt64(8 * max(0, count))) - 1
}

typealias Context = UnsafeMutablePointer<DecodingContext>
