/// Lines with an event each that were made of the lines of a chunk, with the places that those had.
///
///     bytes:   row row row | row row | …     a line each, padding behind them
///     places:  line, offset and length of the chunk's line that each row is of
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

  /// The rows, a line each.
  public internal(set) var bytes: [UInt8] = []
  /// The bytes of the rows, without the padding.
  public internal(set) var count = 0
  /// The lines of the chunk that end in these.
  public internal(set) var lines = 0
  /// The lines of the chunk that hold no event, and why, in order.
  public internal(set) var refused: [RefusedLine] = []
  /// The lines whose batches have no rows.
  public internal(set) var emptyBatches = 0
  /// The first byte of each row, and its place.
  private(set) var starts: [Int] = []
  private(set) var places: [Place] = []

  /// Nothing rewritten.
  public init() {}

  /// How many rows there are.
  public var rows: Int { starts.count }

  /// The place of the row that begins at a byte, or holds it.
  public func place(at offset: Int) -> Place? {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? places[low - 1] : nil
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
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    refused.removeAll(keepingCapacity: true)
    count = 0
    lines = 0
    emptyBatches = 0
  }

  mutating func beginRow(_ place: Place) {
    starts.append(bytes.count)
    places.append(place)
  }

  mutating func refuse(_ reason: Refusal, _ place: Place) {
    refused.append(
      RefusedLine(reason: reason, line: place.line, offset: place.offset, length: place.length)
    )
  }

  mutating func finish() {
    count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: EventDecoder.padding))
  }
}
