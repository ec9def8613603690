import Glibc

/// Whether a claim about a mean loss holds, looked at after every outcome.
///
/// The claim is "the mean loss of a period's predictions is at most c". Outcomes come in the order in
/// which they mature. `fails` is said when there is evidence that the mean so far is above c, `holds`
/// when there is evidence that it is below.
///
/// - **Guarantee**: over the claim's life, all periods and all looks together, `fails` is said while
///   the mean so far is at most c with a probability of at most α, and `holds` while it is at least c
///   with a probability of at most α. *The mean so far* is that of the conditional means of the
///   period's outcomes until then, so losses may change within a period (``ConfidenceSequence``).
/// - **Periods**: the mean of a year's outcomes says little of today's. A claim "over 30 days" has
///   periods of 30 days; ``beginPeriod()`` forgets the outcomes. The k-th period has the part
///   `α·6/(π²k²)`, which adds up to α over any number of them, so that beginning anew is never a
///   second chance.
/// - **Within a period** what was decided is kept: evidence does not decay. `fails` is final. `holds`
///   gives way to `fails`, since it spoke of the outcomes until then.
/// - **Source**: ``ConfidenceSequence``. Any fixed parts of α that add up to α would serve.
public struct ClaimTest: Sendable, Equatable {
  /// What the evidence says of the claim.
  public enum Verdict: String, Sendable, Equatable, CaseIterable {
    /// The mean so far is below the claim's limit.
    case holds
    /// It is above.
    case fails
    /// Neither is known.
    case undecided
  }

  /// c: the greatest mean loss that the claim allows, in (0, 1).
  public let limit: Double
  /// α: the probability of a false `fails`, and that of a false `holds`, over the claim's life.
  public let risk: Double
  /// The least inclusion probability of outcomes of a sample; 1 where outcomes are no sample.
  public let leastInclusion: Double
  /// Which period this is, from 1.
  public private(set) var period: Int
  /// What the evidence of this period says.
  public private(set) var verdict: Verdict
  /// Whether an outcome of this period came with an inclusion probability below ``leastInclusion``.
  ///
  /// It counts as one with the least, which is too little: the period can no longer hold, and the
  /// interval has no upper end.
  public private(set) var isCapped: Bool
  private var losses: ConfidenceSequence

  /// A claim of which no outcome is known.
  ///
  /// - Parameters:
  ///   - limit: c, in (0, 1).
  ///   - risk: α, in (0, 1).
  ///   - leastInclusion: The least inclusion probability that an outcome may have, in (0, 1].
  public init(limit: Double, risk: Double = 0.05, leastInclusion: Double = 1) {
    precondition(limit > 0 && limit < 1, "a limit of \(limit)")
    precondition(risk > 0 && risk < 1, "a risk of \(risk)")
    precondition(
      leastInclusion > 0 && leastInclusion <= 1,
      "a least inclusion probability of \(leastInclusion)"
    )
    self.limit = limit
    self.risk = risk
    self.leastInclusion = leastInclusion
    period = 1
    verdict = .undecided
    isCapped = false
    losses = ConfidenceSequence()
  }

  /// The outcomes of this period, with those predictions that a sample left out.
  public var count: Int { losses.count }

  /// The part of α that is this period's.
  public var periodRisk: Double {
    risk * 6 / (Double.pi * Double.pi * Double(period) * Double(period))
  }

  /// Takes an outcome of a prediction whose outcome is awaited for sure.
  ///
  /// - Parameter loss: In [0, 1].
  /// - Complexity: O(1).
  public mutating func insert(loss: Double) {
    losses.insert(loss * leastInclusion)
    decide()
  }

  /// Takes a pane of which a probability sample has outcomes, all of them.
  ///
  /// `loss/π`, 0 of what the sample left out, is unbiased and at most `1/π_min`, so `loss·π_min/π` is
  /// bet on against `c·π_min`. The price of the bound: with equal π about as many sampled outcomes of
  /// rare losses are needed as without a sample, and more where π differ much. The verdict is that at
  /// the pane's end: before it, losses would stand without the predictions that were left out.
  ///
  /// - Bottom-k samples: π of a pane depend on each other, but no product of more than k estimates
  ///   `1/π` has a mean above 1, so the bets on a mean above stay fair at the end of panes; those on a
  ///   mean below are so in simulation.
  ///
  /// - Parameters:
  ///   - sample: The loss in [0, 1] and the inclusion probability π in (0, 1], given all panes before,
  ///     of each prediction of the sample; of π below ``leastInclusion`` see ``isCapped``.
  ///   - population: All predictions of the pane, as many as the sample or more.
  /// - Complexity: O(sample).
  public mutating func insert(
    sample: [(loss: Double, inclusion: Double)],
    of population: Int
  ) {
    precondition(sample.count <= population, "\(sample.count) of \(population)")
    for (loss, inclusion) in sample {
      precondition(inclusion > 0 && inclusion <= 1, "an inclusion probability of \(inclusion)")
      if inclusion < leastInclusion { isCapped = true }
      losses.insert(loss * min(1, leastInclusion / inclusion))
    }
    losses.insertZeros(population - sample.count)
    decide()
  }

  private mutating func decide() {
    guard verdict != .fails else { return }
    let bar = -log(periodRisk)
    let mean = limit * leastInclusion
    if losses.evidence(meanAbove: mean) >= bar {
      verdict = .fails
    } else if isCapped {
      verdict = .undecided
    } else if losses.evidence(meanBelow: mean) >= bar {
      verdict = .holds
    }
  }

  /// Begins the next period: no outcomes, no verdict, a smaller part of α.
  public mutating func beginPeriod() {
    period += 1
    verdict = .undecided
    isCapped = false
    losses = ConfidenceSequence()
  }

  /// The interval of this period's mean loss so far, at all looks of the period together.
  ///
  /// - Parameter confidence: Both sides together, in (0, 1).
  /// - Returns: Within [0, 1], the range of losses.
  /// - Complexity: O(1).
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    let scaled = losses.interval(confidence: confidence)
    let upper = isCapped ? 1 : min(1, scaled.upperBound / leastInclusion)
    return min(1, scaled.lowerBound / leastInclusion)...upper
  }
}

extension ClaimTest {
  /// All that changes: the period, the verdict's place among all verdicts, 1 where the period is
  /// capped, and those of ``ConfidenceSequence/stored``.
  public var stored: [Double] {
    let place = Verdict.allCases.firstIndex(of: verdict) ?? 0
    return [Double(period), Double(place), isCapped ? 1 : 0] + losses.stored
  }

  /// The same claim, going on from kept numbers; there is none of numbers that are not ``stored``.
  ///
  /// - Parameter stored: 24 finite numbers.
  /// - Returns: nil of numbers that are not ``stored``.
  public func restored(from stored: [Double]) -> Self? {
    guard stored.count > 3, let period = Int(exactly: stored[0]),
      (1...1 << 53).contains(period),
      let place = Int(exactly: stored[1]), Verdict.allCases.indices.contains(place),
      stored[2] == 0 || stored[2] == 1,
      let losses = ConfidenceSequence(stored: Array(stored.dropFirst(3)))
    else { return nil }
    var test = self
    test.period = period
    test.verdict = Verdict.allCases[place]
    test.isCapped = stored[2] == 1
    test.losses = losses
    return test
  }
}
