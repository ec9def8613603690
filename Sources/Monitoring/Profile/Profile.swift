public import Events
public import Sketches

/// What a reference period looked like: all that production needs to judge drift.
///
/// It holds counts and no events: bins and how many values fell into each, for the whole and for
/// each segment's value, and a few exact numbers. The same events in the same order give the same
/// bytes.
///
/// Its 9 properties are the parts of the file, in their order.
public struct Profile: Sendable, Equatable {
  /// The model's name.
  public var model: String
  /// The first and the last event time, in nanoseconds since 1970.
  public var start: Int64
  /// The last event time, in nanoseconds since 1970.
  public var end: Int64
  /// The events that were counted.
  public var events: Int
  /// The fields that split the traffic, with the values that occurred.
  public var segments: [SegmentProfile]
  /// The signals: features by path, then `score`, then `prediction`.
  public var signals: [SignalProfile]
  /// The counts by combination of segment values and hour of the week; `nil` where the monitor
  /// asks for none.
  public var table: ReferenceTable?
  /// How good the predictions were; `nil` where no outcomes were read.
  public var quality: ReferenceQuality?
  /// What tells the key of its keyed hashes from others; empty where nothing is hidden.
  public var keyCheck: [UInt8] = []

  /// The signal of a name.
  public func signal(named name: String) -> SignalProfile? {
    signals.first { $0.name == name }
  }
}

/// A segment's field and its values in the reference.
public struct SegmentProfile: Sendable, Equatable {
  /// The field.
  public var path: FieldPath
  /// The values that are kept, in order of their bytes.
  public var values: [[UInt8]]
  /// The events of each value.
  public var events: [Int]
  /// Whether there were more values than are kept.
  public var isTruncated: Bool
}

/// One signal of the reference.
public struct SignalProfile: Sendable, Equatable {
  /// The signal's name: the field's path, `score` or `prediction`.
  public var name: String
  /// Where it stands in an event.
  public var path: FieldPath
  /// Events without a value: absent or null.
  public var missing: Int
  /// Values of the wrong type.
  public var invalid: Int
  /// The values.
  public var reference: Reference

  /// The kinds of reference.
  public enum Reference: Sendable, Equatable {
    /// Numbers on a grid.
    case number(NumericReference)
    /// Categories or booleans.
    case category(CategoryReference)
  }

  /// The counts by cell or category of the whole reference.
  public var counts: [UInt64] {
    switch reference {
    case .number(let number): number.counts
    case .category(let category): category.counts
    }
  }

  /// The counts by cell or category of each value of each segment's field.
  var segmentCounts: [[[UInt64]]] {
    switch reference {
    case .number(let number): number.segmentCounts
    case .category(let category): category.segmentCounts
    }
  }

  /// The counts of one segment's value, `nil` where the reference has none.
  ///
  /// - Parameters:
  ///   - segment: The index of the field in the profile's `segments`.
  ///   - value: The index of its value.
  /// - Returns: The counts by cell or category.
  public func counts(segment: Int, value: Int) -> [UInt64]? {
    let all = segmentCounts
    guard all.indices.contains(segment), all[segment].indices.contains(value) else { return nil }
    return all[segment][value]
  }
}

/// The numbers of a reference: a grid of about 256 cells, and the counts in them.
public struct NumericReference: Sendable, Equatable {
  /// The cells and the bins made of them.
  public var grid: ReferenceGrid
  /// The counts by cell.
  public var counts: [UInt64]
  /// The counts by cell of each value of each segment's field.
  public var segmentCounts: [[[UInt64]]]
  /// The exact numbers.
  public var summary: NumericSummary
  /// The worst error of a reference quantile's rank, as a share of the count: 0 while exact.
  public var rankError: Double

  /// The edges of the cells, increasing; cell i is `(edges[i − 1], edges[i]]`.
  public var edges: [Double] { grid.edges }

  /// The range of the usual values, without outliers and sentinels: sums are taken on its scale.
  ///
  /// - Complexity: O(cells).
  public var usual: ClosedRange<Double> {
    guard summary.count > 0 else { return summary.minimum...summary.maximum }
    return grid.bulk(counts)
  }

  /// The widest cells without a value.
  ///
  /// - Complexity: O(cells · log cells).
  var gaps: ReferenceGaps { ReferenceGaps(grid, counts: counts) }
}

/// The exact numbers of a reference's values.
///
/// Its 10 properties are the exact numbers of a signal that a profile's file stores.
public struct NumericSummary: Sendable, Equatable {
  /// The number of values.
  public var count: Int
  /// The arithmetic mean.
  public var mean: Double
  /// The standard deviation as a population (ddof 0).
  public var standardDeviation: Double
  /// The smallest value.
  public var minimum: Double
  /// The largest value.
  public var maximum: Double
  /// The median, type 7.
  public var p50: Double
  /// The 90th percentile, type 7.
  public var p90: Double
  /// The 95th percentile, type 7.
  public var p95: Double
  /// The 99th percentile, type 7.
  public var p99: Double
  /// The number of distinct values.
  public var distinct: Int
}

/// The categories of a reference and their counts.
public struct CategoryReference: Sendable, Equatable {
  /// Whether the signal is a boolean.
  public var isBoolean: Bool
  /// The JSON kinds that occurred; a value of another kind is invalid.
  public var kinds: TokenKinds
  /// The categories that are kept, in order of their bytes.
  public var values: [[UInt8]]
  /// Whether there were more categories than are kept: the rest is the bin `__other__`.
  ///
  /// With it no value can be told to be unseen.
  public var hasOther: Bool
  /// The counts by category; the last one is that of `__other__` where there is one.
  public var counts: [UInt64]
  /// The counts by category of each value of each segment's field.
  public var segmentCounts: [[[UInt64]]]

  /// The number of bins that are not *unseen*.
  public var binCount: Int { values.count + (hasOther ? 1 : 0) }
}

/// The name of the bucket for what a limit leaves out.
public let otherName = "__other__"
/// What stands for values that too few events have to be named.
public let rareName = "__rare__"
/// The name of the bucket for events without a value.
public let missingName = "__missing__"
