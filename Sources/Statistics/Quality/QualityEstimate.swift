import Glibc

/// A measure of quality, its confidence interval, and why one of them is missing.
///
/// - **Shape**: without a value there is no interval; ``absence`` is set just when one is missing.
/// - **Unit and range**: those of the measure; the interval holds the value and is within the
///   range.
public struct QualityEstimate: Sendable, Equatable {
  /// The number; nil where there is none.
  public let value: Double?
  /// Its two-sided interval at the confidence that was asked for; nil where none holds.
  public let interval: ClosedRange<Double>?
  /// Why the value, or its interval, is missing.
  public let absence: QualityAbsence?

  /// A number with its interval.
  ///
  /// - Parameters:
  ///   - value: The number, in `range`.
  ///   - interval: Its interval: cut to the range, and widened to hold the value.
  ///   - range: What the measure may be.
  public init(
    _ value: Double,
    _ interval: ClosedRange<Double>,
    within range: ClosedRange<Double> = 0...1
  ) {
    self.value = value
    let lower = max(interval.lowerBound, range.lowerBound)
    let upper = min(interval.upperBound, range.upperBound)
    self.interval = min(lower, value)...max(upper, value)
    absence = nil
  }

  /// A number that no interval can be told of.
  public init(_ value: Double, without absence: QualityAbsence) {
    self.value = value
    interval = nil
    self.absence = absence
  }

  /// No number.
  public init(absent absence: QualityAbsence) {
    value = nil
    interval = nil
    self.absence = absence
  }
}

/// Why a measure of quality has no value, or no interval.
public enum QualityAbsence: String, Sendable, Equatable, CaseIterable {
  /// There is no prediction with an outcome.
  case noPredictions = "no_predictions"
  /// No outcome is positive.
  case noPositiveOutcomes = "no_positive_outcomes"
  /// No outcome is negative.
  case noNegativeOutcomes = "no_negative_outcomes"
  /// No decision is positive.
  case noPositiveDecisions = "no_positive_decisions"
  /// Neither an outcome nor a decision is positive.
  case noPositives = "no_positives"
  /// Too few outcomes are positive for an interval.
  case tooFewPositives = "too_few_positives"
  /// Too few outcomes are negative for an interval.
  case tooFewNegatives = "too_few_negatives"
  /// There are too few predictions with an outcome for an interval.
  case tooFewPredictions = "too_few_predictions"
  /// A score is below 0 or above 1, so scores are no probabilities.
  case scoresOutsideUnitInterval = "scores_outside_unit_interval"
  /// All outcomes are one number, so there is no variance to explain.
  case constantOutcome = "constant_outcome"
  /// No interval is known that holds for this measure.
  case noIntervalKnown = "no_interval_known"
  /// The measure cannot be told without outcomes.
  case notEstimated = "not_estimated"
}

/// The parts of an interval that measures have in common.
enum QualityInterval {
  /// The fewest positives, and the fewest negatives, of an interval of a ranking.
  static let leastOfClass = 10

  /// z of both sides together.
  static func z(confidence: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    return NormalDistribution.upperQuantile(tail: (1 - confidence) / 2)
  }

  /// Wilson's interval of a share.
  static func share(_ hits: Int, of trials: Int, confidence: Double) -> QualityEstimate? {
    WilsonInterval(hits: hits, of: trials, confidence: confidence).map {
      QualityEstimate(Double(hits) / Double(trials), $0.lower...$0.upper)
    }
  }

  /// Student's interval of a mean.
  static func mean(
    _ mean: Double,
    deviation: Double,
    count: Int,
    confidence: Double,
    within range: ClosedRange<Double>
  ) -> QualityEstimate {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    let estimate = Estimate(mean: mean, deviation: deviation, count: count)
    guard count > 1, let bounds = estimate.bounds(tail: (1 - confidence) / 2) else {
      return QualityEstimate(mean, without: .tooFewPredictions)
    }
    return QualityEstimate(mean, bounds, within: range)
  }

  /// The normal interval.
  static func normal(
    _ value: Double,
    variance: Double,
    confidence: Double,
    within range: ClosedRange<Double> = 0...1
  ) -> QualityEstimate {
    let half = z(confidence: confidence) * variance.squareRoot()
    return QualityEstimate(value, value - half...value + half, within: range)
  }

  /// The interval of `ln(x/(1 − x))`, turned back; the value is in (0, 1).
  ///
  /// `quantile` is half the interval's width in standard errors.
  static func logit(_ value: Double, variance: Double, quantile: Double) -> QualityEstimate {
    let ratio = exp(quantile * variance.squareRoot() / (value * (1 - value)))
    let odds = value / (1 - value)
    return QualityEstimate(value, odds / (odds + ratio)...odds / (odds + 1 / ratio))
  }
}
