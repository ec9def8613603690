internal import Expressions
internal import Records
internal import Sketches
internal import Specification

/// Finds the events of each pane that came before, and counts them as the signal `duplicate`.
///
/// Panes come in order, each with all that any worker found of it, so that which event is the first
/// does not depend on who counted it, nor on the order in which they came.
struct DuplicateBook: Sendable {
  private var recent: RecentIDs
  /// What became of ids.
  private(set) var tally = DuplicateTally()
  /// Repeats that were dropped and are not counted yet: a pane that is open, or a part of the traffic
  /// of which nothing else came since.
  private var waiting = RepeatedParts()

  /// `nil` where nobody asks.
  init?(_ plan: Plan) {
    guard let duplicates = plan.identity?.duplicates else { return nil }
    self.init(horizon: duplicates.horizon.nanoseconds, plan)
  }

  /// A book to read another one into, of a monitor that looks for no duplicates any more.
  init(reading plan: Plan) { self.init(horizon: 0, plan) }

  private init(horizon: Int64, _ plan: Plan) {
    recent = RecentIDs(horizon: horizon, limit: plan.monitor.limits.pending)
  }

  /// Counts the duplicates of a pane.
  ///
  /// - Parameters:
  ///   - join: Who came in it.
  ///   - counts: What was counted of it; takes the signal.
  ///   - plan: What is computed.
  mutating func count(_ join: JoinPane?, into counts: inout PaneCounts, _ plan: Plan) {
    guard let signal = plan.duplicateSignal, case .number(let index, let reference) = signal.kind
    else { return }
    if plan.dropsRepeats { return countDropped(into: &counts, plan, signal, index, reference) }
    var found = [(named: Int, again: Int)](repeating: (0, 0), count: counts.groups.count)
    if let join {
      let places = join.keys.map { counts.position(of: $0, plan: plan) }
      for row in join.sortedPredictions() {
        let place = places[Int(row.key)]
        found[place].named += 1
        guard recent.insert(row.id, version: row.version, at: row.time) else { continue }
        found[place].again += 1
        tally.duplicates += 1
      }
    }
    tally.forgotten = recent.forgotten
    for (place, found) in found.enumerated() {
      let unnamed = counts.groups[place].events - UInt64(found.named)
      tally.unnamed += Int(unnamed)
      let numbers = (0..<found.named).map { $0 < found.again ? 1.0 : 0 }
      unsafe numbers.withUnsafeBufferPointer { numbers in
        unsafe counts.groups[place].count(
          numbers,
          missing: unnamed,
          invalid: 0,
          of: signal,
          index,
          reference
        )
      }
    }
  }
}

/// Repeats that are dropped: they are known before their panes are closed.
extension DuplicateBook {
  /// Tells which held events count.
  mutating func sift(_ held: [HeldEvent], hurried: Int) -> SiftedEvents {
    let sifted = recent.sift(held)
    tally.duplicates += sifted.repeats.count
    tally.hurried += hurried
    tally.forgotten = recent.forgotten
    return sifted
  }

  /// Takes note of repeats until their panes are closed.
  mutating func note(_ repeats: RepeatedParts) { waiting.merge(repeats) }

  /// Counts the repeats of a pane, and of those before it that had no other event of their part.
  private mutating func countDropped(
    into counts: inout PaneCounts,
    _ plan: Plan,
    _ signal: Signal,
    _ index: Int,
    _ reference: NumericReference
  ) {
    let due = waiting.take(through: counts.index)
    for (key, count) in due {
      guard let place = counts.knownPosition(of: key, plan: plan) else {
        waiting.keep(count, of: key, pane: counts.index)
        continue
      }
      let ones = [Double](repeating: 1, count: count)
      unsafe ones.withUnsafeBufferPointer { ones in
        unsafe counts.groups[place].count(
          ones,
          missing: 0,
          invalid: 0,
          of: signal,
          index,
          reference
        )
      }
    }
    for group in counts.groups { tally.unnamed += Int(group.sums.counts[signal.missing]) }
  }

  /// Appends what dropping needs beside the ids.
  func encodeDropped(into writer: inout ByteWriter) {
    writer.write(waiting)
    writer.write(tally.hurried)
  }

  /// Takes over what `encodeDropped` wrote.
  mutating func restoreDropped(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    waiting = try reader.read()
    tally.hurried = try reader.read()
    if !restoration.mapping.keepsPanes { waiting = RepeatedParts() }
  }
}

/// What became of ids that may come twice, in numbers.
public struct DuplicateTally: Sendable, Equatable {
  /// Events whose id and version came before within the horizon.
  public internal(set) var duplicates = 0
  /// Events without an id.
  public internal(set) var unnamed = 0
  /// Ids that were forgotten before the horizon was over, because too many came within it.
  public internal(set) var forgotten = 0
  /// Events that were decided on before all had come that could be earlier, because too much was
  /// held; none where repeats are not dropped.
  public internal(set) var hurried = 0
}

extension DuplicateBook: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(tally.duplicates)
    writer.write(tally.unnamed)
    recent.encode(into: &writer)
  }

  /// Takes over what was written; with a shorter horizon the older ids are forgotten at the next
  /// event.
  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    tally.duplicates = try reader.read()
    tally.unnamed = try reader.read()
    try recent.restore(from: &reader)
    tally.forgotten = recent.forgotten
  }
}

extension Plan {
  /// The signal of events that came before; `nil` where nobody asks for it.
  var duplicateSignal: Signal? { signalIndices[duplicateName].map { signals[$0] } }
}
