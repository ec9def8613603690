/// Wilson's score interval of a share.
///
/// The shares p for which a normal test at the given confidence does not reject the one that was
/// seen: `(p̂ + z²/2n ± z·√(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)`.
///
/// - **Range**: within [0, 1]; never empty, also for no hits or nothing but hits.
/// - **Small numbers**: unlike the textbook interval it does not collapse at a share of 0 or 1: 1 hit
///   in 10 is a share of at least 1.8 % with a confidence of 95 %.
/// - **Source**: E. B. Wilson, "Probable inference, the law of succession, and statistical
///   inference", JASA 22 (1927).
public struct WilsonInterval: Sendable, Equatable {
  /// The least share, in [0, 1].
  public let lower: Double
  /// The greatest share, in [0, 1].
  public let upper: Double

  /// Computes the interval; there is none of no trials.
  ///
  /// - Parameters:
  ///   - hits: How often it happened, in 0...`trials`.
  ///   - trials: Of how many.
  ///   - confidence: The probability of both sides together, in (0, 1).
  /// - Complexity: O(1).
  public init?(hits: Int, of trials: Int, confidence: Double = 0.95) {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    precondition(hits >= 0 && hits <= trials, "\(hits) of \(trials)")
    guard trials > 0 else { return nil }
    let z = NormalDistribution.upperQuantile(tail: (1 - confidence) / 2)
    self.init(hits: hits, of: trials, z: z)
  }

  /// The interval for a known quantile of the normal distribution.
  init(hits: Int, of trials: Int, z: Double) {
    let n = Double(trials)
    let share = Double(hits) / n
    let scale = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / scale
    let spread = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    lower = hits == 0 ? 0 : max(0, centre - spread)
    upper = hits == trials ? 1 : min(1, centre + spread)
  }
}
