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

    var isReadable: Bool { source.isReadable }
  }

  /// The streams: of topics those that come later behind the others.
  package private(set) var streams: [Stream]
  /// The groups whose partitions are among them.
  private let groups: TopicGroups
  /// What finds logs that come later, behind the others; `nil` where none are looked for.
  package var finder: LogFinder?
  /// Streams that broke, with their errors.
  package private(set) var failures: [StreamError] = []
  /// Whether streams may have nothing to read for now.
  private let isLive: Bool
  /// How large the next chunk is.
  private var sizes: ChunkSizes
  /// How many chunks were handed out.
  package var order = 0
  /// Whether nothing more is read.
  private var isStopped = false

  /// Nothing is read yet.
  ///
  /// - Parameters:
  ///   - sources: Where events come from, at least one.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - rowsPerBatch: The most rows of a batch.
  ///   - chunkBytes: About how many bytes a chunk of a file has; `nil`: about a batch of rows.
  ///   - workers: How many take chunks at a time, at least one.
  ///   - groups: The groups whose partitions are among the sources.
  package init(
    _ sources: [any EventSource],
    isLive: Bool,
    rowsPerBatch: Int = EventColumns.defaultRowCapacity,
    chunkBytes: Int? = nil,
    workers: Int = 1,
    groups: TopicGroups = .none
  ) {
    self.isLive = isLive
    self.groups = groups
    sizes = ChunkSizes(rowsPerBatch: rowsPerBatch, chunkBytes: chunkBytes, workers: workers)
    streams = sources.map { Stream($0, isLive: isLive) }
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
    sizes.observe(bytes: bytes, lines: lines, isSparse: isSparse)
    streams[source].clock = max(streams[source].clock ?? .min, clock ?? .min)
    if isLive, heard > streams[source].heard {
      streams[source].heard = heard
      streams[source].deliveredAt = monotonicNanoseconds()
    }
  }

  /// Fills a chunk from the stream that is furthest behind.
  ///
  /// - Returns: Its place; `nil` when all streams have ended, or none has anything for now.
  package mutating func next(into chunk: inout LineChunk) -> Ticket? {
    while let index = furthestBehind() {
      let stream = streams[index]
      do {
        let isFilled = try stream.source.next(into: &chunk, target: sizes.target, waits: !isLive)
        if isFilled {
          defer {
            stream.chunks += 1
            order += 1
          }
          return Ticket(source: index, sequence: stream.chunks, order: order)
        }
        stream.hasEnded = stream.source.isAtEnd
      } catch {
        // What ends a group's reader is said once, not for each of its partitions.
        if !failures.contains(error) { failures.append(error) }
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
  ///
  /// Live streams that have nothing for now are left out, unless it is known that they will have:
  /// then all wait for them, so that none runs ahead and few panes are open.
  private func furthestBehind() -> Int? {
    let open = streams.indices.filter { index in
      let stream = streams[index]
      return !stream.hasEnded
        && (!isLive || isStopped || stream.isReadable || stream.source.isAwaited)
    }
    let first = open.min { left, right in
      (streams[left].clock ?? .min) < (streams[right].clock ?? .min)
    }
    guard let first, isLive, !isStopped, !streams[first].isReadable else { return first }
    return nil
  }

  /// The streams that have not ended, and of these the quiet ones: read to their end, and without
  /// a prediction for so long.
  ///
  /// - Parameters:
  ///   - now: The monotonic clock in nanoseconds; `nil` in replay, where no stream is quiet.
  ///   - idle: For how long nothing must have come, in nanoseconds.
  /// - Returns: The streams, by their indices.
  package func openStreams(now: Int64?, idle: Int64) -> (open: [Int], quiet: [Int]) {
    let unended = streams.indices.filter { !streams[$0].hasEnded }
    let ours = unended.filter { !streams[$0].source.isAway }
    let open = ours.isEmpty ? unended : ours
    guard let now else { return (open, []) }
    let quiet = open.filter { index in
      let stream = streams[index]
      return now - stream.deliveredAt >= idle && !stream.isReadable && !stream.source.isLagging
    }
    return (open, quiet)
  }

  /// Waits until an open stream or the descriptor can be read.
  package func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    var requests = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    // Nothing comes before a group was joined.
    var patience = groups.haveJoined && !(finder?.holdsAny ?? false) ? milliseconds : 0
    for descriptor in groups.idleDescriptors {
      requests.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    }
    // While all wait for one, what the others have is no reason to go on.
    let isHeld = furthestBehind() == nil
    for stream in streams where !stream.hasEnded {
      switch stream.source.wake {
      case .now: patience = isHeld ? patience : 0
      case .descriptor(let number) where !isHeld || !stream.isReadable:
        requests.append(pollfd(fd: number, events: Int16(POLLIN), revents: 0))
      case .descriptor: break
      case .signal(let number):
        requests.append(pollfd(fd: number, events: Int16(POLLIN), revents: 0))
      }
    }
    let ready = unsafe poll(&requests, nfds_t(requests.count), patience)
    return ready > 0 && requests[0].revents != 0
  }

  /// Whether an open stream has something to read.
  package var isReadable: Bool { streams.contains { !$0.hasEnded && $0.isReadable } }

  // MARK: Between rounds

  /// Does what the groups and the brokers ask for; of use between rounds.
  ///
  /// - Returns: Whether events of a stream were lost before they were read.
  package mutating func serve() -> Bool {
    serveGroups()
    return streams.reduce(false) { $1.source.takeCut() || $0 }
  }

  /// Does what the groups and the brokers ask for, and leaves it to others to ask what was lost.
  ///
  /// Partitions and logs that came are streams from then on; they are read when this is called again. A
  /// group that can read nothing more ends all: who reads a part only would say too little.
  mutating func serveGroups() {
    if !isStopped { for source in finder?.serve() ?? [] { append(source) } }
    guard !groups.isEmpty else { return }
    groups.serve()
    for source in groups.takeFresh() { append(source) }
    guard let failure = groups.failure else { return }
    if !failures.contains(failure) { failures.append(failure) }
    if !isStopped { endInput() }
  }

  /// The name of a stream.
  package func name(of index: Int) -> String { streams[index].source.name }

  /// Reads one more stream, behind the others.
  package mutating func append(_ source: any EventSource) {
    streams.append(Stream(source, isLive: isLive))
    if isStopped { source.endInput() }
  }

  /// Whether partitions of topics and logs are read that come after the start.
  package func allowGrowth(_ isAllowed: Bool) {
    groups.allowGrowth(isAllowed)
    finder?.mayGrow = isAllowed
  }

  /// Hands over what the groups and the streams have to say, a sentence each.
  package func takeNotes() -> [String] {
    groups.takeNotes() + (finder?.takeNotes() ?? []) + streams.flatMap { $0.source.takeNotes() }
  }

  /// Whether a group is read at all.
  package var hasGroup: Bool { !groups.isEmpty }

  /// Whether the group takes partitions back, and waits for `handOver`.
  package var mustHandOver: Bool { groups.mustHandOver }

  /// Takes note of how far the streams are read: so far the group is told next.
  package func notePlaces() { groups.notePlaces() }

  /// Tells the group how far we were when that was noted.
  package func commit(waits: Bool) { groups.commit(waits: waits) }

  /// Gives back what the group takes.
  package func handOver() { groups.handOver() }

  /// How the topics stand; `nil` where none are read.
  package var topicFigures: KafkaFigures? { groups.figures }

  /// Leaves the group.
  package func close() { groups.close() }

  /// Whether every stream has ended; where a group is read that has given us none yet, or logs are
  /// looked for, whether it is stopped or broken.
  package var hasEnded: Bool {
    if finder != nil, !isStopped { return false }
    if streams.isEmpty, !groups.isEmpty { return isStopped || !failures.isEmpty }
    return streams.allSatisfy(\.hasEnded)
  }

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
