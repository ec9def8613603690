internal import Events
internal import Specification

/// The events of a profile that is built: how many there are of each combination of segment values,
/// a group, and when they came.
struct CountedEvents {
  private let paths: [FieldPath]
  /// The columns of the segments' fields.
  private let slots: [Int]
  private var groups: [GroupKey: Int] = [:]
  private var keys: [GroupKey] = []
  /// The events of each group.
  private var counts: [Int] = []
  private(set) var times = EventTimes()
  /// Events whose combination came when there were too many already.
  private(set) var unsegmented = 0
  /// Values of segments that were too long for a name.
  private(set) var shortenedValues = 0

  /// Nothing counted yet.
  init(of paths: [FieldPath], _ builder: inout SchemaBuilder) {
    self.paths = paths
    var slots: [Int] = []
    for path in paths { slots.append(builder.shown(path, .token)) }
    self.slots = slots
  }

  /// How many there are.
  var events: Int { counts.reduce(0, +) }

  /// Counts an event.
  ///
  /// - Returns: Its group.
  mutating func insert(
    _ row: Int,
    at time: Int64,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> Int {
    times.insert(time)
    var values: [DimensionValue] = []
    for slot in slots {
      guard let bytes = unsafe canonicalBytes(of: columns.cell(slot: slot, row: row), in: chunk)
      else {
        values.append(.absent)
        continue
      }
      let short = DimensionValue.shortened(bytes)
      if short != nil { shortenedValues += 1 }
      values.append(.value(short ?? bytes))
    }
    var key = GroupKey(values: values)
    if groups[key] == nil, groups.count >= ProfileBuilder.groupLimit {
      key = GroupKey(values: values.map { _ in .other })
      unsegmented += 1
    }
    let group = groups[key] ?? add(key)
    counts[group] += 1
    return group
  }

  private mutating func add(_ key: GroupKey) -> Int {
    groups[key] = keys.count
    keys.append(key)
    counts.append(0)
    return keys.count - 1
  }

  /// The segments with their values, and for each field and value the groups that have it.
  ///
  /// - Parameter limit: The most values of a field; the largest are kept.
  /// - Returns: Both, by field in the monitor's order and by value in that of its bytes.
  func segments(limit: Int) -> (profiles: [SegmentProfile], membership: [[[Int]]]) {
    var segments: [SegmentProfile] = []
    var membership: [[[Int]]] = []
    for (index, path) in paths.enumerated() {
      var byValue: [[UInt8]: [Int]] = [:]
      for (group, key) in keys.enumerated() {
        if case .value(let bytes) = key.values[index] { byValue[bytes, default: []].append(group) }
      }
      let events = byValue.mapValues { $0.reduce(0) { $0 + counts[$1] } }
      let largest = events.sorted { left, right in
        if left.value != right.value { return left.value > right.value }
        return left.key.lexicographicallyPrecedes(right.key)
      }
      let kept = largest.prefix(limit).map(\.key)
        .sorted { $0.lexicographicallyPrecedes($1) }
      segments.append(
        SegmentProfile(
          path: path,
          values: kept,
          events: kept.map { events[$0] ?? 0 },
          isTruncated: largest.count > kept.count
        )
      )
      membership.append(kept.map { byValue[$0] ?? [] })
    }
    return (segments, membership)
  }
}
