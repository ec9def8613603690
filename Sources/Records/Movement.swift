/// How far one signal moved in one window over a stream.
///
/// Its 20 properties are told one by one, in the summary and in the report; each is a fact about the
/// whole stream.
public struct Movement: Sendable, Equatable {
  /// The signal's name.
  public var signal: String
  /// The window's name.
  public var window: String
  /// How many windows were judged.
  public var judged = 0
  /// How many of them had drifted: the lower bound beyond the tolerance.
  public var drifted = 0
  /// The largest population stability index, with its bound.
  public var worst: StatisticValue?
  /// The end of the window with the largest index, in nanoseconds since 1970.
  public var worstEnd: Int64 = 0
  /// The start of the first window that had drifted, in nanoseconds since 1970.
  public var firstDrift: Int64?
  /// The start of the first of the windows that have drifted without a break up to the last one.
  public var driftingSince: Int64?
  /// Whether the last window judged had drifted.
  public var isDriftedNow = false
  /// What was tolerated, and the confidence of the bound.
  public var tolerance: Double
  /// The confidence of the bound.
  public var confidence: Double
  /// The bins that moved most in the window with the largest index.
  public var moved: [Evidence.BinShares] = []
  /// The window in which the most is sure, with what was counted in it.
  public var surest: Comparison?

  /// The window that proves the largest share of missing and invalid values; `nil` without any that
  /// matter.
  public var gap: Gap?

  /// How many values could be used, over all windows with events.
  public var usable = UsableValues()
  /// How many windows had events.
  public var seen = 0
  /// How many of them had too few usable values to tell anything.
  public var untold = 0
  /// Whether the last of them had.
  public var isUntoldNow = false
  /// The values of the first of them that had.
  public var firstUntold: UsableValues?

  /// Whether the last window proves that notably many values cannot be used.
  public var isGapNow = false

  /// Whether nothing can be told of all windows, or of some.
  public var isUntold: Bool { usable.areTooFew || untold > 0 }

  /// The share of the windows of which nothing can be told.
  package var untoldShare: Double { Double(untold) / Double(max(seen, 1)) }

  /// The values that a signal lacks in one window.
  public struct Gap: Sendable, Equatable {
    /// Events without a value.
    public var missing: Int
    /// Events with a value of the wrong type.
    public var invalid: Int
    /// The window's events.
    public var n: Int
    /// The share that they prove.
    public var least: Double
    /// The share of the reference's events.
    public var usual: Double
    /// The window's end, exclusive, in nanoseconds since 1970.
    public var end: Int64

    /// Makes a gap.
    package init(
      missing: Int,
      invalid: Int,
      n: Int,
      least: Double,
      usual: Double,
      end: Int64
    ) {
      self.missing = missing
      self.invalid = invalid
      self.n = n
      self.least = least
      self.usual = usual
      self.end = end
    }
  }

  /// Makes a row of which no window was judged yet.
  package init(signal: String, window: String, tolerance: Double, confidence: Double) {
    self.signal = signal
    self.window = window
    self.tolerance = tolerance
    self.confidence = confidence
  }

  /// One window of a signal beside its reference.
  public struct Comparison: Sendable, Equatable {
    /// The index, its lower bound, and the counts of both sides.
    public var drift: StatisticValue
    /// The window's start, in nanoseconds since 1970.
    public var start: Int64
    /// The window's end, exclusive, in nanoseconds since 1970.
    public var end: Int64
    /// The bins in their order, at most the 20 that weigh most.
    public var histogram: [Evidence.BinShares]
    /// The up to 3 bins that moved most, the first one most.
    public var moved: [Evidence.BinShares]
    /// Up to 5 values that the reference does not know, the most frequent first.
    public var unseen: [Evidence.UnseenCount]

    /// Makes a comparison.
    package init(
      drift: StatisticValue,
      start: Int64,
      end: Int64,
      histogram: [Evidence.BinShares],
      moved: [Evidence.BinShares],
      unseen: [Evidence.UnseenCount]
    ) {
      self.drift = drift
      self.start = start
      self.end = end
      self.histogram = histogram
      self.moved = moved
      self.unseen = unseen
    }
  }
}
