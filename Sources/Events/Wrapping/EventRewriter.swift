internal import CVector

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
/// Its 14 properties are what is looked for, and the line that is being taken apart.
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
    /// How the decoder reads the events: what it refuses is not taken apart.
    public var json: JSONReading

    /// Reads so much.
    public init(
      id: FieldPath? = nil,
      numbersRows: Bool = false,
      paths: [FieldPath]? = nil,
      json: JSONReading = .strict
    ) {
      self.id = id
      self.numbersRows = numbersRows
      self.paths = paths
      self.json = json
    }
  }

  /// Where a row's number stands, from 0, where rows are numbered.
  public static var rowPath: FieldPath { FieldPath(["leeway:row"]) }

  /// The most rows that a line can hold; one with more is refused as too long.
  public static var batchRowLimit: Int { 1 << 16 }

  /// About how many bytes are made at a time.
  private static var pieceBytes: Int { 1 << 20 }

  let shape: EventShape
  let reading: Reading
  let limits: DecodingLimits
  let table: KeyTable
  private let batches: PathTree
  private var unwrappings: [Unwrapping]
  /// Where the next line begins in the chunk, and its number in the piece.
  var position = 0
  /// Where the line ends whose objects are taken one by one; none are left where that is behind.
  var arrayEnd = 0
  var framing = Framing.line
  var text = EventText()
  var rows = RowsLeft()
  private var structure = LineStructure()
  private var cells = BatchCells()
  private var found: [PathTree.Found] = []

  /// The rows of a line that were not written yet.
  struct RowsLeft {
    var place = RewrittenLines.Place(line: 0, offset: 0, length: 0)
    var template = RowTemplate()
    var next = 0
    var count = 0
    /// The lines that end with the last row.
    var lines = 0
    /// Whether the line is in the chunk as it is; else its text is.
    var isInChunk = false

    var isEmpty: Bool { next == count }
  }

  /// Takes lines of a shape apart.
  public init(_ shape: EventShape, reading: Reading, limits: DecodingLimits = DecodingLimits()) {
    self.shape = shape
    self.reading = reading
    self.limits = limits
    table = KeyTable(schema: Schema(slots: []), limits: limits)
    unsafe table.context.pointee.isLenient = reading.json == .lenient
    // A field inside another one is unwrapped after it.
    let depths = shape.wrapped.map { field in
      shape.wrapped.count { $0.path.contains(field.path) }
    }
    unwrappings = Set(depths).sorted().map { depth in
      let fields = zip(shape.wrapped, depths).filter { $0.1 == depth }.map(\.0)
      return Unwrapping(fields, shape.prefix, wanted: reading.paths ?? [])
    }
    batches = PathTree(
      shape.batches + (reading.id.map { [$0] } ?? []),
      passing: shape.batches.count
    )
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
    let bytes = unsafe chunk.assumingMemoryBound(to: UInt8.self)
    if !rows.isEmpty {
      rows.place.line = 0
      if rows.isInChunk {
        let (start, length) = (rows.place.offset, rows.place.length)
        unsafe writeRows(
          of: UnsafeBufferPointer(rebasing: bytes[start..<start + length]),
          to: &lines
        )
      } else {
        unsafe text.withLine { line in unsafe writeRows(of: line, to: &lines) }
      }
      finish(rows.lines, of: &lines)
    }
    if atStreamStart, position == 0, unsafe bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while rows.isEmpty, position < bytes.count, lines.count < Self.pieceBytes {
      if !areLines {
        framing = .object
        unsafe takeObject(bytes, &lines)
      } else if position < arrayEnd {
        let objects = unsafe UnsafeBufferPointer(rebasing: bytes[..<arrayEnd])
        unsafe takeObject(objects, isLastLine: arrayEnd == bytes.count, &lines)
      } else {
        unsafe takeLine(bytes, &lines)
      }
    }
    return position >= bytes.count && rows.isEmpty
  }

  /// Whether lines are objects whose batches need nothing but to be found.
  var hasBatchesOnly: Bool {
    shape.prefix == nil && unwrappings.isEmpty && !shape.batches.isEmpty
  }

  // MARK: Events

  /// Takes the text of a line apart.
  mutating func take(_ place: RewrittenLines.Place, _ lines: inout RewrittenLines) {
    guard text.spaceCount < text.count else { return }
    guard text.count <= limits.lineBytes else { return pass(place, &lines) }
    rows.isInChunk = false
    if let prefix = shape.prefix {
      if prefix.isPartial(text.bytes[..<text.count]) { return lines.refuse(.linePartial, place) }
      let length = prefix.length(in: text.bytes[..<text.count])
      if length > 0 { text.removeFirst(length) }
    }
    for index in unwrappings.indices {
      switch unsafe unwrappings[index].unwrap(&text, table.context) {
      case .read: continue
      case .broken:
        return unsafe text.withLine { line in unsafe passOrSplit(line, place, &lines) }
      case .refused(let reason): return lines.refuse(reason, place)
      }
    }
    guard !shape.batches.isEmpty else {
      // What was unwrapped is one object, and several behind a prefix the decoder takes apart: a
      // line is not read twice for it.
      guard shape.isPlain else { return pass(place, &lines) }
      return unsafe text.withLine { line in unsafe passOrSplit(line, place, &lines) }
    }
    unsafe text.withLine { line in unsafe findRows(of: line, place, &lines) }
  }

  /// Hands the text on as it is.
  private func pass(_ place: RewrittenLines.Place, _ lines: inout RewrittenLines) {
    unsafe text.withLine { line in unsafe Self.pass(line, place, &lines) }
  }

  /// Hands a line on as it is.
  static func pass(
    _ line: UnsafeBufferPointer<UInt8>,
    _ place: RewrittenLines.Place,
    _ lines: inout RewrittenLines
  ) {
    unsafe lines.append(place, room: line.count + 1) { row, _ in
      if let base = line.baseAddress { unsafe row.update(from: base, count: line.count) }
      unsafe row[line.count] = Byte.newline
      return unsafe (row + line.count + 1, 1)
    }
  }

  /// Finds the rows of a line and writes them.
  mutating func findRows(
    of line: UnsafeBufferPointer<UInt8>,
    _ place: RewrittenLines.Place,
    _ lines: inout RewrittenLines
  ) {
    rows.template.begin()
    cells.remove(from: 0)
    guard unsafe structure.fill(line, nesting: limits.nesting),
      let end = unsafe endOfEvent(line), rows.template.hasBatches
    else { return unsafe passOrSplit(line, place, &lines) }
    unsafe rows.template.finish(upTo: end, of: line, numbersRows: reading.numbersRows)
    rows.place = place
    rows.next = 0
    rows.count = rows.template.rows
    if rows.count == 0 { lines.emptyBatches += 1 }
    if rows.count > Self.batchRowLimit {
      rows.count = 0
      return lines.refuse(.lineTooLong, place)
    }
    unsafe writeRows(of: line, to: &lines)
  }

  /// Finds the batches of a line, and the place of its last brace; `nil` where it is no event.
  private mutating func endOfEvent(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
    found.removeAll(keepingCapacity: true)
    return unsafe structure.withReader(line, table.context) { reader in
      let start = unsafe skipSpace(reader.base)
      guard unsafe start.pointee == Byte.openObject,
        let end = unsafe batches.walk(
          start,
          base: reader.base,
          into: &found,
          table.context,
          end: { unsafe reader.end(of: $0) }
        ), unsafe skipSpace(end).pointee == Byte.newline
      else { return nil }
      for value in found {
        if value.index == shape.batches.count {
          unsafe rows.template.takeID(value.range, of: line)
          continue
        }
        do throws(BatchRows.Flaw) {
          let batch = try unsafe BatchRows(value, reader, &cells)
          unsafe rows.template.take(batch, cells.names, value.range, of: line)
        } catch {
          if error == .broken { return nil }
        }
      }
      return unsafe end - 1 - reader.base
    }
  }

  /// Writes rows until there are bytes enough.
  private mutating func writeRows(
    of line: UnsafeBufferPointer<UInt8>,
    to lines: inout RewrittenLines
  ) {
    guard let base = line.baseAddress else { return }
    let (place, count) = (rows.place, rows.count)
    let room = rows.template.rowBytes + line.count
    var next = rows.next
    unsafe rows.template.withWriter(base, structure, cells) { writer in
      while next < count, lines.count < Self.pieceBytes {
        let enough = Self.pieceBytes - lines.count
        unsafe lines.append(place, room: room) { start, last in
          let (first, stop) = unsafe (next, min(last, start + enough))
          var p = unsafe start
          repeat {
            unsafe p = writer.write(next, to: p)
            next += 1
          } while unsafe next < count && p <= stop
          return unsafe (p, next - first)
        }
      }
    }
    rows.next = next
  }
}
