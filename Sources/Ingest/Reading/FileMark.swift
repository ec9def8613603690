package import Connectors
internal import Events
package import Sketches

/// By what a file is known again, whatever its name is by then, packed or not.
package struct FileMark: Equatable, Sendable {
  /// How many first bytes at least tell a log that has got another name.
  package static let tellingBytes = 256

  /// How many of its first bytes are compared, after decompression.
  package let headBytes: Int
  /// Their hash.
  package let headHash: UInt64
  /// Where the first line begins that was not read.
  package let offset: Int

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
  package static func head(of path: String) throws(StreamError) -> [UInt8] {
    var source = try ByteSource(path: path)
    _ = try source.skip(to: ByteSource.headLimit)
    return source.head
  }

  /// Whether a file that begins with these bytes is the one.
  package func matches(_ head: [UInt8]) -> Bool {
    guard headBytes > 0, head.count >= headBytes else { return false }
    return StableHash.hash(Array(head.prefix(headBytes)).span) == headHash
  }
}

extension FileMark: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.write(headBytes)
    writer.write(headHash)
    writer.write(offset)
  }

  package init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    headBytes = try reader.read()
    headHash = try reader.read()
    offset = try reader.read()
    guard (0...ByteSource.headLimit).contains(headBytes), offset >= headBytes else {
      throw .invalid(offset: start)
    }
  }
}
