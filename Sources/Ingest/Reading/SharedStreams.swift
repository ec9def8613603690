internal import Connectors
internal import Events
package import Monitoring

/// Streams that several monitors read: each line is read once, and handed to all of them.
///
/// One thread drives it, between the rounds of its readers: it reads on when each has counted all
/// that it was handed. So what is in memory is one delivery, however many readers there are. Where
/// readers take different lines, each line is looked at once to tell whose it is (``Sifting``); where
/// they want the same values of a line, it is decoded once (``CommonDecoding``).
///
/// Its 11 properties are the streams, who reads them, and where they began.
package final class SharedStreams {
  private var set: StreamSet
  private var readers: [Reader] = []
  private var readerCount = 0
  /// What tells whose each line is; `nil` where nothing is to be told.
  private var sifting: Sifting?
  /// How many deliveries are not sifted, since the last one that was saved nothing.
  private var passes = 0
  /// What decodes lines for readers that want the same of them; `nil` where no two do.
  private var common: CommonDecoding?
  private let rowsPerBatch: Int
  private let workers: Int
  /// How many streams may have been read from: of these nobody says any more where they begin.
  private var readable = 0
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

  private struct Reader {
    let id: ReaderID
    let plan: Plan
    var sources: [SharedSource]
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
  ///   - groups: The groups whose partitions are among them.
  ///   - rowsPerBatch: The most rows of a batch.
  ///   - workers: How many threads count.
  package init(
    _ sources: [any EventSource],
    groups: TopicGroups,
    rowsPerBatch: Int,
    workers: Int
  ) {
    begun = Array(repeating: nil, count: sources.count)
    firstLines = Array(repeating: nil, count: sources.count)
    self.rowsPerBatch = rowsPerBatch
    self.workers = workers
    set = StreamSet(
      sources,
      isLive: true,
      rowsPerBatch: rowsPerBatch,
      workers: workers,
      groups: groups
    )
  }

  /// Lets one more read the streams, from where they stand; of use between rounds.
  ///
  /// - Parameter plan: What it computes.
  /// - Returns: What `removeReader` knows it by, and its sources.
  package func addReader(_ plan: Plan) -> (id: ReaderID, sources: [any EventSource]) {
    let sources = set.streams.enumerated().map { SharedSource($1.source, at: $0, of: self) }
    let id = ReaderID(number: readerCount)
    readerCount += 1
    readers.append(Reader(id: id, plan: plan, sources: sources))
    prepare()
    tell()
    return (id, sources)
  }

  /// Hands nothing more to a reader.
  package func removeReader(_ id: ReaderID) {
    readers.removeAll { $0.id == id }
    prepare()
  }

  /// Makes the streams that came behind the others each reader's, too; whoever knows where one goes on
  /// says so before the next `read`.
  private func takeUpStreams() {
    for index in begun.count..<set.streams.count {
      begun.append(nil)
      firstLines.append(nil)
      for place in readers.indices {
        readers[place].sources.append(SharedSource(set.streams[index].source, at: index, of: self))
      }
    }
  }

  /// The sources of a reader from one on.
  ///
  /// - Parameters:
  ///   - id: Whose.
  ///   - count: How many it has already.
  /// - Returns: The others, in order.
  package func sources(of id: ReaderID, from count: Int) -> [any EventSource] {
    readers.first { $0.id == id }.map { Array($0.sources.dropFirst(count)) } ?? []
  }

  private func prepare() {
    let plans = readers.map(\.plan)
    sifting = Sifting(plans, workers: workers)
    common = CommonDecoding(plans, rowsPerBatch: rowsPerBatch, workers: workers)
    passes = 0
  }

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

  /// Reads what can be had without waiting, and hands it to each reader.
  ///
  /// - Parameter limit: About how many bytes at most.
  /// - Returns: How many were read.
  @discardableResult
  package func read(upTo limit: Int = byteLimit) -> Int {
    readable = set.streams.count
    set.serveGroups()
    takeUpStreams()
    for (index, stream) in set.streams.enumerated() where stream.source.takeCut() {
      for reader in readers { reader.sources[index].cut() }
    }
    tell()
    var read: [(source: Int, delivery: SharedSource.Delivery)] = []
    var bytes = 0
    while bytes < limit {
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
      read.append((ticket.source, delivery))
    }
    if !read.isEmpty { handOut(read) }
    tell()
    return bytes
  }

  /// Hands chunks to each reader, with the lines of them that it takes.
  private func handOut(_ read: [(source: Int, delivery: SharedSource.Delivery)]) {
    let chunks = read.map(\.delivery.chunk)
    var sifted = [[RewrittenLines?]](repeating: [], count: chunks.count)
    if passes > 0 {
      passes -= 1
    } else if let found = sifting?.sift(chunks) {
      sifted = found.lines
      if !found.isOfUse { passes = Sifting.deliveriesPassed }
    }
    let decoded = common?.decode(chunks, sifted: sifted, readers: readers.count)
    for (place, (source, delivery)) in read.enumerated() {
      for (index, reader) in readers.enumerated() {
        var own = delivery
        own.chunk.sifted = index < sifted[place].count ? sifted[place][index] : nil
        if own.chunk.sifted == nil, let decoded { own.chunk.decoded = decoded[place][index] }
        reader.sources[source].take(own)
      }
    }
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
      for reader in readers { reader.sources[index].observe(source, state) }
    }
  }

  // MARK: Where readers go on

  /// Lets a stream of numbered lines begin where the first of its readers goes on.
  func begin(_ index: Int, at line: Int) throws(StreamError) -> Beginning {
    let source = set.streams[index].source
    if index < readable { return [.line(line), .pipe].contains(source.mark) ? .there : .elsewhere }
    let first = min(firstLines[index] ?? line, line)
    guard first != firstLines[index] else { return .there }
    firstLines[index] = first
    return try source.resume(at: first) ? .there : .tooShort
  }

  /// Lets a file go on where the first that asks stood.
  func begin(_ index: Int, at mark: FileMark) throws(StreamError) -> Beginning {
    let source = set.streams[index].source
    if index < readable {
      return source.mark == .file(mark) || source.mark == .followed(mark) ? .there : .elsewhere
    }
    if let known = begun[index] { return known == mark ? .there : .elsewhere }
    guard try source.resume(mark) else { return .tooShort }
    begun[index] = mark
    return .there
  }
}
