internal import Events

/// Streams whose events are objects in an array, one after the other, or over many lines.
extension LineReader {
  /// Decides how events stand, once the first bytes say so.
  ///
  /// - Throws: `StreamError.container` where they say that nothing here is JSON.
  mutating func decideLayout(
    _ chunk: borrowing LineChunk
  ) throws(StreamError) -> StreamLayout? {
    let head = chunk.line(at: 0, length: headBytes)
    layout = StreamLayout.decide(head, isAll: hasEnded || head.count == headBytes)
    if layout == .lines, let container = StreamContainer(head) {
      throw .container(name: source.name, container)
    }
    return layout
  }

  /// How many of the first bytes decide: no more than a line may have, so that a line that is too
  /// long is not waited for.
  var headBytes: Int {
    min(StreamLayout.headBytes, lineLimit + 2 + LineChunk.byteOrderMark.count)
  }

  /// Fills a chunk with whole objects.
  ///
  /// An object over the limit is cut as a line is: what is held of it is refused by name.
  mutating func nextObjects(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    chunk.clear(at: offset)
    chunk.holdObjects()
    chunk.append(carry)
    carry = []
    carryHoldsObject = false
    let wanted = readsOn ? target : 1
    var scanner = ObjectScanner()
    var scanned = 0
    var end: Int?
    while true {
      end = chunk.lastEnd(&scanner, from: scanned) ?? end
      scanned = chunk.count
      if hasEnded || end != nil && chunk.count >= wanted { break }
      if end == nil, chunk.count > lineLimit + 1 {
        return try skipLongObject(scanner, in: &chunk)
      }
      let got: Int
      do throws(StreamError) {
        got = try unsafe chunk.append(upTo: max(Self.readSize, min(target, lineLimit))) {
          buffer throws(StreamError) in
          try unsafe source.read(into: buffer)
        }
      } catch {
        guard let end else { throw error }
        failure = error
        _ = chunk.cut(to: end)
        break
      }
      noteEnd(got)
      if !waits, !hasEnded, end == nil, got < Self.readSize {
        end = chunk.lastEnd(&scanner, from: scanned)
        guard end == nil, chunk.count <= lineLimit + 1 else { continue }
        carry = chunk.cut(to: 0)
        return false
      }
    }
    if !hasEnded || keepsTornLine, failure == nil {
      let rest = chunk.cut(to: end ?? 0)
      if hasEnded { tornBytes = rest.count } else { carry = rest }
    }
    offset += chunk.count
    chunk.wipePadding()
    return chunk.count > 0
  }

  /// Reads on to the end of an object that is too long, and delivers its first bytes by themselves.
  private mutating func skipLongObject(
    _ begun: ObjectScanner,
    in chunk: inout LineChunk
  ) throws(StreamError) -> Bool {
    var scanner = begun
    let start = chunk.offset
    let bytes = chunk.cut(to: 0)
    var length = bytes.count
    let head = Array(bytes.prefix(lineLimit + 2))
    var skipped = bytes.dropFirst(head.count).count { $0 == 0x0a }
    var tail = LineChunk(capacity: Self.readSize)
    while !hasEnded {
      tail.clear(at: 0)
      let got = try unsafe tail.append(upTo: Self.readSize) { buffer throws(StreamError) in
        try unsafe source.read(into: buffer)
      }
      noteEnd(got)
      let end = tail.firstEnd(&scanner)
      if let end {
        carry = tail.cut(to: end)
        var rest = LineChunk(carry)
        rest.holdObjects()
        var begun = ObjectScanner()
        carryHoldsObject = rest.lastEnd(&begun, from: 0) != nil
      }
      length += tail.count
      skipped += tail.line(at: 0, length: tail.count).count { $0 == 0x0a }
      if end != nil { break }
    }
    offset = start + length
    chunk.clear(at: start)
    chunk.holdObjects(skippedLines: skipped)
    chunk.append(head)
    chunk.setUncutLength(length)
    chunk.wipePadding()
    return true
  }
}

extension LineChunk {
  /// Where the last whole object ends; `nil` where the bytes from `start` are all of one object.
  fileprivate func lastEnd(_ scanner: inout ObjectScanner, from start: Int) -> Int? {
    unsafe withBytes { unsafe scanner.end(in: $0, from: start) }
  }

  /// Where the object ends that the bytes go on with.
  fileprivate func firstEnd(_ scanner: inout ObjectScanner) -> Int? {
    unsafe withBytes { unsafe scanner.firstEnd(in: $0) }
  }
}
