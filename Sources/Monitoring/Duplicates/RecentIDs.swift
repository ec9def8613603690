internal import Sketches

/// The ids that came within a horizon, each with its version, in the order of their times.
///
/// - **Guarantee**: exact as long as no more than the limit come within a horizon; beyond it those
///   that came first are forgotten, and counted.
/// - **Memory**: some 60 bytes an id.
struct RecentIDs: Sendable {
  /// An event that was the first of its id.
  private struct First: Sendable {
    let id: EventID
    let version: UInt64
    /// In nanoseconds since 1970.
    let time: Int64
  }

  private var queue: [First] = []
  /// How many of the queue, from the first, are forgotten.
  private var head = 0
  /// How many were taken out of the queue before.
  private var removed = 0
  private var index = IDIndex()
  /// How long an id is known, in nanoseconds.
  private let horizon: Int64
  /// How many ids are known at most.
  private let limit: Int
  /// How many ids were forgotten before their time.
  private(set) var forgotten = 0

  /// Knows no id.
  ///
  /// - Parameters:
  ///   - horizon: How long an id is known, in nanoseconds.
  ///   - limit: How many ids are known at most.
  init(horizon: Int64, limit: Int) {
    self.horizon = horizon
    self.limit = limit
  }

  /// The time of the event that was the first of its id last; the least number without one.
  var newest: Int64 { head < queue.count ? queue[queue.count - 1].time : .min }

  /// Takes an event in.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - version: The hash of its version.
  ///   - time: Its time, in nanoseconds since 1970, no earlier than that of the event before.
  /// - Returns: Whether one of the same id and version came within the horizon before it.
  mutating func insert(_ id: EventID, version: UInt64, at time: Int64) -> Bool {
    forget(before: time.saturatingSubtract(horizon))
    var isKnown = false
    index.candidates(id) { place in
      let first = queue[position(of: place)]
      if first.id == id, first.version == version { isKnown = true }
    }
    guard !isKnown else { return true }
    while index.count >= limit {
      dropFirst()
      forgotten += 1
    }
    index.insert(id, place(queue.count))
    queue.append(First(id: id, version: version, time: time))
    return false
  }

  private mutating func forget(before time: Int64) {
    while head < queue.count, queue[head].time < time { dropFirst() }
  }

  private mutating func dropFirst() {
    index.remove(queue[head].id, place(head))
    head += 1
    if head > 1 << 12, head > queue.count / 2 {
      queue.removeFirst(head)
      removed += head
      head = 0
    }
  }

  /// The place of a position of the queue: its number among all that ever came.
  private func place(_ position: Int) -> IDIndex.Place {
    IDIndex.Place(window: 0, row: UInt32(truncatingIfNeeded: removed + position))
  }

  private func position(of place: IDIndex.Place) -> Int {
    Int(place.row &- UInt32(truncatingIfNeeded: removed))
  }
}

extension RecentIDs {
  func encode(into writer: inout ByteWriter) {
    writer.write(forgotten)
    writer.write(varint: UInt64(queue.count - head))
    for first in queue[head...] {
      writer.write(first.id)
      writer.write(first.version)
      writer.write(first.time)
    }
  }

  /// Takes over what `encode` wrote.
  mutating func restore(from reader: inout ByteReader) throws(CodingError) {
    let forgotten: Int = try reader.read()
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let id: EventID = try reader.read()
      let version: UInt64 = try reader.read()
      let time: Int64 = try reader.read()
      _ = insert(id, version: version, at: time)
    }
    self.forgotten = forgotten
  }
}
