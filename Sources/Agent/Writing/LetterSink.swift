internal import Connectors
internal import Dispatch
internal import Ingest

/// Dead letters as lines of a file, many of them written on a thread of its own: where a tenth of a
/// stream cannot be used, what is read next does not wait for them.
///
/// It holds the letters of one round; those of the next one wait until these are written. What goes
/// wrong on the thread is thrown by whatever is called next. Standard output and pipes are written to
/// by the caller, as other records are, in one order with them.
final class LetterSink: RecordSink {
  /// The file, and what became of the last records.
  private struct File: ~Copyable {
    var stream: OutputStream
    var batch = RecordBatch(wantsKeys: false)
    var failure: StreamError?

    mutating func write(_ fill: (inout RecordBatch) -> Void) throws(StreamError) {
      batch.hold(fill)
      try stream.write(batch.lines)
    }
  }

  private let file: Locked<File>
  private let group = DispatchGroup()
  private let usesThread: Bool
  let mended: String?

  /// Fewer letters than so many are written at once: handing them over would cost more.
  private static let fewLetters = 64

  /// Opens a file, or creates it.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard output.
  ///   - opening: What becomes of what it holds.
  ///   - usesThread: Whether a thread writes many letters; `nil`: where it is a file of the disk.
  /// - Returns: The sink.
  /// - Throws: `StreamError`, as `OutputStream` does.
  static func open(
    _ path: String,
    _ opening: OutputStream.Opening,
    usesThread: Bool? = nil
  ) throws(StreamError) -> LetterSink {
    var stream = try OutputStream(path: path, opening: opening)
    try stream.flush()
    return LetterSink(stream, usesThread)
  }

  private init(_ stream: consuming OutputStream, _ usesThread: Bool?) {
    mended = stream.mended
    self.usesThread = usesThread ?? stream.isRegularFile
    file = Locked(File(stream: stream))
  }

  func write(
    _ count: Int,
    _ fill: @escaping @Sendable (inout RecordBatch) -> Void
  ) throws(StreamError) {
    guard count > 0 else { return }
    try wait()
    guard usesThread, count >= Self.fewLetters else {
      return try file.withLock { file throws(StreamError) in try file.write(fill) }
    }
    DispatchQueue.global().async(group: group) { [file] in
      file.withLock { file in
        do throws(StreamError) {
          try file.write(fill)
          try file.stream.flush()
        } catch {
          file.failure = error
        }
      }
    }
  }

  func flush(waits: Bool) throws(StreamError) {
    guard waits || group.wait(timeout: .now()) == .success else { return }
    try wait()
    try file.withLock { file throws(StreamError) in try file.stream.flush() }
  }

  func finish() throws(StreamError) {
    try wait()
    try file.withLock { file throws(StreamError) in try file.stream.finish() }
  }

  func reopen() throws(StreamError) {
    try wait()
    try file.withLock { file throws(StreamError) in try file.stream.reopen() }
  }

  /// Waits for what the thread writes.
  ///
  /// - Throws: What went wrong there.
  private func wait() throws(StreamError) {
    group.wait()
    let failure = file.withLock { file in
      defer { file.failure = nil }
      return file.failure
    }
    if let failure { throw failure }
  }
}
