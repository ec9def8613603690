internal import Connectors
internal import Events

/// Streams that several monitors read: each line is read once, and handed to all of them.
///
/// One thread drives it, between the rounds of its readers: it reads on when each has counted all
/// that it was handed. So what is in memory is one delivery, however many readers there are.
package final class SharedStreams {
  private var set: StreamSet
  private var readers: [ReaderID: [SharedSource]] = [:]
  private var readerCount = 0
  /// Whether anything was read: from then on nobody lets a stream begin elsewhere.
  private var hasRead = false
  /// The place in its file that each stream goes on from, where an earlier process has read of it.
  private var begun: [FileMark?]
  /// The smallest line that a reader of a stream goes on from.
  private var firstLines: [Int?]

  /// About how many bytes are read before they are counted.
  package static let byteLimit = 4 << 20
  /// Of how many bytes of a chunk the lines are counted, to tell how long they are.
  private static let sample = 4096

  /// One of those who read the streams.
  package struct ReaderID: Hashable, Sendable {
    fileprivate let number: Int
  }

  /// Where a reader goes on that has read of a stream before.
  enum Beginning {
    /// Where it stood.
    case there
    /// The stream does not reach so far.
    case tooShort
    /// Another reader's place is another one, and the stream is read from there.
    case elsewhere
  }

  /// Nothing is read yet.
  ///
  /// - Parameters:
  ///   - sources: Where events come from, at least one.
  ///   - group: The group whose partitions are among them.
  ///   - rowsPerBatch: The most rows of a batch.
  ///   - workers: How many threads count.
  package init(
    _ sources: [any EventSource],
    group: TopicGroup?,
    rowsPerBatch: Int,
    workers: Int
  ) {
    begun = Array(repeating: nil, count: sources.count)
    firstLines = Array(repeating: nil, count: sources.count)
    set = StreamSet(
      sources,
      isLive: true,
      rowsPerBatch: rowsPerBatch,
      workers: workers,
      group: group
    )
  }

  /// Lets one more read the streams, from where they stand; of use between rounds.
  ///
  /// - Returns: What `removeReader` knows it by, and its sources.
  package func addReader() -> (id: ReaderID, sources: [any EventSource]) {
    let sources = set.streams.enumerated().map { SharedSource($1.source, at: $0, of: self) }
    let id = ReaderID(number: readerCount)
    readerCount += 1
    readers[id] = sources
    tell()
    return (id, sources)
  }

  /// Hands nothing more to a reader.
  package func removeReader(_ id: ReaderID) { readers[id] = nil }

  /// Does something with the streams themselves.
  package func withStreams<R>(_ body: (inout StreamSet) -> R) -> R { body(&set) }

  /// Takes note of the clocks that the readers' events bear out: the stream that is furthest behind
  /// is read first.
  ///
  /// - Parameter clocks: In nanoseconds since 1970, by stream; `nil` where none has come.
  package func observe(clocks: [Int64?]) {
    for (index, clock) in clocks.enumerated() {
      set.observe(index, bytes: 0, lines: 0, clock: clock)
    }
  }

  /// Reads what can be had without waiting, up to `byteLimit`, and hands it to each reader.
  package func read() {
    hasRead = true
    set.serveGroup()
    for (index, stream) in set.streams.enumerated() where stream.source.takeCut() {
      for reader in readers.values { reader[index].cut() }
    }
    tell()
    var bytes = 0
    while bytes < Self.byteLimit {
      var chunk = LineChunk(capacity: 1 << 18)
      guard let ticket = set.next(into: &chunk) else { break }
      bytes += chunk.count
      let length = min(chunk.count, Self.sample)
      let lines = chunk.line(at: 0, length: length).count { $0 == 0x0a }
      set.observe(ticket.source, bytes: length, lines: max(lines, 1), clock: nil)
      let source = set.streams[ticket.source].source
      let delivery = SharedSource.Delivery(
        chunk: chunk,
        mark: source.mark,
        tornBytes: source.tornBytes,
        isCut: source.takeCut()
      )
      for reader in readers.values { reader[ticket.source].take(delivery) }
    }
    tell()
  }

  /// Lets each reader know how the streams stand.
  private func tell() {
    for (index, stream) in set.streams.enumerated() {
      let source = stream.source
      let isOpen = !stream.hasEnded
      let state = SharedSource.State(
        hasEnded: !isOpen,
        isLagging: isOpen && (source.isLagging || stream.isReadable),
        isAway: source.isAway
      )
      for reader in readers.values { reader[index].observe(source, state) }
    }
  }

  // MARK: Where readers go on

  /// Lets a stream of numbered lines begin where the first of its readers goes on.
  func begin(_ index: Int, at line: Int) throws(StreamError) -> Beginning {
    let source = set.streams[index].source
    if hasRead { return [.line(line), .pipe].contains(source.mark) ? .there : .elsewhere }
    let first = min(firstLines[index] ?? line, line)
    guard first != firstLines[index] else { return .there }
    firstLines[index] = first
    return try source.resume(at: first) ? .there : .tooShort
  }

  /// Lets a file go on where the first that asks stood.
  func begin(_ index: Int, at mark: FileMark) throws(StreamError) -> Beginning {
    let source = set.streams[index].source
    if hasRead {
      return source.mark == .file(mark) || source.mark == .followed(mark) ? .there : .elsewhere
    }
    if let known = begun[index] { return known == mark ? .there : .elsewhere }
    guard try source.resume(mark) else { return .tooShort }
    begun[index] = mark
    return .there
  }
}
