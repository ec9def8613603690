internal import CVector

/// Decodes lines of JSON into columns, taking only what a schema wants.
///
/// - **Grammar**: RFC 8259, also in what is skipped; strings must be UTF-8 and escaped surrogates
///   paired. A line that is anything else, or no object, is refused by reason, leaves no row, and
///   decoding goes on at the next line.
/// - **Lenient reading**: a value that is not JSON costs itself alone, where the structure around it
///   is whole: a number that is not finite, a string that is no text, a word. A wanted one is
///   ``Cell/notFinite``, ``Cell/notText`` or ``Cell/notJSON``, others are skipped. A key that is
///   no text is one that nobody wants. Objects one after the other in a line are an event each.
/// - **Lines**: end with a newline, which the last one may lack; CRLF and blank lines are
///   accepted, a byte order mark only at the stream's start.
/// - **Numbers**: the nearest double, ties to even; beyond the range of a double ``Cell/overflow``.
/// - **Paths**: a path that passes through something else than an object is ``Cell/missing``; but a
///   key of digits also finds the element of an array, from 0, and the part of a string between
///   commas: of its first line, without spaces around, with RFC 4180's quotes. A part that is
///   spelled as a number is one, an empty one is `null`.
/// - **Keys that come twice**: the last one wins; of the keys in the schema they are counted.
/// - **Order**: keys may come in any order; those that come as they did last time are fastest.
/// - **Memory**: grows with the keys seen up to ``DecodingLimits/unknownKeys``; in the steady state
///   nothing is allocated, but for numbers of more than 19 digits.
///
/// One decoder decodes one chunk at a time; decoders share nothing.
///
/// - Complexity: O(bytes).
@safe
public struct EventDecoder: ~Copyable, @unchecked Sendable {
  // Unchecked: the context and what it points to belong to this value alone.

  /// The bytes after a chunk's end that must be readable; what they hold is of no matter.
  public static let padding = 64

  /// What is decoded.
  public let schema: Schema
  /// The limits.
  public let limits: DecodingLimits

  private let table: KeyTable
  private let context: Context
  /// The last line of a chunk, with the newline that it lacked.
  private var lastLine: [UInt8] = []
  /// The lines of the chunk that earlier calls have seen.
  private var linesBefore = 0

  /// A decoder for `schema`.
  public init(
    schema: Schema,
    limits: DecodingLimits = DecodingLimits(),
    reading: JSONReading = .strict
  ) {
    self.schema = schema
    self.limits = limits
    table = KeyTable(schema: schema, limits: limits)
    unsafe context = table.context
    unsafe context.pointee.isLenient = reading == .lenient
  }

  /// Members of wildcards that are not in the schema, in order of first sight.
  ///
  /// Those whose values are scalars; of an object its members, `features.a.b`; of an array nothing.
  /// Where an array, or a string with commas, stands in the wildcard's own place, its elements are
  /// the members: `data.instances.0.*`.
  public var discovered: [FieldPath] {
    table.discovered
  }

  /// How often a member of a wildcard came that is not reported because its key is longer than
  /// ``discoveredKeyBytesMax``.
  public var overlongMembers: Int {
    table.overlongMembers
  }

  /// The longest key, in bytes as it is spelled, of a member of a wildcard that is reported.
  public static var discoveredKeyBytesMax: Int { KeyTable.learnedKeyBytesMax }

  /// The number of keys of the schema that came twice in one object.
  public var duplicateKeys: Int {
    unsafe context.pointee.duplicateKeys
  }

