internal import Events
internal import Expressions
internal import Sketches

/// Why an alert says what it says: the numbers, and both histograms.
public struct Evidence: Sendable, Equatable {
  /// The statistic that the rule is about, where it is about one.
  public var statistic: String?
  /// Its value; of `drift` the population stability index.
  public var value: Double?
  /// The lower bound, where the statistic has one.
  public var low: Double?
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
  }

  /// The most bins of a histogram, and the most that are named as moved.
  static let histogramBins = 20
  static let movedBins = 3
  static let unseenValues = 5
}

extension SignalStatistics {
  /// Both histograms, the bins that moved most, and the unseen values.
  ///
  /// - Parameter isAdjusted: Whether the reference is shown as the window's mix of strata lets
  ///   expect it.
  /// - Returns: Nothing where nothing is compared.
  func histograms(
    isAdjusted: Bool
  ) -> (
    all: [Evidence.BinShares],
    moved: [Evidence.BinShares],
    unseen: [Evidence.UnseenCount]
  ) {
    guard let bins = isAdjusted ? adjustedBins : comparedBins else { return ([], [], []) }
    let names = binNames
    var shares: [(index: Int, bin: Evidence.BinShares, part: Double)] = []
    for index in bins.reference.indices {
      let reference = Double(bins.reference[index]) / Double(bins.referenceCount)
      let window = Double(bins.current[index]) / Double(bins.currentCount)
      // The bin's part of the index, with half an event in an empty bin as the index has it.
      let smoothed = (Double(bins.reference[index]) + 0.5, Double(bins.current[index]) + 0.5)
      let ratio =
        (smoothed.1 / Double(bins.currentCount)) / (smoothed.0 / Double(bins.referenceCount))
      let bin = Evidence.BinShares(bin: names[index], reference: reference, window: window)
      shares.append((index, bin, (window - reference) * (ratio - 1) / max(ratio, 1)))
    }
    let byPart = shares.sorted { ($1.part, $0.index) < ($0.part, $1.index) }
    let kept = byPart.prefix(Evidence.histogramBins).sorted { $0.index < $1.index }
    return (
      kept.map(\.bin),
      byPart.prefix(Evidence.movedBins).filter { $0.part > 0 }.map(\.bin),
      unseenCounts
    )
  }

  private var unseenCounts: [Evidence.UnseenCount] {
    guard case .category(let index, _) = signal.kind, let position = signal.unseen,
      view.sums.counts[position] > 0
    else { return [] }
    let record = history.unseen(of: index, keys: view.keys, panes: view.panes)
    return record.mostFrequent.prefix(Evidence.unseenValues).map {
      Evidence.UnseenCount(value: String(decoding: $0.bytes, as: UTF8.self), count: Int($0.count))
    }
  }

  /// The names of the compared bins.
  private var binNames: [String] {
    switch signal.kind {
    case .number(_, let reference):
      let edges = reference.grid.decileBins.dropLast().map { reference.grid.edges[$0 - 1] }
      guard let first = edges.first, let last = edges.last else { return ["all"] }
      if edges.count == 2, first.nextUp == last {
        let value = shortNumber(last)
        return ["< \(value)", value, "> \(value)"]
      }
      let between = zip(edges, edges.dropFirst()).map {
        "(\(shortNumber($0)), \(shortNumber($1))]"
      }
      return ["≤ \(shortNumber(first))"] + between + ["> \(shortNumber(last))"]
    case .category(_, let reference):
      let names = reference.values.map { String(decoding: $0, as: UTF8.self) }
      return names + [reference.hasOther ? otherName : "unseen"]
    }
  }
}

/// A number for a person: four significant digits, no exponent where it is not needed.
public func shortNumber(_ number: Double) -> String {
  guard number.isFinite else { return number.description }
  if number == number.rounded(), abs(number) < 1e7 { return Int(number).description }
  let magnitude = abs(number)
  guard magnitude >= 1e-4, magnitude < 1e7 else {
    var exponent = decimalExponent(of: magnitude)
    var mantissa = (number / power(10, exponent) * 1000).rounded() / 1000
    if abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    return "\(mantissa)e\(exponent)"
  }
  let digits = max(0, 3 - decimalExponent(of: magnitude))
  let scale = power(10, digits)
  let rounded = (number * scale).rounded() / scale
  return rounded == rounded.rounded() ? Int(rounded).description : rounded.description
}

private func decimalExponent(of magnitude: Double) -> Int {
  var exponent = 0
  var rest = magnitude
  while rest >= 10 { (rest, exponent) = (rest / 10, exponent + 1) }
  while rest < 1, rest > 0 { (rest, exponent) = (rest * 10, exponent - 1) }
  return exponent
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<abs(exponent) { result *= base }
  return exponent < 0 ? 1 / result : result
}
