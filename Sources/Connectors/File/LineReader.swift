internal import Events

/// Cuts a byte stream into chunks of whole lines.
///
/// Where the stream's first bytes say that its events do not stand a line each, it cuts between
/// objects instead: ``StreamLayout``.
///
/// A line longer than the limit is cut to two bytes over it, so that the decoder refuses it by name
/// also where it takes the last of them for the return of a line's end; the rest of that line is
/// skipped without being held. What becomes of a line, and the length that it is said to have, do
/// not depend on where reads were cut.
///
/// Its 12 properties are where it stands in one stream, what it holds of the line there, and what
/// its caller asked for.
public struct LineReader: ~Copyable {
  /// The stream underneath.
  public internal(set) var source: ByteSource
  /// The longest line, in bytes without its newline.
  public let lineLimit: Int

  var carry: [UInt8] = []
  var offset = 0
  var hasEnded = false
  /// Whether a whole object stands in what was read and not delivered; of streams of objects.
  var carryHoldsObject = false
  /// How events stand in the stream; `nil` until its first bytes say.
  var layout: StreamLayout?
  /// An error that is thrown once the whole lines before it are delivered.
  var failure: StreamError?
  /// A line over the limit whose end has not been seen.
  private var longLine: LongLine?

  private struct LongLine {
    /// Where it begins in the stream.
    let start: Int
    /// Its first bytes, two over the limit.
    var head: [UInt8]
    /// The bytes seen of it.
    var length: Int
    /// The last byte seen of it.
    var last: UInt8
    /// Whether nothing but white space was seen of it.
    var isBlank: Bool
    /// The bytes of the mark before it.
    let mark: Int

    /// Takes note of what comes next.
    mutating func see(_ bytes: some BidirectionalCollection<UInt8>) {
      length += bytes.count
      last = bytes.last ?? last
      isBlank = isBlank && bytes.allSatisfy(LineReader.isSpace)
    }
  }

  /// White space of JSON, but the newline.
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// How much is asked of the system at a time, at least, where so much is wanted.
  static let readSize = 1 << 16

  /// Starts at the beginning of a stream.
  ///
  /// - Parameters:
  ///   - source: The stream; the reader owns it.
  ///   - lineLimit: The longest line in bytes.
  public init(_ source: consuming ByteSource, lineLimit: Int) {
    self.source = source
    self.lineLimit = lineLimit
  }

  /// Whether everything has been delivered.
  public var isAtEnd: Bool { hasEnded && carry.isEmpty && longLine == nil }

  /// Whether `next` can go on without the system having more to read: `poll` would not know.
  public var hasBufferedInput: Bool {
    source.hasBufferedInput || failure != nil || carryIsWhole || hasEnded && !isAtEnd
  }

  /// Whether an event of what was read can be delivered without more.
  private var carryIsWhole: Bool {
    switch layout {
    case .lines: carry.contains(0x0a)
    case .objects: carryHoldsObject
    case nil: false
    }
  }

  /// Where the first line begins that was not delivered, in bytes of the stream.
  public var nextOffset: Int { longLine?.start ?? offset }

  /// The bytes of a last line that has no end yet, where it is kept for later; else 0.
  public internal(set) var tornBytes = 0

  /// Whether a last line without an end is kept for later, unless it is a whole object.
  ///
  /// A file that is written to may end in the middle of a line, whose rest comes.
  public var keepsTornLine = false

  /// Whether the source is a file that grows: its end is not the stream's.
  ///
  /// Each call reads once, and is of use when there is more.
  public var follows = false

  /// Goes on where another reader of the same stream stood; of use before anything was read.
  ///
  /// - Parameter offset: What that reader's `nextOffset` was.
  /// - Returns: Whether the stream is so long.
  /// - Throws: `StreamError` as `next` does.
  public mutating func resume(at offset: Int) throws(StreamError) -> Bool {
    guard try source.skip(to: offset) else { return false }
    self.offset = offset
    if offset > 0 { layout = StreamLayout.decide(source.head.prefix(headBytes), isAll: true) }
    return true
  }

  /// Whether one chunk takes several reads.
  var readsOn: Bool { source.isRegularFile && !follows }

  /// Takes note of how much a read gave.
  mutating func noteEnd(_ got: Int) { hasEnded = got == 0 && !follows }

  /// Reads no further: what is held of a last line is delivered as at the end of the stream.
  public mutating func endInput() { hasEnded = true }

  /// Whether an unfinished line is too long, even if its last byte is the return of its end.
  private func isTooLong(_ chunk: borrowing LineChunk) -> Bool {
    chunk.count > lineLimit + 1 && chunk.count > lineLimit + 1 + chunk.markBytes
  }

