/// Makes a line of each event of a log whose events do not stand a line each.
///
/// A prefix is skipped, texts that are JSON are read as such, and each row of a batch becomes an
/// event of its own with all that stands around the batch. What a row is made of is bytes of the
/// line; the decoder reads it as it reads any other line, and refuses it as any other.
///
/// What is made of a line depends on the line alone.
///
/// - Complexity: O(bytes in and out).
///
/// Its 11 properties are what is looked for, and the line that is being taken apart.
@safe
public struct EventRewriter: ~Copyable, @unchecked Sendable {
  // Unchecked: the context and what it points to belong to this value alone.

  /// What is read of the events that are made.
  public struct Reading: Sendable {
    /// The event's id, to which the number of the row is added: `ID/0`, `ID/1`.
    public var id: FieldPath?
    /// Whether each row says which of its line it is, at ``EventRewriter/rowPath``.
    public var numbersRows: Bool
    /// All that is read, wildcards among it; `nil`: everything.
    public var paths: [FieldPath]?

    /// Reads so much.
    public init(id: FieldPath? = nil, numbersRows: Bool = false, paths: [FieldPath]? = nil) {
      self.id = id
      self.numbersRows = numbersRows
      self.paths = paths
    }
  }

  /// Where a row's number stands, from 0, where rows are numbered.
  public static var rowPath: FieldPath { FieldPath(["leeway:row"]) }

  /// The most rows that a line can hold; one with more is refused as too long.
  public static var batchRowLimit: Int { 1 << 16 }

  /// About how many bytes are made at a time.
  private static var pieceBytes: Int { 1 << 20 }

  private let shape: EventShape
  private let reading: Reading
  private let limits: DecodingLimits
  private let table: KeyTable
  private let batches: PathTree
  private var unwrappings: [Unwrapping]
  /// Where the next line begins in the chunk, and its number in the piece.
  private var position = 0
  /// Where the line ends whose objects stand in an array; none are left where that is behind.
  private var arrayEnd = 0
  private var text = EventText()
  private var rows = RowsLeft()
  private var cells: [Range<Int>] = []

  /// The rows of a line that were not written yet.
  private struct RowsLeft {
    var place = RewrittenLines.Place(line: 0, offset: 0, length: 0)
    var template: [Part] = []
    var batches: [BatchRows] = []
    var next = 0
    var count = 0
    /// The lines that end with the last row.
    var lines = 0

    var isEmpty: Bool { next == count }
  }

  /// A part of the events of a line.
  private enum Part {
    case text(Range<Int>)
    case batch(Int)
    case id(Range<Int>)
    case number
  }

  /// Takes lines of a shape apart.
  public init(_ shape: EventShape, reading: Reading, limits: DecodingLimits = DecodingLimits()) {
    self.shape = shape
    self.reading = reading
    self.limits = limits
    table = KeyTable(schema: Schema(slots: []), limits: limits)
    // A field inside another one is unwrapped after it.
    let depths = shape.wrapped.map { field in
      shape.wrapped.count { $0.path.contains(field.path) }
    }
    unwrappings = Set(depths).sorted().map { depth in
      let fields = zip(shape.wrapped, depths).filter { $0.1 == depth }.map(\.0)
      return Unwrapping(fields, shape.prefix, wanted: reading.paths ?? [])
    }
    batches = PathTree(shape.batches + (reading.id.map { [$0] } ?? []))
  }

  /// Begins another chunk.
  public mutating func begin() {
    position = 0
    arrayEnd = 0
    rows.next = 0
    rows.count = 0
  }

  /// Writes the next rows of a chunk.
  ///
  /// - Parameters:
  ///   - chunk: Whole lines, or whole objects, with ``EventDecoder/padding`` bytes behind them.
  ///   - atStreamStart: Whether the chunk is the stream's first, where a byte order mark may be.
  ///   - areLines: Whether each event is a line; else objects stand in an array or one after the
  ///     other.
  ///   - lines: Receives the rows.
  /// - Returns: Whether the chunk is used up.
  public mutating func next(
    of chunk: UnsafeRawBufferPointer,
    atStreamStart: Bool,
    areLines: Bool,
    into lines: inout RewrittenLines
  ) -> Bool {
    lines.removeAll()
    if !rows.isEmpty {
      rows.place.line = 0
      writeRows(to: &lines)
      finish(rows.lines, of: &lines)
    }
    let bytes = unsafe chunk.assumingMemoryBound(to: UInt8.self)
    if atStreamStart, position == 0, unsafe bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while rows.isEmpty, position < bytes.count, lines.bytes.count < Self.pieceBytes {
      if !areLines {
        unsafe takeObject(bytes, &lines)
      } else if position < arrayEnd {
        unsafe takeObject(UnsafeBufferPointer(rebasing: bytes[..<arrayEnd]), &lines)
      } else {
        unsafe takeLine(bytes, &lines)
      }
    }
    lines.finish()
    return position >= bytes.count && rows.isEmpty
  }

  // MARK: Framing

  private mutating func takeLine(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ lines: inout RewrittenLines
  ) {
    let end = unsafe bytes[position...].firstIndex(of: Byte.newline)
    var stop = end ?? bytes.count
    if stop > position, unsafe bytes[stop - 1] == Byte.carriageReturn { stop -= 1 }
    if arrayEnd < stop, unsafe Self.isArrayOfObjects(bytes[position..<stop]) {
      // Its end is a line without an event.
      arrayEnd = stop
      return
    }
    let place = RewrittenLines.Place(
      line: lines.lines,
      offset: position,
      length: stop - position
    )
    let next = end.map { $0 + 1 } ?? bytes.count
    unsafe text.fill(bytes[place.offset..<place.offset + place.length])
    position = next
    take(place, &lines)
    finish(1, of: &lines)
  }

