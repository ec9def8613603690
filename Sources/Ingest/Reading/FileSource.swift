package import Connectors

/// The lines of a file, a pipe or standard input.
package final class FileSource: EventSource {
  package let name: String
  private var reader: LineReader

  /// Opens a stream; nothing is read yet.
  ///
  /// - Parameters:
  ///   - path: A file, a named pipe, or `-`.
  ///   - lineLimit: The longest line in bytes.
  ///   - goesOn: Whether another process goes on with it: a file's last line without an end waits.
  /// - Throws: `StreamError.cannotOpen`.
  package convenience init(
    path: String,
    lineLimit: Int,
    goesOn: Bool = false
  ) throws(StreamError) {
    var reader = LineReader(try ByteSource(path: path), lineLimit: lineLimit)
    reader.keepsTornLine = goesOn && reader.source.isRegularFile
    self.init(path, reader)
  }

  private init(_ name: String, _ reader: consuming LineReader) {
    self.name = name
    self.reader = reader
  }

  /// Opens streams, in their order.
  ///
  /// - Parameters:
  ///   - paths: Files, named pipes, or `-`.
  ///   - lineLimit: The longest line in bytes.
  ///   - goesOn: Whether another process goes on with them: a file's last line without an end waits.
  /// - Returns: A source for each.
  /// - Throws: `StreamError.cannotOpen`.
  package static func open(
    _ paths: [String],
    lineLimit: Int,
    goesOn: Bool = false
  ) throws(StreamError) -> [any EventSource] {
    var sources: [any EventSource] = []
    for path in paths {
      sources.append(try FileSource(path: path, lineLimit: lineLimit, goesOn: goesOn))
    }
    return sources
  }

  package func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    try reader.next(into: &chunk, target: target, waits: waits)
  }

  package func endInput() { reader.endInput() }

  package var isAtEnd: Bool { reader.isAtEnd }

  package var wake: SourceWake {
    reader.hasBufferedInput ? .now : .descriptor(reader.source.descriptor)
  }

  package var progress: (read: Int, total: Int)? {
    reader.source.fileLength.map { (reader.source.readBytes, $0) }
  }

  package var mark: SourceMark {
    reader.source.isRegularFile ? .file(FileMark(reader)) : .pipe
  }

  package var tornBytes: Int { reader.tornBytes }

  package func resume(at offset: Int) throws(StreamError) -> Bool { try reader.resume(at: offset) }
}
