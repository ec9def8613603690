public import Records
public import Statistics

/// How scores, decisions and outcomes of one quality window stand to each other, as it can be drawn.
public struct ScoreStanding: Sendable, Equatable {
  /// The window's start, in nanoseconds since 1970.
  public var start: Int64
  /// Its end, exclusive.
  public var end: Int64
  /// How far its outcomes are known.
  public var stage: QualityStage
  /// The decisions by their outcomes, where both are known.
  public var confusion: ConfusionCounts
  /// Scores beside shares of positive outcomes, by score; none where scores are no probabilities.
  public var bins: [Bin]
  /// What deciding from some score on would have given, by increasing score; none where all scores
  /// are alike.
  public var cuts: [Cut]
  /// The threshold that costs and calibration ask for.
  public var optimum: CostOptimum

  /// Predictions of about the same score.
  public struct Bin: Sendable, Equatable {
    /// The predictions whose outcome is known.
    public var count: Int
    /// Those with a positive outcome.
    public var positives: Int
    /// Their mean score, in [0, 1].
    public var meanScore: Double
    /// The lower end of the 95 % interval of the share of positives.
    public var low: Double
    /// The upper end.
    public var high: Double

    /// The share of positive outcomes, in [0, 1].
    public var share: Double { Double(positives) / Double(count) }
  }

  /// The decisions of a threshold.
  public struct Cut: Sendable, Equatable {
    /// Scores from here on are decided positively.
    public var score: Double
    /// These decisions by their outcomes.
    public var counts: ConfusionCounts
    /// What they would have been worth; `nil` without costs.
    public var worth: Double?
  }
}

/// The threshold whose decisions cost least if calibrated scores are the probabilities.
///
/// - Source: C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
public enum CostOptimum: Sendable, Equatable {
  /// Scores from `score` on, infinite where none is, stand for a probability of at least
  /// `probability`, at which both decisions are worth the same.
  ///
  /// `worth` is what its decisions would have been worth with the window's outcomes, `gain` how much
  /// more than the model's decisions on the same predictions, with the 95 % interval of the pairs.
  case threshold(score: Double, probability: Double, worth: StatisticValue, gain: StatisticValue)
  /// No costs are stated.
  case withoutCosts
  /// Which probability a score stands for is not known.
  case withoutCalibration
  /// One decision is worth more whatever the outcome.
  case sameForAll
  /// No prediction has score, decision and outcome.
  case withoutPredictions
}
