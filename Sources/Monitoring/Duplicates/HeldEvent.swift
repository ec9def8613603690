internal import Events
public import Sketches

/// An event with an id that is held until it is known whether one with its id came before it.
///
/// No event that comes later is due earlier, so that those that are due are decided on in one order,
/// whatever the threads and the batches.
public struct HeldEvent: Sendable, Equatable {
  /// Its time, in nanoseconds since 1970; of one that comes after others have waited for it, the
  /// time up to which they did.
  public let due: Int64
  /// Its time, in nanoseconds since 1970.
  let time: Int64
  let id: EventID
  /// The hash of its version.
  let version: UInt64
  /// The pane that it counts in.
  var pane: Int
  /// Its line, without the newline; sealed where the monitor has people's data.
  let bytes: [UInt8]

  /// The bytes that it takes: its line, the line's head, and what stands here.
  var heldBytes: Int { bytes.count + 32 + MemoryLayout<HeldEvent>.stride }
}

extension HeldEvent: Comparable {
  /// The order in which events are decided on; equal ones are the same line.
  public static func < (left: HeldEvent, right: HeldEvent) -> Bool {
    if left.due != right.due { return left.due < right.due }
    if left.time != right.time { return left.time < right.time }
    if left.id != right.id { return left.id < right.id }
    if left.version != right.version { return left.version < right.version }
    return left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension HeldEvent: ByteCodable {
  /// Appends all but the pane, which follows from the time.
  public func encode(into writer: inout ByteWriter) {
    writer.write(due)
    writer.write(time)
    writer.write(id)
    writer.write(version)
    writer.write(bytes: bytes)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    due = try reader.read()
    time = try reader.read()
    id = try reader.read()
    version = try reader.read()
    pane = 0
    bytes = try reader.readBytes()
  }
}

/// The events that a worker holds, in any order.
public struct HeldEvents: Sendable {
  private(set) var all: [HeldEvent] = []
  /// The bytes that they take.
  public private(set) var bytes = 0

  /// About how many bytes are held at most; beyond, they are decided on before all have
  /// come that could be earlier.
  ///
  /// As much as a hundred thousand long lines, or some minutes of a busy stream.
  public static let byteLimit = 1 << 28

  /// Nothing held.
  public init() {}

  mutating func append(_ event: HeldEvent) {
    all.append(event)
    bytes += event.heldBytes
  }

  /// Hands over the events that are due before a time.
  ///
  /// - Parameter time: In nanoseconds since 1970; `nil` for all.
  /// - Returns: The events, in any order.
  mutating func take(before time: Int64?) -> [HeldEvent] {
    guard let time else {
      defer { self = HeldEvents() }
      return all
    }
    let taken = all.filter { $0.due < time }
    guard !taken.isEmpty else { return [] }
    all.removeAll { $0.due < time }
    bytes -= taken.reduce(0) { $0 + $1.heldBytes }
    return taken
  }
}

extension DecodedBatch {
  /// The event of a row as one that is held; `nil` where it has no id.
  ///
  /// - Parameters:
  ///   - row: The row.
  ///   - identity: Where its id stands.
  ///   - place: When it is due, and its pane.
  ///   - text: The bytes that the columns' cells refer to, the row's line among them.
  ///   - key: What its line is sealed with, if anything.
  /// - Returns: The event.
  func held(
    _ row: Int,
    _ identity: IdentityPlan,
    _ place: (due: Int64, pane: Int),
    _ text: UnsafeRawBufferPointer,
    _ key: KeyedHash?
  ) -> HeldEvent? {
    let time = unsafe times[row]
    guard let event = unsafe identity.prediction(at: row, time, 0, columns, text) else {
      return nil
    }
    let offset = unsafe Int(columns.lineOffsets[row])
    let length = unsafe Int(columns.lineLengths[row])
    let line = unsafe Array(UnsafeRawBufferPointer(rebasing: text[offset..<offset + length]))
    return HeldEvent(
      due: place.due,
      time: time,
      id: event.id,
      version: event.version,
      pane: place.pane,
      bytes: key?.sealed(line) ?? line
    )
  }
}

/// Lends lines as a chunk, to be decoded once more.
///
/// - Parameters:
///   - lines: The lines, without newlines.
///   - body: Receives the chunk.
func withChunk(of lines: [[UInt8]], _ body: (UnsafeRawBufferPointer) -> Void) {
  var bytes: [UInt8] = []
  for line in lines {
    bytes += line
    bytes.append(0x0a)
  }
  let length = bytes.count
  bytes += [UInt8](repeating: 0, count: EventDecoder.padding)
  unsafe bytes.withUnsafeBytes { all in
    unsafe body(UnsafeRawBufferPointer(rebasing: all[..<length]))
  }
}
