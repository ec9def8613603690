/// A measure of how good binary decisions and their scores are.
public enum BinaryMeasure: String, Sendable, CaseIterable {
  /// The share of decisions that are right.
  case accuracy
  /// The share of positive decisions whose outcome is positive.
  case precision
  /// The share of positive outcomes whose decision is positive.
  case recall
  /// The share of negative outcomes whose decision is negative.
  case specificity
  /// The harmonic mean of precision and recall.
  case f1
  /// The probability that a positive outcome's score is above a negative one's.
  case rocAUC = "roc_auc"
  /// The mean precision over the positive outcomes' scores as thresholds.
  case averagePrecision = "average_precision"
  /// The mean squared distance of score and outcome.
  case brier
  /// The mean negative logarithm of the probability that the score gave to the outcome, in nats.
  case logLoss = "log_loss"
  /// The expected calibration error over ten bins of equal width.
  case ece
}
