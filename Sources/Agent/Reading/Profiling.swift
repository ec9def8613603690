public import Connectors
internal import Events
public import Monitoring
internal import Records
public import Specification

/// Builds a profile from streams, one after the other.
public struct Profiling: ~Copyable {
  private var builder: ProfileBuilder
  private var streams: StreamSet
  private var chunk = LineChunk(capacity: 1 << 18)
  private let monitor: Monitor
  private let paths: [String]
  private var lines: [Int]
  /// What was read so far.
  public private(set) var tally = StreamTally()

  /// Opens the streams; nothing is read yet.
  ///
  /// - Parameters:
  ///   - monitor: What to profile.
  ///   - paths: Files, pipes or `-`, at least one.
  /// - Throws: `ProfilingError` when a stream cannot be opened, or not as often as it is read.
  public init(_ monitor: Monitor, paths: [String]) throws(ProfilingError) {
    let opened = try Self.open(paths, monitor)
    if monitor.reference.needsTable, opened.progress == nil { throw .readOnce(streams: paths) }
    builder = ProfileBuilder(monitor)
    self.monitor = monitor
    self.paths = paths
    lines = paths.map { _ in 0 }
    streams = opened
  }

  private static func open(
    _ paths: [String],
    _ monitor: Monitor
  ) throws(ProfilingError) -> StreamSet {
    do {
      return try StreamSet(paths: paths, lineLimit: monitor.limits.lineBytes, isLive: false)
    } catch {
      throw .stream(error)
    }
  }

  /// Bytes read from files so far and in all; `nil` where a stream has no length.
  public var progress: (read: Int, total: Int)? { streams.progress }

  /// Why streams broke: what came before was counted.
  public var failures: [StreamError] { streams.failures }

  /// Fields that a wildcard names and that no longer fit under the limit of signals.
  public var leftOut: [String] { builder.leftOut.map(\.description) }

  /// Fields that a wildcard names and that are called as a signal of the model's own.
  public var reservedFields: [String] { builder.reservedFields.map(\.description) }

  /// Predictions that are in no segment, because there were too many combinations of values.
  public var unsegmentedEvents: Int { builder.unsegmentedEvents }

  /// The signals without a value of their type.
  public var emptySignals: [String] { builder.emptySignals }

  /// Reads and counts a chunk.
  ///
  /// - Returns: The lines that could not be used; `nil` at the end of the streams.
  public mutating func runRound() -> RoundOutput? {
    guard let ticket = streams.next(into: &chunk) else { return nil }
    var output = RoundOutput()
    var offset = 0
    let source = streams.streams[ticket.source].name
    let eventsBefore = builder.events
    var seen = 0
    repeat {
      offset = unsafe chunk.withBytes { bytes in
        unsafe builder.count(bytes, from: offset, atStreamStart: chunk.isAtStreamStart)
      }
      seen += builder.linesSeen
      for refusal in builder.refused {
        tally.refused[refusal.reason, default: 0] += 1
        output.letters.append(
          DeadLetter(
            refusal,
            in: chunk,
            source: source,
            firstLine: lines[ticket.source],
            monitor
          )
        )
      }
    } while offset < chunk.count
    lines[ticket.source] += seen
    tally.lines += seen
    tally.bytes += chunk.count
    tally.events += builder.events - eventsBefore
    tally.shortenedValues = builder.shortenedValues
    tally.overlongMembers = builder.overlongMembers
    // Any clock will do: streams are read in turns, each as far as the others.
    streams.observe(ticket.source, bytes: chunk.count, lines: seen, clock: Int64(tally.lines))
    return output
  }

  /// The profile of what was counted.
  ///
  /// - Parameter allowsPart: Whether streams that broke may be profiled as far as they were read.
  /// - Returns: The profile.
  /// - Throws: `ProfilingError.broken`; `nothingCounted` or `profile` when there is nothing to profile.
  public func finish(allowsPart: Bool = false) throws(ProfilingError) -> Profile {
    guard allowsPart || failures.isEmpty else { throw .broken(failures) }
    guard builder.events > 0 else { throw .nothingCounted(streams: paths, tally) }
    do {
      return try builder.finish()
    } catch {
      throw .profile(streams: paths, error)
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
    var streams = try Self.open(paths, monitor)
    var table = try Self.tableBuilder(monitor, profile)
    var chunk = LineChunk(capacity: 1 << 18)
    var chunks: Int64 = 0
    while let ticket = streams.next(into: &chunk) {
      var offset = 0
      repeat {
        offset = unsafe chunk.withBytes { bytes in
          unsafe table.count(bytes, from: offset, atStreamStart: chunk.isAtStreamStart)
        }
      } while offset < chunk.count
      chunks += 1
      streams.observe(ticket.source, bytes: chunk.count, lines: 0, clock: chunks)
      progress(streams.progress)
    }
    if let failure = streams.failures.first { throw .stream(failure) }
    guard let profile = table.finish() else { throw .changed(streams: paths) }
    return profile
  }
}

extension DeadLetter {
  /// The letter of a refused line of a chunk.
  ///
  /// - Parameters:
  ///   - refusal: The line, counted from the chunk's start.
  ///   - chunk: The bytes.
  ///   - source: The stream's name.
  ///   - firstLine: The lines before the chunk.
  ///   - monitor: What is kept of the line.
  init(
    _ refusal: RefusedLine,
    in chunk: LineChunk,
    source: String,
    firstLine: Int,
    _ monitor: Monitor
  ) {
    // Of a line that is too long the reader may hold one byte over the limit, no more: what is kept
    // must not depend on where the chunk ended.
    let kept = min(refusal.length, monitor.deadLetters.rawBytes, monitor.limits.lineBytes)
    self.init(
      reason: refusal.reason,
      source: source,
      line: firstLine + refusal.line + 1,
      offset: chunk.offset + refusal.offset,
      length: chunk.uncutLength ?? refusal.length,
      raw: monitor.deadLetters.raw ? Array(chunk.line(at: refusal.offset, length: kept)) : nil
    )
  }
}
