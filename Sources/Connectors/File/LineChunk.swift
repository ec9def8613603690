public import Events

/// A buffer of whole lines, with readable padding behind them; one worker owns it.
///
///     [ count bytes: whole lines … | at least 64 bytes of padding ]
///
/// Its 12 properties are the bytes, where they stand in their stream, and how events stand in them.
public struct LineChunk: Sendable {
  /// How many bytes of lines are filled.
  public private(set) var count = 0
  /// Where the chunk begins in its (decompressed) stream, in bytes.
  public private(set) var offset = 0
  /// The length in the stream of the chunk's only line when it was too long and is here cut short.
  public private(set) var uncutLength: Int?
  /// The number of the first line in its stream, from 0, where the stream says so and does not leave
  /// it to be counted.
  public private(set) var firstLine: Int?
  /// Where each line stood before lines were sorted or joined; `nil` where they were not.
  public private(set) var places: [LinePlace]?
  /// How many lines of the stream before the chunk were joined to others, and not counted.
  public private(set) var joinedLines = 0
  /// Whether each event is a line; else objects stand in an array, one after the other, or over
  /// many lines.
  public private(set) var areLines = true
  /// Whether a line may hold several events, in an array.
  public private(set) var hasArrays = false
  /// The lines that were left out behind the chunk's only object, because it was too long.
  public private(set) var skippedLines = 0
  /// The lines that the reader takes, where that was looked at already, and what became of the others.
  public package(set) var sifted: RewrittenLines?
  /// The rows of the lines, where they were decoded already for the reader.
  public package(set) var decoded: [DecodedRows] = []
  /// Whether nothing came before the chunk.
  public var isAtStreamStart: Bool { offset == 0 }

  private var storage: [UInt8]

  /// Readable bytes behind the last line: the decoder loads past the end in blocks.
  public static let padding = 64

  /// Makes an empty chunk.
  ///
  /// - Parameter capacity: Bytes of lines it can hold before it grows.
  public init(capacity: Int) {
    storage = [UInt8](repeating: 0, count: capacity + Self.padding)
  }

  /// Makes a chunk of given bytes, as a stream's first and only one.
  public init(_ bytes: some Collection<UInt8>) {
    storage = Array(bytes) + [UInt8](repeating: 0, count: Self.padding)
    count = bytes.count
  }

