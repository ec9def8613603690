import Glibc

/// A part of Brier's score, by the name that records have.
public enum BrierPart: String, Sendable, CaseIterable {
  /// How far the bins' mean scores are from their shares of positives.
  case reliability = "brier_reliability"
  /// How far the bins' shares of positives are from that of all.
  case resolution = "brier_resolution"
  /// The outcomes' variance.
  case uncertainty = "brier_uncertainty"
  /// The scores' variance inside the bins.
  case withinBinVariance = "brier_within_bin_variance"
  /// The covariance of score and outcome inside the bins.
  case withinBinCovariance = "brier_within_bin_covariance"
}

/// Brier's score in parts: `reliability − resolution + uncertainty + within-bin variance − 2 ·
/// within-bin covariance`.
///
/// - **Source**: A. H. Murphy, "A new vector partition of the probability score", Journal of
///   Applied Meteorology 12 (1973); D. B. Stephenson et al., "Two extra components in the Brier
///   score decomposition", Weather and Forecasting 23 (2008).
public struct BrierDecomposition: Sendable, Equatable {
  /// How far the bins' mean scores are from their shares of positives, squared; 0 is best.
  public let reliability: Double
  /// How far the bins' shares of positives are from that of all, squared; more is better.
  public let resolution: Double
  /// The outcomes' variance.
  public let uncertainty: Double
  /// The scores' variance inside the bins.
  public let withinBinVariance: Double
  /// The covariance of score and outcome inside the bins.
  public let withinBinCovariance: Double

  /// Brier's score.
  public var score: Double {
    reliability - resolution + uncertainty + withinBinVariance - 2 * withinBinCovariance
  }

  /// One of the parts.
  public subscript(part: BrierPart) -> Double {
    switch part {
    case .reliability: reliability
    case .resolution: resolution
    case .uncertainty: uncertainty
    case .withinBinVariance: withinBinVariance
    case .withinBinCovariance: withinBinCovariance
    }
  }
}

extension ScoreTable {
  /// The bins of equal width, closed on the left; the last one on both sides.
  private static let binCount = 10

  /// What a bin holds: sums over its predictions.
  private struct Bin {
    var count = 0.0
    var positives = 0.0
    var scores = 0.0
    var squares = 0.0
    var products = 0.0
  }

  private var bins: [Bin] {
    var bins = [Bin](repeating: Bin(), count: Self.binCount)
    for index in scores.indices {
      let (score, positive) = (scores[index], positives[index])
      let number = min(Int(score * Double(Self.binCount)), Self.binCount - 1)
      let count = positive + negatives[index]
      bins[number].count += count
      bins[number].positives += positive
      bins[number].scores += count * score
      bins[number].squares += count * score * score
      bins[number].products += positive * score
    }
    return bins.filter { $0.count > 0 }
  }

  /// The expected calibration error: how far the bins' mean scores are from their shares of
  /// positives, on average over the predictions; in [0, 1].
  ///
  /// - Returns: nil of no predictions, or with a score outside [0, 1].
  /// - Complexity: O(scores).
  /// - Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities
  ///   using Bayesian binning", AAAI 2015; ten bins of equal width.
  public var expectedCalibrationError: Double? {
    guard count > 0, isOfProbabilities else { return nil }
    return bins.reduce(0) { $0 + abs($1.scores - $1.positives) } / count
  }

  /// Brier's score in parts, by the same bins.
  ///
  /// - Returns: nil of no predictions, or with a score outside [0, 1].
  /// - Complexity: O(scores).
  public var brierDecomposition: BrierDecomposition? {
    guard count > 0, isOfProbabilities else { return nil }
    let share = positiveCount / count
    var (reliability, resolution, variance, covariance) = (0.0, 0.0, 0.0, 0.0)
    for bin in bins {
      let (score, positive) = (bin.scores / bin.count, bin.positives / bin.count)
      reliability += bin.count * (score - positive) * (score - positive)
      resolution += bin.count * (positive - share) * (positive - share)
      variance += max(0, bin.squares - bin.count * score * score)
      covariance += bin.products - bin.count * score * positive
    }
    return BrierDecomposition(
      reliability: reliability / count,
      resolution: resolution / count,
      uncertainty: share * (1 - share),
      withinBinVariance: variance / count,
      withinBinCovariance: covariance / count
    )
  }

  /// Brier's score, `mean (s − y)²`.
  func brier(confidence: Double) -> QualityEstimate {
    meanLoss(confidence: confidence, within: 0...1) { score, isPositive in
      isPositive ? (1 - score) * (1 - score) : score * score
    }
  }

  /// The log loss in nats, with scores cut to [ε, 1 − ε], ε = 2⁻⁵², as scikit-learn does.
  func logLoss(confidence: Double) -> QualityEstimate {
    let least = Double.ulpOfOne
    return meanLoss(confidence: confidence, within: 0 ... .infinity) { score, isPositive in
      let score = min(max(score, least), 1 - least)
      return isPositive ? -log(score) : -log(1 - score)
    }
  }

  private func meanLoss(
    confidence: Double,
    within range: ClosedRange<Double>,
    _ loss: (_ score: Double, _ isPositive: Bool) -> Double
  ) -> QualityEstimate {
    guard count > 0 else { return QualityEstimate(absent: .noPredictions) }
    guard isOfProbabilities else { return QualityEstimate(absent: .scoresOutsideUnitInterval) }
    let losses = scores.map { (loss($0, true), loss($0, false)) }
    func mean(_ value: (Double) -> Double) -> Double {
      scores.indices.reduce(0) { sum, index in
        sum + positives[index] * value(losses[index].0) + negatives[index] * value(losses[index].1)
      } / count
    }
    let average = mean { $0 }
    let variance = mean { ($0 - average) * ($0 - average) }
    return QualityInterval.mean(
      average,
      deviation: variance.squareRoot(),
      count: Int(count),
      confidence: confidence,
      within: range
    )
  }
}
