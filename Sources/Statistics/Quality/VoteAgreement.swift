/// How well those agree who say what turned out: Krippendorff's alpha.
///
/// Alpha is 1 less the observed disagreement over the one that chance would make of the same votes: 1
/// where all agree, 0 where they agree as chance would, below 0 where they agree less. It bears any
/// number of votes on each unit, and units on which some did not vote.
///
/// Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011). Of two classes the
/// squared difference of 0 and 1 is the nominal one; of numbers it is that of intervals.
public struct VoteAgreement: Sendable, Equatable {
  /// The units on which at least two voted.
  public private(set) var units = 0
  private var votes = 0.0
  private var sum = 0.0
  private var squares = 0.0
  private var observed = 0.0

  /// No votes.
  public init() {}

  /// Takes the votes on one unit in; a single vote agrees with nobody and does not count.
  ///
  /// - Parameter labels: Finite numbers; of two classes 0 and 1.
  public mutating func insert(_ labels: [Double]) {
    guard labels.count > 1 else { return }
    let n = Double(labels.count)
    let total = labels.reduce(0, +)
    let mean = total / n
    units += 1
    votes += n
    sum += total
    squares += labels.reduce(0) { $0 + $1 * $1 }
    // Σ over ordered pairs (a − b)² = 2n·Σ(a − mean)², and each unit weighs 1 / (n − 1).
    observed += 2 * n * labels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  }

  /// Alpha, at most 1; `nil` where all votes are alike, or there are none.
  public var alpha: Double? {
    guard votes > 1 else { return nil }
    let expected = 2 * (votes * squares - sum * sum) / (votes - 1)
    guard expected > 0, expected.isFinite, observed.isFinite else { return nil }
    return 1 - observed / expected
  }
}
