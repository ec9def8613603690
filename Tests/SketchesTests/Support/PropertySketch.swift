import Sketches

/// What a sketch tells the shared property suite about itself.
protocol PropertySketch: ByteCodable, Equatable, SendableMetatype {
  /// An empty sketch; two of them can be merged.
  init()
  mutating func insert(contentsOf values: [Double])
  mutating func merge(_ other: Self)
  /// The number of values, where the sketch knows it.
  var knownCount: UInt64? { get }
  /// What of the sketch's guarantee does not hold for exactly these values; nil when all does.
  func violation(for sorted: [Double]) -> String?
  /// An upper bound of the encoded size, whatever was inserted.
  static var encodedBytesMax: Int { get }
}

extension PropertySketch {
  init(_ values: [Double]) {
    self.init()
    insert(contentsOf: values)
  }
}

/// Every mergeable sketch meets the same suite; see `SketchPropertyTests`.
let propertySketches: [any PropertySketch.Type] = [
  Extremes.self, MomentsProperty.self, OuterSumsProperty.self, HistogramProperty.self,
  DistinctCount.self, BottomHashRecord.self, RelativeErrorQuantiles.self, RankSummaryProperty.self,
]

extension Extremes: PropertySketch {
  mutating func insert(contentsOf values: [Double]) {
    unsafe values.withUnsafeBufferPointer { unsafe insert(contentsOf: $0) }
  }
  var knownCount: UInt64? { nil }
  func violation(for sorted: [Double]) -> String? {
    guard let first = sorted.first, let last = sorted.last else {
      return isEmpty ? nil : "not empty"
    }
    return minimum == first && maximum == last ? nil : "\(self) for \(first)...\(last)"
  }
  static var encodedBytesMax: Int { 16 }
}

struct MomentsProperty: PropertySketch {
  static let scale = MomentScale(minimum: 0, maximum: 100)
  var moments = Moments(scale: scale)

  init() {}
  mutating func insert(contentsOf values: [Double]) {
    unsafe values.withUnsafeBufferPointer { unsafe moments.insert(contentsOf: $0) }
  }
  mutating func merge(_ other: Self) { moments.merge(other.moments) }
  var knownCount: UInt64? { moments.count }
  func violation(for sorted: [Double]) -> String? {
    guard let exact = ExactMoments(sorted) else {
      return moments.mean == nil && moments.standardDeviation == nil ? nil : "not empty"
    }
    guard let mean = moments.mean, let deviation = moments.standardDeviation else { return "nil" }
    // Half a step of the first level, or 2^−39 of the distance from the centre, with room for the
    // reference's own rounding.
    let tolerance = 0x1p-34 + 0x1p-38 * exact.greatestMagnitude
    if abs(mean - exact.mean) > tolerance { return "mean \(mean), exact \(exact.mean)" }
    if abs(deviation - exact.deviation) > tolerance {
      return "deviation \(deviation), exact \(exact.deviation)"
    }
    return nil
  }
  static var encodedBytesMax: Int { 8 + 10 + 10 + 19 + 19 + 2 + 203 * 60 }
  func encode(into writer: inout ByteWriter) { moments.encode(into: &writer) }
  init(from reader: inout ByteReader) throws(CodingError) {
    moments = try Moments(from: &reader)
  }
}

/// Mean and deviation by two passes with a shift, accurate enough to judge by.
struct ExactMoments {
  var mean: Double
  var deviation: Double
  var greatestMagnitude: Double

  init?(_ values: [Double]) {
    guard let shift = values.first else { return nil }
    let count = Double(values.count)
    let offset = values.reduce(0) { $0 + ($1 - shift) } / count
    mean = shift + offset
    let squares = values.reduce(0) { $0 + ($1 - shift - offset) * ($1 - shift - offset) }
    deviation = (squares / count).squareRoot()
    greatestMagnitude = values.reduce(0) { max($0, abs($1)) }
  }
}

struct OuterSumsProperty: PropertySketch {
  var sums = OuterSums(minimum: -1, maximum: 20)

  init() {}
  mutating func insert(contentsOf values: [Double]) {
    unsafe values.withUnsafeBufferPointer { values in
      var extremes = Extremes()
      unsafe extremes.insert(contentsOf: values)
      unsafe sums.insert(contentsOf: values, extremes: extremes)
    }
  }
  mutating func merge(_ other: Self) { sums.merge(other.sums) }
  var knownCount: UInt64? { nil }
  func violation(for sorted: [Double]) -> String? {
    let below = sorted.filter { $0 < sums.minimum }
    let above = sorted.filter { $0 > sums.maximum }
    guard UInt64(below.count) == sums.belowCount, UInt64(above.count) == sums.aboveCount else {
      return "counts \(sums.belowCount), \(sums.aboveCount)"
    }
    let exactBelow = below.reduce(0) { $0 + (sums.minimum - $1) }
    let exactAbove = above.reduce(0) { $0 + ($1 - sums.maximum) }
    let tolerance = 1e-9 * (1 + exactAbove + exactBelow)
    let isClose =
      abs(exactBelow - sums.belowSum) <= tolerance
      && abs(exactAbove - sums.aboveSum) <= tolerance
    return isClose ? nil : "sums \(sums.belowSum), \(sums.aboveSum): \(exactBelow), \(exactAbove)"
  }
  static var encodedBytesMax: Int { 16 + 2 * MomentsProperty.encodedBytesMax }
  func encode(into writer: inout ByteWriter) { sums.encode(into: &writer) }
  init(from reader: inout ByteReader) throws(CodingError) {
    sums = try OuterSums(from: &reader)
  }
}

