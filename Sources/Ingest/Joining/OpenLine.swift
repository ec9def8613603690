internal import Events
internal import Monitoring
package import Sketches

/// A line that the container runtime has cut into parts, the last of which has not come.
package struct OpenLine: Sendable, Equatable {
  /// Where the container has written it to.
  let stream: ContainerLine.Stream
  /// Where its first part stands.
  let place: LinePlace
  /// Its beginning: the first part as it stands there, and the text of the others.
  private(set) var bytes: [UInt8]
  /// Its bytes so far, whether they are held or not.
  private var length: Int
  /// Where the tag of the first part stands.
  private let tag: Int

  /// How many bytes of a line are held, with the limit of a line.
  ///
  /// Two more than a line may have: it is refused for its length also where the last one is taken for
  /// the return of its end.
  static func heldBytes(_ lineLimit: Int) -> Int { lineLimit + 2 }

  /// A line whose first part has come.
  ///
  /// - Parameters:
  ///   - part: The part, without its newline.
  ///   - line: What the container runtime says of it.
  ///   - place: Where it stands, with its length where that is cut.
  ///   - lineLimit: The longest line in bytes.
  init(_ part: ArraySlice<UInt8>, _ line: ContainerLine, at place: LinePlace, lineLimit: Int) {
    stream = line.stream
    self.place = LinePlace(line: place.line, offset: place.offset)
    bytes = Array(part.prefix(Self.heldBytes(lineLimit)))
    length = place.uncutLength ?? part.count
    tag = line.tag
  }

  /// Takes the text of a later part in; what is beyond the limit is counted and not held.
  ///
  /// - Parameters:
  ///   - part: The part, without its newline.
  ///   - line: What the container runtime says of it.
  ///   - uncutLength: Its length where that is cut.
  ///   - lineLimit: The longest line in bytes.
  mutating func append(
    _ part: ArraySlice<UInt8>,
    _ line: ContainerLine,
    uncutLength: Int?,
    lineLimit: Int
  ) {
    let text = part.dropFirst(line.text)
    if length == bytes.count {
      bytes += text.prefix(max(Self.heldBytes(lineLimit) - bytes.count, 0))
    }
    length += (uncutLength ?? part.count) - line.text
    guard !line.isPart else { return }
    bytes[tag] = UInt8(ascii: "F")
    // The return of a line's end is not of the line: of one that is held whole the reader sees it.
    if length > bytes.count, uncutLength == nil, text.last == UInt8(ascii: "\r") { length -= 1 }
  }

  /// The line as it is handed on, and where it stands.
  ///
  /// - Parameter lineLimit: The longest line in bytes.
  /// - Returns: One that is longer than it may be is cut short, and says how long it was.
  func handedOn(lineLimit: Int) -> (bytes: [UInt8], place: LinePlace) {
    guard length > bytes.count else { return (bytes, place) }
    // An earlier process may have held fewer.
    let missing = max(Self.heldBytes(lineLimit) - bytes.count, 0)
    var place = place
    place.uncutLength = length
    return (bytes + [UInt8](repeating: UInt8(ascii: "?"), count: missing), place)
  }

  /// The line as one that is refused, because nobody goes on with it.
  ///
  /// - Parameters:
  ///   - order: The number of the next chunk over all streams.
  ///   - lineLimit: The longest line in bytes.
  /// - Returns: With its bytes as they are, sealed or not.
  func refused(order: Int, lineLimit: Int) -> RefusedWaiting {
    var event = WaitingEvent(
      time: 0,
      line: place.line,
      offset: place.offset,
      order: order,
      bytes: bytes
    )
    event.place = place
    event.place?.uncutLength = length
    return RefusedWaiting(
      event: event,
      reason: length > lineLimit ? .lineTooLong : .linePartial
    )
  }

  /// The same with other bytes, sealed or opened; `nil` where those lack the tag.
  func with(_ bytes: [UInt8]) -> OpenLine? {
    guard bytes.count > tag else { return nil }
    var line = self
    line.bytes = bytes
    return line
  }
}

extension OpenLine: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.write(Int(stream.rawValue))
    writer.write(place.line)
    writer.write(place.offset)
    writer.write(length)
    writer.write(tag)
    writer.write(bytes: bytes)
  }

  package init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let code: Int = try reader.read()
    let line: Int = try reader.read()
    let offset: Int = try reader.read()
    length = try reader.read()
    tag = try reader.read()
    bytes = try reader.readBytes(limit: .max)
    place = LinePlace(line: line, offset: offset)
    guard let known = UInt8(exactly: code).flatMap(ContainerLine.Stream.init),
      bytes.indices.contains(tag),
      [line, offset, length].allSatisfy(OpenLines.numbers.contains)
    else { throw .invalid(offset: start) }
    stream = known
  }
}
