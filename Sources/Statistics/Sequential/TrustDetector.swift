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

  /// Where an M stays when it would grow on, so that it never overflows.
  public static let greatest = 1e300

  /// M of each bet on more losses, then of each on fewer, in 0...1e300; 0 at the start.
  public private(set) var wealths: [Double]

  /// A detector that has seen nothing.
  public init() { wealths = [Double](repeating: 0, count: 2 * Self.bets.count) }

  /// A detector that goes on from kept numbers; there is none of a wrong count, or of such as none
  /// keeps.
  ///
  /// - Parameter wealths: Those of ``wealths``.
  public init?(wealths: [Double]) {
    guard wealths.count == 2 * Self.bets.count,
      wealths.allSatisfy({ (0...Self.greatest).contains($0) })
    else { return nil }
    self.wealths = wealths
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
      let other = index + Self.bets.count
      wealths[index] = min((wealths[index] + 1) * (1 + bet * difference), Self.greatest)
      wealths[other] = min((wealths[other] + 1) * (1 - bet * difference), Self.greatest)
    }
  }

  /// The mean of all bets, 0 before the first outcome; it alarms at A.
  public var evidence: Double { Self.mean(wealths[...]) }

  private static func mean(_ wealths: ArraySlice<Double>) -> Double {
    wealths.reduce(0) { $0 + $1 / Double(wealths.count) }
  }

  /// The evidence as a multiple of that at which the detector alarms: from 1 on it does.
  ///
  /// - Parameter outcomesBetweenAlarms: A: how many outcomes lie between false alarms on average, at
  ///   least; above 0.
  /// - Returns: 0 or more.
  public func ratio(outcomesBetweenAlarms: Double) -> Double {
    evidence / outcomesBetweenAlarms
  }

  /// Whether the detector alarms.
  ///
  /// - Parameter outcomesBetweenAlarms: A: how many outcomes lie between false alarms on average, at
  ///   least; above 0.
  /// - Returns: The side whose bets have won more; nil when there is no alarm.
  /// - Complexity: O(1).
  public func alarm(outcomesBetweenAlarms: Double) -> Side? {
    precondition(outcomesBetweenAlarms > 0, "\(outcomesBetweenAlarms) outcomes between alarms")
    guard evidence >= outcomesBetweenAlarms else { return nil }
    let worse = Self.mean(wealths.prefix(Self.bets.count))
    let better = Self.mean(wealths.suffix(Self.bets.count))
    return worse >= better ? .worse : .better
  }
}
