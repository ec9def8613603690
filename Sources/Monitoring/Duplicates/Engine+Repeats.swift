internal import Events
public import Sketches
internal import Specification

/// How many repeats were dropped of each part of the traffic, by pane.
public struct RepeatedParts: Sendable, Equatable {
  private(set) var byPane: [Int: [GroupKey: Int]] = [:]

  /// Of how many parts repeats wait for another event of the same part; of more the least by their
  /// values are kept, and the others are in the tally alone.
  static let waitingLimit = Plan.groupLimit

  /// Adds repeats.
  mutating func add(_ count: Int, of key: GroupKey, pane: Int) {
    byPane[pane, default: [:]][key, default: 0] += count
  }

  /// Adds those of others.
  mutating func merge(_ other: RepeatedParts) {
    for (pane, parts) in other.byPane {
      for (key, count) in parts { add(count, of: key, pane: pane) }
    }
  }

  /// Hands over those of the panes up to an index, in the order of their parts.
  mutating func take(through last: Int) -> [(key: GroupKey, count: Int)] {
    var parts: [GroupKey: Int] = [:]
    for (pane, counts) in byPane where pane <= last {
      parts.merge(counts, uniquingKeysWith: +)
      byPane[pane] = nil
    }
    return parts.sorted { $0.key < $1.key }.map { (key: $0.key, count: $0.value) }
  }

  /// Takes repeats back that found no other event of their part, in the order of their parts.
  mutating func keep(_ count: Int, of key: GroupKey, pane: Int) {
    guard byPane[pane]?.count ?? 0 < Self.waitingLimit else { return }
    add(count, of: key, pane: pane)
  }
}

extension RepeatedParts: ByteCodable {
  /// Appends the counts in the order of panes and parts.
  public func encode(into writer: inout ByteWriter) {
    writer.write(varint: UInt64(byPane.count))
    for (pane, parts) in byPane.sorted(by: { $0.key < $1.key }) {
      writer.write(pane)
      writer.write(varint: UInt64(parts.count))
      for (key, count) in parts.sorted(by: { $0.key < $1.key }) {
        writer.write(key)
        writer.write(count)
      }
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let pane: Int = try reader.read()
      for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
        let key: GroupKey = try reader.read()
        let start = reader.offset
        let count: Int = try reader.read()
        guard (1...Self.countLimit).contains(count) else { throw .invalid(offset: start) }
        add(count, of: key, pane: pane)
      }
    }
  }

  /// More repeats than any pane has; what is more is damage.
  private static let countLimit = 1 << 32
}

extension Engine {
  /// Tells which held events count, where repeats are dropped.
  ///
  /// - Parameters:
  ///   - held: What all workers hold that is due; none is due before those of an earlier call.
  ///   - hurried: How many of them are decided on early, because too much was held.
  /// - Returns: Those that count, to be counted by any worker before their panes are closed, and the
  ///   repeats, whose parts are to be noted.
  public mutating func sift(_ held: [HeldEvent], hurried: Int = 0) -> SiftedEvents {
    duplicates?.sift(held, hurried: hurried) ?? SiftedEvents()
  }

  /// Takes note of the parts of the traffic that repeats were of, before their panes are closed.
  public mutating func note(_ repeats: RepeatedParts) { duplicates?.note(repeats) }

  /// Decides on what one worker holds, where it is the only one.
  ///
  /// - Parameters:
  ///   - time: Those that are due before it, in nanoseconds since 1970; `nil` for all.
  ///   - shard: The worker.
  public mutating func release(before time: Int64?, from shard: inout Shard) {
    guard plan.dropsRepeats else { return }
    let sifted = sift(shard.takeHeld(before: time))
    shard.count(sifted.counted)
    note(shard.parts(of: sifted.repeats))
  }
}

/// Holding events back where repeats are dropped.
extension Shard {
  /// Hands over the events that are held and due.
  public mutating func takeHeld(before time: Int64?) -> [HeldEvent] {
    counted.held.take(before: time)
  }

  /// The bytes of the lines that are held.
  public var heldBytes: Int { counted.held.bytes }

