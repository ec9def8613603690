public import Events
public import Sketches

/// An event that is ahead of its stream's clock and waits for others to bear it out.
///
/// Its 10 properties are where its line stands, what it holds, and what is decided of it.
public struct WaitingEvent: Sendable, Equatable {
  /// Its time, in nanoseconds since 1970.
  public var time: Int64
  /// Its line's number in the stream, from 0.
  public var line: Int
  /// Its line's first byte in the stream.
  public var offset: Int
  /// The number of its chunk over all streams.
  public var order: Int
  /// Its line, without the newline.
  public var bytes: [UInt8]
  /// Where its line stood before lines were sorted or joined; `nil` where they were not.
  public var place: LinePlace?
  /// Whether it is an outcome.
  var isOutcome = false
  /// Its number among the stream's events.
  var number = 0
  /// The pane that it is counted in, once that is decided.
  var pane = 0
  /// When it is due where repeats are dropped, once that is decided.
  var due = Int64.min

  /// An event that begins to wait.
  public init(time: Int64, line: Int, offset: Int, order: Int, bytes: [UInt8]) {
    self.time = time
    self.line = line
    self.offset = offset
    self.order = order
    self.bytes = bytes
  }

  /// How many later events of the stream decide on one that waits, at most.
  static let followerLimit = RecentTimes.capacity
  /// How many later lines of the stream decide, at most: dead letters behind it wait, too.
  static let lineLimit = 1 << 14
  /// The most bytes of lines that wait in a stream; the oldest are decided on when there are more.
  static let byteLimit = 1 << 25
}

/// What became of events that waited, in the order in which they came.
public struct SettledEvents: Sendable, Equatable {
  /// Those that count.
  public internal(set) var counted: [WaitingEvent] = []
  /// Those that do not, with the reason.
  public internal(set) var refused: [RefusedWaiting] = []

  /// How many of those that count are outcomes.
  public var outcomes: Int { counted.count(where: \.isOutcome) }
  /// Whether nothing was decided.
  public var isEmpty: Bool { counted.isEmpty && refused.isEmpty }

  /// Nothing decided.
  public init() {}

  /// Lines that do not count.
  public init(refused: [RefusedWaiting]) { self.refused = refused }
}

/// An event that waited in vain.
public struct RefusedWaiting: Sendable, Equatable {
  /// The event.
  public var event: WaitingEvent
  /// Why it does not count.
  public var reason: Refusal

  /// An event, and why it does not count.
  public init(event: WaitingEvent, reason: Refusal) {
    self.event = event
    self.reason = reason
  }
}

extension WaitingEvent: ByteCodable {
  /// Appends the event with its line.
  public func encode(into writer: inout ByteWriter) {
    writer.write(time)
    writer.write(line)
    writer.write(offset)
    writer.write(order)
    writer.write(bytes: bytes)
    writer.write(isOutcome)
    writer.write(number)
    writer.write(place?.line)
    writer.write(place?.offset)
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      time: try reader.read(),
      line: try reader.read(),
      offset: try reader.read(),
      order: try reader.read(),
      bytes: try reader.readBytes()
    )
    isOutcome = try reader.read()
    number = try reader.read()
    let formerLine: Int? = try reader.read()
    let formerOffset: Int? = try reader.read()
    if let formerLine, let formerOffset {
      place = LinePlace(line: formerLine, offset: formerOffset)
    }
  }
}
