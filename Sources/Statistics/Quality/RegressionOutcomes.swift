/// A measure of how good predicted numbers are.
public enum RegressionMeasure: String, Sendable, CaseIterable {
  /// The mean absolute error, in the outcome's unit.
  case mae
  /// The root of the mean squared error, in the outcome's unit.
  case rmse
  /// The mean error, prediction less outcome, in the outcome's unit.
  case bias
  /// The share of the outcomes' variance that the predictions explain; 1 at best, below 0 where
  /// they are worse than the outcomes' mean.
  case rSquared = "r2"
}

/// Predictions of a number whose outcomes are known, and how good they were.
///
/// All sums run over sorted values, so that nothing depends on the predictions' order.
public struct RegressionOutcomes: Sendable, Equatable {
  /// The errors, prediction less outcome, increasing.
  public let errors: [Double]
  /// `Σ (y − ȳ)²` of the outcomes.
  private let outcomeSquares: Double
  private let isOutcomeConstant: Bool

  /// Sorts errors.
  ///
  /// - Parameters:
  ///   - predictions: The predictions, finite.
  ///   - outcomes: The outcomes in the same order, finite.
  /// - Complexity: O(n log n).
  public init(predictions: [Double], outcomes: [Double]) {
    precondition(
      predictions.count == outcomes.count,
      "\(predictions.count) predictions, \(outcomes.count) outcomes"
    )
    errors = zip(predictions, outcomes).map { $0 - $1 }.sorted()
    let sorted = outcomes.sorted()
    let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
    outcomeSquares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    isOutcomeConstant = sorted.first == sorted.last
  }

  /// A measure at a confidence of 95 %.
  public subscript(measure: RegressionMeasure) -> QualityEstimate {
    estimate(measure, confidence: 0.95)
  }

  /// A measure with its interval.
  ///
  /// - Intervals: Student's of `mae` and `bias`; of `rmse` the roots of Student's of the mean
  ///   squared error, cut at 0. `r2` has none.
  ///
  /// - Parameters:
  ///   - measure: Which one.
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The value and its interval, or why they are missing.
  /// - Complexity: O(n).
  public func estimate(_ measure: RegressionMeasure, confidence: Double) -> QualityEstimate {
    guard !errors.isEmpty else { return QualityEstimate(absent: .noPredictions) }
    switch measure {
    case .mae: return mean(confidence: confidence, within: 0 ... .infinity) { abs($0) }
    case .bias: return mean(confidence: confidence, within: -.infinity ... .infinity) { $0 }
    case .rmse:
      let squares = mean(confidence: confidence, within: 0 ... .infinity) { $0 * $0 }
      let root = (squares.value ?? 0).squareRoot()
      guard let interval = squares.interval else {
        return QualityEstimate(root, without: .tooFewPredictions)
      }
      return QualityEstimate(
        root,
        interval.lowerBound.squareRoot()...interval.upperBound.squareRoot(),
        within: 0 ... .infinity
      )
    case .rSquared:
      guard !isOutcomeConstant, outcomeSquares > 0 else {
        return QualityEstimate(absent: .constantOutcome)
      }
      let left = errors.reduce(0) { $0 + $1 * $1 }
      return QualityEstimate(1 - left / outcomeSquares, without: .noIntervalKnown)
    }
  }

  /// A quantile of the error, as ``QuantileRanks`` says.
  ///
  /// - Parameters:
  ///   - q: In [0, 1].
  ///   - confidence: Both sides of the interval together, in (0, 1).
  /// - Returns: The quantile; without an interval where a rank is beyond the sample.
  /// - Complexity: O(1).
  public func errorQuantile(_ q: Double, confidence: Double = 0.95) -> QualityEstimate {
    guard !errors.isEmpty else { return QualityEstimate(absent: .noPredictions) }
    return QuantileRanks(q, of: errors.count, confidence: confidence).estimate { errors[$0] }
  }

  private func mean(
    confidence: Double,
    within range: ClosedRange<Double>,
    _ loss: (Double) -> Double
  ) -> QualityEstimate {
    let n = Double(errors.count)
    let mean = errors.reduce(0) { $0 + loss($1) } / n
    let variance =
      errors.reduce(0) { $0 + (loss($1) - mean) * (loss($1) - mean) } / n
    return QualityInterval.mean(
      mean,
      deviation: variance.squareRoot(),
      count: errors.count,
      confidence: confidence,
      within: range
    )
  }
}
