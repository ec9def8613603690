internal import CVector

/// Where the events of a chunk begin and end.
extension EventRewriter {
  /// What the bytes in hand are cut into.
  enum Framing {
    /// Lines: one that holds several objects may be cut into these.
    case line
    /// Objects that stand in an array or over lines.
    case object
    /// The objects of one line, one after the other.
    case severalObjects
  }

  mutating func takeLine(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ lines: inout RewrittenLines
  ) {
    let end = unsafe Self.newline(in: bytes, from: position)
    var stop = end ?? bytes.count
    if stop > position, unsafe bytes[stop - 1] == Byte.carriageReturn { stop -= 1 }
    if arrayEnd < stop, unsafe Self.isArrayOfObjects(bytes[position..<stop]) {
      // Its end is a line without an event.
      arrayEnd = stop
      framing = .object
      return
    }
    framing = .line
    let place = RewrittenLines.Place(
      line: lines.lines,
      offset: position,
      length: stop - position
    )
    let line = unsafe UnsafeBufferPointer(rebasing: bytes[position..<stop])
    position = end.map { $0 + 1 } ?? bytes.count
    // Of a batch that is there as it is nothing is copied but its rows.
    if hasBatchesOnly, end != nil, line.count <= limits.lineBytes,
      unsafe line.first == Byte.openObject
    {
      rows.isInChunk = true
      unsafe findRows(of: line, place, &lines)
    } else {
      unsafe text.fill(line)
      take(place, &lines)
    }
    if framing != .severalObjects { finish(1, of: &lines) }
  }

  /// Hands on a line that is not one object, or has its objects taken one by one where it is several.
  mutating func passOrSplit(
    _ line: UnsafeBufferPointer<UInt8>,
    _ place: RewrittenLines.Place,
    _ lines: inout RewrittenLines
  ) {
    guard framing == .line, reading.json == .lenient, unsafe hasSecondObject(line) else {
      return unsafe Self.pass(line, place, &lines)
    }
    framing = .severalObjects
    arrayEnd = place.offset + place.length
    // A prefix was skipped.
    position = arrayEnd - line.count
  }

  /// Whether a line is an object behind which another one begins, its prefix before it.
  private func hasSecondObject(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = line.baseAddress else { return false }
    let start = unsafe skipSpace(base)
    guard unsafe start.pointee == Byte.openObject,
      let end = unsafe skipValue(start, depth: 0, table.context)
    else { return false }
    let next = unsafe skipSpace(end) - base
    guard next < line.count else { return false }
    return unsafe line[next] == Byte.openObject || prefixLength(line[next...]) > 0
  }

  /// The bytes of a prefix at the start of some bytes, of which no more are looked at.
  private func prefixLength(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    guard let prefix = shape.prefix, let brace = unsafe bytes.firstIndex(of: Byte.openObject) else {
      return 0
    }
    return unsafe prefix.length(in: Array(bytes[...brace])[...])
  }

  /// The next newline, if there is one.
  private static func newline(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    return unsafe leeway_newline(base + start, bytes.count - start).map { unsafe $0 - base }
  }

  /// Whether a line is an array of objects, by its first bytes.
  private static func isArrayOfObjects(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = unsafe line.firstIndex(where: { $0 > Byte.space }),
      unsafe line[first] == Byte.openArray
    else { return false }
    return unsafe line[(first + 1)...].first { $0 > Byte.space } == Byte.openObject
  }

  /// Counts lines once all their rows are written.
  mutating func finish(_ count: Int, of lines: inout RewrittenLines) {
    rows.lines = count
    if rows.isEmpty { lines.lines += count }
  }

  /// Where white space ends.
  private func endOfSpace(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    unsafe bytes[start...].firstIndex { $0 > Byte.space } ?? bytes.count
  }

  /// Takes the next object, or what stands in the place of one.
  ///
  /// - Parameters:
  ///   - bytes: The chunk, up to where objects may stand.
  ///   - isLastLine: Whether they are all of a line that lacks its newline.
  ///   - lines: Receives the events.
  mutating func takeObject(
    _ bytes: UnsafeBufferPointer<UInt8>,
    isLastLine: Bool = false,
    _ lines: inout RewrittenLines
  ) {
    var scanner = ObjectScanner()
    var start: Int?
    var hasEnded = false
    var newlines = 0
    if framing == .severalObjects {
      unsafe position = endOfSpace(from: position, in: bytes)
      unsafe position += prefixLength(bytes[position...])
    }
    while position < bytes.count {
      let byte = unsafe bytes[position]
      let state = scanner.take(byte)
      if state == .broken { break }
      if state != .between, start == nil { start = position }
      position += 1
      if byte == Byte.newline {
        if start == nil { lines.lines += 1 } else { newlines += 1 }
      }
      hasEnded = state == .ended
      if hasEnded { break }
    }
    // Without a newline there is no more of the last line to be taken.
    let lastLine = isLastLine && position >= bytes.count ? 1 : 0
    guard let start else {
      lines.lines += lastLine
      return
    }
    // What is no object ends before the byte that ends it.
    let isStray = unsafe bytes[start] != Byte.openObject
    var end = isStray && hasEnded ? position - 1 : position
    while end > start, unsafe bytes[end - 1] <= Byte.space { end -= 1 }
    let place = RewrittenLines.Place(line: lines.lines, offset: start, length: end - start)
    unsafe text.fillJoined(UnsafeBufferPointer(rebasing: bytes[start..<end]))
    take(place, &lines)
    finish(newlines + lastLine, of: &lines)
  }
}
