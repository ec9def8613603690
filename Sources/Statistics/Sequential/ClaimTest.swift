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
    losses = ConfidenceSequence()
  }

  /// The outcomes of this period, with those predictions that a sample left out.
  public var count: Int { losses.count }

  /// The part of α that is this period's.
  public var periodRisk: Double {
    risk * 6 / (Double.pi * Double.pi * Double(period) * Double(period))
  }

  /// Takes an outcome.
  ///
  /// - Parameter loss: In [0, 1].
  /// - Complexity: O(1).
  public mutating func insert(loss: Double) { insert(loss: loss, inclusion: 1) }

  /// Takes an outcome of a probability sample; ``insertUnsampled(_:)`` takes the predictions that the
  /// sample left out.
  ///
  /// `loss/π` is unbiased and at most `1/π_min`, so `loss·π_min/π` is bet on against `c·π_min`. The
  /// price of the bound: with equal π about as many sampled outcomes of rare losses are needed as
  /// without a sample, and more where π differ much.
  ///
  /// - Parameters:
  ///   - loss: In [0, 1].
  ///   - inclusion: π: the probability that this prediction is in the sample given all that came
  ///     before, at least ``leastInclusion``. Of a bottom-k sample the predictions of a pane depend on
  ///     each other a little: then `verdict` is to be read at the end of panes.
  /// - Complexity: O(1).
  public mutating func insert(loss: Double, inclusion: Double) {
    precondition(
      inclusion >= leastInclusion && inclusion <= 1,
      "an inclusion probability of \(inclusion), \(leastInclusion) at least"
    )
    losses.insert(loss * leastInclusion / inclusion)
    decide()
  }

  /// Takes predictions that the sample left out; only a claim with a ``leastInclusion`` below 1 has
  /// such.
  ///
  /// - Parameter number: How many, at least 0.
  /// - Complexity: O(1).
  public mutating func insertUnsampled(_ number: Int) {
    precondition(leastInclusion < 1 || number == 0, "\(number) predictions without an outcome")
    losses.insertZeros(number)
    decide()
  }

  private mutating func decide() {
    guard verdict != .fails else { return }
    let bar = -log(periodRisk)
    let mean = limit * leastInclusion
    if losses.evidence(meanAbove: mean) >= bar {
      verdict = .fails
    } else if losses.evidence(meanBelow: mean) >= bar {
      verdict = .holds
    }
  }

  /// Begins the next period: no outcomes, no verdict, a smaller part of α.
  public mutating func beginPeriod() {
    period += 1
    verdict = .undecided
    losses = ConfidenceSequence()
  }

  /// The interval of this period's mean loss so far, at all looks of the period together.
  ///
  /// - Parameter confidence: Both sides together, in (0, 1).
  /// - Returns: Within [0, 1], the range of losses.
  /// - Complexity: O(1).
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    let scaled = losses.interval(confidence: confidence)
    return min(1, scaled.lowerBound / leastInclusion)...min(1, scaled.upperBound / leastInclusion)
  }
}

extension ClaimTest {
  /// All that changes: the period, the verdict's place among all verdicts, and those of
  /// ``ConfidenceSequence/stored``.
  public var stored: [Double] {
    let place = Verdict.allCases.firstIndex(of: verdict) ?? 0
    return [Double(period), Double(place)] + losses.stored
  }

  /// The same claim, going on from kept numbers; there is none of numbers that are not ``stored``.
  ///
  /// - Parameter stored: 23 finite numbers.
  /// - Returns: nil of numbers that are not ``stored``.
  public func restored(from stored: [Double]) -> Self? {
    guard stored.count > 2, let period = Int(exactly: stored[0]), period > 0,
      let place = Int(exactly: stored[1]), Verdict.allCases.indices.contains(place),
      let losses = ConfidenceSequence(stored: Array(stored.dropFirst(2)))
    else { return nil }
    var test = self
    test.period = period
    test.verdict = Verdict.allCases[place]
    test.losses = losses
    return test
  }
}
