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
    self.init(share: Double(hits) / Double(trials), of: Double(trials), z: z)
  }

  /// The interval of a share in [0, 1] whose hits, an expectation, need not be a whole number.
  init(share: Double, of n: Double, z: Double) {
    let scale = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / scale
    let spread = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    lower = share == 0 ? 0 : max(0, centre - spread)
    upper = share == 1 ? 1 : min(1, centre + spread)
  }

  /// The interval with the correction for continuity, which keeps its promise of few events, too.
  ///
  /// `(2np̂ + z² − 1 − z·√(z² − 2 − 1/n + 4p̂(n(1 − p̂) + 1))) / 2(n + z²)` below, above alike. Without
  /// the correction 1 hit in 2 would be a share of more than 7 % with a confidence of 99 %, though
  /// one of 5 % gives as much in a tenth of all cases.
  ///
  /// - Parameters:
  ///   - hits: How often it happened, in 0...`trials`.
  ///   - trials: Of how many.
  ///   - tail: The probability of each side on its own, in (0, 0.5).
  /// - Complexity: O(1).
  /// - Source: R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics
  ///   in Medicine 17 (1998), method 4.
  public init?(hits: Int, of trials: Int, correctedTail tail: Double) {
    precondition(tail > 0 && tail < 0.5, "tail \(tail)")
    precondition(hits >= 0 && hits <= trials, "\(hits) of \(trials)")
    guard trials > 0 else { return nil }
    let z = NormalDistribution.upperQuantile(tail: tail)
    lower = Self.correctedLower(hits: Double(hits), of: Double(trials), z: z)
    upper = 1 - Self.correctedLower(hits: Double(trials - hits), of: Double(trials), z: z)
  }

  private static func correctedLower(hits: Double, of n: Double, z: Double) -> Double {
    guard hits > 0 else { return 0 }
    let inner = z * z - 2 - 1 / n + 4 * hits / n * (n - hits + 1)
    let bound = (2 * hits + z * z - 1 - z * max(0, inner).squareRoot()) / (2 * (n + z * z))
    return min(max(0, bound), hits / n)
  }
}