  /// Decodes lines of `chunk` from `offset` until the columns are full or the chunk ends.
  ///
  /// What the columns held is forgotten. Line numbers count from the chunk's start: a call with
  /// offset 0 starts at line 0, one with another goes on where the last call stopped.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, less than 256 MiB, with ``padding`` readable bytes after its end. The
  ///     last line may lack its newline when nothing follows.
  ///   - offset: Where a line starts: 0 or what the last call returned.
  ///   - atStreamStart: Whether the chunk is the stream's first, where a byte order mark may be.
  ///   - columns: As many as the schema has slots.
  /// - Returns: Where to go on; the chunk's length when it is decoded.
  public mutating func decode(
    _ chunk: UnsafeRawBufferPointer,
    from offset: Int,
    atStreamStart: Bool,
    into columns: inout EventColumns
  ) -> Int {
    precondition(offset >= 0 && offset <= chunk.count, "offset \(offset) is not in the chunk")
    precondition(chunk.count < Cell.chunkBytesMax, "chunk of \(chunk.count) bytes")
    precondition(columns.slotCount == schema.slots.count, "\(columns.slotCount) columns")
    columns.removeAll()
    guard let start = unsafe chunk.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
      return 0
    }
    linesBefore = offset == 0 ? 0 : linesBefore
    unsafe context.pointee.base = start
    unsafe context.pointee.unusable = nil
    if unsafe context.pointee.columnStride != columns.stride {
      table.setColumnStride(columns.stride)
    }
    var position = offset
    if atStreamStart, offset == 0, unsafe startsWithByteOrderMark(chunk) {
      position = 3
    }
    // Where the lines end that have their newline.
    let whole = unsafe endOfLastLine(chunk, from: position)
    unsafe position = decodeLines(start, from: position, to: whole, into: &columns)
    if position == whole, whole < chunk.count, columns.rowCount < columns.rowCapacity {
      unsafe position = decodeLastLine(start, from: whole, to: chunk.count, into: &columns)
    }
    let (first, lastSeen) = unsafe (linesBefore, context.pointee.line)
    linesBefore += columns.linesSeen
    let count = columns.linesSeen
    columns.unusable = table.takeUnusable(except: columns.refused) { line in
      first + count - 1 - Int(lastSeen - line)
    }
    columns.passedRows = unsafe context.pointee.passedRows
    unsafe context.pointee.passedRows = PassedRows()
    for copy in table.copies {
      unsafe (columns.cells + copy.to * columns.stride).update(
        from: columns.cells + copy.from * columns.stride,
        count: columns.rowCount
      )
    }
    return position
  }

  /// Decodes lines that have their newlines.
  private func decodeLines(
    _ start: UnsafePointer<UInt8>,
    from offset: Int,
    to end: Int,
    into columns: inout EventColumns
  ) -> Int {
    var p = unsafe start + offset
    let limit = unsafe start + end
    while unsafe p < limit, columns.rowCount < columns.rowCapacity {
      unsafe p = decodeLine(p, limit, into: &columns)
    }
    return unsafe p - start
  }

  /// Decodes one line, into a row, the refused lines or nothing, and answers with the next one.
  private func decodeLine(
    _ line: UnsafePointer<UInt8>,
    _ limit: UnsafePointer<UInt8>,
    into columns: inout EventColumns
  ) -> UnsafePointer<UInt8> {
    if unsafe context.pointee.ending != .continued {
      columns.linesSeen &+= 1
      unsafe context.pointee.line &+= 1
    } else {
      table.beginEvent()
    }
    let number = linesBefore + columns.linesSeen - 1
    let row = columns.rowCount
    let outcome = unsafe decodeEvent(line, columns.cells + row, context)
    guard let newline = unsafe outcome ?? leeway_newline(line, limit - line) else {
      return unsafe limit  // Not reached: the last line ends before the limit.
    }
    if unsafe context.pointee.ending != .whole {
      if unsafe context.pointee.ending == .blank { return unsafe newline + 1 }
      var end = unsafe newline
      while unsafe (end - 1).pointee <= Byte.space { unsafe end -= 1 }
      unsafe columns.accept(line: number, offset: line - context.pointee.base, length: end - line)
      return unsafe newline
    }
    let isReturned = unsafe newline > line && (newline - 1).pointee == Byte.carriageReturn
    let length = unsafe newline - line - (isReturned ? 1 : 0)
    let offset = unsafe line - context.pointee.base
    if unsafe outcome == nil || length > limits.lineBytes {
      let reason = unsafe length > limits.lineBytes ? .lineTooLong : context.pointee.refusal
      let isFaulty = reason == .syntax || reason == .encoding
      columns.refuse(
        reason,
        line: number,
        offset: offset,
        length: length,
        fault: isFaulty ? unsafe syntaxFault(line, context) : nil
      )
    } else {
      columns.accept(line: number, offset: offset, length: length)
    }
    return unsafe newline + 1
  }

  /// Decodes the last line, which lacks its newline, from a copy that has one, and answers with where
  /// to go on.
  private mutating func decodeLastLine(
    _ start: UnsafePointer<UInt8>,
    from offset: Int,
    to end: Int,
    into columns: inout EventColumns
  ) -> Int {
    let length = end - offset
    guard length <= limits.lineBytes else {
      let number = linesBefore + columns.linesSeen
      columns.linesSeen += 1
      columns.refuse(.lineTooLong, line: number, offset: offset, length: length, fault: nil)
      return end
    }
    lastLine.removeAll(keepingCapacity: true)
    unsafe lastLine.append(contentsOf: UnsafeBufferPointer(start: start + offset, count: length))
    lastLine.append(Byte.newline)
    lastLine.append(contentsOf: repeatElement(0, count: EventDecoder.padding))
    let copy = lastLine
    return unsafe copy.withUnsafeBufferPointer { bytes in
      guard let line = bytes.baseAddress else {
        return end
      }
      // Offsets count from the chunk's start, so that the base lies before the copy.
      unsafe context.pointee.base = UnsafePointer(line - offset)
      var p = unsafe line
      let limit = unsafe line + length + 1
      while unsafe p < limit, columns.rowCount < columns.rowCapacity {
        unsafe p = decodeLine(p, limit, into: &columns)
      }
      return unsafe min(offset + (p - line), end)
    }
  }
}

/// Where the lines end that have a newline: the byte after the last newline.
private func endOfLastLine(_ chunk: UnsafeRawBufferPointer, from offset: Int) -> Int {
  var end = chunk.count
  while end > offset, unsafe chunk[end - 1] != Byte.newline {
    end -= 1
  }
  return end
}

/// Whether the bytes start with U+FEFF in UTF-8.
private func startsWithByteOrderMark(_ bytes: UnsafeRawBufferPointer) -> Bool {
  unsafe bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
}
