internal import Events
internal import Sketches

/// How many lines were refused, by reason, in the panes of the events before them.
struct RefusedPanes: Sendable, Equatable {
  private var panes: [Int: [Refusal: Int]] = [:]

  mutating func insert(_ reason: Refusal, pane: Int) {
    panes[pane, default: [:]][reason, default: 0] += 1
  }

  /// Adds what was refused elsewhere.
  mutating func merge(_ other: RefusedPanes) {
    panes.merge(other.panes) { $0.merging($1, uniquingKeysWith: +) }
  }

  /// Hands over what was refused in the panes up to an index, and forgets it.
  ///
  /// - Parameter last: The last pane; `nil` for all.
  /// - Returns: What was refused in them.
  mutating func take(through last: Int?) -> RefusedPanes {
    var taken = RefusedPanes()
    taken.panes = panes.filter { pane, _ in last.map { pane <= $0 } ?? true }
    for pane in taken.panes.keys { panes[pane] = nil }
    return taken
  }

  /// Whether nothing was refused.
  var isEmpty: Bool { panes.isEmpty }

  /// The last pane in which something was refused.
  var lastPane: Int? { panes.keys.max() }

  /// What was refused in each pane, by its index.
  var byPane: [Int: RefusedPanes] {
    var parts: [Int: RefusedPanes] = [:]
    for (pane, counts) in panes { parts[pane, default: RefusedPanes()].panes[pane] = counts }
    return parts
  }

  /// Forgets what was refused before a pane.
  mutating func drop(before oldest: Int) {
    guard panes.keys.contains(where: { $0 < oldest }) else { return }
    panes = panes.filter { $0.key >= oldest }
  }

  /// What was refused in some panes, by reason.
  func sum(in range: Range<Int>) -> [Refusal: Int] {
    panes.reduce(into: [:]) { sum, pane in
      if range.contains(pane.key) { sum.merge(pane.value, uniquingKeysWith: +) }
    }
  }
}

extension RefusedPanes: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(panes.count))
    for (pane, counts) in panes.sorted(by: { $0.key < $1.key }) {
      writer.write(pane)
      writer.write(varint: UInt64(counts.count))
      for (reason, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        writer.write(string: reason.rawValue)
        writer.write(count)
      }
    }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let pane: Int = try reader.read()
      var counts: [Refusal: Int] = [:]
      for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
        let reason: Refusal = try reader.readWord()
        let start = reader.offset
        let count: Int = try reader.read()
        guard count >= 0, count < 1 << 40 else { throw .invalid(offset: start) }
        counts[reason] = count
      }
      panes[pane] = counts
    }
  }
}
