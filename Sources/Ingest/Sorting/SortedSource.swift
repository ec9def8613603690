package import Connectors
internal import Events
package import Specification

/// The lines of another source in order of event time.
///
/// The first `next` reads the whole source. A line without a time of its own, such as one that cannot
/// be read, stays behind the line before it. Lines of one time stay in their order.
///
/// - **Memory**: ``SortLimits/memoryBytes`` for all sources together; beyond it sorted runs go to a
///   temporary file.
package final class SortedSource: EventSource {
  package let name: String
  private let source: any EventSource
  private let lines: SortedLines
  private let monitor: Monitor
  private var isSorted = false
  /// How many bytes of sorted lines were handed out.
  private var offset = 0
  /// A line that did not fit into the last chunk.
  private var held: SortedLine?

  /// Nothing is read yet.
  ///
  /// - Parameters:
  ///   - source: What is sorted.
  ///   - monitor: Says where times stand.
  ///   - memory: About how many bytes of lines are held.
  package init(_ source: any EventSource, _ monitor: Monitor, memory: Int) {
    name = source.name
    self.source = source
    self.monitor = monitor
    lines = SortedLines(name: source.name, memory: memory)
  }

  /// Sorts each of some sources by itself.
  package static func sorting(_ sources: [any EventSource], _ monitor: Monitor) -> [SortedSource] {
    let memory = max(SortLimits.memoryBytes / max(sources.count, 1), SortLimits.leastBytes)
    return sources.map { SortedSource($0, monitor, memory: memory) }
  }

  package func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    if !isSorted {
      isSorted = true
      try sort()
    }
    var bytes: [UInt8] = []
    var places: [LinePlace] = []
    while let line = try nextLine() {
      if !places.isEmpty && bytes.count + line.bytes.count > target {
        held = line
        break
      }
      bytes += line.bytes
      bytes.append(0x0A)
      places.append(line.place)
    }
    guard !places.isEmpty else { return false }
    chunk.fill(bytes, at: offset, places: places)
    offset += bytes.count
    return true
  }

  private func nextLine() throws(StreamError) -> SortedLine? {
    if let line = held.take() { return line }
    return try lines.next()
  }

  /// Reads the source to its end.
  ///
  /// What was read before an error is sorted all the same: the error is thrown behind it.
  private func sort() throws(StreamError) {
    var cutter = LineCutter(monitor)
    var chunk = LineChunk(capacity: 1 << 18)
    do {
      while try source.next(into: &chunk, target: 1 << 18, waits: true) {
        for line in cutter.lines(of: chunk) { try lines.insert(line) }
      }
    } catch {
      lines.failure = error
    }
    try lines.close()
  }

  package func endInput() { source.endInput() }

  package var isAtEnd: Bool { isSorted && held == nil && lines.isAtEnd }

  package var progress: (read: Int, total: Int)? { source.progress }
}

/// What sorting may take.
package enum SortLimits {
  /// Lines that are held in memory, of all streams together: 128 MiB.
  package static let memoryBytes = 1 << 27
  /// The least of one stream: 1 MiB.
  package static let leastBytes = 1 << 20
  /// The temporary file of one stream: 256 GiB.
  package static let diskBytes = 1 << 38
}
