internal import Events
internal import Sketches

/// The events of an objective, as they count.
struct BudgetCounts: Sendable, Equatable {
  var good = 0
  /// Those that are not good, the unjudged ones among them.
  var bad = 0
  /// Of the bad ones, those for which `good` was unknown.
  var unjudged = 0

  var events: Int { good + bad }

  static func += (left: inout BudgetCounts, right: BudgetCounts) {
    left.good += right.good
    left.bad += right.bad
    left.unjudged += right.unjudged
  }

  static func -= (left: inout BudgetCounts, right: BudgetCounts) {
    left.good -= right.good
    left.bad -= right.bad
    left.unjudged -= right.unjudged
  }
}

/// The counts of an objective over one window, which slides by panes.
///
/// Panes are rolled up to buckets of `step` panes, the fewest for which the window has at most
/// 4,320 buckets: a pane each while the window has no more panes (three days of minutes), ten
/// minutes each for 30 days of minutes. So the window that ends at the pane boundary b covers the
/// panes from `⌊(b − size) / step⌋ · step` up to, but not including, b: its end is exact, and it is
/// less than a bucket, 0.024 % of its size, longer than its name says. What it holds is exact.
///
/// - **State**: the buckets that have events, 32 bytes each.
/// - **Complexity**: O(1) a pane, amortised; nothing for panes without events.
struct BudgetWindow: Sendable {
  private struct Bucket {
    /// The first pane is `index · step`.
    var index: Int
    var counts: BudgetCounts
  }

  /// The panes of the window.
  let size: Int
  /// The panes of a bucket.
  let step: Int
  /// What the window holds, as of the last `advance`.
  private(set) var sums = BudgetCounts()

  /// In increasing order; those before `head` have left.
  private var buckets: [Bucket] = []
  private var head = 0

  /// The most buckets of a window.
  static let bucketLimit = 4_320

  /// An empty window.
  ///
  /// - Parameter panes: Its size, at least 1.
  init(panes: Int) {
    size = panes
    step = (panes + Self.bucketLimit - 1) / Self.bucketLimit
  }

  /// The first pane of the window that ends at a pane boundary.
  func start(of boundary: Int) -> Int {
    bucket(of: boundary - size) * step
  }

  /// The first boundary whose window lacks an event of today's; `nil` when the window is empty.
  var nextDeparture: Int? {
    head < buckets.count ? (buckets[head].index + 1) * step + size : nil
  }

  /// Takes in a pane; panes come in increasing order.
  mutating func add(_ counts: BudgetCounts, pane: Int) {
    guard counts.events > 0 else { return }
    let index = bucket(of: pane)
    assert(
      buckets.last.map { $0.index <= index } ?? true,
      "pane \(pane) is added after the pane \((buckets.last?.index ?? 0) * step)"
    )
    sums += counts
    if head < buckets.count, buckets[buckets.count - 1].index == index {
      buckets[buckets.count - 1].counts += counts
    } else {
      buckets.append(Bucket(index: index, counts: counts))
    }
  }

  /// Moves the window to end at a pane boundary: gives up what lies before its start.
  mutating func advance(to boundary: Int) {
    let first = bucket(of: boundary - size)
    while head < buckets.count, buckets[head].index < first {
      sums -= buckets[head].counts
      head += 1
    }
    assert(
      sums.good >= 0 && sums.unjudged >= 0 && sums.unjudged <= sums.bad,
      "the window to \(boundary) holds \(sums)"
    )
    if head == buckets.count || head > Self.bucketLimit {
      buckets.removeFirst(head)
      head = 0
    }
  }

  private func bucket(of pane: Int) -> Int { Int(floorDivide(Int64(pane), Int64(step))) }
}

extension BudgetWindow {
  /// Writes the buckets that have not left.
  func encode(into writer: inout ByteWriter) {
    let kept = buckets[head...]
    writer.write(varint: UInt64(kept.count))
    for bucket in kept {
      writer.write(bucket.index)
      writer.write(bucket.counts)
    }
  }

  /// Takes over the buckets that `encode` wrote.
  mutating func restore(from reader: inout ByteReader) throws(CodingError) {
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let start = reader.offset
      let bucket = Bucket(index: try reader.read(), counts: try reader.read())
      guard buckets.last.map({ $0.index < bucket.index }) ?? true else {
        throw .invalid(offset: start)
      }
      buckets.append(bucket)
      sums += bucket.counts
    }
  }
}

extension BudgetCounts: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(good)
    writer.write(bad)
    writer.write(unjudged)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    good = try reader.read()
    bad = try reader.read()
    unjudged = try reader.read()
    let room = 0...(Int.max / 4)
    guard room.contains(good), room.contains(bad), (0...bad).contains(unjudged) else {
      throw .invalid(offset: start)
    }
  }
}
