public import Connectors
internal import Events
public import Monitoring
public import Records
public import Specification

/// Builds a profile from streams, one after the other.
public struct Profiling: ~Copyable {
  private var ingest: Ingest<ProfileBuilder>
  private var streams: StreamSet
  private let board: PositionBoard
  private let monitor: Monitor
  private let names: [String]
  private let open: Opening
  /// Finds the events that repeat others; `nil` where they are counted, too.
  private var filter: RepeatFilter?

  /// Opens the streams, once for each pass.
  package typealias Opening = () throws(StreamError) -> [any EventSource]

  /// Opens the streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - monitor: What to profile.
  ///   - paths: Files, pipes or `-`.
  ///   - ranges: Stretches of topics, behind them.
  ///   - sorts: Whether the lines of each are sorted by event time before they are counted.
  /// - Throws: `ProfilingError` when a stream cannot be opened, or not as often as it is read.
  public init(
    _ monitor: Monitor,
    paths: [String],
    ranges: [KafkaRange] = [],
    sorts: Bool = false
  ) throws(ProfilingError) {
    try self.init(monitor) { () throws(StreamError) in
      let files = try FileSource.open(paths, lineLimit: monitor.limits.lineBytes)
      let topics = try TopicRangeSource.open(ranges)
      let sources = JoinedSource.joining(files, monitor)
      return (sorts ? SortedSource.sorting(sources, monitor) : sources) + topics
    }
  }

  /// Opens the streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - monitor: What to profile.
  ///   - open: Opens the streams, at least one.
  /// - Throws: `ProfilingError` when a stream cannot be opened, or not as often as it is read.
  package init(_ monitor: Monitor, open: @escaping Opening) throws(ProfilingError) {
    let opened = try Self.streams(open)
    let names = opened.streams.map(\.source.name)
    if monitor.reference.needsTable, opened.progress == nil { throw .readOnce(streams: names) }
    self.monitor = monitor
    self.open = open
    self.names = names
    streams = opened
    board = PositionBoard(streams: names.count)
    filter = RepeatFilter(monitor)
    ingest = Ingest(ProfileBuilder(monitor), monitor, keepsLetters: true)
  }

  private static func streams(_ open: Opening) throws(ProfilingError) -> StreamSet {
    do {
      return StreamSet(try open(), isLive: false)
    } catch {
      throw .stream(error)
    }
  }

  /// What was read so far.
  public var tally: StreamTally { ingest.tally }

  /// Bytes read from files so far and in all; `nil` where a stream has no length.
  public var progress: (read: Int, total: Int)? { streams.progress }

  /// Why streams broke: what came before was counted.
  public var failures: [StreamError] { streams.failures }

  /// Fields that a wildcard names and that no longer fit under the limit of signals.
  public var leftOut: [String] { ingest.counter.leftOut.map(\.description) }

  /// Fields that a wildcard names and that are called as a signal of the model's own.
  public var reservedFields: [String] { ingest.counter.reservedFields.map(\.description) }

  /// Predictions that are in no segment, because there were too many combinations of values.
  public var unsegmentedEvents: Int { ingest.counter.unsegmentedEvents }

  /// The signals without a value of their type.
  public var emptySignals: [String] { ingest.counter.emptySignals }

  /// Events that repeated others and are not counted, and how many were decided on too early to be
  /// sure; `nil` where repeats are counted.
  public var repeats: (dropped: Int, hurried: Int)? {
    filter.map { (dropped: $0.repeats, hurried: $0.hurried) }
  }

  /// Reads and counts a chunk.
  ///
  /// - Returns: The lines that could not be used; `nil` at the end of the streams.
  public mutating func readChunk() -> [DeadLetter]? {
    guard Self.read(&streams, &ingest, board, &filter) else { return nil }
    return ingest.takeLetters().map(\.letter)
  }

  /// Reads and counts a chunk; whether there was one.
  private static func read<Counter: EventCounter & ~Copyable>(
    _ streams: inout StreamSet,
    _ ingest: inout Ingest<Counter>,
    _ board: PositionBoard,
    _ filter: inout RepeatFilter?
  ) -> Bool {
    var chunk = ingest.lendChunk()
    guard let ticket = streams.next(into: &chunk) else {
      filter?.release(before: nil, from: &ingest.counter)
      return false
    }
    let source = streams.streams[ticket.source].source.name
    let bytes = chunk.count
    let lines = ingest.take(chunk, ticket, source: source, board: board)
    // Any clock will do: streams are read in turns, each as far as the others. Where events are held
    // until all have come that could be earlier, those of the streams hold the fewest.
    let clock = filter == nil ? Int64(ingest.tally.lines) : board.clock(of: ticket.source)
    streams.observe(ticket.source, bytes: bytes, lines: lines, clock: clock)
    filter?.release(before: completion(of: streams, board, ingest.monitor), from: &ingest.counter)
    return true
  }

  /// The time before which no event of a stream that goes on is due, in nanoseconds since 1970.
  private static func completion(
    of streams: StreamSet,
    _ board: PositionBoard,
    _ monitor: Monitor
  ) -> Int64 {
    let rules = ClockRules(ofReference: monitor)
    let open = streams.openStreams(now: nil, idle: 0).open
    return open.map { board.positions[$0].completion(rules) ?? .min }.min() ?? .min
  }

  /// The profile of what was counted.
  ///
  /// - Parameter allowsPart: Whether streams that broke may be profiled as far as they were read.
  /// - Returns: The profile.
  /// - Throws: `ProfilingError.broken`; `nothingCounted` or `profile` when there is nothing to profile.
  public func finish(allowsPart: Bool = false) throws(ProfilingError) -> Profile {
    guard allowsPart || failures.isEmpty else { throw .broken(failures) }
    guard tally.events > 0 else { throw .nothingCounted(streams: names, tally) }
    do {
      return try ingest.counter.finish()
    } catch {
      throw .profile(streams: names, error)
    }
  }

  private static func tableBuilder(
    _ monitor: Monitor,
    _ profile: Profile
  ) throws(ProfilingError) -> ReferenceTableBuilder {
    do {
      return try ReferenceTableBuilder(monitor, profile)
    } catch {
      throw .table(error)
    }
  }

  /// Whether the monitor's reference asks for a second pass.
  public var needsTable: Bool { monitor.reference.needsTable }

  /// Reads the streams once more and counts them by segment values and hour of the week.
  ///
  /// - Parameters:
  ///   - profile: What the first pass found.
  ///   - progress: Called after each chunk with the bytes read so far and in all.
  /// - Returns: The profile with its table.
  /// - Throws: `ProfilingError` when a stream cannot be read again, or has changed.
  public func withTable(
    _ profile: Profile,
    progress: ((read: Int, total: Int)?) -> Void
  ) throws(ProfilingError) -> Profile {
    var streams = try Self.streams(open)
    var table = Ingest(
      try Self.tableBuilder(monitor, profile),
      monitor,
      keepsLetters: false
    )
    let board = PositionBoard(streams: names.count)
    var filter = RepeatFilter(monitor)
    while Self.read(&streams, &table, board, &filter) { progress(streams.progress) }
    if let failure = streams.failures.first { throw .stream(failure) }
    guard let profile = table.counter.finish() else { throw .changed(streams: names) }
    return profile
  }
}
