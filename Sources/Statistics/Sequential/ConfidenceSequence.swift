import Glibc

/// What a mean is, from losses that are looked at after every one: a confidence sequence by betting.
///
/// For a mean m and an odds ratio ρ the bet's capital is `K(m) = Π (1 + (ρ − 1)x)/(1 + (ρ − 1)m)`,
/// the wealth of one who stakes `λ = (ρ − 1)/(1 + (ρ − 1)m)` of it on each `x − m`. Ten bets with ρ
/// of `exp 2⁻⁷ … exp 2²` win where the mean is above m, ten with `1/ρ` where it is below. For an x of
/// 0 or 1 it is the likelihood ratio of a mean with ρ times the odds of m, so the bets fit rare losses
/// as they are. As the x and the m stand apart in it, the capital of *every* m follows from the count
/// and a sum a bet: the bets are inverted without a grid of means, and 20 sums are all that is kept.
///
/// - **Guarantee**: where the mean of the losses' conditional means so far is never above m,
///   `evidence(meanAbove: m)` ever reaches `ln 1/α` with a probability of at most α; below alike. The
///   mean may change: `K(m) ≤ S·exp(λ Σ(μ_i − m))` with a supermartingale S that starts at 1, since
///   `1 + λ(μ − m) ≤ exp(λ(μ − m))`. So the interval at confidence 1 − α holds the mean so far at all
///   counts together, with a probability of at least 1 − α.
/// - **Input**: losses in [0, 1]; each one's conditional mean is that given the losses before it.
///   Losses that are bounded otherwise are scaled to [0, 1] first.
/// - **Source**: I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by
///   betting", JRSS B 86 (2024), arXiv 2010.09686, section 4.
public struct ConfidenceSequence: Sendable, Equatable {
  /// ln ρ of the bets: those on a mean above, then their negatives.
  static let logOddsRatios: [Double] = {
    let above = (-7...2).map { exp2(Double($0)) }
    return above + above.map { -$0 }
  }()
  /// ρ − 1 of each bet.
  private static let stakes = logOddsRatios.map { expm1($0) }
  private static let betsOnASide = stakes.count / 2

  /// The losses taken.
  public private(set) var count: Int
  /// Σ ln(1 + (ρ − 1)x) of each bet.
  private var sums: [Double]

  /// A sequence that has seen nothing.
  public init() {
    count = 0
    sums = [Double](repeating: 0, count: Self.stakes.count)
  }

  /// All that is kept: the count, then a sum a bet.
  public var stored: [Double] { [Double(count)] + sums }

  /// A sequence that goes on from kept numbers; there is none of numbers that are not ``stored``.
  ///
  /// - Parameter stored: 21 finite numbers, the first a count of at most 2⁵³.
  public init?(stored: [Double]) {
    guard stored.count == 1 + Self.stakes.count, stored.allSatisfy(\.isFinite),
      let count = Int(exactly: stored[0]), (0...1 << 53).contains(count)
    else { return nil }
    self.count = count
    sums = Array(stored.dropFirst())
  }

  /// Takes a loss.
  ///
  /// - Parameter loss: In [0, 1].
  /// - Complexity: O(1): 20 logarithms.
  public mutating func insert(_ loss: Double) {
    precondition(loss >= 0 && loss <= 1, "a loss of \(loss)")
    count += 1
    if loss == 0 { return }
    for (index, stake) in Self.stakes.enumerated() {
      sums[index] += loss == 1 ? Self.logOddsRatios[index] : log1p(stake * loss)
    }
  }

  /// Takes losses that are all 0.
  ///
  /// - Parameter number: How many, at least 0.
  /// - Complexity: O(1).
  public mutating func insertZeros(_ number: Int) {
    precondition(number >= 0, "\(number) losses")
    count += number
  }

  /// ln of the evidence that the mean is above a number; it grows without a limit where that is so.
  ///
  /// - Parameter mean: In [0, 1].
  /// - Returns: ln of the mean capital of the ten bets; 0 before the first loss.
  /// - Complexity: O(1).
  public func evidence(meanAbove mean: Double) -> Double {
    evidence(0..<Self.betsOnASide, against: mean)
  }

  /// ln of the evidence that the mean is below a number; otherwise as ``evidence(meanAbove:)``.
  public func evidence(meanBelow mean: Double) -> Double {
    evidence(Self.betsOnASide..<Self.stakes.count, against: mean)
  }

  private func evidence(_ bets: Range<Int>, against mean: Double) -> Double {
    precondition(mean >= 0 && mean <= 1, "a mean of \(mean)")
    return logMean(bets.map { sums[$0] - Double(count) * log1p(Self.stakes[$0] * mean) })
  }

  /// The interval of the mean so far, at every count together.
  ///
  /// - Parameter confidence: Both sides together, in (0, 1).
  /// - Returns: The means against which neither side has evidence of `2/(1 − confidence)`; all of
  ///   [0, 1] at the start.
  /// - Complexity: O(1): some twenty evaluations a side.
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    let limit = log(2 / (1 - confidence))
    // Evidence for a mean above m falls as m grows, that for one below rises.
    let lower =
      evidence(meanAbove: 0) < limit
      ? 0 : MonotoneRoot.find(from: 0, to: 1) { evidence(meanAbove: $0) - limit }
    let upper =
      evidence(meanBelow: 1) < limit
      ? 1 : MonotoneRoot.find(from: 0, to: 1) { evidence(meanBelow: $0) - limit }
    return min(lower, upper)...max(lower, upper)
  }
}
