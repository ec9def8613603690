/// What a KPI makes of the events of a window: one number of many.
public enum Aggregate: String, CaseIterable, Sendable, Hashable {
  /// The total.
  case sum
  /// The arithmetic mean.
  case mean
  /// How many events; of a condition, how many it holds for.
  case count
  /// The smallest value.
  case min
  /// The largest value.
  case max
  /// The median.
  case p50
  /// The 90th percentile.
  case p90
  /// The 95th percentile.
  case p95
  /// The 99th percentile.
  case p99

  /// The word before the condition that chooses an aggregate's events.
  static let filterWord = "where"
}
