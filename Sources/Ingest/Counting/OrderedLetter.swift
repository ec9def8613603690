internal import Events
package import Records
package import Sketches

/// A dead letter and its place among those of all streams.
package struct OrderedLetter: Sendable {
  /// The number of its chunk over all streams.
  package var order: Int
  /// Its stream, by its index; `nil` of one that an earlier process read.
  package var source: Int?
  /// The number of its line, from 0, as the stream's lines are counted: that of the letter is where
  /// the line stood before lines were sorted or joined.
  package var line: Int
  /// The letter.
  package var letter: DeadLetter

  /// A letter in its place.
  package init(order: Int, source: Int?, line: Int, letter: DeadLetter) {
    self.order = order
    self.source = source
    self.line = line
    self.letter = letter
  }
}

extension OrderedLetter: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.write(order)
    writer.write(line)
    writer.write(string: letter.reason.rawValue)
    writer.write(letter.source)
    writer.write(letter.line)
    writer.write(letter.offset)
    writer.write(letter.length)
    writer.write(letter.raw != nil)
    if let raw = letter.raw { writer.write(bytes: raw) }
    writer.write(letter.fault?.byte)
    writer.write(letter.fault?.found)
  }

  package init(from reader: inout ByteReader) throws(CodingError) {
    order = try reader.read()
    line = try reader.read()
    let reason: Refusal = try reader.readWord()
    let name: String = try reader.read()
    let place: Int = try reader.read()
    let offset: Int = try reader.read()
    let length: Int = try reader.read()
    let hasRaw: Bool = try reader.read()
    source = nil
    letter = DeadLetter(
      reason: reason,
      source: name,
      line: place,
      offset: offset,
      length: length,
      raw: hasRaw ? try reader.readBytes() : nil
    )
    let byte: Int? = try reader.read()
    let found: String? = try reader.read()
    if let byte { letter.fault = DeadLetter.Fault(byte: byte, found: found) }
  }
}
