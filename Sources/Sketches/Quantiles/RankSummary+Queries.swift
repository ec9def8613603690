extension RankSummary {
  /// Adds one value.
  public mutating func insert(_ value: Double) {
    pending.append(value + 0.0)
    isSorted = false
    count += 1
  }

  /// Adds a column of values.
  public mutating func insert(contentsOf values: Span<Double>) {
    for index in values.indices { insert(values[index]) }
  }

  /// Adds a column of values.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    for index in 0..<values.count { unsafe insert(values[index]) }
  }

  /// Adds the values of another summary of the same limits.
  public mutating func merge(_ other: RankSummary) {
    for value in other.pending { insert(value) }
  }

  /// Sorts what is held, so that later queries need not.
  public mutating func compress() {
    pending.sort()
    isSorted = true
  }

  /// What is held, by increasing value; equal values are one item.
  public var sortedItems: [Item] { pending.sorted().map { Item(value: $0, weight: 1) } }

  /// The least value; nil when there is none. Always exact.
  public var minimum: Double? { pending.min() }
  /// The greatest value; nil when there is none. Always exact.
  public var maximum: Double? { pending.max() }

  /// The quantile at a probability in 0...1; nil when there are no values.
  public func quantile(_ probability: Double) -> Double? { quantiles([probability])?[0] }

  /// The quantiles at several probabilities in 0...1; nil when there are no values.
  public func quantiles(_ probabilities: [Double]) -> [Double]? { nil }
}
