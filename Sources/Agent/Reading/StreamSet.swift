internal import Connectors
internal import Events
internal import Glibc

/// A chunk's place in the order of its stream.
struct Ticket: Sendable {
  /// The stream, by its index.
  var source: Int
  /// The chunk's number in the stream, from 0.
  var sequence: Int
  /// The chunk's number over all streams: the order of dead letters.
  var order: Int
}

/// The streams that are read, merged on event time.
///
/// The next chunk is always taken from the stream whose clock is furthest behind, so that panes
/// close in time and few are open. Which events are late does not depend on it: each stream is
/// judged by its own clock.
struct StreamSet {
  /// One stream.
  final class Stream {
    let name: String
    var reader: LineReader
    var hasEnded = false
    var chunks = 0
    /// The stream's clock as of the last chunk that was placed.
    var clock: Int64?
    /// When it last delivered a prediction, in nanoseconds of the monotonic clock; only live
    /// streams.
    var deliveredAt: Int64 = 0
    /// The predictions with a time that it has delivered.
    var heard = 0

    init(name: String, reader: consuming LineReader) {
      self.name = name
      self.reader = reader
    }
  }

  private(set) var streams: [Stream] = []
  /// Streams that broke, with their errors.
  private(set) var failures: [StreamError] = []
  /// Whether streams may have nothing to read for now.
  let isLive: Bool
  /// The most rows of a batch.
  private let rowsPerBatch: Int
  /// The bytes of a chunk where that is not left to the length of lines.
  private let chunkBytes: Int?
  /// How many chunks were handed out.
  var order = 0
  /// Whether nothing more is read.
  private var isStopped = false
  /// The average length of a line so far: chunks are cut to about a batch of rows.
  private var bytesPerLine = 512

  /// Opens streams.
  ///
  /// - Parameters:
  ///   - paths: Files, pipes or `-`.
  ///   - lineLimit: The longest line in bytes.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - rowsPerBatch: The most rows of a batch.
  ///   - chunkBytes: About how many bytes a chunk of a file has; `nil`: about a batch of rows.
  ///   - goesOn: Whether another process goes on with files: a last line without an end waits for it.
  /// - Throws: `StreamError.cannotOpen`.
  init(
    paths: [String],
    lineLimit: Int,
    isLive: Bool,
    rowsPerBatch: Int = EventColumns.defaultRowCapacity,
    chunkBytes: Int? = nil,
    goesOn: Bool = false
  ) throws(StreamError) {
    self.isLive = isLive
    self.chunkBytes = chunkBytes
    self.rowsPerBatch = rowsPerBatch
    for path in paths {
      let source = try ByteSource(path: path)
      let stream = Stream(name: path, reader: LineReader(source, lineLimit: lineLimit))
      stream.reader.keepsTornLine = goesOn && stream.reader.source.isRegularFile
      // A stream that has said nothing yet is as patient as one that has just spoken.
      stream.deliveredAt = isLive ? monotonicNanoseconds() : 0
      streams.append(stream)
    }
  }

  /// The bytes of a chunk: about a batch of rows, so that a worker rarely waits for another one in
  /// the middle of its chunk, and large enough to make handing it out cheap.
  private var chunkTarget: Int {
    chunkBytes ?? min(max(bytesPerLine * (rowsPerBatch - rowsPerBatch / 32), 1 << 16), 1 << 21)
  }

  /// Notes how long lines are, and where a stream stands.
  mutating func observe(_ source: Int, bytes: Int, lines: Int, clock: Int64?, heard: Int = 0) {
    streams[source].clock = max(streams[source].clock ?? .min, clock ?? .min)
    if isLive, heard > streams[source].heard {
      streams[source].heard = heard
      streams[source].deliveredAt = monotonicNanoseconds()
    }
    guard lines > 0 else { return }
    bytesPerLine = (7 * bytesPerLine + bytes / lines) / 8
  }

  /// Fills a chunk from the stream that is furthest behind.
  ///
  /// - Returns: Its place; `nil` when all streams have ended, or none has anything for now.
  mutating func next(into chunk: inout LineChunk) -> Ticket? {
    while let index = furthestBehind() {
      let stream = streams[index]
      do {
        let isFilled = try stream.reader.next(into: &chunk, target: chunkTarget, waits: !isLive)
        if isFilled {
          defer {
            stream.chunks += 1
            order += 1
          }
          return Ticket(source: index, sequence: stream.chunks, order: order)
        }
        stream.hasEnded = stream.reader.isAtEnd
      } catch {
        failures.append(error)
        stream.hasEnded = true
      }
    }
    return nil
  }

  /// Reads no further: streams end where they are, with what is held of their last lines.
  mutating func endInput() {
    isStopped = true
    for stream in streams where !stream.hasEnded { stream.reader.endInput() }
  }

  /// The open stream with the smallest clock; one that has not delivered yet comes first.
  private func furthestBehind() -> Int? {
    let open = streams.indices.filter { index in
      !streams[index].hasEnded && (!isLive || isStopped || streams[index].isReadable)
    }
    return open.min { left, right in
      (streams[left].clock ?? .min) < (streams[right].clock ?? .min)
    }
  }

  /// The streams that have not ended, and of these the quiet ones: read to their end, and without
  /// a prediction for so long.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock in nanoseconds; `nil` in replay, where no stream is quiet.
  ///   - idle: For how long nothing must have come, in nanoseconds.
  /// - Returns: The streams, by their indices.
  func openStreams(now: Int64?, idle: Int64) -> (open: [Int], quiet: [Int]) {
    let open = streams.indices.filter { !streams[$0].hasEnded }
    guard let now else { return (open, []) }
    let quiet = open.filter { now - streams[$0].deliveredAt >= idle && !streams[$0].isReadable }
    return (open, quiet)
  }

  /// Waits until an open stream or the descriptor can be read.
  func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    let open = streams.filter { !$0.hasEnded }
    if open.contains(where: { $0.reader.hasBufferedInput }) { return false }
    var requests = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    requests += open.map {
      pollfd(fd: $0.reader.source.descriptor, events: Int16(POLLIN), revents: 0)
    }
    let ready = unsafe poll(&requests, nfds_t(requests.count), milliseconds)
    return ready > 0 && requests[0].revents != 0
  }

  /// Whether an open stream has something to read.
  var isReadable: Bool { streams.contains { !$0.hasEnded && $0.isReadable } }

  /// Whether every stream has ended.
  var hasEnded: Bool { streams.allSatisfy(\.hasEnded) }

  /// Bytes read from files so far and in all; `nil` where a stream has no length.
  var progress: (read: Int, total: Int)? {
    var sum = (read: 0, total: 0)
    for stream in streams {
      guard let length = stream.reader.source.fileLength else { return nil }
      sum.read += stream.reader.source.readBytes
      sum.total += length
    }
    return sum
  }
}

extension StreamSet.Stream {
  /// Whether a read would not wait.
  var isReadable: Bool {
    if reader.hasBufferedInput { return true }
    var request = pollfd(fd: reader.source.descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 0) > 0
  }
}

/// The monotonic clock in nanoseconds.
public func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
