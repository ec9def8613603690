internal import Connectors
internal import Events
internal import Expressions
public import Monitoring
public import Records
internal import Specification

/// How a stream is worked on; none of it changes a byte of the output.
public struct PipelineOptions: Sendable {
  /// The number of threads, at least 1.
  public var threads = 1
  /// The most events of a batch.
  public var batch = 1024
  /// Which numbers are handed out, beside those that rules need.
  public var measuring = Measuring.nothing
  /// Whether lines that cannot be used are kept as dead letters.
  public var keepsLetters = false
  /// Whether the engine says how the newest windows stand.
  public var keepsNewest = false
  /// The most chunks that a thread takes in a round: enough that starting a round costs nothing, few
  /// enough that panes close soon.
  public var chunksPerRound = 32
  /// About how many bytes a chunk of a file has; by default about a batch of events.
  public var chunkBytes: Int?

  /// One thread, full batches, no metrics.
  public init() {}
}

/// Why a stream cannot be read, or an output not be written, in words.
public struct StreamFailure: Error, Equatable, CustomStringConvertible {
  /// Where, what, why.
  public var description: String

  /// Makes a failure.
  public init(description: String) {
    self.description = description
  }
}

/// What came out of a round.
public struct RoundOutput: Sendable {
  /// What the engine said.
  public var engine = EngineOutput()
  /// Lines that could not be used, in the order of the streams' chunks.
  public var letters: [DeadLetter] = []

  /// Nothing.
  public init() {}
}

/// Threads, streams and the engine: reads chunks, counts them in shards, closes panes.
///
/// Work goes in rounds. In a round every thread takes some chunks; between rounds no thread runs,
/// the complete panes of all shards are added up and judged, and what follows is handed out.
public struct Pipeline: ~Copyable {
  /// What was read so far.
  public private(set) var tally = StreamTally()
  /// The engine, with the movements of all signals.
  public private(set) var engine: Engine

  private let crew: Crew
  private let plan: Plan
  /// When an event was last counted, on the monotonic clock; `nil` before the first.
  private var heardAt: Int64?

  /// Opens the streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - plan: What is computed.
  ///   - paths: Files, pipes or `-`, at least one.
  ///   - isLive: Whether to take only what can be had without waiting.
  ///   - options: Threads and batches.
  /// - Throws: `StreamFailure` when a stream cannot be opened.
  public init(
    _ plan: Plan,
    paths: [String],
    isLive: Bool,
    options: PipelineOptions
  ) throws(StreamFailure) {
    do {
      crew = try Crew(plan, paths: paths, isLive: isLive, options: options)
    } catch {
      throw StreamFailure(description: error.description)
    }
    engine = Engine(plan, measuring: options.measuring, keepsNewest: options.keepsNewest)
    self.plan = plan
  }

  /// Whether every stream has ended.
  public var hasEnded: Bool { crew.withStreams { $0.hasEnded } }

  /// Whether streams go on but have nothing to read now.
  public var isQuiet: Bool { crew.withStreams { !$0.hasEnded && !$0.isReadable } }

  /// Streams that broke, in words.
  public var failures: [String] { crew.withStreams { $0.failures.map(\.description) } }

  /// The latest event time that was counted and that another event confirms, in nanoseconds since
  /// 1970; `nil` before it.
  public var clock: Int64? {
    crew.positions.compactMap { $0.isClockConfirmed ? $0.clock : nil }.max()
  }

  /// Bytes read from files so far and in all; `nil` where a stream has no length.
  public var progress: (read: Int, total: Int)? {
    let progress = crew.withStreams { $0.progress.map { [$0.read, $0.total] } }
    return progress.map { ($0[0], $0[1]) }
  }

  /// Waits until a stream or the given descriptor has something to read, or time has passed.
  ///
  /// - Parameters:
  ///   - descriptor: Such as that of signals.
  ///   - milliseconds: How long to wait at most.
  /// - Returns: Whether the descriptor has something.
  public func wait(for descriptor: Int32, milliseconds: Int32) -> Bool {
    crew.withStreams { $0.wait(for: descriptor, milliseconds: milliseconds) }
  }

  /// Reads and counts a round of chunks, then closes what is complete.
  ///
  /// - Parameter now: The monotonic clock in nanoseconds, for telling idle streams and silence; `nil`
  ///   in replay, where no stream is ever idle.
  /// - Returns: What the engine said, and the dead letters.
  public mutating func runRound(now: Int64? = nil) -> RoundOutput {
    crew.runRound()
    var output = RoundOutput()
    let events = tally.events
    output.letters = takeLetters()
    if tally.events > events { heardAt = now }
    if let last = lastCompletePane(now: now) {
      engine.close(takePanes(through: last), through: last, into: &output.engine)
      crew.close(through: last)
    }
    if let now, let heardAt { tellSilence(now - heardAt, into: &output.engine) }
    return output
  }

  /// Tells the engine for how long no event was counted, on the clock of events.
  private mutating func tellSilence(_ elapsed: Int64, into output: inout EngineOutput) {
    guard !plan.monitor.silenceRules.isEmpty, elapsed > 0 else { return }
    guard let clock else { return }
    engine.hear(nothingSince: clock, until: clock + elapsed, into: &output)
  }

  /// Ends the streams: closes every pane.
  public mutating func finish() -> EngineOutput {
    var output = EngineOutput()
    engine.finish(takePanes(through: nil), into: &output)
    return output
  }

  /// The fields that the wildcards name and the profile does not have.
  public var unprofiledFields: [String] {
    var fields: Set<String> = []
    crew.visit { worker in
      for path in worker.shard.discovered { fields.insert(path.description) }
    }
    return fields.sorted()
  }

  /// The last pane that no stream can add to any more; ended and idle streams do not hold it.
  private func lastCompletePane(now: Int64?) -> Int? {
    let held = crew.withStreams { streams in
      streams.holdingClock(now: now, idle: plan.monitor.idle.nanoseconds)
    }
    let positions = crew.positions
    var last: Int?
    for index in held {
      guard let complete = plan.lastCompletePane(positions[index]) else { return nil }
      last = min(last ?? complete, complete)
    }
    return last
  }

  private func takePanes(through last: Int?) -> [CountedPanes] {
    var counted: [CountedPanes] = []
    crew.visit { worker in counted.append(worker.shard.take(through: last)) }
    return counted
  }

  private mutating func takeLetters() -> [DeadLetter] {
    var letters: [(order: Int, letter: DeadLetter)] = []
    var total = StreamTally()
    crew.visit { worker in
      letters += worker.takeLetters()
      total.add(worker.tally)
    }
    tally = total
    return letters.sorted { ($0.order, $0.letter.line) < ($1.order, $1.letter.line) }.map(\.letter)
  }
}