  /// Whether a line is an array of objects, by its first bytes.
  private static func isArrayOfObjects(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = unsafe line.firstIndex(where: { $0 > Byte.space }),
      unsafe line[first] == Byte.openArray
    else { return false }
    return unsafe line[(first + 1)...].first { $0 > Byte.space } == Byte.openObject
  }

  /// Counts lines once all their rows are written.
  private mutating func finish(_ count: Int, of lines: inout RewrittenLines) {
    rows.lines = count
    if rows.isEmpty { lines.lines += count }
  }

  private mutating func takeObject(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ lines: inout RewrittenLines
  ) {
    var scanner = ObjectScanner()
    var start: Int?
    var hasEnded = false
    var newlines = 0
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
    guard let start else { return }
    // What is no object ends before the byte that ends it.
    let isStray = unsafe bytes[start] != Byte.openObject
    var end = isStray && hasEnded ? position - 1 : position
    while end > start, unsafe bytes[end - 1] <= Byte.space { end -= 1 }
    let place = RewrittenLines.Place(line: lines.lines, offset: start, length: end - start)
    unsafe text.fillJoined(UnsafeBufferPointer(rebasing: bytes[start..<end]))
    take(place, &lines)
    finish(newlines, of: &lines)
  }

  // MARK: Events

  /// Takes the text of a line apart.
  private mutating func take(_ place: RewrittenLines.Place, _ lines: inout RewrittenLines) {
    guard text.spaceCount < text.count else { return }
    guard text.count <= limits.lineBytes else { return pass(place, &lines) }
    if let prefix = shape.prefix {
      if prefix.isPartial(text.bytes[..<text.count]) { return lines.refuse(.linePartial, place) }
      let length = prefix.length(in: text.bytes[..<text.count])
      if length > 0 { text.fill(Array(text.bytes[length..<text.count])) }
    }
    for index in unwrappings.indices {
      switch unsafe unwrappings[index].unwrap(&text, table.context) {
      case .read: continue
      case .broken: return pass(place, &lines)
      case .refused(let reason): return lines.refuse(reason, place)
      }
    }
    guard !shape.batches.isEmpty else { return pass(place, &lines) }
    findRows(place, &lines)
  }

  /// Hands the text on as it is.
  private func pass(_ place: RewrittenLines.Place, _ lines: inout RewrittenLines) {
    lines.beginRow(place)
    lines.bytes.append(contentsOf: text.bytes[...text.count])
  }

  /// Finds the rows of the text and writes them.
  private mutating func findRows(
    _ place: RewrittenLines.Place,
    _ lines: inout RewrittenLines
  ) {
    cells.removeAll(keepingCapacity: true)
    rows.batches.removeAll(keepingCapacity: true)
    rows.template.removeAll(keepingCapacity: true)
    var found: [PathTree.Found] = []
    var copied = 0
    let end = unsafe text.withStart { base -> Int? in
      let end = unsafe batches.walk(skipSpace(base), base: base, into: &found, table.context)
      guard let end = unsafe end, unsafe skipSpace(end).pointee == Byte.newline else { return nil }
      for value in found {
        let part: Part
        if value.index == shape.batches.count {
          part = .id(value.range)
        } else if let batch = unsafe BatchRows(value, base, &cells, table.context) {
          part = .batch(rows.batches.count)
          rows.batches.append(batch)
        } else {
          continue
        }
        rows.template += [.text(copied..<value.range.lowerBound), part]
        copied = value.range.upperBound
      }
      return unsafe end - base
    }
    guard let end, !rows.batches.isEmpty, text.bytes[end - 1] == Byte.closeObject else {
      return pass(place, &lines)
    }
    rows.template += [.text(copied..<end - 1), .number]
    rows.place = place
    rows.next = 0
    rows.count = rows.batches.map(\.count).max() ?? 0
    if rows.count == 0 { lines.emptyBatches += 1 }
    if rows.count > Self.batchRowLimit {
      rows.count = 0
      return lines.refuse(.lineTooLong, place)
    }
    writeRows(to: &lines)
  }

  /// Writes rows until there are bytes enough.
  private mutating func writeRows(to lines: inout RewrittenLines) {
    unsafe text.bytes.withUnsafeBufferPointer { bytes in
      while rows.next < rows.count, lines.bytes.count < Self.pieceBytes {
        lines.beginRow(rows.place)
        for part in rows.template { unsafe write(part, bytes, to: &lines.bytes) }
        rows.next += 1
      }
    }
  }

  private func write(
    _ part: Part,
    _ bytes: UnsafeBufferPointer<UInt8>,
    to output: inout [UInt8]
  ) {
    switch part {
    case .text(let range): unsafe output.append(contentsOf: bytes[range])
    case .batch(let index):
      unsafe rows.batches[index].append(row: rows.next, of: bytes, cells, to: &output)
    case .id(let range):
      switch unsafe bytes[range.lowerBound] {
      case Byte.quote: unsafe output.append(contentsOf: bytes[range.dropLast()])
      case Byte.minus, Byte.zero...0x39:
        output.append(Byte.quote)
        unsafe output.append(contentsOf: bytes[range])
      default: return unsafe output.append(contentsOf: bytes[range])
      }
      output.append(UInt8(ascii: "/"))
      appendNumber(to: &output)
      output.append(Byte.quote)
    case .number:
      if reading.numbersRows {
        output.append(contentsOf: ",\"leeway:row\":".utf8)
        appendNumber(to: &output)
      }
      output.append(Byte.closeObject)
      output.append(Byte.newline)
    }
  }

  private func appendNumber(to output: inout [UInt8]) {
    output.append(contentsOf: String(rows.next).utf8)
  }
}
