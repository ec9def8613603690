internal import Events
internal import Expressions
internal import Records
internal import Sketches
internal import Statistics

extension StatisticName {
  /// Whether the statistic is made of the cells of both sides.
  fileprivate var comparesCells: Bool { self == .ks || self == .wasserstein }

  /// Whether the statistic is made of the compared bins, be drift judged within strata or not.
  fileprivate var comparesBins: Bool {
    switch self {
    case .psi, .js, .hellinger, .chi2, .lInfinity, .tvd, .mix: true
    default: false
    }
  }

  /// Whether the statistic is made of the bins as the mix of strata lets them expect.
  fileprivate var isOfStrata: Bool { self == .drift || self == .within || self == .mix }
}

/// The statistics of one signal in one view, worked out from the window's counts.
struct SignalStatistics {
  let plan: Plan
  let signal: Signal
  let view: View
  let history: PaneHistory

  init(_ plan: Plan, _ signal: Signal, _ view: View, _ history: PaneHistory) {
    self.plan = plan
    self.signal = signal
    self.view = view
    self.history = history
  }

  /// The window's counts by cell or category, *unseen* not among them.
  var cells: [UInt64] { Array(view.sums.counts[signal.bins]) }

  /// The values present: neither missing nor invalid.
  var present: Int {
    if !view.begun.isEmpty, view.begun.contains(signal.name) { return presentOfPart }
    return view.events - Int(view.sums.counts[signal.missing] + view.sums.counts[signal.invalid])
  }

  /// The values present of a signal that is not counted in all events of the window.
  private var presentOfPart: Int {
    if case .number(let index, _) = signal.kind { return Int(view.sums.moments[index].count) }
    return Int(cells.reduce(0, +) + unseen)
  }

  private var unseen: UInt64 { signal.unseen.map { view.sums.counts[$0] } ?? 0 }

  /// The wanted statistics that have a value, in the order in which they are wanted.
  func values(
    _ wanted: [StatisticName],
    _ criterion: DriftCriterion
  ) -> [(StatisticName, StatisticValue)] {
    let isAdjusted = isAdjusted
    var sides = Sides()
    if wanted.contains(where: \.comparesCells) {
      sides.reference = view.reference.reference(of: signal, in: view, plan)
    }
    if wanted.contains(where: { $0.comparesBins || $0 == .drift && !isAdjusted }) {
      sides.bins = view.comparedBins(of: signal, plan)
    }
    if isAdjusted, wanted.contains(where: \.isOfStrata) { sides.adjusted = adjustedBins }
    let values = wanted.compactMap { name in value(name, criterion, sides).map { (name, $0) } }
    for (name, value) in values {
      assert(value.n <= view.events, "\(name) is of \(value.n) of \(view.events) events")
    }
    return values
  }

  /// What statistics compare, as far as the wanted ones need it.
  private struct Sides {
    /// The reference by cell or category.
    var reference: SignalReference?
    var bins: ComparedBins?
    var adjusted: ComparedBins?
  }

  private func value(
    _ name: StatisticName,
    _ criterion: DriftCriterion,
    _ sides: Sides
  ) -> StatisticValue? {
    let (bins, adjusted) = (sides.bins, sides.adjusted)
    return switch name {
    case .count: counted(view.sums.events)
    case .missing: counted(view.sums.counts[signal.missing])
    case .invalid: counted(view.sums.counts[signal.invalid])
    case .unseen: unseenCount
    case .distinct: distinct
    case .mean, .std, .min, .max: moment(name)
    case .p50: quantile(0.5)
    case .p90: quantile(0.9)
    case .p95: quantile(0.95)
    case .p99: quantile(0.99)
    case .ks: sides.reference.flatMap(kolmogorovSmirnovDistance)
    case .wasserstein: sides.reference.flatMap(wasserstein)
    case .drift: (isAdjusted ? adjusted : bins).flatMap { $0.drift(criterion) }
    case .within: adjusted.flatMap { distance(.psi, $0) }
    case .mix: bins.flatMap { plain in adjusted.flatMap { mix($0, plain) } }
    case .value, .rate: nil
    case .psi, .js, .hellinger, .chi2, .lInfinity, .tvd: bins.flatMap { distance(name, $0) }
    }
  }

  // MARK: Counts

  private func counted(_ count: UInt64) -> StatisticValue {
    StatisticValue(value: Double(count), n: view.events)
  }

  private var unseenCount: StatisticValue? {
    guard case .category(_, let reference) = signal.kind, !reference.hasOther else { return nil }
    return counted(unseen)
  }

  private var distinct: StatisticValue? {
    switch signal.kind {
    case .number(let index, _):
      let estimate = history.distinct(of: index, keys: view.keys, panes: view.panes)
      return present > 0 ? StatisticValue(value: estimate.rounded(), n: present) : nil
    case .category(let index, let reference):
      guard !reference.hasOther, present > 0 else { return nil }
      var count = Double(cells.count { $0 > 0 })
      if unseen > 0 {
        let record = history.unseen(of: index, keys: view.keys, panes: view.panes)
        count += record.distinctEstimate.rounded()
      }
      return StatisticValue(value: count, n: present)
    }
  }

