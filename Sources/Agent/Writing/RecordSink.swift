internal import Connectors
internal import Monitoring
internal import Records

/// The kinds of records that leave, each by a way of its own.
public enum RecordKind: Int, Sendable, CaseIterable {
  /// Metric records.
  case metrics
  /// Alert transitions and incidents.
  case alerts
  /// Lines that could not be used.
  case deadLetters
  /// What goes to those who mend the model.
  case feedback
}

/// Where the records of one kind go.
///
/// What it cannot take yet it holds back in its own bounded store, or it makes the caller wait: no
/// record is dropped, and nothing further is judged meanwhile.
protocol RecordSink: AnyObject {
  /// Takes whole lines.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  func write(_ lines: [UInt8]) throws(StreamError)

  /// Hands what it holds to whoever reads.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  func flush() throws(StreamError)

  /// Hands over what it holds, and ends.
  ///
  /// - Throws: `StreamError.cannotWrite`.
  func finish() throws(StreamError)

  /// Goes on at the place that has the name now.
  ///
  /// - Throws: `StreamError` where there is none: what comes still goes to the old one.
  func reopen() throws(StreamError)

  /// What was mended of it when it was opened, in words; `nil` where nothing was.
  var mended: String? { get }
}

/// Records as lines of a file, a pipe or standard output.
///
/// Of lines it holds at most `OutputStream.capacity`; a pipe that nobody reads makes the caller wait.
final class FileSink: RecordSink {
  private var stream: OutputStream

  /// - Throws: `StreamError`, as `OutputStream` does.
  static func open(
    _ path: String,
    _ opening: OutputStream.Opening
  ) throws(StreamError) -> FileSink {
    var stream = try OutputStream(path: path, opening: opening)
    try stream.flush()
    return FileSink(stream)
  }

  private init(_ stream: consuming OutputStream) { self.stream = stream }

  func write(_ lines: [UInt8]) throws(StreamError) { try stream.write(lines) }
  func flush() throws(StreamError) { try stream.flush() }
  func finish() throws(StreamError) { try stream.finish() }
  func reopen() throws(StreamError) { try stream.reopen() }

  var mended: String? {
    guard stream.cutBytes > 0 else { return nil }
    let length = counted(stream.cutBytes, "byte")
    return "\(stream.name): the last line had no end and was cut off, \(length)"
  }
}
