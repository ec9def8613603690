/// The statistics of a signal in a window, and of the predictions' quality, by the names that rules
/// and metric records use.
public enum StatisticName: String, CaseIterable, Sendable, Hashable {
  /// The events of the window.
  case count
  /// Events without a value: absent or null.
  case missing
  /// Values that the reference does not know.
  case unseen
  /// Values of the wrong type.
  case invalid
  /// The share of the events without a usable value: missing or invalid.
  case unusable
  /// Numbers less than the reference's least or greater than its greatest.
  case outOfRange = "out_of_range"
  /// Distinct values.
  case distinct
  /// The arithmetic mean.
  case mean
  /// The standard deviation of the window as a population (ddof 0).
  case std
  /// The smallest value.
  case min
  /// The largest value.
  case max
  /// The median.
  case p50
  /// The 90th percentile.
  case p90
  /// The 95th percentile.
  case p95
  /// The 99th percentile.
  case p99
  /// The population stability index.
  case psi
  /// The one-sided lower confidence bound of the population stability index.
  case drift
  /// The Kolmogorov–Smirnov distance.
  case ks
  /// The Jensen–Shannon distance, base 2.
  case js
  /// The Hellinger distance.
  case hellinger
  /// The Wasserstein distance of first order, in the signal's unit.
  case wasserstein
  /// The two-sample χ² statistic.
  case chi2
  /// The largest difference of a bin's share.
  case lInfinity = "l_infinity"
  /// The total variation distance.
  case tvd
  /// The population stability index against the reference adjusted to the window's mix.
  case within
  /// The population stability index between the adjusted reference and the reference: the part
  /// that the mix of the traffic explains.
  case mix
  /// The value of a KPI.
  case value
  /// Events a second.
  case rate
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
  /// The area under the ROC curve.
  case rocAUC = "roc_auc"
  /// The mean precision over the positive outcomes' scores as thresholds.
  case averagePrecision = "average_precision"
  /// The mean squared distance of score and outcome.
  case brier
  /// How far Brier's bins have mean scores from their shares of positives: 0 is calibrated.
  case brierReliability = "brier_reliability"
  /// How far Brier's bins have shares of positives from that of all: more is better.
  case brierResolution = "brier_resolution"
  /// The variance of the outcomes, which no prediction changes.
  case brierUncertainty = "brier_uncertainty"
  /// The variance of scores inside of Brier's bins.
  case brierWithinBinVariance = "brier_within_bin_variance"
  /// The covariance of scores and outcomes inside of Brier's bins.
  case brierWithinBinCovariance = "brier_within_bin_covariance"
  /// The mean negative logarithm of the probability that the score gave to the outcome.
  case logLoss = "log_loss"
  /// The expected calibration error.
  case ece
  /// The mean absolute error.
  case mae
  /// The root of the mean squared error.
  case rmse
  /// The mean error, prediction less outcome.
  case bias
  /// The share of the outcomes' variance that the predictions explain.
  case rSquared = "r2"
  /// What all predictions are worth, in the unit of the framing's costs.
  case money
  /// The share of the requests for labels that were answered.
  case response
  /// The share of the requests for labels that were skipped.
  case skipped
  /// The share of the predictions that could be asked for of which a judge says something.
  case judged
  /// How well those who voted agree: Krippendorff's alpha.
  case agreement
  /// What is said of a claim or a canary, as the place of its word.
  case verdict
  /// How much speaks against the estimate, as a multiple of what makes it untrusted.
  case distrust
  /// The share of the predictions whose outcome is known, or was waited for long enough.
  case maturity
  /// The share of the predictions with an outcome whose outcome has an earlier time than they have.
  case early
  /// The share of the predictions whose outcome is positive.
  case prevalence
  /// The share of the predictions that calibrated scores stand for, as hardly a label has come.
  case imputed
  /// The median time from predictions to their outcomes.
  case delay
  /// The Kolmogorov–Smirnov distance of these times from those of earlier predictions.
  case delayKS = "delay_ks"
  /// The Kolmogorov–Smirnov distance of these times from those of the reference.
  case delayDrift = "delay_drift"
  /// Labels that came over those that earlier ones let expect.
  case observedToExpected = "observed_to_expected"
  /// Positive decisions with a positive outcome.
  case truePositives = "true_positives"
  /// Positive decisions with a negative outcome.
  case falsePositives = "false_positives"
  /// Negative decisions with a positive outcome.
  case falseNegatives = "false_negatives"
  /// Negative decisions with a negative outcome.
  case trueNegatives = "true_negatives"
  /// The share of the predictions with the greatest scores whose outcome is positive.
  case precisionAt = "precision_at"
  /// The mean of F1 over several classes.
  case macroF1 = "macro_f1"
  /// The discounted gain of rankings over the greatest possible, of the first places.
  case ndcgAt = "ndcg_at"
  /// A quantile of the errors of predicted numbers, prediction less outcome.
  case errorQuantile = "error_quantile"