  // MARK: Numbers

  /// The smallest and the largest value of a numeric signal.
  var extremes: Extremes? {
    guard case .number(let index, _) = signal.kind, present > 0 else { return nil }
    return history.extremes(of: index, keys: view.keys, panes: view.panes)
  }

  func moment(_ name: StatisticName) -> StatisticValue? {
    guard case .number(let index, _) = signal.kind, let extremes else { return nil }
    let moments = view.sums.moments[index]
    let value: Double? =
      switch name {
      case .mean: moments.mean
      case .std: moments.standardDeviation
      case .min: extremes.minimum
      default: extremes.maximum
      }
    return value.map { StatisticValue(value: $0, n: present) }
  }

  func quantile(_ probability: Double) -> StatisticValue? {
    guard case .number(_, let reference) = signal.kind, let extremes else { return nil }
    if let quantiles = signal.quantiles {
      return view.sums.quantiles[quantiles].quantile(probability).map {
        relativeQuantile($0, extremes)
      }
    }
    let quantile = gridQuantile(
      edges: reference.grid.edges,
      cells: cells,
      minimum: extremes.minimum,
      maximum: extremes.maximum,
      isAtom: reference.grid.isAtom,
      probability
    )
    return quantile.map {
      StatisticValue(value: $0.value, low: $0.low, high: $0.high, n: present)
    }
  }

  /// An estimate within a relative error, with the bounds that surely hold the exact value.
  private func relativeQuantile(_ estimate: Double, _ extremes: Extremes) -> StatisticValue {
    let bounds = [
      estimate / (1 + RelativeErrorQuantiles.relativeError),
      estimate / (1 - RelativeErrorQuantiles.relativeError),
    ].map { min(max($0, extremes.minimum), extremes.maximum) }
    return StatisticValue(
      value: min(max(estimate, extremes.minimum), extremes.maximum),
      low: min(bounds[0], bounds[1]),
      high: max(bounds[0], bounds[1]),
      n: present
    )
  }

  // MARK: Comparisons

  /// Whether drift is judged within strata.
  var isAdjusted: Bool { signal.isAdjusted(plan) }

  /// The window beside its reference; `nil` without one, or when one side is empty.
  var comparedBins: ComparedBins? { view.comparedBins(of: signal, plan) }

  /// The window beside what its own mix of strata lets expect; `nil` when nothing does.
  var adjustedBins: ComparedBins? { view.adjustedBins(of: signal, plan) }

  /// How far the window's mix alone moves what is expected.
  private func mix(_ adjusted: ComparedBins, _ plain: ComparedBins) -> StatisticValue? {
    let index = populationStability(reference: plain.reference, current: adjusted.reference)
    return adjusted.value(index)
  }

  private func distance(_ name: StatisticName, _ bins: ComparedBins) -> StatisticValue? {
    let (reference, current) = (bins.reference, bins.current)
    switch name {
    case .psi:
      return bins.value(bins.stability)
    case .js:
      return bins.value(jensenShannonDistance(reference: reference, current: current))
    case .hellinger:
      return bins.value(hellingerDistance(reference: reference, current: current))
    case .lInfinity:
      return bins.value(chebyshevDistance(reference: reference, current: current))
    case .tvd:
      return bins.value(totalVariation(reference: reference, current: current))
    default:
      guard let outcome = chiSquaredTwoSample(reference: reference, current: current) else {
        return nil
      }
      var value = bins.value(outcome.statistic)
      value?.pValue = outcome.pValue
      return value
    }
  }

  private func kolmogorovSmirnovDistance(_ reference: SignalReference) -> StatisticValue? {
    guard
      case .number(_, let number) = signal.kind,
      let bounds = kolmogorovSmirnov(
        referenceCells: reference.counts,
        currentCells: cells,
        isAtom: number.grid.isAtom
      )
    else { return nil }
    let referenceCount = reference.counts.reduce(0, +)
    let effective = 1 / (1 / Double(referenceCount) + 1 / Double(present))
    return StatisticValue(
      value: bounds.low,
      low: bounds.low,
      high: bounds.high,
      pValue: kolmogorovPValue(statistic: bounds.low, effectiveCount: effective),
      n: present,
      referenceN: Int(referenceCount)
    )
  }

  private func wasserstein(_ reference: SignalReference) -> StatisticValue? {
    guard case .number(let index, let number) = signal.kind else { return nil }
    let outer = view.sums.outer[index]
    let distance = wassersteinDistance(
      edges: number.grid.edges,
      reference: GridSample(
        cells: reference.counts,
        sumBelow: reference.sumBelow,
        sumAbove: reference.sumAbove
      ),
      current: GridSample(cells: cells, sumBelow: outer.belowSum, sumAbove: outer.aboveSum),
      isAtom: number.grid.isAtom
    )
    return distance.map {
      StatisticValue(value: $0, n: present, referenceN: Int(reference.counts.reduce(0, +)))
    }
  }
}
