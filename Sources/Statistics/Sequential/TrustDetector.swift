import Glibc

/// Whether outcomes go on being as they were expected: an e-detector of the estimate's trust.
///
/// Each outcome gives `d = loss − q`, the loss less the expected loss. Eight processes bet that d is
/// above or below 0 on average, `M ← (M + 1)(1 ± λd)` for λ of 0.1, 0.25, 0.5 and 0.9; it alarms when
/// their mean reaches A. Where d is 0 on average given what came before, at least A outcomes lie
/// between false alarms on average. A change is found as fast after a long calm as at the start,
/// because each outcome begins a new bet.
///
/// - **Input**: outcomes that are mature, or a probability sample, in the order of their predictions:
///   those that come early are mostly of one class.
/// - **Source**: J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for
///   sequential change detection", arXiv 2203.03532.
public struct TrustDetector: Sendable, Equatable {
  /// Which way outcomes differ from what was expected.
  public enum Side: Sendable, Equatable {
    /// There are more losses than expected.
    case worse
    /// There are fewer.
    case better
  }

  /// The bets' sizes.
  public static let bets = [0.1, 0.25, 0.5, 0.9]

  /// ln M of each bet on more losses, then of each on fewer; −∞ at the start.
  public private(set) var logarithms: [Double]

  /// A detector that has seen nothing.
  public init() {
    logarithms = [Double](repeating: -.infinity, count: 2 * Self.bets.count)
  }

  /// A detector that goes on from kept numbers; there is none of a wrong count, or of NaN.
  ///
  /// - Parameter logarithms: Those of ``logarithms``.
  public init?(logarithms: [Double]) {
    guard logarithms.count == 2 * Self.bets.count,
      !logarithms.contains(where: { $0.isNaN || $0 == .infinity })
    else { return nil }
    self.logarithms = logarithms
  }

  /// Takes an outcome.
  ///
  /// - Parameters:
  ///   - loss: In [0, 1]: 1 of a wrong decision, 0 of a right one.
  ///   - expected: The expected loss, in [0, 1].
  /// - Complexity: O(1).
  public mutating func insert(loss: Double, expected: Double) {
    let difference = loss - expected
    precondition(abs(difference) <= 1, "a loss of \(loss), \(expected) expected")
    for (index, bet) in Self.bets.enumerated() {
      grow(index, by: log1p(bet * difference))
      grow(index + Self.bets.count, by: log1p(-bet * difference))
    }
  }

  /// ln(M + 1) without an overflow, plus the bet's gain.
  private mutating func grow(_ index: Int, by gain: Double) {
    let old = logarithms[index]
    logarithms[index] = max(0, old) + log1p(exp(-abs(old))) + gain
  }

  /// ln of the mean of all bets, −∞ before the first outcome; it alarms at ln A.
  public var evidence: Double { logMean(logarithms) }

  /// The evidence as a multiple of that at which the detector alarms: from 1 on it does.
  ///
  /// - Parameter outcomesBetweenAlarms: A: how many outcomes lie between false alarms on average, at
  ///   least; above 0.
  /// - Returns: 0 or more; the greatest number where it is beyond the doubles.
  public func ratio(outcomesBetweenAlarms: Double) -> Double {
    min(exp(evidence - log(outcomesBetweenAlarms)), .greatestFiniteMagnitude)
  }

  /// Whether the detector alarms.
  ///
  /// - Parameter outcomesBetweenAlarms: A: how many outcomes lie between false alarms on average, at
  ///   least; above 0.
  /// - Returns: The side whose bets have won more; nil when there is no alarm.
  /// - Complexity: O(1).
  public func alarm(outcomesBetweenAlarms: Double) -> Side? {
    precondition(outcomesBetweenAlarms > 0, "\(outcomesBetweenAlarms) outcomes between alarms")
    guard evidence >= log(outcomesBetweenAlarms) else { return nil }
    let worse = logMean(logarithms.prefix(Self.bets.count))
    let better = logMean(logarithms.suffix(Self.bets.count))
    return worse >= better ? .worse : .better
  }
}
