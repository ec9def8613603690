/// A name that other tools have for something, with what it is here.
struct FamiliarName: Sendable {
  /// What to do, such as `write "p50"`.
  let advice: String
  /// What stands in its place where one word does.
  let replacement: String?
  /// Whether it is an aggregate of events, too.
  let isAggregate: Bool

  fileprivate init(one name: String) {
    advice = "write \"\(name)\""
    replacement = name
    isAggregate = Aggregate(rawValue: name) != nil
  }

  fileprivate init(_ advice: String, isAggregate: Bool) {
    self.advice = advice
    replacement = nil
    self.isAggregate = isAggregate
  }
}

/// What the name of a function is here that SQL, Prometheus, pandas or a drift library has.
///
/// The nearest spelling is not asked: `median` is two letters from `mean`.
///
/// - Parameter name: What was written, in any case.
/// - Returns: `nil` where it is no such name.
func familiarName(_ name: String) -> FamiliarName? {
  let name = name.lowercased()
  if let own = ownNames[name] { return FamiliarName(one: own) }
  if quantileNames.contains(name) || isQuantile(name) {
    return FamiliarName("the quantiles are p50, p90, p95 and p99", isAggregate: true)
  }
  if missingShares.contains(name) {
    return FamiliarName(
      "write share(missing(x)), or unusable(x) with invalid values, too",
      isAggregate: false
    )
  }
  return nil
}

/// Names that are one word here.
private let ownNames = [
  "median": "p50", "avg": "mean", "average": "mean", "stddev": "std", "stdev": "std",
  "std_dev": "std", "stddev_pop": "std", "stddev_samp": "std", "sd": "std", "sigma": "std",
  "minimum": "min", "maximum": "max", "nunique": "distinct", "unique": "distinct",
  "count_distinct": "distinct", "approx_distinct": "distinct", "cardinality": "distinct",
  "null_count": "missing", "nulls": "missing", "isnull": "missing", "isna": "missing",
  "jensen_shannon": "js", "jensenshannon": "js", "jsd": "js", "kolmogorov_smirnov": "ks",
  "ks_test": "ks", "ks_2samp": "ks", "ks_stat": "ks", "earth_movers": "wasserstein",
  "emd": "wasserstein", "chisquare": "chi2", "chi_square": "chi2", "chi_squared": "chi2",
  "total_variation": "tvd", "pvalue": "p_value", "new_values": "unseen", "auc": "roc_auc",
]

/// Functions that take which quantile is meant.
private let quantileNames: Set<String> = [
  "quantile", "quantiles", "percentile", "percentiles", "percentile_cont", "percentile_disc",
  "approx_percentile", "approx_quantile", "histogram_quantile", "quantile_over_time",
]

/// Names of the share of missing values.
private let missingShares: Set<String> = [
  "missing_rate", "missing_share", "missing_ratio", "missing_values", "null_rate", "null_ratio",
  "null_share", "share_of_missing_values", "nan_rate", "completeness",
]

/// Whether a name is a quantile that there is none of: `p999`, `p75`.
private func isQuantile(_ name: String) -> Bool {
  let digits = name.dropFirst()
  return name.first == "p" && !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
    && StatisticName(rawValue: name) == nil
}
