public import Events
internal import Sketches

/// Profiles made of what another tool has counted.
extension Profile {
  /// A profile of imported signals, without segments.
  ///
  /// - Parameters:
  ///   - signals: The signals, in the profile's order.
  ///   - model: The model's name.
  ///   - time: The first and last event time, in nanoseconds since 1970.
  ///   - events: The events that were counted.
  public init(importing signals: [SignalProfile], model: String, at time: Int64, events: Int) {
    self.init(
      model: model,
      start: time,
      end: time,
      events: events,
      segments: [],
      signals: signals
    )
  }
}

extension SignalProfile {
  /// The most values that an imported number is made of; more are scaled down.
  private static let importedMax = 1_000_000

  /// A number from weighted values; `nil` without any.
  ///
  /// - Parameters:
  ///   - name: The signal's name.
  ///   - path: Where it stands in an event.
  ///   - missing: Events without a value.
  ///   - values: Finite values, each with how many it stands for, at least 1.
  ///   - mean: The mean, where it is known better than from the values.
  ///   - standardDeviation: The same of the standard deviation (ddof 0).
  public init?(
    importing name: String,
    path: FieldPath,
    missing: Int,
    numbers values: [(value: Double, weight: Int)],
    mean: Double?,
    standardDeviation: Double?
  ) {
    var total = 0
    for (_, weight) in values {
      let (sum, overflows) = total.addingReportingOverflow(weight)
      guard !overflows else { return nil }
      total = sum
    }
    let divisor = max(1, (total + Self.importedMax - 1) / Self.importedMax)
    var summary = RankSummary(exactLimit: RankSummary.exactCount)
    var distinct = DistinctCount()
    for (value, weight) in values {
      distinct.insert(value)
      for _ in 0..<max(1, weight / divisor) { summary.insert(value) }
    }
    summary.sort()
    guard let grid = ReferenceGrid(reference: summary) else { return nil }
    let items = summary.sortedItems
    var numbers = NumericSummary(summary, items, distinct: distinct)
    if let mean, mean.isFinite { numbers.mean = mean }
    if let standardDeviation, standardDeviation.isFinite, standardDeviation >= 0 {
      numbers.standardDeviation = standardDeviation
    }
    self.init(
      name: name,
      path: path,
      missing: missing,
      invalid: 0,
      reference: .number(
        NumericReference(
          grid: grid,
          counts: grid.counts(items),
          segmentCounts: [],
          summary: numbers,
          rankError: summary.rankErrorBound
        )
      )
    )
  }

  /// A category from counts by value.
  ///
  /// - Parameters:
  ///   - name: The signal's name.
  ///   - path: Where it stands in an event.
  ///   - missing: Events without a value.
  ///   - categories: The values with their counts, each value once.
  ///   - others: The events with other values.
  public init(
    importing name: String,
    path: FieldPath,
    missing: Int,
    categories: [(value: String, count: Int)],
    others: Int
  ) {
    var counts: [[UInt8]: UInt64] = [:]
    for (value, count) in categories {
      let bytes = Array(value.utf8)
      counts[canonicalNumber(bytes) ?? bytes, default: 0] += UInt64(max(count, 0))
    }
    let sorted = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    self.init(
      name: name,
      path: path,
      missing: missing,
      invalid: 0,
      reference: .category(
        CategoryReference(
          isBoolean: false,
          kinds: [.string, .number],
          values: sorted.map(\.key),
          hasOther: others > 0,
          counts: sorted.map(\.value) + (others > 0 ? [UInt64(others)] : []),
          segmentCounts: []
        )
      )
    )
  }
}
