package import Connectors
internal import Glibc

/// Where events come from: whole lines in chunks, with a place to go on from.
///
/// One thread at a time uses a source.
package protocol EventSource: AnyObject {
  /// The name as it was given, by which dead letters and errors call it.
  var name: String { get }

  /// Fills a chunk with the next lines.
  ///
  /// - Parameters:
  ///   - chunk: Receives whole lines.
  ///   - target: About how many bytes are wanted.
  ///   - waits: Whether to wait until a line is there.
  /// - Returns: Whether the chunk holds anything: `false` at the end, or when nothing is there yet.
  /// - Throws: `StreamError` where the source breaks, when all before it has been delivered.
  func next(into chunk: inout LineChunk, target: Int, waits: Bool) throws(StreamError) -> Bool

  /// Reads no further: what is held of a last line is delivered as at the end.
  func endInput()

  /// Whether everything has been delivered.
  var isAtEnd: Bool { get }
  /// When `next` can go on.
  var wake: SourceWake { get }
  /// Bytes read so far and in all; `nil` where the source has no length, and cannot be read twice.
  var progress: (read: Int, total: Int)? { get }

  /// By what the source is known again in another process, with the place to go on from.
  var mark: SourceMark { get }
  /// The bytes of a last line that has no end yet, and is kept for later.
  var tornBytes: Int { get }

  /// Goes on from a place; of use before anything was read.
  ///
  /// - Parameter offset: The place of a mark.
  /// - Returns: Whether the source reaches so far.
  /// - Throws: `StreamError` as `next` does.
  func resume(at offset: Int) throws(StreamError) -> Bool

  /// Goes on where the source with a mark stood; of use before anything was read.
  ///
  /// - Parameter mark: Which file it was, and where.
  /// - Returns: Whether the source reaches so far.
  /// - Throws: `StreamError` as `next` does.
  func resume(_ mark: FileMark) throws(StreamError) -> Bool

  /// What it holds of lines whose other parts have not come; `nil` where it joins none.
  var openLines: OpenLines? { get }

  /// Goes on with the lines whose parts another process held; of use before anything was read.
  ///
  /// - Parameters:
  ///   - open: What that process held.
  ///   - lines: The lines of the stream that it counted.
  /// - Returns: Whether the source joins lines: who does not leaves them to the caller.
  func resume(_ open: OpenLines, after lines: Int) -> Bool

  /// Whether it is known that there is more to read than was read: no window is over without it.
  var isLagging: Bool { get }
  /// Whether other streams are not read on before it while it lags.
  var isAwaited: Bool { get }
  /// Whether another process reads it: no window waits for it.
  var isAway: Bool { get }

  /// Whether events of it were lost since this was last asked: they were deleted before they were
  /// read.
  func takeCut() -> Bool
  /// Hands over what is to be said of it, a sentence each.
  func takeNotes() -> [String]
}

/// When a source can go on.
package enum SourceWake {
  /// At once.
  case now
  /// When the descriptor can be read.
  case descriptor(Int32)
  /// At the earliest when the descriptor, which others share, can be read.
  case signal(Int32)
}

/// Sources that are at hand in one piece, and not read again by another process.
extension EventSource {
  package func endInput() {}
  package var wake: SourceWake { .now }
  package var progress: (read: Int, total: Int)? { nil }
  package var mark: SourceMark { .pipe }
  package var tornBytes: Int { 0 }
  package var openLines: OpenLines? { nil }
  package func resume(_ open: OpenLines, after lines: Int) -> Bool { false }
  package var isLagging: Bool { false }
  package var isAwaited: Bool { isLagging }
  package var isAway: Bool { false }
  package func takeCut() -> Bool { false }
  package func takeNotes() -> [String] { [] }
  package func resume(at offset: Int) throws(StreamError) -> Bool { offset == 0 }
  package func resume(_ mark: FileMark) throws(StreamError) -> Bool {
    try resume(at: mark.offset)
  }
}

extension EventSource {
  /// Whether `next` would not wait.
  var isReadable: Bool {
    switch wake {
    case .now: return true
    case .signal: return false
    case .descriptor(let number):
      var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      return unsafe poll(&request, 1, 0) > 0
    }
  }
}
