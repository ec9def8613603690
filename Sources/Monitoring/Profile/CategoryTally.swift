internal import Events
internal import Sketches
internal import Specification

/// The categories of one field while a profile is built, by group of segment values.
struct CategoryTally: Sendable {
  private(set) var count = 0
  /// Where each category's counts stand: in order of first sight.
  private var indices: [[UInt8]: Int] = [:]
  private var byGroup: [Int: [UInt64]] = [:]
  /// Values that no longer fitted among the categories, by group.
  private var spilled: [Int: UInt64] = [:]
  private var kinds: TokenKinds = []

  mutating func insert(_ bytes: [UInt8], _ kind: TokenKind, _ group: Int) {
    count += 1
    kinds.insert(TokenKinds(rawValue: 1 << kind.rawValue))
    let index: Int
    if let known = indices[bytes] {
      index = known
    } else if indices.count < FieldTally.categoryLimit {
      index = indices.count
      indices[bytes] = index
    } else {
      spilled[group, default: 0] += 1
      return
    }
    var counts = byGroup.removeValue(forKey: group) ?? []
    if counts.count <= index {
      counts.append(contentsOf: repeatElement(0, count: indices.count - counts.count))
    }
    counts[index] += 1
    byGroup[group] = counts
  }

  /// The categories as a reference, the most frequent up to a limit; `nil` without any.
  func reference(_ membership: [[[Int]]], _ limit: Int) -> CategoryReference? {
    guard count > 0 else { return nil }
    let empty = [UInt64](repeating: 0, count: indices.count)
    let groups = Set(byGroup.keys).union(spilled.keys).sorted()
    let totals = byGroup.sum(of: groups, empty)
    let names = indices.sorted { left, right in
      if totals[left.value] != totals[right.value] {
        return totals[left.value] > totals[right.value]
      }
      return left.key.lexicographicallyPrecedes(right.key)
    }
    let kept = names.prefix(limit).sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let hasOther = names.count > limit || !spilled.isEmpty
    let counts = { (groups: [Int]) -> [UInt64] in
      let all = byGroup.sum(of: groups, empty)
      let own = kept.map { all[$0.value] }
      guard hasOther else { return own }
      let lost = groups.reduce(0) { $0 + (spilled[$1] ?? 0) }
      return own + [all.reduce(0, +) - own.reduce(0, +) + lost]
    }
    return CategoryReference(
      isBoolean: false,
      kinds: kinds,
      values: kept.map(\.key),
      hasOther: hasOther,
      counts: counts(groups),
      segmentCounts: membership.map { $0.map(counts) }
    )
  }
}

/// The values of one field that are `false` or `true` while a profile is built, by group of segment
/// values.
struct BooleanTally: Sendable {
  private(set) var count = 0
  /// The counts of `false` and `true`.
  private var byGroup: [Int: [UInt64]] = [:]

  mutating func insert(_ value: Bool, _ group: Int) {
    count += 1
    byGroup[group, default: [0, 0]][value ? 1 : 0] += 1
  }

  /// Both values as a reference; `nil` where neither came.
  func reference(_ membership: [[[Int]]]) -> CategoryReference? {
    guard count > 0 else { return nil }
    return CategoryReference(
      isBoolean: true,
      kinds: .boolean,
      values: [Array("false".utf8), Array("true".utf8)],
      hasOther: false,
      counts: byGroup.sum(of: byGroup.keys.sorted(), [0, 0]),
      segmentCounts: membership.map { values in values.map { byGroup.sum(of: $0, [0, 0]) } }
    )
  }
}

extension [Int: [UInt64]] {
  /// The sums of the counts of some groups.
  ///
  /// - Parameters:
  ///   - groups: The groups; those that are not there count nothing.
  ///   - empty: As many zeros as there are counts.
  /// - Returns: The sums, by index.
  func sum(of groups: [Int], _ empty: [UInt64]) -> [UInt64] {
    var total = empty
    for group in groups {
      for (index, count) in (self[group] ?? []).enumerated() { total[index] += count }
    }
    return total
  }
}
