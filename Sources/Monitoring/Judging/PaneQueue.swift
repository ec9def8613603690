internal import Sketches

/// The complete panes that are not closed yet, and until when to judge.
///
/// Panes stay as workers handed them over until their turn comes: of a sparse stream they are many,
/// and small as long as they are encoded.
struct PaneQueue: Sendable {
  /// What workers counted of one pane.
  private struct Place: Sendable {
    let index: Int
    var counted = CountedPanes()
  }

  /// In increasing order; those before `head` are gone.
  private var places: [Place] = []
  private var head = 0
  /// The boundary up to which windows are to be judged behind the panes.
  private(set) var limit: Int?
  /// Whether the stream has ended: no pane comes any more.
  private(set) var hasEnded = false

  /// The index of the first pane.
  var nextPane: Int? { head < places.count ? places[head].index : nil }

  /// Adds what workers counted of complete panes, all of them later than those before.
  ///
  /// - Parameters:
  ///   - counted: What each worker counted, in any order.
  ///   - limit: The boundary behind them up to which to judge; `nil` where the stream ends.
  mutating func append(_ counted: [CountedPanes], upTo limit: Int?) {
    var byIndex: [Int: Place] = [:]
    for pane in counted.flatMap(\.open) {
      byIndex[pane.index, default: Place(index: pane.index)].counted.open.append(pane)
    }
    for pane in counted.flatMap(\.sealed) {
      byIndex[pane.index, default: Place(index: pane.index)].counted.sealed.append(pane)
    }
    for pane in counted.flatMap(\.joins) {
      byIndex[pane.index, default: Place(index: pane.index)].counted.joins.append(pane)
    }
    for (index, refused) in counted.flatMap({ Array($0.refused.byPane) }) {
      byIndex[index, default: Place(index: index)].counted.refused.merge(refused)
    }
    let added = byIndex.values.sorted { $0.index < $1.index }
    if let last = places.last, head < places.count, let first = added.first {
      assert(last.index < first.index, "pane \(first.index) comes after pane \(last.index)")
    }
    places += added
    if let limit { self.limit = max(limit, self.limit ?? limit) }
  }

  /// What all workers found of a pane: counts of predictions, what is to be joined, and what was
  /// refused behind its last event, or when no event came.
  typealias Pane = (index: Int, counts: PaneCounts?, join: JoinPane?, refused: RefusedPanes)

  /// Takes the first pane, with what all workers found of it.
  mutating func popFirst(_ plan: Plan) -> Pane? {
    guard head < places.count else { return nil }
    var parts = places[head].counted.open
    parts += places[head].counted.sealed.map { $0.opened(plan) }
    let joins = places[head].counted.joins
    let (index, refused) = (places[head].index, places[head].counted.refused)
    places[head].counted = CountedPanes()
    head += 1
    if head == places.count {
      places = []
      head = 0
    }
    var counts = parts.first
    for part in parts.dropFirst() { counts?.merge(part, plan: plan) }
    var join = joins.first
    for part in joins.dropFirst() { join?.merge(part) }
    return (index, counts, join, refused)
  }

  /// Notes that the stream has ended.
  mutating func end() { hasEnded = true }

  /// Notes that all was judged up to the limit.
  mutating func reachLimit() { limit = nil }
}

extension PaneQueue: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    var all = CountedPanes()
    for place in places[head...] {
      all.open += place.counted.open
      all.sealed += place.counted.sealed
      all.joins += place.counted.joins
      all.refused.merge(place.counted.refused)
    }
    all.encode(into: &writer, plan)
    writer.write(limit)
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    append([try CountedPanes(from: &reader, restoration.mapping)], upTo: nil)
    let limit: Int? = try reader.read()
    if restoration.mapping.keepsWidth { self.limit = limit }
  }
}