  /// Whether the statistic compares the window with the reference.
  ///
  /// Such a statistic has no value without a reference, and cannot stand inside `reference(...)`;
  /// `unseen` can: there it is what the reference lets expect.
  public var comparesWithReference: Bool {
    switch self {
    case .unseen, .psi, .drift, .ks, .js, .hellinger, .wasserstein, .chi2, .lInfinity, .tvd: true
    case .within, .mix, .outOfRange: true
    case .count, .missing, .invalid, .unusable, .distinct, .mean, .std, .min, .max: false
    case .p50, .p90, .p95, .p99, .value, .rate: false
    default: false
    }
  }

  /// Whether the statistic tells how far apart two distributions are, whichever they are.
  public var isDistance: Bool {
    switch self {
    case .psi, .drift, .ks, .js, .hellinger, .tvd, .lInfinity, .wasserstein, .chi2: true
    default: false
    }
  }

  /// Whether the statistic is of predictions held against their outcomes.
  public var isOfQuality: Bool {
    switch self {
    case .accuracy, .precision, .recall, .specificity, .f1, .rocAUC, .averagePrecision: true
    case .brier, .logLoss, .ece, .mae, .rmse, .bias, .rSquared, .maturity, .money, .distrust,
      .verdict, .response, .early, .skipped, .judged, .agreement:
      true
    case .prevalence, .imputed, .delay, .delayKS, .delayDrift, .observedToExpected: true
    case .truePositives, .falsePositives, .falseNegatives, .trueNegatives, .precisionAt,
      .macroF1, .ndcgAt, .errorQuantile:
      true
    case .brierReliability, .brierResolution, .brierUncertainty, .brierWithinBinVariance,
      .brierWithinBinCovariance:
      true
    default: false
    }
  }

  /// The statistics of what events hold.
  public static let ofEvents = allCases.filter { !$0.isOfQuality }

  /// Whether the statistic of a signal in a unit of time is itself a duration.
  var keepsUnit: Bool {
    switch self {
    case .mean, .std, .min, .max, .p50, .p90, .p95, .p99, .wasserstein, .value: true
    default: false
    }
  }

  /// Whether the statistic is a duration, whatever it is asked of.
  var isDuration: Bool { self == .delay }
}

/// The changes of a KPI that metric records show, by their names; rules write `change(...)`.
public enum MeasuredChange: String, CaseIterable, Sendable {
  /// Against the same window a day ago.
  case day = "change_1d"
  /// Against the same window a week ago.
  case week = "change_1w"
}

/// The numbers of an objective, by the names that metric records use; rules write `burn`.
public enum BudgetStatisticName: String, CaseIterable, Sendable {
  /// How many times too fast the budget is spent.
  case burn
  /// The share of good events.
  case goodShare = "good_share"
  /// The share of events that could not be judged.
  case unjudgedShare = "unjudged_share"
  /// The part of the budget that is left.
  case budgetLeft = "budget_left"
  /// How many seconds the budget lasts at the present burn rate.
  case timeToExhaustion = "time_to_exhaustion"
}
