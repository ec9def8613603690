/// Lines with an event each that were made of the lines of a chunk, with the places that those had.
///
///     bytes:   row row row | row row | …     a line each, more bytes behind them
///     places:  line, offset and length of the chunk's line that each row is of
///
/// Its 9 properties are the rows, where they come from, and what became of the other lines.
public struct RewrittenLines: Sendable {
  /// Where a row's line stands in its chunk.
  public struct Place: Sendable, Equatable {
    /// The line's number, from 0, counted from the first line of these.
    public var line: Int
    /// The line's first byte in the chunk.
    public var offset: Int
    /// The line's bytes, without its end.
    public var length: Int

    /// A place.
    public init(line: Int, offset: Int, length: Int) {
      self.line = line
      self.offset = offset
      self.length = length
    }
  }

  /// The rows, a line each, and at least ``EventDecoder/padding`` bytes behind them.
  public private(set) var bytes: [UInt8] = []
  /// The bytes of the rows.
  public private(set) var count = 0
  /// The lines of the chunk that end in these.
  public internal(set) var lines = 0
  /// The lines of the chunk that hold no event, and why, in order.
  public internal(set) var refused: [RefusedLine] = []
  /// The lines whose batches have no rows.
  public internal(set) var emptyBatches = 0
  /// How many rows there are.
  public private(set) var rows = 0
  /// The events of the chunk that are not among these, since nobody wants them here.
  public package(set) var ignored = 0
  /// Whether each row has the bytes of its line, or of an object in it, as they are.
  public private(set) var areVerbatim = false
  /// The first row's first byte and the place of each line, of some lines twice.
  private var made: [(start: Int, place: Place)] = []

  /// Nothing rewritten.
  public init() {}

  /// The byte of the chunk that a byte of the rows was made of.
  ///
  /// - Parameter offset: A byte of the rows.
  /// - Returns: Its place in the chunk; `nil` where that is not known.
  public func origin(of offset: Int) -> Int? {
    guard areVerbatim, let row = row(at: offset) else { return nil }
    return row.place.offset + offset - row.start
  }

  /// The place of the row that begins at a byte, or holds it.
  public func place(at offset: Int) -> Place? { row(at: offset)?.place }

  private func row(at offset: Int) -> (start: Int, place: Place)? {
    var low = 0
    var high = made.count
    while low < high {
      let middle = (low + high) / 2
      if made[middle].start <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? made[low - 1] : nil
  }

  /// How many lines of the chunk end before a row begins.
  ///
  /// - Parameter offset: The row's first byte; the count of bytes for all lines.
  /// - Returns: How many.
  public func lines(before offset: Int) -> Int {
    offset < count ? place(at: offset)?.line ?? 0 : lines
  }

  /// Counts lines that were left out behind the last one.
  public mutating func skip(_ count: Int) { lines += count }

  mutating func removeAll() {
    made.removeAll(keepingCapacity: true)
    refused.removeAll(keepingCapacity: true)
    count = 0
    rows = 0
    lines = 0
    emptyBatches = 0
    ignored = 0
    areVerbatim = false
  }

  /// Appends a line, or an object in it, as it stands in the chunk.
  ///
  /// - Parameters:
  ///   - line: Its bytes, without an end.
  ///   - place: Where they stand.
  package mutating func append(verbatim line: UnsafeRawBufferPointer, _ place: Place) {
    areVerbatim = true
    unsafe append(place, room: line.count + 1) { start, _ in
      if let source = line.baseAddress {
        unsafe UnsafeMutableRawPointer(start).copyMemory(from: source, byteCount: line.count)
      }
      unsafe start[line.count] = Byte.newline
      return unsafe (end: start + line.count + 1, rows: 1)
    }
  }

  /// Notes what became of the lines that are not among these.
  ///
  /// - Parameters:
  ///   - lines: All lines of the chunk.
  ///   - refused: Those of them that hold no event, in order.
  ///   - ignored: The events among them that nobody wants here.
  package mutating func close(lines: Int, refused: [RefusedLine], ignored: Int) {
    self.lines = lines
    self.refused = refused
    self.ignored = ignored
  }

  /// Appends rows of a line.
  ///
  /// - Parameters:
  ///   - place: Where the line stands.
  ///   - room: How many bytes a row has at most, its newline among them.
  ///   - write: Writes rows from a byte on, at least one, of which none begins behind another byte,
  ///     and answers with the byte behind them and with how many they are; it may spoil the bytes
  ///     behind a row's room, up to ``EventDecoder/padding`` of them.
  @inline(__always)
  mutating func append(
    _ place: Place,
    room: Int,
    _ write: (
      _ start: UnsafeMutablePointer<UInt8>, _ last: UnsafeMutablePointer<UInt8>
    ) -> (end: UnsafeMutablePointer<UInt8>, rows: Int)
  ) {
    made.append((start: count, place: place))
    let behind = room + EventDecoder.padding
    let missing = count + behind - bytes.count
    if missing > 0 {
      bytes.append(contentsOf: repeatElement(0, count: max(missing, bytes.count)))
    }
    let last = bytes.count - behind
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      let written = unsafe write(base + count, base + last)
      unsafe count = written.end - base
      unsafe rows += written.rows
    }
  }

  mutating func refuse(_ reason: Refusal, _ place: Place) {
    refused.append(
      RefusedLine(reason: reason, line: place.line, offset: place.offset, length: place.length)
    )
  }
}