  /// Fills a chunk with whole lines.
  ///
  /// From a file it reads on until `target` bytes are there; from a pipe it takes what one read
  /// gives, so that a slow stream is not held back, but always at least one whole line.
  ///
  /// - Parameters:
  ///   - chunk: Receives the lines.
  ///   - target: About how many bytes are wanted.
  ///   - waits: Whether to read on from a pipe until a line is complete; otherwise one read is made
  ///     and an incomplete line is kept for the next call.
  /// - Returns: Whether the chunk holds anything: `false` at the end of the stream, or when no line
  ///   is complete yet.
  /// - Throws: `StreamError`, when all whole lines before it have been delivered; the cut line
  ///   where it happened is not.
  public mutating func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool = true
  ) throws(StreamError) -> Bool {
    chunk.clear(at: offset)
    if let failure { throw failure }
    if layout == .objects { return try nextObjects(into: &chunk, target: target, waits: waits) }
    if let longLine { return try finishLongLine(longLine, in: &chunk, waits: waits) }
    chunk.append(carry)
    carry = []
    let wanted = readsOn ? target : 1
    var lastNewline = chunk.lastNewline()
    while !hasEnded, lastNewline == nil || chunk.count < wanted || layout == nil {
      if lastNewline == nil, isTooLong(chunk) {
        layout = .lines
        beginLongLine(&chunk)
        guard waits, let longLine else { return false }
        return try finishLongLine(longLine, in: &chunk, waits: waits)
      }
      let searched = chunk.count
      let room = max(min(Self.readSize, target), min(target - chunk.count, lineLimit))
      let got: Int
      do throws(StreamError) {
        got = try unsafe chunk.append(upTo: room) { buffer throws(StreamError) in
          try unsafe source.read(into: buffer)
        }
      } catch {
        guard let lastNewline else { throw error }
        failure = error
        _ = chunk.cut(to: lastNewline + 1)
        break
      }
      noteEnd(got)
      if layout == nil, try decideLayout(chunk) == .objects {
        carry = chunk.cut(to: 0)
        return try nextObjects(into: &chunk, target: target, waits: waits)
      }
      lastNewline = chunk.newline(from: searched) == nil ? lastNewline : chunk.lastNewline()
      let isLong = lastNewline == nil && isTooLong(chunk)
      if !waits, !hasEnded, lastNewline == nil || layout == nil, !isLong {
        carry = chunk.cut(to: 0)
        return false
      }
    }
    if !hasEnded, let lastNewline { carry = chunk.cut(to: lastNewline + 1) }
    if hasEnded, keepsTornLine, chunk.count > 0 {
      tornBytes = chunk.cutTornLine(after: lastNewline)
    }
    offset += chunk.count
    chunk.wipePadding()
    return chunk.count > 0
  }

  /// Takes the head of an over-long line and drops what else the chunk holds of it.
  private mutating func beginLongLine(_ chunk: inout LineChunk) {
    let mark = chunk.markBytes
    offset += chunk.count
    let start = chunk.offset
    let bytes = chunk.cut(to: 0)
    var line = LongLine(
      start: start,
      head: Array(bytes.prefix(lineLimit + 2 + mark)),
      length: 0,
      last: 0,
      isBlank: true,
      mark: mark
    )
    line.see(bytes[mark...])
    longLine = line
  }

  /// Drops the tail of an over-long line, then delivers its head by itself.
  private mutating func finishLongLine(
    _ begun: LongLine,
    in chunk: inout LineChunk,
    waits: Bool
  ) throws(StreamError) -> Bool {
    var line = begun
    var tail = LineChunk(capacity: Self.readSize)
    var hasNewline = false
    while !hasEnded {
      tail.clear(at: 0)
      let got = try unsafe tail.append(upTo: Self.readSize) { buffer throws(StreamError) in
        try unsafe source.read(into: buffer)
      }
      noteEnd(got)
      if let end = tail.newline(from: 0) {
        carry = tail.cut(to: end + 1)
        offset += end + 1
        line.see(tail.line(at: 0, length: end))
        hasNewline = true
        break
      }
      offset += got
      line.see(tail.line(at: 0, length: got))
      if !waits, !hasEnded {
        longLine = line
        return false
      }
    }
    longLine = nil
    chunk.clear(at: line.start)
    // The decoder passes over a blank line that has its end, and sees no more than the head.
    if !line.isBlank || !hasNewline, line.head.dropFirst(line.mark).allSatisfy(Self.isSpace) {
      line.head[line.head.count - 1] = UInt8(ascii: "?")
    }
    chunk.append(line.head + [0x0a])
    let isReturned = hasNewline && line.last == UInt8(ascii: "\r")
    chunk.setUncutLength(line.length - (isReturned ? 1 : 0))
    chunk.wipePadding()
    return true
  }
}
