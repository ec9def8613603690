internal import Events
internal import Sketches
internal import Specification

/// What was seen of one field while a profile is built, by group of segment values.
struct FieldTally: Sendable {
  let name: String
  let path: FieldPath
  let type: FeatureType?

  private(set) var missing = 0
  /// Objects, arrays, overflowing numbers, over-long strings.
  private(set) var unusable = 0
  private(set) var numbers: [Int: RankSummary] = [:]
  private(set) var numberCount = 0
  private(set) var distinct = DistinctCount()
  /// Categories in order of first sight, and the counts of each by group.
  private(set) var categories: [[UInt8]: Int] = [:]
  private(set) var categoryCounts: [Int: [UInt64]] = [:]
  private(set) var categoryCount = 0
  /// Values that no longer fitted among the categories, by group.
  private(set) var spilled: [Int: UInt64] = [:]
  private(set) var kinds: TokenKinds = []
  /// The counts of `false` and `true` by group.
  private(set) var booleans: [Int: [UInt64]] = [:]
  private(set) var booleanCount = 0

  /// How many different categories are counted while a profile is built; later ones spill.
  static let categoryLimit = 1 << 17

  /// A field of which the given number of events said nothing, because it was not known yet.
  init(name: String, path: FieldPath, type: FeatureType?, missing: Int) {
    self.name = name
    self.path = path
    self.type = type
    self.missing = missing
  }

  /// Whether any value was usable.
  var isEmpty: Bool { numberCount + categoryCount + booleanCount == 0 }

  mutating func insert(_ cell: Cell, group: Int, chunk: UnsafeRawBufferPointer) {
    if cell.isNumber {
      insert(number: cell.number, group)
    } else if cell == .missing || cell == .null {
      missing += 1
    } else if cell == .true || cell == .false {
      insert(boolean: cell == .true, group)
    } else if let reference = cell.reference, let bytes = unsafe canonicalBytes(of: cell, in: chunk)
    {
      if reference.kind == .boolean, type == .boolean {
        insert(boolean: bytes.count == 4, group)
      } else {
        insert(category: bytes, reference.kind, group)
      }
    } else {
      unusable += 1
    }
  }

  private mutating func insert(number: Double, _ group: Int) {
    numberCount += 1
    distinct.insert(number)
    numbers[group, default: RankSummary()].insert(number)
  }

  private mutating func insert(boolean: Bool, _ group: Int) {
    booleanCount += 1
    booleans[group, default: [0, 0]][boolean ? 1 : 0] += 1
  }

  private mutating func insert(category bytes: [UInt8], _ kind: TokenKind, _ group: Int) {
    categoryCount += 1
    kinds.insert(TokenKinds(rawValue: 1 << kind.rawValue))
    let index: Int
    if let known = categories[bytes] {
      index = known
    } else if categories.count < Self.categoryLimit {
      index = categories.count
      categories[bytes] = index
    } else {
      spilled[group, default: 0] += 1
      return
    }
    var counts = categoryCounts.removeValue(forKey: group) ?? []
    if counts.count <= index {
      counts.append(contentsOf: repeatElement(0, count: categories.count - counts.count))
    }
    counts[index] += 1
    categoryCounts[group] = counts
  }
}

extension RankSummary {
  /// How many values of a field are kept exactly.
  static let exactCount = 1 << 20
}

extension FieldTally {
  /// The type that the field has: as declared, else that of most of its values.
  var resolvedType: FeatureType {
    if let type { return type }
    if numberCount >= max(categoryCount, booleanCount) { return .number }
    return categoryCount >= booleanCount ? .category : .boolean
  }

