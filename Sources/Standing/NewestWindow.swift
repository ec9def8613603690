public import Records

/// The whole traffic in the newest window of one kind, for those who look while it happens.
public struct NewestWindow: Sendable, Equatable {
  /// Every number of it, as its metric records have them.
  public var measured: MeasuredPart
  /// What its signals are compared with, in the plan's order.
  public var comparisons: [SignalComparison]

  /// Makes a window.
  package init(measured: MeasuredPart, comparisons: [SignalComparison]) {
    self.measured = measured
    self.comparisons = comparisons
  }
}

/// One signal of a window beside its reference.
public struct SignalComparison: Sendable, Equatable {
  /// The signal's name.
  public var signal: String
  /// The largest population stability index that is tolerated.
  public var tolerance: Double
  /// The confidence of its lower bound.
  public var confidence: Double
  /// The bins in their order, at most the 20 that weigh most; none without a reference.
  public var histogram: [Evidence.BinShares]
  /// Why nothing can be told of the signal, with the share; `nil` where something can.
  public var untold: String?

  /// Makes a comparison.
  package init(
    signal: String,
    tolerance: Double,
    confidence: Double,
    histogram: [Evidence.BinShares],
    untold: String? = nil
  ) {
    self.signal = signal
    self.tolerance = tolerance
    self.confidence = confidence
    self.histogram = histogram
    self.untold = untold
  }
}
