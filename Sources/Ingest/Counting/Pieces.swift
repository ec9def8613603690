internal import Connectors
internal import Events
internal import Monitoring
internal import Specification

/// The rows that a chunk's lines are made into, a piece at a time.
struct Pieces: ~Copyable {
  /// Whether the monitor reads lines as they are.
  let isPlain: Bool
  var rewriter: EventRewriter
  /// The piece in hand.
  private(set) var lines = RewrittenLines()

  init(_ monitor: Monitor) {
    isPlain = monitor.shape.isPlain
    rewriter = EventRewriter(
      monitor.shape,
      reading: monitor.rowReading,
      limits: DecodingLimits(
        lineBytes: monitor.limits.lineBytes,
        nesting: monitor.limits.nesting
      )
    )
  }

  /// Takes the next piece of a chunk.
  ///
  /// - Returns: Whether it is the last one.
  mutating func next(of chunk: LineChunk) -> Bool {
    let isLast = unsafe chunk.withBytes { bytes in
      unsafe rewriter.next(
        of: bytes,
        atStreamStart: chunk.isAtStreamStart,
        areLines: chunk.areLines,
        into: &lines
      )
    }
    if isLast { lines.skip(chunk.skippedLines) }
    return isLast
  }
}
