internal import Events

/// Why an alert says what it says: the numbers, and both histograms.
///
/// Its 21 properties are what the `evidence` of an alert record holds, as docs/outputs.md lists it.
public struct Evidence: Sendable, Equatable {
  /// The statistic that the rule is about, where it is about one.
  public var statistic: String?
  /// Its value; of `drift` the population stability index.
  public var value: Double?
  /// The lower bound, where the statistic has one.
  public var low: Double?
  /// Of `drift`, whose value is the lower bound, the population stability index.
  public var psi: Double?
  /// The upper bound, where the statistic has one.
  public var high: Double?
  /// The p-value, where the statistic has one.
  public var pValue: Double?
  /// What the value was compared with.
  public var threshold: Double?
  /// The confidence of the bound, for `drift`.
  public var confidence: Double?
  /// The false discovery rate that was held, where several drifts were judged together.
  public var falseDiscoveryRate: Double?
  /// How many drifts were judged together: those of which one was known.
  public var family: Int?
  /// The window's values behind it.
  public var n: Int
  /// The reference's values behind it.
  public var referenceN: Int?
  /// The window's name.
  public var window: String
  /// The window's start, in nanoseconds since 1970.
  public var start: Int64
  /// The window's end, exclusive, in nanoseconds since 1970.
  public var end: Int64
  /// When the condition began to hold, in nanoseconds since 1970.
  public var since: Int64
  /// The bins in their order, reference beside window; those that moved most when there are many.
  public var histogram: [BinShares]
  /// The bins that moved most, by their part of the index.
  public var moved: [BinShares]
  /// The most frequent values that the reference does not know, with their counts.
  public var unseen: [UnseenCount]
  /// What the window was compared with, in words; `nil` where nothing was compared.
  public var reference: String?
  /// The windows and the budget, of an alert about an error budget.
  public var budget: BudgetEvidence?

  /// Makes evidence.
  package init(
    statistic: String? = nil,
    value: Double? = nil,
    psi: Double? = nil,
    low: Double? = nil,
    high: Double? = nil,
    pValue: Double? = nil,
    threshold: Double? = nil,
    confidence: Double? = nil,
    falseDiscoveryRate: Double? = nil,
    family: Int? = nil,
    n: Int,
    referenceN: Int? = nil,
    window: String,
    start: Int64,
    end: Int64,
    since: Int64,
    histogram: [BinShares],
    moved: [BinShares],
    unseen: [UnseenCount],
    reference: String? = nil,
    budget: BudgetEvidence? = nil
  ) {
    self.statistic = statistic
    self.value = value
    self.psi = psi
    self.low = low
    self.high = high
    self.pValue = pValue
    self.threshold = threshold
    self.confidence = confidence
    self.falseDiscoveryRate = falseDiscoveryRate
    self.family = family
    self.n = n
    self.referenceN = referenceN
    self.window = window
    self.start = start
    self.end = end
    self.since = since
    self.histogram = histogram
    self.moved = moved
    self.unseen = unseen
    self.reference = reference
    self.budget = budget
  }

  /// One bin's share of both sides.
  public struct BinShares: Sendable, Equatable {
    /// The interval or the category.
    public var bin: String
    /// The share of the reference's values, in [0, 1].
    public var reference: Double
    /// The share of the window's values, in [0, 1].
    public var window: Double

    /// Makes a bin.
    public init(bin: String, reference: Double, window: Double) {
      self.bin = bin
      self.reference = reference
      self.window = window
    }
  }

  /// A value that the reference does not know.
  public struct UnseenCount: Sendable, Equatable {
    /// The value.
    public var value: String
    /// How often it occurred.
    public var count: Int

    /// Makes a count.
    package init(value: String, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// The most bins of a histogram, and the most that are named as moved.
  package static let histogramBins = 20
  package static let movedBins = 3
  package static let unseenValues = 5
  /// The fewest events of a value that is named, unless its field is public: fewer may tell of one
  /// person.
  package static let namedMinimum = 5
}

extension Evidence {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("statistic", statistic)
    json.member("value", value)
    json.member("psi", psi)
    json.member("low", low)
    json.member("high", high)
    json.member("p_value", pValue)
    json.member("threshold", threshold)
    json.member("confidence", confidence)
    json.member("fdr", falseDiscoveryRate)
    json.member("family", family.map(Double.init))
    json.member("n", n)
    json.member("reference_n", referenceN.map(Double.init))
    json.member("reference", reference)
    json.member("window", window)
    json.member("start", Timestamp.format(start))
    json.member("end", Timestamp.format(end))
    json.member("since", Timestamp.format(since))
    write("histogram", histogram, to: &json)
    write("moved", moved, to: &json)
    json.name("unseen")
    json.beginArray()
    for value in unseen {
      json.beginObject()
      json.member("value", value.value)
      json.member("count", value.count)
      json.endObject()
    }
    json.endArray()
    if let budget {
      json.name("budget")
      budget.write(to: &json)
    }
    json.endObject()
  }

  private func write(_ name: String, _ bins: [BinShares], to json: inout JSONWriter) {
    json.name(name)
    json.beginArray()
    for bin in bins {
      json.beginObject()
      json.member("bin", bin.bin)
      json.member("reference", bin.reference)
      json.member("window", bin.window)
      json.endObject()
    }
    json.endArray()
  }
}