  /// The field as a signal of a profile; `nil` without a value of its type.
  ///
  /// - Parameters:
  ///   - membership: For each segment's field and value, the groups that have it.
  ///   - categoryLimit: The most categories that are kept.
  /// - Returns: The signal, with its counts by cell or category.
  func profile(membership: [[[Int]]], categoryLimit: Int) -> SignalProfile? {
    let reference: SignalProfile.Reference?
    let used: Int
    switch resolvedType {
    case .number:
      reference = numericReference(membership).map(SignalProfile.Reference.number)
      used = numberCount
    case .boolean:
      reference = booleanReference(membership).map(SignalProfile.Reference.category)
      used = booleanCount
    case .category:
      reference = categoryReference(membership, categoryLimit).map(
        SignalProfile.Reference.category
      )
      used = categoryCount
    }
    return reference.map {
      SignalProfile(
        name: name,
        path: path,
        missing: missing,
        invalid: unusable + numberCount + categoryCount + booleanCount - used,
        reference: $0
      )
    }
  }

  private func numericReference(_ membership: [[[Int]]]) -> NumericReference? {
    var whole = RankSummary(exactLimit: RankSummary.exactCount)
    for key in numbers.keys.sorted() {
      if let summary = numbers[key] { whole.merge(summary) }
    }
    whole.sort()
    guard let grid = ReferenceGrid(reference: whole) else { return nil }
    let byGroup = numbers.mapValues { grid.counts($0.sortedItems) }
    let empty = [UInt64](repeating: 0, count: grid.cellCount)
    let items = whole.sortedItems
    return NumericReference(
      grid: grid,
      counts: sum(byGroup.keys.sorted(), byGroup, empty),
      segmentCounts: membership.map { values in values.map { sum($0, byGroup, empty) } },
      summary: NumericSummary(whole, items, distinct: distinct),
      rankError: whole.rankErrorBound
    )
  }

  private func booleanReference(_ membership: [[[Int]]]) -> CategoryReference? {
    guard booleanCount > 0 else { return nil }
    return CategoryReference(
      isBoolean: true,
      kinds: .boolean,
      values: [Array("false".utf8), Array("true".utf8)],
      hasOther: false,
      counts: sum(booleans.keys.sorted(), booleans, [0, 0]),
      segmentCounts: membership.map { values in values.map { sum($0, booleans, [0, 0]) } }
    )
  }

  private func categoryReference(_ membership: [[[Int]]], _ limit: Int) -> CategoryReference? {
    guard categoryCount > 0 else { return nil }
    let empty = [UInt64](repeating: 0, count: categories.count)
    let groups = Set(categoryCounts.keys).union(spilled.keys).sorted()
    let totals = sum(groups, categoryCounts, empty)
    let names = categories.sorted { left, right in
      if totals[left.value] != totals[right.value] {
        return totals[left.value] > totals[right.value]
      }
      return left.key.lexicographicallyPrecedes(right.key)
    }
    let kept = names.prefix(limit).sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let hasOther = names.count > limit || !spilled.isEmpty
    let counts = { (groups: [Int]) -> [UInt64] in
      let all = sum(groups, categoryCounts, empty)
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

  private func sum(_ groups: [Int], _ counts: [Int: [UInt64]], _ empty: [UInt64]) -> [UInt64] {
    var total = empty
    for group in groups {
      for (index, count) in (counts[group] ?? []).enumerated() { total[index] += count }
    }
    return total
  }
}

extension ReferenceGrid {
  /// The counts by cell of weighted values.
  func counts(_ items: [RankSummary.Item]) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: cellCount)
    for item in items { counts[bins.cell(of: item.value)] += item.weight }
    return counts
  }
}

extension NumericSummary {
  /// The numbers of a summary's items.
  init(_ summary: RankSummary, _ items: [RankSummary.Item], distinct: DistinctCount) {
    let (mean, deviation) = meanAndDeviation(items, count: Double(summary.count))
    let quantiles = summary.quantiles([0.5, 0.9, 0.95, 0.99]) ?? [0, 0, 0, 0]
    self.init(
      count: Int(summary.count),
      mean: mean,
      standardDeviation: deviation,
      minimum: summary.minimum ?? 0,
      maximum: summary.maximum ?? 0,
      p50: quantiles[0],
      p90: quantiles[1],
      p95: quantiles[2],
      p99: quantiles[3],
      distinct: summary.isExact
        ? items.indices.count { $0 == 0 || items[$0 - 1].value != items[$0].value }
        : Int(distinct.estimate)
    )
  }
}
