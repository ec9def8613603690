@testable import Statistics

/// Forty predictions that any language can make again, on which NumPy and SciPy worked out numbers:
/// `s_t = frac(0.6180339887498949 t)`, `c = 0.9 s^1.5 + 0.02`, the decision `s ≥ ½` and the outcome
/// `frac(0.7548776662466927 t) < s_t`.
enum GoldenOutcomes {
  private static func fraction(_ x: Double) -> Double { x - x.rounded(.down) }
  private static let places = (1...40).map(Double.init)

  static let scores = places.map { fraction($0 * 0.6180339887498949) }
  static let probabilities = scores.map { power($0, 1.5) * 0.9 + 0.02 }
  static let decisions = scores.map { $0 >= 0.5 }
  static let outcomes = zip(places, scores).map { fraction($0 * 0.7548776662466927) < $1 }
  static let draws = places.map { fraction($0 * 0.5698402909980532) }
  static let values = OutcomeValues(
    truePositive: 5,
    falsePositive: -1,
    falseNegative: -10,
    trueNegative: 0
  )

  static let realised = BinaryOutcomes(scores: scores, decisions: decisions, outcomes: outcomes)
  static let estimated = EstimatedOutcomes(
    scores: scores,
    probabilities: probabilities,
    decisions: decisions
  )
}
