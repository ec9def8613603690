import Glibc

/// Whether a canary is worse than the stable version, looked at after every pair of outcomes.
///
/// A pair gives `z = (loss of the canary − loss of the stable version)/bound` in [−1, 1]; Δ is the
/// mean of z, above 0 where the canary is worse. Two sides bet: one against `Δ ≤ 0`, whose win is a
/// rollback, one against `Δ ≥ margin`, whose win is a promotion. Between 0 and the margin both are
/// true statements, and the one that is known first is said; of two at once, the rollback.
///
/// - **Guarantee**: over all looks, `rollback` is said with a probability of at most α while the mean
///   of z so far is at most 0, and `promote` with at most α while it is at least the margin. Where Δ
///   does not change only one of the two can be false, so any error has at most α. For K tests
///   together (measures × canaries) each is given α/K.
/// - **Pairs**: losses on the same event (a shadow), or the i-th mature outcomes of both versions in
///   order of prediction time, where an event's version is chosen by chance or by hash. An outcome
///   that is not mature gives no pair: early labels are mostly of one class.
/// - **Source**: ``ConfidenceSequence`` of `(1 + z)/2`.
public struct CanaryTest: Sendable, Equatable {
  /// What the evidence says of the canary.
  public enum Verdict: String, Sendable, Equatable, CaseIterable {
    /// It is not worse by the margin.
    case promote
    /// It is worse.
    case rollback
    /// Neither is known.
    case `continue`
  }

  /// The least difference that is not tolerated, in units of the bound, in (0, 1).
  public let margin: Double
  /// α: the probability of a false rollback, and that of a false promotion.
  public let risk: Double
  /// The first verdict that was known; it stays.
  public private(set) var verdict: Verdict
  private var halves: ConfidenceSequence

  /// A test that has seen nothing.
  ///
  /// - Parameters:
  ///   - margin: In units of the bound, in (0, 1).
  ///   - risk: α, in (0, 1).
  public init(margin: Double, risk: Double = 0.05) {
    precondition(margin > 0 && margin < 1, "a margin of \(margin)")
    precondition(risk > 0 && risk < 1, "a risk of \(risk)")
    self.margin = margin
    self.risk = risk
    verdict = .continue
    halves = ConfidenceSequence()
  }

  /// The pairs taken.
  public var count: Int { halves.count }

  /// Takes a pair.
  ///
  /// - Parameter difference: z, the canary's loss less the stable version's over the greatest that
  ///   it can be, in [−1, 1].
  /// - Complexity: O(1).
  public mutating func insert(difference: Double) {
    precondition(abs(difference) <= 1, "a difference of \(difference)")
    halves.insert((1 + difference) / 2)
    guard verdict == .continue else { return }
    let bar = -log(risk)
    if halves.evidence(meanAbove: 0.5) >= bar {
      verdict = .rollback
    } else if halves.evidence(meanBelow: (1 + margin) / 2) >= bar {
      verdict = .promote
    }
  }

  /// The interval of the mean difference so far, at all looks together.
  ///
  /// Each end is wrong with a probability of at most ``risk``, as the verdict is, and agrees with the
  /// verdict: what was excluded at one look is excluded at all later ones.
  ///
  /// - Returns: Within [−1, 1]; after a rollback not below 0, after a promotion not above the margin.
  /// - Complexity: O(1).
  public var interval: ClosedRange<Double> {
    let half = halves.interval(confidence: max(1 - 2 * risk, Self.leastConfidence))
    var (low, high) = (2 * half.lowerBound - 1, 2 * half.upperBound - 1)
    switch verdict {
    case .rollback: (low, high) = (max(low, 0), max(high, 0))
    case .promote: (low, high) = (min(low, margin), min(high, margin))
    case .continue: break
    }
    return low...high
  }

  /// The least confidence of an interval, whatever the risk.
  private static let leastConfidence = 0.5
}

extension CanaryTest {
  /// All that changes: the verdict's place among all verdicts, and those of
  /// ``ConfidenceSequence/stored``.
  public var stored: [Double] {
    [Double(Verdict.allCases.firstIndex(of: verdict) ?? 0)] + halves.stored
  }

  /// The same test, going on from kept numbers; there is none of numbers that are not ``stored``.
  ///
  /// - Parameter stored: 22 finite numbers.
  /// - Returns: nil of numbers that are not ``stored``.
  public func restored(from stored: [Double]) -> Self? {
    guard let first = stored.first, let place = Int(exactly: first),
      Verdict.allCases.indices.contains(place),
      let halves = ConfidenceSequence(stored: Array(stored.dropFirst()))
    else { return nil }
    var test = self
    test.verdict = Verdict.allCases[place]
    test.halves = halves
    return test
  }
}
