extension ClaimRecord {
  /// The verdict as people say it: *holds*, *fails* or *cannot be told yet*.
  public var verdictWords: String {
    switch verdict {
    case "holds": "holds"
    case "fails": "fails"
    default: Self.undecidedWords
    }
  }

  /// What is said of a claim while outcomes decide nothing.
  public static let undecidedWords = "cannot be told yet"

  /// Whether outcomes have shown that what is claimed is not so.
  public var isFailing: Bool { verdict == "fails" }

  /// Whether the period was over when it was judged.
  public var isPeriodOver: Bool { time >= end }

  /// What is claimed: `accuracy at least 93 %`.
  public var claimWords: String {
    "\(measure) \(isError ? "at most" : "at least") \(words(limit))"
  }

  /// A value of the measure for people: shares as percentages.
  public func words(_ value: Double) -> String {
    isError ? shortNumber(value) : "\(shortNumber(value * 100)) %"
  }
}
