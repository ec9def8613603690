/// The statistics of a signal in a window, by the names that rules and metric records use.
public enum StatisticName: String, CaseIterable, Sendable, Hashable {
  /// The events of the window.
  case count
  /// Events without a value: absent or null.
  case missing
  /// Values that the reference does not know.
  case unseen
  /// Values of the wrong type.
  case invalid
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

  /// Whether the statistic compares the window with the reference.
  ///
  /// Such a statistic has no value without a reference, and cannot stand inside `reference(...)`.
  public var comparesWithReference: Bool {
    switch self {
    case .unseen, .psi, .drift, .ks, .js, .hellinger, .wasserstein, .chi2, .lInfinity, .tvd: true
    case .within, .mix: true
    case .count, .missing, .invalid, .distinct, .mean, .std, .min, .max: false
    case .p50, .p90, .p95, .p99, .value, .rate: false
    }
  }

  /// Whether the statistic of a signal in a unit of time is itself a duration.
  var keepsUnit: Bool {
    switch self {
    case .mean, .std, .min, .max, .p50, .p90, .p95, .p99, .wasserstein, .value: true
    default: false
    }
  }
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
