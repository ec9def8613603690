internal import Connectors
internal import Glibc

/// One file of a log, open, whatever its name is by now.
final class OpenLog {
  let identity: FileIdentity
  /// Whether it is packed: nobody adds to it.
  let isPacked: Bool
  private var reader: LineReader
  /// Whether it is read to its end and left.
  private(set) var isEnding = false
  /// How long it was when its first bytes were last compared, and whether they were others.
  private var compared = (size: 0, isOther: false)

  /// Opens a file.
  ///
  /// - Throws: `StreamError.cannotOpen`, also of a folder.
  convenience init(path: String, lineLimit: Int) throws(StreamError) {
    var source = try ByteSource(path: path)
    guard let status = FileStatus(descriptor: source.descriptor) else {
      throw .cannotOpen(path: path, errno: EISDIR)
    }
    // Of an empty one nothing is known, and what it will hold are lines.
    let isPacked = status.size > 0 ? try source.isPacked() : false
    var reader = LineReader(source, lineLimit: lineLimit)
    reader.follows = true
    self.init(status.identity, isPacked, reader)
  }

  private init(_ identity: FileIdentity, _ isPacked: Bool, _ reader: consuming LineReader) {
    self.identity = identity
    self.isPacked = isPacked
    self.reader = reader
  }

  var descriptor: Int32 { reader.source.descriptor }
  var mark: FileMark { FileMark(reader) }
  var tornBytes: Int { reader.tornBytes }

  /// How it stands now.
  var status: FileStatus? { FileStatus(descriptor: descriptor) }

  /// How long it is now.
  var size: Int { status?.size ?? 0 }

  /// Whether there is more of it than was delivered.
  var hasMore: Bool { reader.hasBufferedInput || size > reader.source.readBytes }

  /// Whether it was cut, or written anew from its start: it is not what was read.
  var wasCut: Bool {
    guard !isPacked else { return false }
    let size = size
    if size < reader.source.readBytes { return true }
    if size != compared.size, !compared.isOther {
      compared = (size, !reader.source.stillBegins)
    }
    return compared.isOther
  }

  /// Fills a chunk with the next lines.
  ///
  /// - Returns: Whether there were any.
  func next(into chunk: inout LineChunk, target: Int) throws(StreamError) -> Bool {
    try reader.next(into: &chunk, target: target, waits: isEnding)
  }

  /// Goes on from a place; of use before anything was read.
  ///
  /// - Returns: Whether it reaches so far.
  func resume(at offset: Int) throws(StreamError) -> Bool { try reader.resume(at: offset) }

  /// Lets the next reads go to its end, and deliver a last line that has none.
  func end() {
    isEnding = true
    reader.follows = false
  }

  /// Reads no further.
  ///
  /// - Parameter keepsTornLine: Whether a last line without an end waits for another process.
  func stop(keepsTornLine: Bool) {
    isEnding = true
    reader.keepsTornLine = keepsTornLine
    reader.endInput()
  }
}
