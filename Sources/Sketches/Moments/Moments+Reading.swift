extension Moments {
  /// The mean; nil when there are no values.
  public var mean: Double? {
    count == 0 ? nil : 0
  }

  /// The sum of the values; 0 when there are none, infinite when it exceeds the doubles.
  public var total: Double { 0 }

  /// The population standard deviation (divided by n, "ddof 0"); nil when there are no values.
  public var standardDeviation: Double? {
    count == 0 ? nil : 0
  }
}