  /// Holds those of the placed rows that have an id; the others are left to be counted.
  mutating func hold(_ text: UnsafeRawBufferPointer) {
    guard let identity = plan.identity else { return }
    let key = plan.monitor.pii?.key
    var rest = 0
    for index in 0..<placed.count {
      let row = unsafe scratch.rows[index]
      let pane = unsafe scratch.panes[index]
      let place = (due: placed.dues[index], pane: pane)
      if let event = unsafe batch.held(Int(row), identity, place, text, key) {
        counted.held.append(event)
        continue
      }
      unsafe scratch.rows[rest] = row
      unsafe scratch.panes[rest] = pane
      rest += 1
    }
    placed.count = rest
    placed.isContiguous = rest == batch.columns.rowCount
    placed.isOnePane = true
    for index in 0..<rest where unsafe scratch.panes[index] != scratch.panes[0] {
      placed.isOnePane = false
    }
  }

  /// Counts events that were held and are no repeats.
  public mutating func count(_ events: [HeldEvent]) {
    placed.isReleased = true
    defer { placed.isReleased = false }
    unsafe decodeAgain(events) { shard, rows, done, chunk in
      shard.placed.count = 0
      shard.placed.isOnePane = true
      for row in 0..<rows {
        let pane = events[done + row].pane
        unsafe shard.scratch.rows[row] = UInt32(truncatingIfNeeded: row)
        unsafe shard.scratch.panes[row] = pane
        if unsafe pane != shard.scratch.panes[0] { shard.placed.isOnePane = false }
      }
      shard.placed.count = rows
      shard.placed.isContiguous = true
      unsafe shard.count(chunk)
    }
  }

  /// The parts of the traffic that repeats are of.
  public mutating func parts(of repeats: [HeldEvent]) -> RepeatedParts {
    var parts = RepeatedParts()
    unsafe decodeAgain(repeats) { shard, rows, done, chunk in
      let keys = unsafe shard.keys(ofRows: rows, shard.batch.text(of: chunk))
      for row in 0..<rows {
        parts.add(1, of: keys[row], pane: repeats[done + row].pane)
      }
    }
    return parts
  }

  /// Decodes held lines, a batch after the other.
  private mutating func decodeAgain(
    _ events: [HeldEvent],
    _ body: (inout Shard, _ rows: Int, _ done: Int, UnsafeRawBufferPointer) -> Void
  ) {
    guard !events.isEmpty else { return }
    let key = plan.monitor.pii?.key
    let lines = events.map { event in key?.opened(event.bytes) ?? event.bytes }
    unsafe withChunk(of: lines) { chunk in
      var offset = 0
      var done = 0
      while offset < chunk.count {
        offset = unsafe decode(chunk, from: offset, atStreamStart: true)
        let rows = batch.columns.rowCount
        precondition(done + rows <= events.count, "\(rows) rows of \(events.count) held lines")
        unsafe body(&self, rows, done, chunk)
        done += rows
      }
    }
  }

  /// What each row of a batch is counted under.
  private func keys(ofRows rows: Int, _ text: UnsafeRawBufferPointer) -> [GroupKey] {
    var keys = [GroupKey](repeating: GroupKey(values: []), count: rows)
    for (index, dimension) in encoders.dimensions.enumerated() {
      unsafe dimension.encode(
        batch.columns.cells(plan.dimensions[index].slot),
        count: rows,
        chunk: text,
        into: scratch.dimensionCodes
      )
      for row in 0..<rows {
        keys[row].values.append(dimension.value(of: unsafe scratch.dimensionCodes[row]))
      }
      dimension.remember()
    }
    return keys
  }

  /// Counts rows that are no repeats as such, where repeats are dropped.
  mutating func countUnrepeated(_ runs: [CountingRun]) {
    guard let signal = plan.duplicateSignal, case .number(let index, let reference) = signal.kind
    else { return }
    for run in runs {
      let named = placed.isReleased ? run.rows.count : 0
      let zeros = [Double](repeating: 0, count: named)
      unsafe zeros.withUnsafeBufferPointer { zeros in
        unsafe counted.open[run.pane].groups[run.group].count(
          zeros,
          missing: UInt64(run.rows.count - named),
          invalid: 0,
          of: signal,
          index,
          reference
        )
      }
    }
  }
}

extension Plan {
  /// Whether events that came before are left out of all counts but their own.
  public var dropsRepeats: Bool { identity?.duplicates?.drops ?? false }
}