  /// Lends the lines' bytes; the padding behind them may be read as well.
  ///
  /// - Parameter body: Uses the bytes; they must not leave it.
  /// - Returns: What `body` returned.
  /// - Throws: What `body` throws.
  public func withBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe storage.withUnsafeBufferPointer { all throws(E) in
      try unsafe body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(all).prefix(count)))
    }
  }

  /// The bytes of one line, for a dead letter.
  public func line(at offset: Int, length: Int) -> ArraySlice<UInt8> {
    let start = min(max(offset, 0), count)
    return storage[start..<min(start + max(length, 0), count)]
  }

  /// Holds other lines from now on.
  ///
  /// - Parameters:
  ///   - bytes: Whole lines.
  ///   - offset: Where they begin in their stream, in bytes.
  public mutating func fill(_ bytes: [UInt8], at offset: Int) {
    clear(at: offset)
    append(bytes)
    wipePadding()
  }

  /// Holds lines that were sorted or joined from now on.
  ///
  /// - Parameters:
  ///   - bytes: Whole lines.
  ///   - offset: How many bytes of such lines came before; 0 for the stream's first.
  ///   - places: Where each of the lines stood.
  package mutating func fill(_ bytes: [UInt8], at offset: Int, places: [LinePlace]) {
    fill(bytes, at: offset)
    self.places = places
  }

  /// Notes how many lines of the stream before it were joined to others.
  package mutating func setJoinedLines(_ count: Int) { joinedLines = count }

  /// U+FEFF in UTF-8: the decoder skips it at the start of a stream, where it is not of the line.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The bytes of a mark at the start of a stream.
  package var markBytes: Int {
    isAtStreamStart && line(at: 0, length: 3).elementsEqual(Self.byteOrderMark) ? 3 : 0
  }

  mutating func clear(at offset: Int) {
    count = 0
    uncutLength = nil
    firstLine = nil
    places = nil
    joinedLines = 0
    areLines = true
    hasArrays = false
    skippedLines = 0
    sifted = nil
    decoded = []
    self.offset = offset
  }

  /// Holds objects that do not stand a line each.
  mutating func holdObjects(skippedLines: Int = 0) {
    areLines = false
    self.skippedLines = skippedLines
  }

  /// Notes that a line holds an array.
  mutating func holdArray() { hasArrays = true }

  mutating func append(_ bytes: [UInt8]) {
    reserve(bytes.count)
    storage.replaceSubrange(count..<count + bytes.count, with: bytes)
    count += bytes.count
  }

  /// Appends what `read` puts into the free space behind the lines.
  ///
  /// - Parameters:
  ///   - length: How many bytes may be read.
  ///   - read: Fills the buffer and returns how many bytes it wrote.
  /// - Returns: What `read` returned.
  /// - Throws: What `read` throws.
  mutating func append<E: Error>(
    upTo length: Int,
    _ read: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    reserve(length)
    let start = count
    let got = try unsafe storage.withUnsafeMutableBufferPointer { all throws(E) in
      let free = unsafe UnsafeMutableRawBufferPointer(all)[start..<start + length]
      return try unsafe read(UnsafeMutableRawBufferPointer(rebasing: free))
    }
    count += got
    return got
  }

  private mutating func reserve(_ length: Int) {
    let missing = count + length + Self.padding - storage.count
    guard missing > 0 else { return }
    storage.append(contentsOf: repeatElement(0, count: max(missing, storage.count)))
  }

  /// Where the first newline at or after `start` stands.
  package func newline(from start: Int) -> Int? {
    storage[start..<count].firstIndex(of: 0x0a)
  }

  /// Where the last newline stands.
  func lastNewline() -> Int? {
    storage[..<count].lastIndex(of: 0x0a)
  }

  /// Cuts the chunk to `length` bytes and returns what stood behind them.
  mutating func cut(to length: Int) -> [UInt8] {
    let rest = Array(storage[length..<count])
    count = length
    return rest
  }

  /// Drops a last line that has no end, unless it is a whole object.
  ///
  /// - Parameter lastNewline: Where the last newline stands.
  /// - Returns: How many bytes were dropped.
  mutating func cutTornLine(after lastNewline: Int?) -> Int {
    let start = lastNewline.map { $0 + 1 } ?? 0
    guard start < count, !Self.isWholeObject(storage[start..<count]) else { return 0 }
    return cut(to: start).count
  }

  /// Whether bytes are an object of JSON with nothing but white space around, as far as brackets
  /// and quotes say.
  private static func isWholeObject(_ bytes: ArraySlice<UInt8>) -> Bool {
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    var hasEnded = false
    for byte in bytes {
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""): isQuoted = true
      default: break
      }
      if hasEnded || depth < 0 || depth == 0 && byte != UInt8(ascii: "}") { return false }
      hasEnded = depth == 0
    }
    return hasEnded
  }

  /// Drops the bytes of a range.
  mutating func remove(_ range: Range<Int>) {
    let rest = cut(to: range.upperBound)
    count = range.lowerBound
    append(rest)
  }

  /// Leaves out the first lines of a chunk that numbers them.
  ///
  /// - Parameter line: The number of the line that is to be the first; where all are before it, none
  ///   is left.
  package mutating func begin(atLine line: Int) {
    guard let first = firstLine, first < line else { return }
    sifted = nil
    decoded = []
    var start = 0
    var left = line - first
    while left > 0, let end = newline(from: start) {
      start = end + 1
      left -= 1
    }
    remove(0..<(left > 0 ? count : start))
    firstLine = line
    wipePadding()
  }

  /// Notes how long the only line was.
  mutating func setUncutLength(_ length: Int) {
    uncutLength = length
  }

  /// Notes which line of its stream the first one is.
  mutating func setFirstLine(_ number: Int) {
    firstLine = number
  }

  /// Zeroes the padding, so that what a block load sees behind the end is always the same.
  mutating func wipePadding() {
    for index in count..<count + Self.padding { storage[index] = 0 }
  }
}
