internal import Sketches

/// Which panes were watched: what a window holds of its time.
///
/// A stream that begins, a process that was away while its pipe went on, a signal that is counted
/// otherwise from now on: windows that reach into such a hole are *cut*. What was seen of them is
/// true; that it was all is not.
struct Coverage: Sendable, Equatable {
  /// The panes of which events may be missing, in increasing order, not touching.
  private var holes: [ClosedRange<Int>] = []
  /// The last pane before a hole whose end is not known yet.
  private var openHole: Int?
  /// The first pane in which a signal was counted as it is now, for those that began anew.
  private var beginnings: [String: Int] = [:]
  /// The last pane that was closed.
  private var lastPane: Int?

  /// Takes note of a pane with events; panes come in increasing order.
  ///
  /// - Parameters:
  ///   - pane: Its index.
  ///   - beginsLate: Whether its first event comes so long after its beginning that a stream which
  ///     begins with it has missed a part.
  mutating func close(_ pane: Int, beginsLate: Bool) {
    if lastPane == nil {
      holes.append(Int.min...(beginsLate ? pane : pane - 1))
    }
    // A pane that was open before the hole is closed in it.
    if let first = openHole, pane > first {
      holes.append(first...pane)
      openHole = nil
    }
    lastPane = pane
  }

  /// Notes that events may have come of which nothing is known: from the last pane on, until the
  /// next one.
  ///
  /// - Parameter open: The last pane with events that is not closed yet.
  mutating func interrupt(after open: Int?) {
    guard let last = [lastPane, open].compactMap({ $0 }).max() else { return }
    openHole = min(openHole ?? last, last)
  }

  /// Notes that a signal is counted otherwise from the next pane on.
  mutating func begin(_ signal: String) {
    if let lastPane { beginnings[signal] = lastPane + 1 }
  }

  /// Whether a window lacks a part of its time.
  ///
  /// - Parameters:
  ///   - panes: The window's.
  ///   - end: The first pane that a stream that has ended did not fill; `nil` while it goes on.
  /// - Returns: Whether events of its time may be missing.
  func cuts(_ panes: Range<Int>, endedIn end: Int?) -> Bool {
    if let end, panes.upperBound > end { return true }
    if let openHole, panes.upperBound > openHole { return true }
    return holes.contains { $0.lowerBound < panes.upperBound && $0.upperBound >= panes.lowerBound }
  }

  /// The signals that began anew within a window.
  func begun(in panes: Range<Int>) -> Set<String> {
    if beginnings.isEmpty { return [] }
    return Set(beginnings.filter { $0.value > panes.lowerBound }.keys)
  }

  /// Forgets what no window reaches any longer.
  mutating func forget(before pane: Int) {
    holes.removeAll { $0.upperBound < pane }
    beginnings = beginnings.filter { $0.value > pane }
  }
}

extension Coverage: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(holes.map { [$0.lowerBound, $0.upperBound] })
    writer.write(openHole)
    writer.write(beginnings)
    writer.write(lastPane)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let bounds: [[Int]] = try reader.read()
    for pair in bounds {
      guard pair.count == 2, pair[0] <= pair[1] else { throw .invalid(offset: start) }
      holes.append(pair[0]...pair[1])
    }
    openHole = try reader.read()
    beginnings = try reader.read()
    lastPane = try reader.read()
  }
}
