internal import Expressions
internal import Records
internal import Statistics

/// One statistic as it is worked out: what it needs, and its value of each kind of subject.
///
/// A measure is a value beside its formula; ``StatisticName/measure`` is the only list of them.
struct Measure: Sendable {
  /// The sides that a statistic compares.
  struct Needs: OptionSet, Sendable {
    let rawValue: UInt8

    /// The reference by cell or category.
    static let cells = Needs(rawValue: 1)
    /// The compared bins, be drift judged within strata or not.
    static let bins = Needs(rawValue: 2)
    /// The bins as the mix of strata lets them expect, where drift is judged within strata.
    static let strata = Needs(rawValue: 4)
    /// What drift is judged on: the bins, or those of the mix where drift is judged within strata.
    static let judged = Needs(rawValue: 8)
  }

  /// The value of a signal, from its counts and the sides that it needs.
  typealias OfSignal = @Sendable (SignalStatistics, SignalStatistics.Sides) -> StatisticValue?

  var needs: Needs = []
  /// What a part of a window knows of the whole: counts grow, all else is of what was seen.
  var extentOfPart = StatisticExtent.whole
  /// Whether its bounds come from earlier windows: it counts events.
  var hasSpread = false
  /// What the bounds of a signal's value are made of; `nil` where its events tell none.
  var basis: (@Sendable (SignalStatistics) -> Estimate.Basis)?
  /// The value of a signal; `nil` where it is not asked of one.
  var ofSignal: OfSignal?
  /// The value of the events themselves; `nil` where it is not asked of them.
  var ofEvents: (@Sendable (JudgedPart, Plan) -> StatisticValue?)?
  /// The value of a KPI; `nil` where it is not asked of one.
  var ofKPI: (@Sendable (PlannedKPI, JudgedPart, Plan) -> StatisticValue?)?
}

extension StatisticName {
  /// The registry: the measure of each name.
  var measure: Measure {
    switch self {
    case .count: .count
    case .missing: .missing
    case .unseen: .unseen
    case .invalid: .invalid
    case .unusable: .unusable
    case .outOfRange: .outOfRange
    case .distinct: .distinct
    case .mean: .mean
    case .std: .std
    case .min: .min
    case .max: .max
    case .p50: .p50
    case .p90: .p90
    case .p95: .p95
    case .p99: .p99
    case .psi: .psi
    case .drift: .drift
    case .ks: .ks
    case .js: .js
    case .hellinger: .hellinger
    case .wasserstein: .wasserstein
    case .chi2: .chi2
    case .lInfinity: .lInfinity
    case .tvd: .tvd
    case .within: .within
    case .mix: .mix
    case .value: .value
    case .rate: .rate
    // Worked out where outcomes are held against predictions.
    default: Measure()
    }
  }
}
