internal import Connectors
internal import Events
internal import Sketches

/// A line on its way to its place in time.
struct SortedLine {
  /// In nanoseconds since 1970.
  let time: Int64
  let place: LinePlace
  /// Without the newline.
  let bytes: [UInt8]

  /// About what it takes in memory.
  var cost: Int { bytes.count + 96 }

  /// The order of time; of one time that of the stream.
  static func < (left: SortedLine, right: SortedLine) -> Bool {
    (left.time, left.place.line) < (right.time, right.place.line)
  }

  /// Appends the line with its length before it.
  func encode(into writer: inout ByteWriter) {
    writer.write(time)
    writer.write(place.line)
    writer.write(place.offset)
    writer.write(place.uncutLength ?? -1)
    writer.write(bytes: bytes)
  }

  /// Reads what `encode` wrote.
  init(from reader: inout ByteReader) throws(CodingError) {
    time = try reader.read()
    let line: Int = try reader.read()
    let offset: Int = try reader.read()
    let length: Int = try reader.read()
    place = LinePlace(line: line, offset: offset, uncutLength: length < 0 ? nil : length)
    bytes = try reader.readBytes(limit: .max)
  }

  init(time: Int64, place: LinePlace, bytes: [UInt8]) {
    self.time = time
    self.place = place
    self.bytes = bytes
  }
}
