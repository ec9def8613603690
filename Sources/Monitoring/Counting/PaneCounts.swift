internal import Events

/// What is counted of one pane: one `GroupCounts` a key.
///
/// How many values a dimension may have is limited. Which values are kept does not depend on the
/// order of events: the reference's values always, and of the others those with the smallest
/// stable hashes. What was counted of a value that must go is added to `__other__`.
struct PaneCounts: Sendable {
  /// The pane's index.
  let index: Int
  /// The keys, in order of first sight.
  private(set) var keys: [GroupKey] = []
  /// The counts of each key.
  var groups: [GroupCounts] = []

  private var positions: [GroupKey: Int] = [:]
  /// The values that the reference does not know and that are kept, with their hashes, by dimension.
  private var admitted: [[UInt64: [UInt8]]]
  /// The dimensions in which a value was left out.
  private(set) var overflowed: [Bool]
  /// Whether a value was moved to `__other__`, so that positions given out before may be wrong.
  private(set) var hasFolded = false

  /// The number of events.
  var events: Int { groups.reduce(0) { $0 + Int($1.events) } }

  init(index: Int, plan: Plan) {
    self.index = index
    admitted = plan.dimensions.map { _ in [:] }
    overflowed = plan.dimensions.map { _ in false }
  }

  /// What was counted under a key; `nil` where that is nothing.
  subscript(key: GroupKey) -> GroupCounts? { positions[key].map { groups[$0] } }

  /// The position of the key that events of `key` are counted under, made when it is new.
  mutating func position(of key: GroupKey, plan: Plan) -> Int {
    if let position = positions[key] { return position }
    var kept = key
    for (index, dimension) in plan.dimensions.enumerated() {
      kept.values[index] = admit(key.values[index], dimension, index, plan)
    }
    if let position = positions[kept] { return position }
    return append(kept, GroupCounts(plan))
  }

  /// The position of the key that events of `key` were counted under; `nil` where none were.
  func knownPosition(of key: GroupKey, plan: Plan) -> Int? {
    if let position = positions[key] { return position }
    var kept = key
    for (index, dimension) in plan.dimensions.enumerated() {
      guard case .value(let bytes) = key.values[index], !dimension.isKnown(bytes),
        admitted[index][StableHash.hash(bytes.span)] == nil
      else { continue }
      kept.values[index] = .other
    }
    return positions[kept]
  }

  /// Adds what was counted under a key; where the key is new, that is all there is.
  mutating func insert(_ counts: GroupCounts, under key: GroupKey, plan: Plan) {
    let position = position(of: key, plan: plan)
    if groups[position].events == 0 {
      groups[position] = counts
    } else {
      groups[position].merge(counts)
    }
  }

  /// Notes that a value of a dimension was left out.
  mutating func markOverflow(ofDimension index: Int) {
    overflowed[index] = true
  }

  /// Adds another pane of the same index, such as another worker's.
  mutating func merge(_ other: PaneCounts, plan: Plan) {
    for (key, counts) in zip(other.keys, other.groups) {
      insert(counts, under: key, plan: plan)
    }
    for index in overflowed.indices where other.overflowed[index] { overflowed[index] = true }
  }

  private mutating func append(_ key: GroupKey, _ counts: GroupCounts) -> Int {
    positions[key] = keys.count
    keys.append(key)
    groups.append(counts)
    return keys.count - 1
  }

  private mutating func admit(
    _ value: DimensionValue,
    _ dimension: Dimension,
    _ index: Int,
    _ plan: Plan
  ) -> DimensionValue {
    guard case .value(let bytes) = value, !dimension.isKnown(bytes) else { return value }
    let hash = StableHash.hash(bytes.span)
    if admitted[index][hash] != nil { return value }
    let room = dimension.limit - dimension.known.count
    guard room > 0 else {
      overflowed[index] = true
      return .other
    }
    if admitted[index].count < room {
      admitted[index][hash] = bytes
      return value
    }
    overflowed[index] = true
    guard let largest = admitted[index].keys.max(), hash < largest else { return .other }
    if let evicted = admitted[index].removeValue(forKey: largest) {
      fold(.value(evicted), ofDimension: index, plan)
    }
    admitted[index][hash] = bytes
    return value
  }

  /// Moves what was counted of a value to `__other__`.
  private mutating func fold(_ value: DimensionValue, ofDimension index: Int, _ plan: Plan) {
    hasFolded = true
    let old = zip(keys, groups)
    keys = []
    groups = []
    positions = [:]
    for (key, counts) in old {
      var moved = key
      if moved.values[index] == value { moved.values[index] = .other }
      if let position = positions[moved] {
        groups[position].merge(counts)
      } else {
        _ = append(moved, counts)
      }
    }
  }
}

extension Dimension {
  /// Whether the reference has the value; `known` is in order of bytes.
  func isKnown(_ bytes: [UInt8]) -> Bool {
    var low = 0
    var high = known.count
    while low < high {
      let middle = (low + high) / 2
      if known[middle].lexicographicallyPrecedes(bytes) { low = middle + 1 } else { high = middle }
    }
    return low < known.count && known[low] == bytes
  }
}
