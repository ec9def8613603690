/// One statistic of one signal in one window.
public struct StatisticValue: Sendable, Equatable {
  /// The value; of `drift` the one-sided lower confidence bound of its index, which rules compare.
  public var value: Double
  /// Of `drift` the population stability index; `nil` of a drift whose bound nobody needs: the value
  /// is the index then, and below all that matters.
  public var psi: Double?
  /// The lower bound, where it has a meaning: of `ks` the grid's, of a quantile its cell's.
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
    psi: Double? = nil,
    low: Double? = nil,
    high: Double? = nil,
    pValue: Double? = nil,
    n: Int,
    referenceN: Int? = nil
  ) {
    self.value = value
    self.psi = psi
    self.low = low
    self.high = high
    self.pValue = pValue
    self.n = n
    self.referenceN = referenceN
  }

  /// Of `drift` the lower confidence bound; 0 where nobody needs it.
  package var driftBound: Double { psi == nil ? 0 : value }
}
