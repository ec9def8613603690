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
  /// Takes records.
  ///
  /// - Parameters:
  ///   - count: How many there are, as far as that is known.
  ///   - fill: Writes them; it may be called on another thread, once.
  /// - Throws: `StreamError.cannotWrite` or `kafka`.
  func write(
    _ count: Int,
    _ fill: @escaping @Sendable (inout RecordBatch) -> Void
  ) throws(StreamError)

  /// Hands what it holds to whoever reads.
  ///
  /// - Parameter waits: Whether to wait for what another thread writes.
  /// - Throws: `StreamError.cannotWrite`.
  func flush(waits: Bool) throws(StreamError)

  /// Waits for a while until what it took is where it can be read.
  ///
  /// - Returns: How many records are not.
  /// - Throws: `StreamError.cannotWrite` or `kafka`.
  func settle() throws(StreamError) -> Int

  /// How many records it took are not acknowledged yet; those of one cluster together.
  var unacknowledged: Int { get }

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

  /// Hands over what is to be said of it since the last time, a sentence each.
  func takeNotes() -> [String]
}

/// A sink that has handed over what it took as soon as it is flushed.
extension RecordSink {
  var unacknowledged: Int { 0 }

  func settle() throws(StreamError) -> Int {
    try flush(waits: true)
    return 0
  }

  func takeNotes() -> [String] { [] }
}

/// Records as lines of a file, a pipe or standard output.
///
/// Of lines it holds at most `OutputStream.capacity`; a pipe that nobody reads makes the caller wait.
final class FileSink: RecordSink {
  private var stream: OutputStream
  private var batch = RecordBatch(wantsKeys: false)

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

  func write(
    _ count: Int,
    _ fill: @escaping @Sendable (inout RecordBatch) -> Void
  ) throws(StreamError) {
    batch.hold(fill)
    try stream.write(batch.lines)
  }

  func flush(waits: Bool) throws(StreamError) { try stream.flush() }
  func finish() throws(StreamError) { try stream.finish() }
  func reopen() throws(StreamError) { try stream.reopen() }

  var mended: String? { stream.mended }
}

extension OutputStream {
  /// What was mended of it when it was opened, in words; `nil` where nothing was.
  var mended: String? {
    guard cutBytes > 0 else { return nil }
    return "\(name): the last line had no end and was cut off, \(counted(cutBytes, "byte"))"
  }
}
