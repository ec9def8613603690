internal import Connectors
internal import Events
internal import Monitoring
internal import Records
internal import Sketches

/// Where a stream stood when a state was written.
struct SourceRecord {
  /// The stream's name, as it was given.
  let name: String
  /// By what its file is known again; `nil` of a pipe, which cannot be read again.
  let file: FileMark?
  /// What placing its next rows depends on.
  var position: StreamPosition
  /// Dead letters behind a line that still waits.
  var letters: [OrderedLetter] = []
}

/// By what a file is known again, whatever its name is by then, packed or not.
struct FileMark: Equatable {
  /// How many of its first bytes are compared, after decompression.
  let headBytes: Int
  /// Their hash.
  let headHash: UInt64
  /// Where the first line begins that was not read.
  let offset: Int

  /// The mark of what was read of a file.
  init(_ reader: borrowing LineReader) {
    let head = Array(reader.source.head.prefix(reader.nextOffset))
    headBytes = head.count
    headHash = StableHash.hash(head.span)
    offset = reader.nextOffset
  }

  /// The first bytes of a file, as many as marks compare.
  ///
  /// - Throws: `StreamError` when it cannot be read.
  static func head(of path: String) throws(StreamError) -> [UInt8] {
    var source = try ByteSource(path: path)
    _ = try source.skip(to: ByteSource.headLimit)
    return source.head
  }

  /// Whether a file that begins with these bytes is the one.
  func matches(_ head: [UInt8]) -> Bool {
    guard headBytes > 0, head.count >= headBytes else { return false }
    return StableHash.hash(Array(head.prefix(headBytes)).span) == headHash
  }
}

extension FileMark: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(headBytes)
    writer.write(headHash)
    writer.write(offset)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    headBytes = try reader.read()
    headHash = try reader.read()
    offset = try reader.read()
    guard (0...ByteSource.headLimit).contains(headBytes), offset >= headBytes else {
      throw .invalid(offset: start)
    }
  }
}

extension SourceRecord: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(file)
    position.encode(into: &writer)
    writer.write(letters)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    name = try reader.read()
    file = try reader.read()
    position = try reader.read()
    letters = try reader.read()
  }
}

extension OrderedLetter: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(order)
    writer.write(string: letter.reason.rawValue)
    writer.write(letter.source)
    writer.write(letter.line)
    writer.write(letter.offset)
    writer.write(letter.length)
    writer.write(letter.raw != nil)
    if let raw = letter.raw { writer.write(bytes: raw) }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    order = try reader.read()
    let reason: Refusal = try reader.readWord()
    let name: String = try reader.read()
    let line: Int = try reader.read()
    let offset: Int = try reader.read()
    let length: Int = try reader.read()
    let hasRaw: Bool = try reader.read()
    source = nil
    letter = DeadLetter(
      reason: reason,
      source: name,
      line: line,
      offset: offset,
      length: length,
      raw: hasRaw ? try reader.readBytes() : nil
    )
  }
}
