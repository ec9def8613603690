package import Connectors
internal import Events
package import Specification

/// The lines of another source, those made whole that the container runtime has cut into parts.
///
/// A line stands where its last part stood, and its place is that of its first part. What is held
/// of lines whose ends have not come is handed on at the end of the stream, where the rewriter
/// refuses it as a part; or another process goes on with it.
///
/// - **Memory**: ``OpenLines``.
/// - **Complexity**: O(bytes); chunks without parts are looked at and not copied.
package final class JoinedSource: EventSource {
  package let name: String
  private let source: any EventSource
  private let lineLimit: Int
  private let goesOn: Bool
  private var open = OpenLines()
  /// How many lines of the stream were read.
  private var number = 0
  /// Whether lines were lost behind which no part belongs to what is open.
  private var isTorn = false
  private var report = Report()

  /// What is to be told, once what is open is handed on.
  private struct Report {
    var isCut = false
    var failure: StreamError?
  }

  /// Nothing is read yet.
  ///
  /// - Parameters:
  ///   - source: Where lines and parts come from.
  ///   - lineLimit: The longest line in bytes.
  ///   - goesOn: Whether another process goes on: what is open waits for it where the source can be
  ///     read on.
  package init(_ source: any EventSource, lineLimit: Int, goesOn: Bool) {
    name = source.name
    self.source = source
    self.lineLimit = lineLimit
    self.goesOn = goesOn
  }

  /// Joins the parts of lines in each of some sources, where a monitor reads such lines.
  ///
  /// In the partition of a topic lines of several containers stand, so that nothing says which parts
  /// belong together.
  ///
  /// - Parameters:
  ///   - sources: Files, pipes, logs and partitions; those that are sorted are as they are to be.
  ///   - monitor: Says how lines are written, and how long they may be.
  ///   - goesOn: Whether another process goes on with them.
  /// - Returns: As many sources, in their order.
  package static func joining(
    _ sources: [any EventSource],
    _ monitor: Monitor,
    goesOn: Bool = false
  ) -> [any EventSource] {
    sources.map { joining($0, monitor, goesOn: goesOn) }
  }

  /// The same of one source.
  package static func joining(
    _ source: any EventSource,
    _ monitor: Monitor,
    goesOn: Bool = false
  ) -> any EventSource {
    guard monitor.shape.prefix == .cri, !(source is SortedSource) else { return source }
    if case .line = source.mark { return source }
    return JoinedSource(source, lineLimit: monitor.limits.lineBytes, goesOn: goesOn)
  }

  package func next(
    into chunk: inout LineChunk,
    target: Int,
    waits: Bool
  ) throws(StreamError) -> Bool {
    if let failure = report.failure.take() { throw failure }
    while true {
      let isFilled: Bool
      do throws(StreamError) {
        isFilled = try source.next(into: &chunk, target: target, waits: waits)
      } catch {
        guard !open.isEmpty, !keepsOpen else { throw error }
        report.failure = error
        return handOnOpen(into: &chunk)
      }
      noteCut()
      guard isFilled else {
        let isOver = isTorn || source.isAtEnd && !keepsOpen
        return isOver && handOnOpen(into: &chunk)
      }
      if join(&chunk) { return true }
    }
  }

  /// Whether what is open at the end waits for another process.
  private var keepsOpen: Bool { goesOn && source.mark != .pipe }

  package func endInput() { source.endInput() }

  package var isAtEnd: Bool {
    source.isAtEnd && report.failure == nil && (open.isEmpty || keepsOpen && !isTorn)
  }

  package var wake: SourceWake {
    isTorn || source.isAtEnd || report.failure != nil ? .now : source.wake
  }

  package var progress: (read: Int, total: Int)? { source.progress }
  package var mark: SourceMark { source.mark }
  package var tornBytes: Int { source.tornBytes + (source.isAtEnd ? open.bytes : 0) }
  package var isLagging: Bool { source.isLagging }
  package var isAwaited: Bool { source.isAwaited }
  package var isAway: Bool { source.isAway }

  package func takeCut() -> Bool {
    noteCut()
    defer { report.isCut = false }
    return report.isCut
  }

  package func takeNotes() -> [String] { source.takeNotes() }

  // MARK: Going on

  package var openLines: OpenLines? { open }

  package func resume(_ open: OpenLines, after lines: Int) -> Bool {
    self.open = open
    number = lines + open.joined
    return true
  }

  package func resume(at offset: Int) throws(StreamError) -> Bool {
    try source.resume(at: offset)
  }

  package func resume(_ mark: FileMark) throws(StreamError) -> Bool {
    try source.resume(mark)
  }

  // MARK: Joining

  /// Takes note of lines that were lost: a part behind them is none of a line before them.
  private func noteCut() {
    guard source.takeCut() else { return }
    report.isCut = true
    isTorn = !open.isEmpty
  }

  /// Joins the parts in a chunk.
  ///
  /// - Parameter chunk: What was read; receives whole lines, and where they stood.
  /// - Returns: Whether it holds any.
  private func join(_ chunk: inout LineChunk) -> Bool {
    if !chunk.areLines || open.isEmpty, let lines = wholeLines(of: chunk) {
      chunk.setJoinedLines(open.joined)
      number += lines
      return true
    }
    var joined = JoinedLines(lineLimit)
    if isTorn { joined.append(open.takeAll()) }
    isTorn = false
    let (offset, uncutLength) = (chunk.offset, chunk.uncutLength)
    unsafe chunk.withBytes { bytes in
      unsafe ContainerLine.visit(bytes, from: chunk.markBytes) { range, line in
        let place = LinePlace(
          line: number,
          offset: offset + range.lowerBound,
          uncutLength: uncutLength
        )
        number += 1
        let part = chunk.line(at: range.lowerBound, length: range.count)
        guard let line, line.isPart || open.isOpen(line.stream) else {
          joined.append(part, at: place)
          return true
        }
        if let whole = open.take(part, line, at: place, lineLimit: lineLimit) {
          joined.append(whole)
        }
        return true
      }
    }
    return joined.fill(&chunk)
  }

  /// How many lines end in a chunk none of which is a part; `nil` where one is.
  private func wholeLines(of chunk: LineChunk) -> Int? {
    let areLines = chunk.areLines
    var count = chunk.skippedLines
    var hasPart = false
    unsafe chunk.withBytes { bytes in
      unsafe ContainerLine.visit(bytes, from: chunk.markBytes) { range, line in
        // Objects over many lines may begin behind another one.
        if areLines || range.upperBound < bytes.count { count += 1 }
        hasPart = areLines && line?.isPart ?? false
        return !hasPart
      }
    }
    return hasPart ? nil : count
  }

  /// Hands on what is open: no more of it comes.
  ///
  /// - Returns: Whether anything was.
  private func handOnOpen(into chunk: inout LineChunk) -> Bool {
    isTorn = false
    var joined = JoinedLines(lineLimit)
    joined.append(open.takeAll())
    return joined.fill(&chunk)
  }
}

/// Lines that a chunk holds from now on, with their places.
private struct JoinedLines {
  private let lineLimit: Int
  private var bytes: [UInt8] = []
  private var places: [LinePlace] = []

  init(_ lineLimit: Int) { self.lineLimit = lineLimit }

  mutating func append(_ line: some Sequence<UInt8>, at place: LinePlace) {
    bytes += line
    bytes.append(0x0A)
    places.append(place)
  }

  mutating func append(_ line: OpenLine) {
    let (bytes, place) = line.handedOn(lineLimit: lineLimit)
    append(bytes, at: place)
  }

  mutating func append(_ lines: [OpenLine]) {
    for line in lines { append(line) }
  }

  /// Lets a chunk hold the lines.
  ///
  /// - Returns: Whether there are any.
  func fill(_ chunk: inout LineChunk) -> Bool {
    guard !places.isEmpty else { return false }
    // A byte order mark before them is gone, and none of them is to be looked for one.
    chunk.fill(bytes, at: max(chunk.offset, 1), places: places)
    return true
  }
}