/// Counts over the cells that a fixed reference gave.
struct HistogramProperty: PropertySketch {
  static let bins = ReferenceBins(
    edges: Array(Set(Distribution.normal.sample(200, seed: 99) + [0, 1e6])).sorted()
  )
  var cells = [UInt64](repeating: 0, count: bins.cellCount)

  init() {}
  mutating func insert(contentsOf values: [Double]) {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe cells.withUnsafeMutableBufferPointer { cells in
        guard let base = cells.baseAddress else { return }
        unsafe Self.bins.count(values, into: base)
      }
    }
  }
  mutating func merge(_ other: Self) {
    for index in cells.indices { cells[index] &+= other.cells[index] }
  }
  var knownCount: UInt64? { cells.reduce(0, &+) }
  func violation(for sorted: [Double]) -> String? {
    var expected = [UInt64](repeating: 0, count: cells.count)
    for value in sorted { expected[Self.bins.edges.count { $0 < value }] += 1 }
    return cells == expected ? nil : "cells differ"
  }
  static var encodedBytesMax: Int { bins.cellCount * 8 + bins.cellCount / 16 + 72 }
  func encode(into writer: inout ByteWriter) { writer.write(counts: cells) }
  init(from reader: inout ByteReader) throws(CodingError) {
    cells = try reader.readCounts(Self.bins.cellCount)
  }
}

extension DistinctCount: PropertySketch {
  mutating func insert(contentsOf values: [Double]) {
    unsafe values.withUnsafeBufferPointer { unsafe insert(contentsOf: $0) }
  }
  var knownCount: UInt64? { nil }
  func violation(for sorted: [Double]) -> String? {
    let exact = Double(Set(sorted).count)
    // Five standard errors, and one value for the rounding of small numbers.
    let tolerance = 5 * Self.standardError * exact + 1
    return abs(estimate - exact) <= tolerance ? nil : "estimate \(estimate), exact \(exact)"
  }
  static var encodedBytesMax: Int { 2 + Self.registerCount }
}

extension BottomHashRecord: PropertySketch {
  mutating func insert(contentsOf values: [Double]) {
    for value in values { insert(Array("\(value + 0.0)".utf8)) }
  }
  var knownCount: UInt64? { total }
  func violation(for sorted: [Double]) -> String? {
    var exact: [[UInt8]: UInt64] = [:]
    for value in sorted { exact[Array("\(value + 0.0)".utf8), default: 0] += 1 }
    for entry in entries where exact[entry.bytes] != entry.count { return "count of \(entry)" }
    guard entries.count == min(exact.count, Self.limit) else { return "\(entries.count) kept" }
    let distinct = Double(exact.count)
    if isComplete { return distinctEstimate == distinct ? nil : "distinct \(distinctEstimate)" }
    return abs(distinctEstimate - distinct) <= 5 * 0.127 * distinct
      ? nil : "distinct \(distinctEstimate), exact \(distinct)"
  }
  static var encodedBytesMax: Int { 12 + limit * (8 + 10 + 2 + valueBytesLimit) }
}

extension RelativeErrorQuantiles: PropertySketch {
  mutating func insert(contentsOf values: [Double]) {
    unsafe values.withUnsafeBufferPointer { unsafe insert(contentsOf: $0) }
  }
  var knownCount: UInt64? { count }
  func violation(for sorted: [Double]) -> String? {
    guard !sorted.isEmpty else { return quantile(0.5) == nil ? nil : "not empty" }
    var previous = -Double.infinity
    for step in 0...100 {
      let probability = Double(step) / 100
      guard let estimate = quantile(probability) else { return "nil" }
      let exact = sorted[Int((Double(sorted.count - 1) * probability).rounded(.down))]
      if abs(estimate - exact) > Self.relativeError * abs(exact) {
        return "quantile \(probability): \(estimate), exact \(exact)"
      }
      if estimate < previous { return "quantile \(probability) falls" }
      previous = estimate
    }
    return nil
  }
  static var encodedBytesMax: Int { 10 + 2 * (4 + 128 * 64 * 9) }
}

struct RankSummaryProperty: PropertySketch {
  var summary = RankSummary(exactLimit: 1 << 14, capacity: 1 << 8)

  init() {}
  mutating func insert(contentsOf values: [Double]) { summary.insert(contentsOf: values.span) }
  mutating func merge(_ other: Self) { summary.merge(other.summary) }
  var knownCount: UInt64? { summary.count }
  func violation(for sorted: [Double]) -> String? {
    guard summary.isExact else { return "not exact" }
    guard let first = sorted.first else { return summary.quantile(0.5) == nil ? nil : "not empty" }
    let items = summary.sortedItems
    let values = items.flatMap { [Double](repeating: $0.value, count: Int($0.weight)) }
    return values == sorted && summary.quantile(0) == first ? nil : "values differ"
  }
  static var encodedBytesMax: Int { 64 + (8 << 14) }
  func encode(into writer: inout ByteWriter) { summary.encode(into: &writer) }
  init(from reader: inout ByteReader) throws(CodingError) {
    summary = try RankSummary(from: &reader)
  }
}
