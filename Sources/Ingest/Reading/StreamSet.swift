package import Connectors
internal import Events
internal import Glibc

/// A chunk's place in the order of its stream.
package struct Ticket: Sendable {
  /// The stream, by its index.
  package var source: Int
  /// The chunk's number in the stream, from 0.
  package var sequence: Int
  /// The chunk's number over all streams: the order of dead letters.
  package var order: Int
}

/// The streams that are read, merged on event time.
///
/// The next chunk is always taken from the stream whose clock is furthest behind, so that panes
/// close in time and few are open. Which events are late does not depend on it: each stream is
/// judged by its own clock.
package struct StreamSet {
  /// One stream.
  package final class Stream {
    /// Where its events come from.
    package let source: any EventSource
    /// Whether nothing more comes.
    package fileprivate(set) var hasEnded = false
    fileprivate var chunks = 0
    /// The stream's clock as of the last chunk that was placed.
    fileprivate var clock: Int64?
    /// When it last delivered a prediction, in nanoseconds of the monotonic clock; only live
    /// streams.
    fileprivate var deliveredAt: Int64
    /// The predictions with a time that it has delivered.
    fileprivate var heard = 0

    fileprivate init(_ source: any EventSource, isLive: Bool) {
      self.source = source
      // A stream that has said nothing yet is as patient as one that has just spoken.
      deliveredAt = isLive ? monotonicNanoseconds() : 0
    }

    fileprivate var isReadable: Bool { source.isReadable }
  }

  package let streams: [Stream]
  /// Streams that broke, with their errors.
  package private(set) var failures: [StreamError] = []
  /// Whether streams may have nothing to read for now.
  private let isLive: Bool
  /// The most rows of a batch.
  private let rowsPerBatch: Int
  /// The bytes of a chunk where that is not left to the length of lines.
  private let chunkBytes: Int?
  /// How many chunks were handed out.
  package var order = 0
  /// Whether nothing more is read.
  private var isStopped = false
  /// The average length of a line so far: chunks are cut to about a batch of rows.
  ///
  /// The first guess is a short line: the first chunk of a sparse stream has no more panes than those
  /// that follow.
  private var bytesPerLine = 64
  /// How many workers take chunks at a time.
  private let workers: Int
  /// Whether the last chunk held so many panes that those of a chunk for each worker would add up.
  ///
  /// It is believed of the first one: otherwise it would be large for each worker before anybody
  /// knows.
  private var isSparse = true

  /// Nothing is read yet.
  ///
  /// - Parameters:
  ///   - sources: Where events come from, at least one.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - rowsPerBatch: The most rows of a batch.
  ///   - chunkBytes: About how many bytes a chunk of a file has; `nil`: about a batch of rows.
  ///   - workers: How many take chunks at a time, at least one.
  package init(
    _ sources: [any EventSource],
    isLive: Bool,
    rowsPerBatch: Int = EventColumns.defaultRowCapacity,
    chunkBytes: Int? = nil,
    workers: Int = 1
  ) {
    precondition(workers > 0, "\(workers) workers")
    self.workers = workers
    self.isLive = isLive
    self.chunkBytes = chunkBytes
    self.rowsPerBatch = rowsPerBatch
    streams = sources.map { Stream($0, isLive: isLive) }
  }

  /// The bytes of a chunk: about a batch of rows, so that a worker rarely waits for another one in
  /// the middle of its chunk, and large enough to make handing it out cheap.
  ///
  /// 8 MiB are half a batch of events with a thousand features. With fewer rows the tables of each
  /// feature's grid are fetched for few values.
  ///
  /// Of a sparse stream all workers together get as much as one would alone: a worker holds the
  /// panes of its chunk until the round ends, and there they cost more than the handing out.
  private var chunkTarget: Int {
    if let chunkBytes { return chunkBytes }
    let whole = min(max(bytesPerLine * (rowsPerBatch - rowsPerBatch / 32), 1 << 16), 1 << 23)
    return isSparse ? whole / workers : whole
  }

  /// Notes how long lines are, whether they are of many panes, and where a stream stands.
  package mutating func observe(
    _ source: Int,
    bytes: Int,
    lines: Int,
    clock: Int64?,
    heard: Int = 0,
    isSparse: Bool = false
  ) {
    self.isSparse = isSparse
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
  package mutating func next(into chunk: inout LineChunk) -> Ticket? {
    while let index = furthestBehind() {
      let stream = streams[index]
      do {
        let isFilled = try stream.source.next(into: &chunk, target: chunkTarget, waits: !isLive)
        if isFilled {
          defer {
            stream.chunks += 1
            order += 1
          }
          return Ticket(source: index, sequence: stream.chunks, order: order)
        }
        stream.hasEnded = stream.source.isAtEnd
      } catch {
        failures.append(error)
        stream.hasEnded = true
      }
    }
    return nil
  }

  /// Reads no further: streams end where they are, with what is held of their last lines.
  package mutating func endInput() {
    isStopped = true
    for stream in streams where !stream.hasEnded { stream.source.endInput() }
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
  package func openStreams(now: Int64?, idle: Int64) -> (open: [Int], quiet: [Int]) {
    let open = streams.indices.filter { !streams[$0].hasEnded }
    guard let now else { return (open, []) }
    let quiet = open.filter { now - streams[$0].deliveredAt >= idle && !streams[$0].isReadable }
    return (open, quiet)
  }

  /// Waits until an open stream or the descriptor can be read.
  package func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    var requests = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    for stream in streams where !stream.hasEnded {
      switch stream.source.wake {
      case .now: return false
      case .descriptor(let number):
        requests.append(pollfd(fd: number, events: Int16(POLLIN), revents: 0))
      }
    }
    let ready = unsafe poll(&requests, nfds_t(requests.count), milliseconds)
    return ready > 0 && requests[0].revents != 0
  }

  /// Whether an open stream has something to read.
  package var isReadable: Bool { streams.contains { !$0.hasEnded && $0.isReadable } }

  /// Whether every stream has ended.
  package var hasEnded: Bool { streams.allSatisfy(\.hasEnded) }

  /// Bytes read from files so far and in all; `nil` where a stream has no length.
  package var progress: (read: Int, total: Int)? {
    var sum = (read: 0, total: 0)
    for stream in streams {
      guard let progress = stream.source.progress else { return nil }
      sum.read += progress.read
      sum.total += progress.total
    }
    return sum
  }
}

/// The monotonic clock in nanoseconds.
public func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
