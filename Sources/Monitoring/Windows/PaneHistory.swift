internal import Sketches

/// A pane that takes no more events.
struct ClosedPane: Sendable {
  let index: Int
  let keys: [GroupKey]
  /// The encoded sums of each key.
  let sums: [[UInt8]]
  /// The values that the reference does not know, by key and categorical signal, where there are any.
  let unseen: [UnseenValues]
  /// The first and last event time.
  let times: EventTimes
}

/// The unseen values of one categorical signal under one key of a pane.
struct UnseenValues: Sendable {
  let key: GroupKey
  let category: Int
  let record: BottomHashRecord
}

/// The closed panes that windows still need, and what of them cannot be subtracted.
struct PaneHistory: Sendable {
  private(set) var panes: [ClosedPane] = []
  private var extremes: [GroupKey: [SlidingExtremes]] = [:]
  private var distinct: [GroupKey: [SlidingDistinctCount]] = [:]
  private var lastPane: [GroupKey: Int] = [:]

  /// Closes a pane; panes come in increasing order.
  ///
  /// - Returns: The pane as windows add and subtract it.
  mutating func close(_ pane: PaneCounts, plan: Plan) -> ClosedPane {
    assert(
      panes.last.map { $0.index < pane.index } ?? true,
      "pane \(pane.index) is closed after pane \(panes.last?.index ?? 0)"
    )
    var unseen: [UnseenValues] = []
    var times = EventTimes()
    let order = pane.keys.indices.sorted { pane.keys[$0] < pane.keys[$1] }
    for position in order {
      let key = pane.keys[position]
      let group = pane.groups[position]
      assert(group.imbalance(plan) == nil, group.imbalance(plan) ?? "")
      times.merge(group.times)
      lastPane[key] = pane.index
      for (category, record) in group.unseen.enumerated() where !record.isEmpty {
        unseen.append(UnseenValues(key: key, category: category, record: record))
      }
      if extremes[key] == nil {
        extremes[key] = group.extremes.map { _ in SlidingExtremes() }
        distinct[key] = group.distinct.map { _ in SlidingDistinctCount() }
      }
      for index in group.extremes.indices {
        extremes[key]?[index].close(pane.index, group.extremes[index])
      }
      for index in group.distinct.indices {
        distinct[key]?[index].close(pane.index, group.distinct[index])
      }
    }
    let closed = ClosedPane(
      index: pane.index,
      keys: order.map { pane.keys[$0] },
      sums: order.map { position in
        var writer = ByteWriter()
        pane.groups[position].sums.encode(into: &writer)
        return writer.bytes
      },
      unseen: unseen,
      times: times
    )
    panes.append(closed)
    return closed
  }

  /// The panes of a range of indices.
  func panes(in range: Range<Int>) -> ArraySlice<ClosedPane> {
    panes[position(of: range.lowerBound)..<position(of: range.upperBound)]
  }

  /// Forgets the panes before an index.
  mutating func drop(before index: Int) {
    let count = position(of: index)
    guard count > 0 else { return }
    panes.removeFirst(count)
    for (key, last) in lastPane where last < index {
      lastPane[key] = nil
      extremes[key] = nil
      distinct[key] = nil
    }
    for key in lastPane.keys {
      for signal in extremes[key]?.indices ?? 0..<0 {
        extremes[key]?[signal].drop(before: index)
      }
      for signal in distinct[key]?.indices ?? 0..<0 {
        distinct[key]?[signal].drop(before: index)
      }
    }
  }

  /// The smallest and largest value of a numeric signal over some keys and panes.
  func extremes(of number: Int, keys: [GroupKey], panes: Range<Int>) -> Extremes {
    var all = Extremes()
    for key in keys {
      guard let sliding = extremes[key]?[number] else { continue }
      all.merge(sliding.query(from: panes.lowerBound, through: panes.upperBound - 1))
    }
    return all
  }

  /// An estimate of the distinct values of a numeric signal over some keys and panes.
  func distinct(of number: Int, keys: [GroupKey], panes: Range<Int>) -> Double {
    var all = DistinctCount()
    for key in keys {
      guard let sliding = distinct[key], sliding.indices.contains(number) else { continue }
      let window = sliding[number].summary(
        from: panes.lowerBound,
        through: panes.upperBound - 1
      )
      all.merge(window)
    }
    return all.estimate
  }

  /// The unseen values of a categorical signal over some keys and panes.
  func unseen(of category: Int, keys: [GroupKey], panes range: Range<Int>) -> BottomHashRecord {
    var all = BottomHashRecord()
    for pane in panes(in: range) {
      for values in pane.unseen where values.category == category && keys.contains(values.key) {
        all.merge(values.record)
      }
    }
    return all
  }

  /// The first and last event time of some panes.
  func times(panes range: Range<Int>) -> EventTimes {
    var all = EventTimes()
    for pane in panes(in: range) { all.merge(pane.times) }
    return all
  }

  /// The position of the first pane at or after an index.
  private func position(of index: Int) -> Int {
    var low = 0
    var high = panes.count
    while low < high {
      let middle = (low + high) / 2
      if panes[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension PaneHistory: Restorable {
  func encode(into writer: inout ByteWriter, _ plan: Plan) {
    writer.write(varint: UInt64(panes.count))
    for pane in panes { pane.encode(into: &writer) }
    writer.write(varint: UInt64(lastPane.count))
    for (key, last) in lastPane.sorted(by: { $0.key < $1.key }) {
      writer.write(key)
      writer.write(last)
      writer.write(extremes[key] ?? [])
      writer.write(distinct[key] ?? [])
    }
  }

  mutating func restore(
    from reader: inout ByteReader,
    _ restoration: inout Restoration
  ) throws(CodingError) {
    let mapping = restoration.mapping
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let start = reader.offset
      let pane = try ClosedPane(from: &reader, mapping)
      guard panes.last.map({ $0.index < pane.index }) ?? true else {
        throw .invalid(offset: start)
      }
      panes.append(pane)
    }
    for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
      let key: GroupKey = try reader.read()
      let last: Int = try reader.read()
      lastPane[key] = last
      let least: [SlidingExtremes] = try reader.read()
      let counted: [SlidingDistinctCount] = try reader.read()
      extremes[key] = mapping.isIdentity ? least : mapping.byNumber(least, new: SlidingExtremes())
      let countsDistinct = restoration.plan.countsDistinct
      distinct[key] =
        mapping.isIdentity
        ? counted : countsDistinct ? mapping.byNumber(counted, new: SlidingDistinctCount()) : []
    }
    if !mapping.keepsPanes { self = PaneHistory() }
  }
}
