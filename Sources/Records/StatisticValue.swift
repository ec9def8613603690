/// One statistic of one signal in one window.
public struct StatisticValue: Sendable, Equatable {
  /// The value; of `drift` the population stability index.
  public var value: Double
  /// The lower bound, where it has a meaning: of `ks` the grid's, of `drift` the one-sided
  /// confidence bound, of a quantile its cell's.
  public var low: Double?
  /// The upper bound, where it has a meaning.
  public var high: Double?
  /// The p-value, where it has a meaning.
  public var pValue: Double?
  /// The events or values of the window behind the statistic.
  public var n: Int
  /// The reference's values behind it, when it compares.
  public var referenceN: Int?

  /// Makes a value.
  public init(
    value: Double,
    low: Double? = nil,
    high: Double? = nil,
    pValue: Double? = nil,
    n: Int,
    referenceN: Int? = nil
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.pValue = pValue
    self.n = n
    self.referenceN = referenceN
  }
}
